import * as z from "zod";
import { type Happened, happenedTree } from "./happened.ts";
import {
  operators,
  rule_field_max,
  rule_text_max,
  rule_values_max,
  rule_words_max,
  ruleFaults,
} from "./rule-check.ts";

export { operators, rule_conditions_max, rule_depth_max } from "./rule-check.ts";

export const Operator = z.enum(operators);
export type Operator = z.infer<typeof Operator>;

const Scalar = z.union([z.string().max(rule_text_max), z.number(), z.boolean()]);
export const Condition = z.strictObject({
  field: z.string().min(1).max(rule_field_max).describe("A standard field, or `attributes.<key>`"),
  is: Operator,
  value: z
    .union([Scalar, z.array(Scalar).max(rule_values_max)])
    .optional()
    .describe("`between` takes [from, to]; `in_last` takes `7d`, `12h`, `30m`, `4w`"),
});
export type Condition = z.infer<typeof Condition>;

/** Words to be found in name, e-mail, phone, company and text fields, without regard to case and accents. */
export const Words = z.strictObject({ words: z.string().min(1).max(rule_words_max) });

/** In a segment by its id, or not in it. */
export const InSegment = z.strictObject({ segment: z.uuid(), member: z.boolean() });
export type InSegment = z.infer<typeof InSegment>;

export type Rule =
  | { all: Rule[] }
  | { any: Rule[] }
  | { not: Rule }
  | { words: string }
  | InSegment
  | Happened
  | Condition;
/** Its shape, for the API's description. */
export const RuleTree: z.ZodType<Rule> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(RuleTree) }),
      z.strictObject({ any: z.array(RuleTree) }),
      z.strictObject({ not: RuleTree }),
      Words,
      InSegment,
      happenedTree(RuleTree),
      Condition,
    ]),
  )
  .meta({
    id: "Rule",
    description:
      "A tree of conditions: {all}, {any}, {not}, {words}, {segment, member}, {event, did, count, within, which, where}, or {field, is, value}; at most 12 levels deep and of 200 conditions",
  });

/** Checked before it is parsed: of a union, zod says that nothing fits, and not what is wrong or where. */
export const Rule: z.ZodType<Rule> = z.preprocess((value, context) => {
  const faults = ruleFaults(value);
  for (const { path, message } of faults) {
    context.addIssue({ code: "custom", path, message, params: { problem: "bad_query" } });
  }
  return faults.length === 0 ? value : z.NEVER;
}, RuleTree);

type Family = "text" | "number" | "time" | "yes_no" | "choice" | "choices" | "member" | "stage" | "tags";
export const family: Record<string, Family> = {
  text: "text",
  url: "text",
  number: "number",
  money: "number",
  date: "time",
  datetime: "time",
  yes_no: "yes_no",
  choice: "choice",
  choices: "choices",
  member: "member",
  stage: "stage",
  tags: "tags",
};
/** Which operators make sense for which type of field; the filter bar offers exactly these and the server accepts exactly these. */
export const operatorsOf: Record<Family, readonly Operator[]> = {
  text: ["eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "set", "unset"],
  number: ["eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte", "between", "set", "unset"],
  time: ["eq", "ne", "gt", "gte", "lt", "lte", "between", "in_last", "not_in_last", "set", "unset"],
  yes_no: ["eq", "ne", "set", "unset"],
  choice: ["eq", "ne", "in", "not_in", "set", "unset"],
  choices: ["any_of", "all_of", "none_of", "set", "unset"],
  member: ["eq", "ne", "in", "not_in", "set", "unset"],
  stage: ["eq", "ne", "in", "not_in"],
  tags: ["any_of", "all_of", "none_of", "set", "unset"],
};
