import type { DuplicatePair, MergeInput } from "@bellwether/contracts/duplicates";
import type { Count } from "@bellwether/contracts/common";
import type { Ctx } from "../../kernel/db.ts";
import { emit, type LoggedEvent } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { notFound } from "../../kernel/problems.ts";
import { recordMerge } from "../changes/index.ts";
import { decodeCursor, encodeCursor, mergeLeads, selectLeads, showLead } from "../leads/index.ts";
import { countPairs, type PairFilter, type PairRow, selectPairs, updatePairState } from "./pairs.sql.ts";

/** An estimate counts up to here. */
const counted_max = 1_000;

export async function listPairs(
  ctx: Ctx,
  input: PairFilter & { limit: number; cursor?: string | undefined; count: "none" | "estimate" | "exact" },
) {
  const { state, lead_id, limit } = input;
  const filter = { state, lead_id };
  const of = `duplicates:${state}:${lead_id ?? ""}`;
  const cursor = input.cursor === undefined ? null : decodeCursor(input.cursor, of);
  const after = cursor === null ? null : { id: cursor.id, likeness: cursor.value ?? "0" };
  const rows = await selectPairs(ctx, filter, { after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  return {
    data: await toPairs(ctx, page),
    next_cursor: more ? encodeCursor({ of, id: last.id, value: String(last.likeness) }) : null,
    ...(input.count === "none" ? {} : { count: await countOf(ctx, filter, input.count) }),
  };
}

async function countOf(ctx: Ctx, filter: PairFilter, mode: "estimate" | "exact"): Promise<Count> {
  const value = await countPairs(ctx, filter, mode === "exact" ? null : counted_max);
  return { value, exact: mode === "exact" || value < counted_max };
}

export async function dismissPair(ctx: Ctx, input: { id: string }): Promise<DuplicatePair> {
  return decide(ctx, input.id, "dismissed", "duplicate.dismissed");
}

export async function suggestPair(ctx: Ctx, input: { id: string }): Promise<DuplicatePair> {
  return decide(ctx, input.id, "suggested", "duplicate.suggested");
}

async function decide(
  ctx: Ctx,
  id: string,
  state: DuplicatePair["state"],
  told: string,
): Promise<DuplicatePair> {
  const row = await updatePairState(ctx, id, state);
  const [pair] = row === undefined ? [] : await toPairs(ctx, [row]);
  if (row === undefined || pair === undefined) {
    throw notFound("pair of leads");
  }
  if (row.was !== state) {
    await emit(ctx, told, { subject_id: id }, { lead_ids: [row.lead_a, row.lead_b] });
  }
  return pair;
}

async function toPairs(ctx: Ctx, rows: PairRow[]): Promise<DuplicatePair[]> {
  const ids = [...new Set(rows.flatMap((row) => [row.lead_a, row.lead_b]))];
  const leads = new Map((await selectLeads(ctx, ids)).map((lead) => [lead.id, lead]));
  return rows.map(({ id, lead_a, lead_b, reasons, likeness, state, found_at }) => ({
    id,
    leads: [lead_a, lead_b]
      .flatMap((lead_id) => leads.get(lead_id) ?? [])
      .toSorted((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0)),
    reasons,
    likeness,
    state,
    found_at: found_at.toISOString(),
  }));
}

export async function merge(ctx: Ctx, input: MergeInput) {
  const change_set_id = newId();
  const cells = await mergeLeads(ctx, input, change_set_id);
  await recordMerge(ctx, { id: change_set_id, lead_id: input.id, other_id: input.other_id, cells });
  return { lead: await showLead(ctx, input), change_set_id };
}

const compared = ["email", "phone", "whatsapp_id", "first_name", "last_name", "company"];

/** Whether a lead must be compared again: a change of other values alone makes it like nobody else. */
export function touchesKeys(event: LoggedEvent): boolean {
  const { changes } = event.data;
  return (
    event.name !== "lead.updated" ||
    typeof changes !== "object" ||
    changes === null ||
    compared.some((field) => field in changes)
  );
}
