/** Members of segments as people handle them. */
import type { Ctx } from "../../kernel/db.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import { decodeCursor, encodeCursor, selectLeads, showLead } from "../leads/index.ts";
import { inItsZone } from "./meaning.ts";
import {
  addMembers as add,
  removeMembers as remove,
  selectMembers,
  selectSegmentsOf,
} from "./members.sql.ts";
import { selectSegment } from "./segments.sql.ts";
import { beingFilled } from "./fill.ts";
import { lockSegment } from "./locked.ts";

export async function listMembers(
  ctx: Ctx,
  input: { id: string; limit: number; cursor?: string | undefined },
) {
  const segment = await selectSegment(ctx, input.id);
  if (segment === null) {
    throw notFound("segment");
  }
  const of = `members:${input.id}`;
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, of).id;
  const rows =
    segment.set_id === null
      ? []
      : await selectMembers(ctx, segment.set_id, { after, limit: input.limit + 1 });
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const leads = await selectLeads(
    ctx,
    page.map((row) => row.lead_id),
  );
  const entered = new Map(page.map((row) => [row.lead_id, row.entered_at]));
  return {
    data: leads.map((lead) => ({
      lead,
      entered_at: (entered.get(lead.id) ?? segment.created_at).toISOString(),
    })),
    next_cursor:
      rows.length > page.length && last !== undefined ? encodeCursor({ of, id: last.lead_id }) : null,
  };
}

export async function addMembers(ctx: Ctx, input: { id: string; lead_ids: string[] }) {
  const of = await staticSet(ctx, input.id);
  const wanted = [...new Set(input.lead_ids)];
  const { seen, added } = await add(await inItsZone(ctx), of, wanted);
  const known = new Set(seen);
  return { added, already: seen.length - added, missing: wanted.filter((id) => !known.has(id)) };
}

export async function removeMembers(ctx: Ctx, input: { id: string; lead_ids: string[] }) {
  const of = await staticSet(ctx, input.id);
  return { removed: await remove(await inItsZone(ctx), of, [...new Set(input.lead_ids)]) };
}

async function staticSet(ctx: Ctx, id: string): Promise<{ segment_id: string; set_id: string }> {
  const segment = await lockSegment(ctx, id);
  if (segment.type === "dynamic") {
    throw problem("not_in_state", {
      say: `“${segment.name}” follows its rule: change the rule, or make the segment static first.`,
    });
  }
  if (segment.state === "retired") {
    throw problem("not_in_state", {
      say: `“${segment.name}” is retired and stays as it is. Activate it first.`,
    });
  }
  if (segment.set_id === null) {
    throw beingFilled(segment.name, "Add and remove leads");
  }
  return { segment_id: segment.id, set_id: segment.set_id };
}

/** For a lead's card. */
export async function segmentsOfLead(ctx: Ctx, input: { id: string }) {
  const lead = await showLead(ctx, input);
  const memberships = await selectSegmentsOf(ctx, lead.id);
  return { data: memberships.map((each) => ({ ...each, entered_at: each.entered_at.toISOString() })) };
}
