/** Static segments that begin with members: of few at once, of many step by step as the members of a new rule are found. */
import type { Rule } from "@bellwether/contracts/rule";
import type { SegmentState } from "@bellwether/contracts/segments";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { newId } from "../../kernel/ids.ts";
import { problem } from "../../kernel/problems.ts";
import { queryLeads } from "../leads/index.ts";
import { dependenciesOf } from "../rules/index.ts";
import { beginBuild, buildSoon, type Work } from "./build.ts";
import { catalogueOf, inItsZone, understandRule } from "./meaning.ts";
import { copyMembers, snapshotMembers } from "./members.sql.ts";
import type { SegmentRow } from "./record.ts";
import { selectStandings, serveSet } from "./segments.sql.ts";
import { insertSet, lockPass, selectSets } from "./sets.sql.ts";

/** So many become members while whoever asks waits. In one place, so that tests can make it small. */
export const bounds = { at_once: 5_000 };

/** Leads that match now become members of a static segment; what they do later is another matter. */
export async function fill(ctx: Ctx, segment_id: string, rule: Rule, work: Work): Promise<void> {
  const zoned = await inItsZone(ctx);
  const { count } = await queryLeads(zoned, { rule, limit: 1, count: "estimate" });
  if (count === undefined || !count.exact || count.value > bounds.at_once) {
    await fillBySteps(ctx, segment_id, rule, work);
    return;
  }
  const { condition, hidden_too } = understandRule(rule, await catalogueOf(zoned), now());
  const set_id = await serveEmpty(ctx, segment_id);
  await snapshotMembers(zoned, { segment_id, set_id }, condition, hidden_too);
}

/** Those who are in `from` become members of another static segment. */
export async function fillFrom(ctx: Ctx, from: SegmentRow, segment_id: string, work: Work): Promise<void> {
  const { size } = (await selectStandings(ctx, [from.id])).get(from.id) ?? { size: null };
  if (from.set_id === null || size === null) {
    throw beingFilled(from.name, "Copy it");
  }
  if (size > bounds.at_once) {
    // Hidden leads can be members too: a rule that asks for them leaves none out.
    const hidden = [true, false].map((value): Rule => ({ field: "hidden", is: "eq", value }));
    const rule: Rule = { all: [{ segment: from.id, member: true }, { any: hidden }] };
    await fillBySteps(ctx, segment_id, rule, work);
    return;
  }
  const set_id = await serveEmpty(ctx, segment_id);
  await copyMembers(await inItsZone(ctx), from.set_id, { segment_id, set_id });
}

/** Until it is filled it has no members, so that nobody takes some of them for all. */
async function fillBySteps(ctx: Ctx, segment_id: string, rule: Rule, work: Work): Promise<void> {
  await lockPass(ctx, now());
  await beginBuild(ctx, segment_id, rule, null, now());
  await buildSoon(ctx, work);
}

async function serveEmpty(ctx: Ctx, segment_id: string): Promise<string> {
  const id = newId();
  await insertSet(ctx, { id, segment_id, rule: null, moves: null, state: "serving", at: now() });
  await serveSet(ctx, segment_id, id);
  return id;
}

export function beingFilled(name: string, what: string) {
  return problem("not_in_state", {
    say: `“${name}” is still being filled. ${what} when all its members are found.`,
  });
}

/** A step that is on its way would be lost on one that isn't active any more. */
export async function refuseWhileFilled(ctx: Ctx, row: SegmentRow, state: SegmentState): Promise<void> {
  if (row.type === "static" && row.set_id === null) {
    throw beingFilled(row.name, state === "retired" ? "Retire it" : "Change it");
  }
  if (state === "draft") {
    await refuseWhileCopied(ctx, row);
  }
}

/** What another one is being filled from has to stay as long. */
export async function refuseWhileCopied(ctx: Ctx, row: SegmentRow): Promise<void> {
  const reader = (await selectSets(ctx)).find(
    (set) => set.once && set.state === "building" && dependenciesOf(set.rule).segments.has(row.id),
  );
  if (reader !== undefined) {
    throw problem("not_in_state", {
      say: `“${reader.name}” is being filled with members of “${row.name}”. Wait until that is done.`,
    });
  }
}
