/** Leads that came while nobody of their rule was there: they get their owners once somebody is back. */
import { systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { giveLeads, lockOwnerless } from "../leads/index.ts";
import { selectRules } from "./assignment.sql.ts";
import { type Choice, chooseBy, soonestBack } from "./choose.ts";
import {
  deleteWaiting,
  insertWaiting,
  selectDueRule,
  selectDueWorkspaces,
  selectWaiting,
  updateLook,
} from "./waiting.sql.ts";

export const bounds = { part_leads: 1_000 };
/** What nobody announces, such as a member's new role, is noticed at the latest after this. */
const look_ms_max = 3_600_000;

/** Of these choices, made in the same transaction, those without an owner. */
export async function waitFor(ctx: Ctx, choices: readonly Choice[]): Promise<void> {
  const waiting = choices.filter((choice) => choice.owner_id === null);
  if (waiting.length > 0) {
    await insertWaiting(
      ctx,
      waiting.map(({ lead_id, rule }) => ({ lead_id, rule_id: rule.id })),
    );
  }
}

/** Part by part, each with its commit. Beside itself it is safe: leads and rules are locked, and whoever comes second finds owners. */
export async function assignWaiting(db: Database, stopping: AbortSignal): Promise<void> {
  for (const workspace_id of await selectDueWorkspaces(db)) {
    for (let more = true; more && !stopping.aborted;) {
      // oxlint-disable-next-line no-await-in-loop -- part by part: a long transaction would hold every reader back
      more = await db.tenant(systemActor(workspace_id), giveNext, { timeout_ms: 0 });
    }
  }
}

/** The next part of a rule that is due; false: none is. Locks leads, then rules, then members, as all assignment does. */
async function giveNext(ctx: Ctx): Promise<boolean> {
  const rule_id = await selectDueRule(ctx);
  if (rule_id === null) return false;
  const waiting = await selectWaiting(ctx, rule_id, bounds.part_leads);
  if (waiting.length === 0) {
    // Who adds one has the rules locked: after this lock it would be seen.
    await selectRules(ctx, "lock");
    await updateLook(ctx, rule_id, null);
    return true;
  }
  const untouched = waiting.filter((each) => !each.had_owner).map((each) => each.lead_id);
  const choices = await chooseBy(ctx, rule_id, await lockOwnerless(ctx, untouched));
  const left = new Set((choices ?? []).flatMap((each) => (each.owner_id === null ? [each.lead_id] : [])));
  if (choices === null || left.size > 0) {
    await updateLook(ctx, rule_id, await nextLook(ctx, rule_id));
  }
  if (choices !== null) {
    const given = choices.flatMap(({ lead_id, owner_id, rule }) =>
      owner_id === null ? [] : [{ lead_id, owner_id, how: rule.name }],
    );
    await giveLeads(ctx, given);
    await deleteWaiting(
      ctx,
      waiting.flatMap(({ lead_id }) => (left.has(lead_id) ? [] : [lead_id])),
    );
  }
  return true;
}

async function nextLook(ctx: Ctx, rule_id: string): Promise<Date> {
  const rule = (await selectRules(ctx)).find((each) => each.id === rule_id);
  const back = rule === undefined ? null : await soonestBack(ctx, rule.members);
  return new Date(Math.min(back?.getTime() ?? Infinity, now().getTime() + look_ms_max));
}
