/** What becomes of a lead's value when its row comes: shared by the check, which counts, and the run, which writes. */
import { type RawBuilder, sql } from "kysely";
import type { Plan } from "./plan.ts";

export type MergeRules = {
  on_existing: "overwrite" | "fill_blanks";
  /** In these stages a lead's stage and owner stay as they are, whatever the way in. */
  final_stages: string[];
};

/** The value of `column` of lead `l` after row `s`. A blank cell never clears a value. */
export function valueAfter(column: string, rules: MergeRules): RawBuilder<unknown> {
  const [old, given] = [sql`l.${sql.id(column)}`, sql`s.${sql.id(column)}`];
  if (column === "attributes") {
    return rules.on_existing === "overwrite"
      ? sql`l.attributes || coalesce(s.attributes, '{}')`
      : sql`coalesce(s.attributes, '{}') || l.attributes`;
  }
  const merged =
    rules.on_existing === "overwrite" ? sql`coalesce(${given}, ${old})` : sql`coalesce(${old}, ${given})`;
  if (column !== "stage" && column !== "owner_id") return merged;
  return sql`case when l.stage = any(${rules.final_stages}::text[]) then ${old} else ${merged} end`;
}

/** The same of one attribute, as text. */
export function attributeAfter(key: string, rules: MergeRules): RawBuilder<unknown> {
  const [old, given] = [sql`l.attributes ->> ${key}::text`, sql`s.attributes ->> ${key}::text`];
  return rules.on_existing === "overwrite"
    ? sql`coalesce(${given}, ${old})`
    : sql`coalesce(${old}, ${given})`;
}

/** Columns of lead that a row may change. */
export function changing(plan: Plan): string[] {
  return plan.custom.length > 0 ? [...plan.standard, "attributes"] : plan.standard;
}

/** Whether row `s` would change lead `l` at all; rows that don't are never written. */
export function differs(plan: Plan, rules: MergeRules): RawBuilder<unknown> {
  const columns = changing(plan);
  const old = columns.map((column) => sql`l.${sql.id(column)}`);
  const after = columns.map((column) => valueAfter(column, rules));
  return sql`row(${sql.join(old)}) is distinct from row(${sql.join(after)})`;
}
