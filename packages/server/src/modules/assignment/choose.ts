/** Which rule takes a lead, and who gets it. */
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { ProblemError } from "../../kernel/problems.ts";
import { holdOwners, showWorkspace } from "../identity/index.ts";
import { selectOpenByOwner, taking } from "../leads/index.ts";
import type { Sql } from "../rules/index.ts";
import { anyMet, firstMet, type RuleRow, saveTurn, selectRules } from "./assignment.sql.ts";
import { availabilities } from "./availability.ts";
import { deal } from "./dealing.ts";
import { absentUntil, backAt, nextAtWork } from "./working-hours.ts";

/** A lead without a choice is taken by no rule; without an owner, nobody of its rule is there. */
export interface Choice {
  lead_id: string;
  rule: { id: string; name: string };
  owner_id: string | null;
}

/**
 * The owners of these leads by the rules, in the order of the leads' ids. Unless it is only asked, turns are taken: the
 * rules stay locked until the transaction ends, so that no turn is taken twice, and the members, so that none of them
 * leaves meanwhile. The caller has locked the leads before, and calls once in a transaction: leads, rules, members.
 */
export async function choose(ctx: Ctx, lead_ids: string[], way: "take" | "ask" = "take"): Promise<Choice[]> {
  const rules = await selectRules(ctx, way === "take" ? "lock" : undefined);
  return dealt(ctx, await takenBy(ctx, await meanings(ctx, rules), lead_ids), way);
}

/** Those that this rule still takes, as it would now; null while it is off or broken, and takes nothing. */
export async function chooseBy(ctx: Ctx, rule_id: string, lead_ids: string[]): Promise<Choice[] | null> {
  const judged = await meanings(ctx, await selectRules(ctx, "lock"));
  if (!judged.some(({ rule }) => rule.id === rule_id)) return null;
  const taken = [...(await takenBy(ctx, judged, lead_ids))].filter(([rule]) => rule.id === rule_id);
  return dealt(ctx, new Map(taken), "take");
}

async function dealt(ctx: Ctx, taken: Map<RuleRow, string[]>, way: "take" | "ask"): Promise<Choice[]> {
  if (taken.size === 0) return [];
  const there = await whoIsThere(ctx, [...taken.keys()]);
  const load = new Map<string, number>();
  for (const [owner_id, leads] of await selectOpenByOwner(ctx)) {
    if (owner_id !== null) load.set(owner_id, leads);
  }
  const choices: Choice[] = [];
  for (const [rule, leads] of taken) {
    const turns = { method: rule.method, members: rule.members, last: rule.last_member };
    const { owners, last } = deal(leads.length, turns, there(rule), load);
    const { id, name } = rule;
    choices.push(
      ...leads.map((lead_id, at) => ({ lead_id, rule: { id, name }, owner_id: owners[at] ?? null })),
    );
    if (way === "take" && last !== null && last !== rule.last_member) {
      // oxlint-disable-next-line no-await-in-loop -- a handful of rules
      await saveTurn(ctx, id, last);
    }
  }
  return choices;
}

/** The leads that each rule takes; the first that takes one decides. */
async function takenBy(ctx: Ctx, judged: Judged[], lead_ids: string[]): Promise<Map<RuleRow, string[]>> {
  const conditions = judged.map((each) => each.met);
  const met = Map.groupBy(await firstMet(ctx, conditions, lead_ids), (lead) => lead.place);
  return new Map(
    judged.flatMap(({ rule }, place) => {
      const leads = met.get(place)?.map((lead) => lead.id) ?? [];
      return leads.length === 0 ? [] : [[rule, leads]];
    }),
  );
}

/** Whether some rule takes a lead, as a condition over `lead`: for counting beforehand. */
export async function takenByAny(ctx: Ctx): Promise<Sql> {
  return anyMet((await meanings(ctx, await selectRules(ctx))).map((each) => each.met));
}

interface Judged {
  rule: RuleRow;
  /** Null: it takes every lead. */
  met: Sql | null;
}

/** Of the rules that take leads. Days are the workspace's, and “me” is nobody, whoever asks. */
async function meanings(ctx: Ctx, rules: RuleRow[]): Promise<Judged[]> {
  const { time_zone, default_country } = await showWorkspace(ctx);
  const asker = { ...ctx, actor: { ...ctx.actor, member_id: null, time_zone, default_country } };
  const judged: Judged[] = [];
  for (const rule of rules.filter((each) => each.enabled)) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const met = rule.condition === null ? null : await meaning(asker, rule.condition);
    if (met !== "broken") judged.push({ rule, met });
  }
  return judged;
}

/** A rule that names what was deleted since takes nothing; the settings say so. */
async function meaning(ctx: Ctx, condition: NonNullable<RuleRow["condition"]>): Promise<Sql | "broken"> {
  try {
    return await taking(ctx, condition);
  } catch (error) {
    if (error instanceof ProblemError) return "broken";
    throw error;
  }
}

/** When the first of these members who are absent is back; null where none of them is. */
export async function soonestBack(ctx: Ctx, members: string[]): Promise<Date | null> {
  const at = now();
  const times = [...(await availabilities(ctx, members)).values()].flatMap(
    (hours) => backAt(hours, at) ?? [],
  );
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

/**
 * Who of a rule's members may get leads now. Nobody who is absent; where only those at work get them and nobody is,
 * then who is at work next.
 */
async function whoIsThere(ctx: Ctx, rules: RuleRow[]): Promise<(rule: RuleRow) => ReadonlySet<string>> {
  const held = await holdOwners(ctx, [...new Set(rules.flatMap((rule) => rule.members))]);
  const able = [...held].flatMap(([id, each]) => ("member" in each ? [id] : []));
  const at = now();
  const when = new Map<string, { absent: boolean; next: number | null }>();
  for (const [id, hours] of await availabilities(ctx, able)) {
    const next = nextAtWork(hours, at)?.getTime() ?? null;
    when.set(id, { absent: absentUntil(hours, at) !== null, next });
  }
  return ({ members, only_at_work }) => {
    const known = members.flatMap((id) => {
      const one = when.get(id);
      return one === undefined ? [] : [{ id, ...one }];
    });
    if (!only_at_work) {
      return new Set(known.filter((each) => !each.absent).map((each) => each.id));
    }
    const soonest = Math.min(...known.map((each) => each.next ?? Infinity));
    return new Set(
      known.filter((each) => each.next !== null && each.next === soonest).map((each) => each.id),
    );
  };
}
