import type { Happened } from "@bellwether/contracts/happened";
import type { Rule } from "@bellwether/contracts/rule";
import type { Column } from "./columns.ts";
import type { Leaf } from "./filters.ts";
import { chipWords, isComplete, isLeaf } from "./filters.ts";
import { happenedIsComplete, happenedWords } from "./happened.ts";
import type { Names } from "./values.ts";

/** A rule's parts that must all hold: what the filter bar shows one by one. */
export function partsOf(rule: Rule | null): readonly Rule[] {
  if (rule === null) return [];
  return "all" in rule ? rule.all : [rule];
}

export function ruleOfParts(parts: readonly Rule[]): Rule | null {
  return parts.length === 0 ? null : { all: [...parts] };
}

/** A rule in words: “Plan is Pro or (City is Ulm and Seats is over 5)”. */
export function ruleWords(rule: Rule, fields: readonly Column[], names: Names): string {
  if ("all" in rule) return joined(rule.all, " and ", fields, names);
  if ("any" in rule) return joined(rule.any, " or ", fields, names);
  if ("not" in rule) return `not ${inParentheses(rule.not, fields, names)}`;
  if ("words" in rule) return `“${rule.words}”`;
  if ("event" in rule) return happenedWords(rule, names);
  const column = "field" in rule ? fields.find((field) => field.id === rule.field) : undefined;
  const { label, operator, value } = chipWords(rule, column, names);
  return [label, operator, value].filter(Boolean).join(" ");
}

function joined(rules: readonly Rule[], by: string, fields: readonly Column[], names: Names): string {
  if (rules.length === 0) return by === " or " ? "nobody" : "everybody";
  const [only] = rules;
  if (rules.length === 1 && only) return ruleWords(only, fields, names);
  return rules.map((rule) => inParentheses(rule, fields, names)).join(by);
}

function inParentheses(rule: Rule, fields: readonly Column[], names: Names): string {
  const several = ("all" in rule && rule.all.length > 1) || ("any" in rule && rule.any.length > 1);
  const words = ruleWords(rule, fields, names);
  return several ? `(${words})` : words;
}

/* ---- A group while it is edited: its conditions may still be empty ---- */

/** What one line of the editor asks: of a field or segment, or of an event. */
export type Asked = Leaf | Happened;
export const isAsked = (rule: Rule): rule is Asked => isLeaf(rule) || "event" in rule;
export function isWhole(asked: Asked): boolean {
  return "event" in asked ? happenedIsComplete(asked) : isComplete(asked);
}

export type Mode = "all" | "any" | "none";
export interface Group {
  id: number;
  mode: Mode;
  items: Item[];
}
export type Item =
  | { id: number; kind: "condition"; condition: Asked | null }
  | { id: number; kind: "group"; group: Group }
  /** What this editor can't change: free words. */
  | { id: number; kind: "fixed"; rule: Rule };

export const group_depth_max = 3;

let ids = 0;
const newId = (): number => ++ids;

export const emptyCondition = (): Item => ({ id: newId(), kind: "condition", condition: null });
export const emptyGroup = (mode: Mode): Group => ({ id: newId(), mode, items: [emptyCondition()] });
export const groupItem = (group: Group): Item => ({ id: newId(), kind: "group", group });

export function toGroup(rule: Rule): Group {
  const group = (mode: Mode, rules: readonly Rule[]) => ({ id: newId(), mode, items: rules.map(toItem) });
  if ("all" in rule) return group("all", rule.all);
  if ("any" in rule) return group("any", rule.any);
  if ("not" in rule) return group("none", "any" in rule.not ? rule.not.any : [rule.not]);
  return group("all", [rule]);
}

function toItem(rule: Rule): Item {
  if ("words" in rule) return { id: newId(), kind: "fixed", rule };
  if (isAsked(rule)) return { id: newId(), kind: "condition", condition: rule };
  return { id: newId(), kind: "group", group: toGroup(rule) };
}

/** Null while something in it is still empty. */
export function toRule(group: Group): Rule | null {
  if (group.items.length === 0) return null;
  const rules = group.items.map((item): Rule | null => {
    if (item.kind === "group") return toRule(item.group);
    if (item.kind === "fixed") return item.rule;
    return item.condition && isWhole(item.condition) ? item.condition : null;
  });
  const whole = rules.filter((rule) => rule !== null);
  if (whole.length < rules.length) return null;
  if (group.mode === "none") return { not: { any: whole } };
  return group.mode === "any" ? { any: whole } : { all: whole };
}
