/** How a workspace says who gets which leads. */
import {
  type AssignmentMethod,
  type AssignmentRule,
  assignment_rules_max,
} from "@bellwether/contracts/assignment";
import type { Nothing } from "@bellwether/contracts/common";
import type { FieldError } from "@bellwether/contracts/problems";
import type { Rule } from "@bellwether/contracts/rule";
import { type Ctx, violated } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { invalid, notFound, problem, ProblemError } from "../../kernel/problems.ts";
import { differences, holdOwners, listMembers } from "../identity/index.ts";
import { checkQuery } from "../leads/index.ts";
import {
  deleteRule,
  insertRule,
  type RuleRow,
  saveRuleOrder,
  selectRules,
  updateRule as updateRow,
} from "./assignment.sql.ts";
import { countWaiting, lookNow } from "./waiting.sql.ts";

export interface RuleIn {
  name: string;
  enabled: boolean;
  condition: Rule | null;
  method: AssignmentMethod;
  members: string[];
  only_at_work: boolean;
}
type RulePatch = { [K in keyof RuleIn]?: RuleIn[K] | undefined };

export async function listRules(ctx: Ctx): Promise<AssignmentRule[]> {
  const there = new Set((await listMembers(ctx)).map((member) => member.id));
  const waiting = await countWaiting(ctx);
  const rules: AssignmentRule[] = [];
  for (const row of await selectRules(ctx)) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    rules.push({ ...(await toRule(ctx, row, there)), waiting: waiting.get(row.id) ?? 0 });
  }
  return rules;
}

async function toRule(
  ctx: Ctx,
  row: RuleRow,
  there: ReadonlySet<string>,
): Promise<Omit<AssignmentRule, "waiting">> {
  const { last_member: _last, position: _position, members, ...shown } = row;
  return {
    ...shown,
    members: members.filter((id) => there.has(id)),
    broken: row.condition === null ? null : await whyBroken(ctx, row.condition),
  };
}

async function whyBroken(ctx: Ctx, rule: Rule): Promise<string | null> {
  try {
    await checkQuery(ctx, { rule });
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
}

export async function createRule(ctx: Ctx, input: RuleIn): Promise<AssignmentRule> {
  const rules = await selectRules(ctx, "lock");
  if (rules.length >= assignment_rules_max) {
    throw problem("not_in_state", {
      say: `A workspace has ${assignment_rules_max} assignment rules at most. Remove one first.`,
    });
  }
  await checkRule(ctx, input);
  const id = newId();
  const position = Math.max(0, ...rules.map((rule) => rule.position)) + 1;
  await named(input.name, insertRule(ctx, { ...input, id, position }));
  await emit(ctx, "assignment_rule.created", { subject_id: id }, { name: input.name });
  return ruleOf(ctx, id);
}

/** What is given is held to the same as a new rule; what isn't, may be broken until somebody repairs it. */
export async function updateRule(ctx: Ctx, input: RulePatch & { id: string }): Promise<AssignmentRule> {
  const { id, ...patch } = input;
  const row = await findRule(ctx, id);
  const before = await ruleOf(ctx, id);
  await checkRule(ctx, patch);
  const { name, enabled, condition, method, members, only_at_work } = patch;
  await named(
    name ?? row.name,
    updateRow(ctx, id, {
      ...(name === undefined ? {} : { name }),
      ...(enabled === undefined ? {} : { enabled }),
      ...(condition === undefined ? {} : { condition }),
      ...(method === undefined ? {} : { method }),
      ...(members === undefined ? {} : { members }),
      ...(only_at_work === undefined ? {} : { only_at_work }),
    }),
  );
  await lookNow(ctx);
  const after = await ruleOf(ctx, id);
  const changes = differences({ ...before, waiting: 0 }, { ...after, waiting: 0 });
  await emit(ctx, "assignment_rule.updated", { subject_id: id }, { name: row.name, changes });
  return after;
}

export async function removeRule(ctx: Ctx, input: { id: string }): Promise<Nothing> {
  const row = await findRule(ctx, input.id);
  await deleteRule(ctx, row.id);
  await emit(ctx, "assignment_rule.removed", { subject_id: row.id }, { name: row.name });
  return {};
}

export async function orderRules(
  ctx: Ctx,
  input: { ids: string[]; was?: string[] | undefined },
): Promise<{ data: AssignmentRule[] }> {
  const rules = await selectRules(ctx, "lock");
  const ids = rules.map((rule) => rule.id);
  if (input.was !== undefined && input.was.join() !== ids.join()) {
    throw problem("changed_meanwhile", {
      say: "Somebody else changed the rules meanwhile. Look at their order, then put yours in.",
      also: { current: ids },
    });
  }
  const errors = [
    ...input.ids.filter((id) => !ids.includes(id)).map((id) => `There is no rule ${id}.`),
    ...rules.filter(({ id }) => !input.ids.includes(id)).map(({ name }) => `The rule “${name}” is missing.`),
    ...(new Set(input.ids).size < input.ids.length ? ["A rule is named twice."] : []),
  ];
  if (errors.length > 0) {
    throw invalid(errors.map((message) => ({ path: "ids", code: "not_all_rules", message })));
  }
  await saveRuleOrder(ctx, input.ids);
  await emit(ctx, "assignment_rule.ordered", {}, { ids: input.ids });
  return { data: await listRules(ctx) };
}

async function checkRule(ctx: Ctx, { condition, members }: RulePatch): Promise<void> {
  if (condition !== undefined && condition !== null) {
    refuseUnasked(condition);
    await checkQuery(ctx, { rule: condition });
  }
  if (members !== undefined) {
    const errors = await memberErrors(ctx, members);
    if (errors.length > 0) throw invalid(errors);
  }
}

/** What means nothing yet, or to nobody, at the moment when a new lead is given to somebody. */
function refuseUnasked(rule: Rule): void {
  const message = whyUnasked(rule);
  if (message !== null) {
    throw problem("bad_query", {
      say: message,
      errors: [{ path: "condition", code: "not_for_rules", message }],
    });
  }
  const inner = "all" in rule ? rule.all : "any" in rule ? rule.any : "not" in rule ? [rule.not] : [];
  for (const each of inner) refuseUnasked(each);
}

function whyUnasked(rule: Rule): string | null {
  if ("words" in rule) {
    return "A rule can't look for words anywhere. Name a field, such as Company contains …";
  }
  if ("segment" in rule) {
    return "Which segments a new lead is in is known only a moment after it came. Use the segment's own conditions.";
  }
  const asksForMe = "field" in rule && rule.field === "owner_id" && [rule.value].flat().includes("me");
  return asksForMe ? "“Me” is nobody in a rule that works by itself. Choose a member." : null;
}

async function memberErrors(ctx: Ctx, members: string[]): Promise<FieldError[]> {
  const owners = await holdOwners(ctx, members);
  return members.flatMap((id, at) => {
    const owner = owners.get(id);
    const path = `members[${at}]`;
    if (members.indexOf(id) < at) {
      return [{ path, code: "duplicate", message: "This member is there twice." }];
    }
    return owner !== undefined && "fault" in owner ? [{ path, ...owner.fault }] : [];
  });
}

async function findRule(ctx: Ctx, id: string): Promise<RuleRow> {
  const row = (await selectRules(ctx, "lock")).find((each) => each.id === id);
  if (row === undefined) {
    throw notFound("assignment rule");
  }
  return row;
}

async function ruleOf(ctx: Ctx, id: string): Promise<AssignmentRule> {
  const rule = (await listRules(ctx)).find((each) => each.id === id);
  if (rule === undefined) {
    throw notFound("assignment rule");
  }
  return rule;
}

async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw violated(error) === "assignment_rule_name"
      ? problem("name_taken", {
          say: `There is a rule “${name}” already. Choose another name.`,
          errors: [{ path: "name", code: "name_taken", message: `“${name}” exists already.` }],
        })
      : error;
  }
}
