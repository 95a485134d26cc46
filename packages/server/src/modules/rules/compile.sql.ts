import { type RawBuilder, sql, type SqlBool } from "kysely";
import { type Condition, family, type InSegment, type Operator, type Rule } from "@bellwether/contracts/rule";
import { type Catalogue, operatorsFor, type RuleField } from "./catalogue.ts";
import { attributeText, besideFields, column, slotOf, type Sql } from "./columns.sql.ts";
import { compileHappened } from "./happened.sql.ts";
import { slot_text_max } from "./mirror.sql.ts";
import { about } from "./place.ts";
import { assertSize } from "./size.ts";
import { timeCondition } from "./times.sql.ts";
import {
  badValue,
  many,
  numeric,
  one,
  pair,
  refusedOperator,
  type Scalar,
  storedText,
  yesNo,
} from "./values.ts";

/** What a rule's meaning depends on beside the lead. */
export interface RuleScope {
  catalogue: Catalogue;
  now: Date;
  /** Who "me" is. */
  member_id: string | null;
  /** Leads in which this text is found: where their words are kept is the asker's business. */
  words: (text: string) => Sql;
  /** All leads are looked at: what is cheaper to list than to look up for each may be listed. */
  whole?: boolean;
}

/** A compiled rule, and how its matches are best found. */
export interface Compiled {
  condition: Sql;
  /** An index can list the matches of at least one condition that all of them meet; `few`: and there are few for a value. */
  index: "none" | "some" | "few";
  /** How often judging a lead takes a look elsewhere or the folding of a text, each as much as all else. */
  weight: number;
}

/**
 * A rule as SQL over `lead`. Missing values: "is not X" and "does not contain X" include leads without a value. A rule
 * without conditions matches everybody here; segments ask for "everyone" by name.
 */
export function compileRule(rule: Rule, scope: RuleScope): Compiled {
  assertSize(rule);
  return compile(rule, scope);
}

function compile(rule: Rule, scope: RuleScope): Compiled {
  if ("all" in rule) {
    const parts = rule.all.map((part) => compile(part, scope));
    const index = parts.some((part) => part.index === "few")
      ? "few"
      : parts.some((part) => part.index === "some")
        ? "some"
        : "none";
    return { condition: joined(parts, sql` and `, sql`true`), index, weight: weightOf(parts) };
  }
  if ("any" in rule) {
    const parts = rule.any.map((part) => compile(part, scope));
    // An empty "any" asks for one of nothing.
    const index =
      parts.length === 0 || parts.some((part) => part.index === "none")
        ? "none"
        : parts.every((part) => part.index === "few")
          ? "few"
          : "some";
    return { condition: joined(parts, sql` or `, sql`false`), index, weight: weightOf(parts) };
  }
  if ("not" in rule) {
    // `coalesce`: a comparison with a missing value is unknown in SQL, and "not unknown" would lose the lead.
    const { condition, weight } = compile(rule.not, scope);
    return { condition: sql`(not coalesce(${condition}, false))`, index: "none", weight };
  }
  if ("words" in rule) {
    return { condition: scope.words(rule.words), index: "none", weight: 1 };
  }
  return about(rule, () => {
    if ("segment" in rule) {
      return compileMember(rule, scope);
    }
    return "event" in rule ? compileHappened(rule, scope) : compileCondition(rule, scope);
  });
}

/** Members are kept, and listed by their key. */
function compileMember({ segment, member }: InSegment, scope: RuleScope): Compiled {
  const met = sql<SqlBool>`exists (
    select from segment_member m
    where m.workspace_id = lead.workspace_id and m.set_id = ${scope.catalogue.membersOf(segment)}::uuid and m.lead_id = lead.id)`;
  return member
    ? { condition: met, index: "some", weight: 1 }
    : { condition: sql`(not ${met})`, index: "none", weight: 1 };
}

function joined(parts: Compiled[], by: RawBuilder<unknown>, none: Sql): Sql {
  return parts.length === 0
    ? none
    : sql`(${sql.join(
        parts.map((part) => part.condition),
        by,
      )})`;
}

function compileCondition(rule: Condition, scope: RuleScope): Compiled {
  const field = scope.catalogue.get(rule.field);
  const known = operatorsFor(field);
  if (!known.includes(rule.is)) {
    throw refusedOperator(field, rule.is, known);
  }
  const elsewhere = field.type === "tags" || Object.hasOwn(besideFields, field.name);
  const weight = elsewhere || folding.has(rule.is) ? 1 : 0;
  return { condition: conditionOf(field, rule, scope), index: indexed(field, rule.is), weight };
}

const folding = new Set<Operator>(["contains", "not_contains", "starts_with"]);
function weightOf(parts: Compiled[]): number {
  return parts.reduce((sum, part) => sum + part.weight, 0);
}

/** What orders have an index, of a slot or a column: its ranges can be listed. */
const ranges = new Set<Operator>(["gt", "gte", "lt", "lte", "between", "in_last"]);
const rangedFields = new Set(["created_at", "updated_at", "qualification"]);
const fewFields = new Set([
  "email",
  "phone",
  "whatsapp_id",
  "external_id",
  "anonymous_id",
  "company",
  "last_name",
]);
const indexedFields = new Set(["owner_id", "stage"]);
function indexed(field: RuleField, is: Operator): Compiled["index"] {
  const exact = is === "eq" || is === "in";
  if (exact && fewFields.has(field.name)) {
    return "few";
  }
  const ordered = slotOf(field) !== null || rangedFields.has(field.name);
  const timed = family[field.type] === "time";
  if (ordered && (ranges.has(is) || (exact && timed))) {
    return "some";
  }
  const listed = is === "any_of" || is === "all_of";
  if (
    (exact &&
      (indexedFields.has(field.name) || (field.custom !== null && (!timed || slotOf(field) !== null)))) ||
    listed
  ) {
    return "some";
  }
  return "none";
}

function conditionOf(field: RuleField, rule: Condition, scope: RuleScope): Sql {
  if (rule.is === "set") {
    return present(field);
  }
  if (rule.is === "unset") {
    return sql`(not ${present(field)})`;
  }
  switch (field.type) {
    case "tags":
      return tagCondition(field, rule.is, rule.value);
    case "choices":
      return choicesCondition(field, rule.is, rule.value);
    case "number":
    case "money":
      return scope.whole === true && field.name === "score" && !zeroMeets(field, rule.is, rule.value)
        ? sql`exists (
            select from lead_stat s
            where s.workspace_id = lead.workspace_id and s.lead_id = lead.id
              and ${numberCondition(field, rule.is, rule.value, sql`s.score`)})`
        : numberCondition(field, rule.is, rule.value, numberOf(field));
    case "date":
    case "datetime":
      return timeCondition(field, rule.is, rule.value, scope);
    case "yes_no":
      return equality(field, rule.is, [yesNo(field, one(field, rule.value))], scope.now);
    case "member":
      return equality(
        field,
        rule.is,
        many(field, rule.value).map((value) => memberOf(field, value, scope)),
      );
    case "choice":
    case "stage":
    case "text":
    case "url":
      return textCondition(field, rule.is, rule.value);
  }
}

function present(field: RuleField): Sql {
  if (field.type === "tags") {
    return sql`exists (select from lead_tag lt where lt.workspace_id = lead.workspace_id and lt.lead_id = lead.id)`;
  }
  if (field.custom === null) {
    return sql`(${column(field)} is not null)`;
  }
  const slot = slotOf(field);
  return slot === null ? sql`(lead.attributes ? ${field.custom.key})` : sql`(${slot} is not null)`;
}

/** `eq`, `ne`, `in`, `not_in` by plain equality, which the indexes serve. */
function equality(field: RuleField, is: Operator, values: Scalar[], now?: Date): Sql {
  const negative = is === "ne" || is === "not_in";
  const met = equalTo(field, values, now);
  return negative ? sql`(not coalesce(${met}, false))` : met;
}

function equalTo(field: RuleField, values: Scalar[], now?: Date): Sql {
  const { custom } = field;
  if (custom === null) {
    return sql`${column(field, now)} = any(${values}${arrayType(field)})`;
  }
  const slot = slotOf(field);
  const long = values.some((value) => typeof value === "string" && value.length >= slot_text_max);
  if (slot === null || long) {
    return sql`(${sql.join(
      values.map((value) => contained({ [custom.key]: value })),
      sql` or `,
    )})`;
  }
  return custom.slot?.column.startsWith("t") === true
    ? sql`${slot} = any(${values}::text[])`
    : sql`${slot} = any(${values.map(Number)}::float8[])`;
}

/** PostgreSQL would take the column's type, which for whole numbers refuses 1.5 instead of finding nothing. */
function arrayType(field: RuleField): RawBuilder<unknown> {
  return field.type === "number" ? sql`::float8[]` : sql``;
}

function contained(attributes: Record<string, unknown>): Sql {
  return sql`lead.attributes @> ${JSON.stringify(attributes)}::jsonb`;
}

function memberOf(field: RuleField, value: Scalar, scope: RuleScope): string {
  if (value === "me") {
    // A key isn't anybody: "mine" is nothing then.
    return scope.member_id ?? "00000000-0000-0000-0000-000000000000";
  }
  const id = String(value);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw badValue(field, value, "give a member's id, or me.");
  }
  return id;
}

function textCondition(field: RuleField, is: Operator, value: unknown): Sql {
  if (is === "contains" || is === "not_contains" || is === "starts_with") {
    const text = String(one(field, value));
    const pattern = `${is === "starts_with" ? "" : "%"}${text.replace(/[\\%_]/g, "\\$&")}%`;
    const source = field.custom === null ? column(field) : attributeText(field.custom.key);
    const met = sql<SqlBool>`app.folded(${source}) like app.folded(${pattern})`;
    return is === "not_contains" ? sql`(not coalesce(${met}, false))` : met;
  }
  return equality(
    field,
    is,
    many(field, value).map((each) => storedText(field, each)),
  );
}

const comparisons = { gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` };

function numberOf(field: RuleField): RawBuilder<unknown> {
  return field.custom === null
    ? column(field)
    : (slotOf(field) ?? sql`(lead.attributes ->> ${field.custom.key})::float8`);
}

/** Whether a lead that was never scored may meet it: such a score counts as 0. */
function zeroMeets(field: RuleField, is: Operator, value: unknown): boolean {
  const from =
    is === "between" ? pair(field, value)[0] : is === "gt" || is === "gte" ? one(field, value) : null;
  const least = from === null ? Number.NEGATIVE_INFINITY : numeric(field, from);
  return is === "gt" ? least < 0 : least <= 0;
}

function numberCondition(field: RuleField, is: Operator, value: unknown, source: RawBuilder<unknown>): Sql {
  if (is === "between") {
    const [from, to] = pair(field, value);
    return sql`(${source} between ${numeric(field, from)}::float8 and ${numeric(field, to)}::float8)`;
  }
  if (is === "gt" || is === "gte" || is === "lt" || is === "lte") {
    return sql`(${source} ${comparisons[is]} ${numeric(field, one(field, value))}::float8)`;
  }
  return equality(
    field,
    is,
    many(field, value).map((each) => numeric(field, each)),
  );
}

function choicesCondition(field: RuleField, is: Operator, value: unknown): Sql {
  const key = field.custom?.key ?? "";
  const values = many(field, value).map((each) => storedText(field, each));
  if (is === "all_of") {
    return contained({ [key]: values });
  }
  const any = sql<SqlBool>`(${sql.join(
    values.map((each) => contained({ [key]: [each] })),
    sql` or `,
  )})`;
  return is === "none_of" ? sql`(not ${any})` : any;
}

function tagCondition(field: RuleField, is: Operator, value: unknown): Sql {
  const names = [...new Set(many(field, value).map((each) => String(each).trim().toLowerCase()))];
  const tagged = (wanted: string[]) => sql<SqlBool>`exists (
    select from lead_tag lt join tag t on t.workspace_id = lt.workspace_id and t.id = lt.tag_id
    where lt.workspace_id = lead.workspace_id and lt.lead_id = lead.id and t.name_key = any(${wanted}))`;
  if (is === "all_of") {
    return sql`(${sql.join(
      names.map((name) => tagged([name])),
      sql` and `,
    )})`;
  }
  return is === "none_of" ? sql`(not ${tagged(names)})` : tagged(names);
}
