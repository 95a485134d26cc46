/** What becomes of a lead's value when its row comes: shared by the check, which counts, and the run, which writes. */
import { type RawBuilder, sql } from "kysely";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { Required } from "../leads/index.ts";
import type { Plan } from "./plan.ts";

export type MergeRules = {
  on_existing: "overwrite" | "fill_blanks";
  /** Of the workspace, in their order. */
  stages: StageRule[];
  /** Where new leads begin; `named`: somebody chose it, so that what it asks for is asked. */
  begin: { stage: string; named: boolean };
  owner_id: string | null;
  /** For those that enter a stage which asks why, and don't say. */
  lost_reason: string | null;
  move_back: boolean;
};
export type StageRule = { key: string; kind: Stage["kind"]; required: Required[] };

export function stageKeys(rules: MergeRules, which: (stage: StageRule) => boolean): RawBuilder<unknown> {
  return sql`${rules.stages.filter(which).map((stage) => stage.key)}::text[]`;
}
export const isFinal = (stage: StageRule) => stage.kind !== "open";
export const isLost = (stage: StageRule) => stage.kind === "lost";

/** The value of `column` of lead `l` after row `s`. A blank cell never clears a value. */
export function valueAfter(column: string, plan: Plan, rules: MergeRules): RawBuilder<unknown> {
  const [old, given] = [sql`l.${sql.id(column)}`, sql`s.${sql.id(column)}`];
  if (column === "attributes") {
    return rules.on_existing === "overwrite"
      ? sql`l.attributes || coalesce(s.attributes, '{}')`
      : sql`coalesce(s.attributes, '{}') || l.attributes`;
  }
  if (column === "lost_reason") return reasonAfter(plan, rules);
  const merged =
    rules.on_existing === "overwrite" ? sql`coalesce(${given}, ${old})` : sql`coalesce(${old}, ${given})`;
  if (column !== "stage" && column !== "owner_id") return merged;
  // In final stages a lead's stage and owner stay as they are, whatever the way in.
  const back = column === "stage" && !rules.move_back ? sql`or ${movesBack(rules)}` : sql``;
  return sql`case when l.final ${back} then ${old} else ${merged} end`;
}

/** A file that was written before somebody moved the lead on shouldn't take it back. */
function movesBack(rules: MergeRules): RawBuilder<unknown> {
  const order = sql`${rules.stages.map((stage) => stage.key)}::text[]`;
  return sql`array_position(${order}, s.stage) < array_position(${order}, l.stage)`;
}

function reasonAfter(plan: Plan, rules: MergeRules): RawBuilder<unknown> {
  const given = plan.standard.includes("lost_reason") ? sql`s.lost_reason` : sql`null`;
  const both =
    rules.on_existing === "overwrite"
      ? sql`coalesce(${given}, l.lost_reason`
      : sql`coalesce(l.lost_reason, ${given}`;
  const stage = stageAfter(plan, rules);
  return sql`case when ${stage} = any(${stageKeys(rules, isLost)}) then ${both}, case when ${stage} <> l.stage then ${rules.lost_reason}::text end) end`;
}

/** Of a lead that is there. */
export function stageAfter(plan: Plan, rules: MergeRules): RawBuilder<unknown> {
  return plan.standard.includes("stage") ? valueAfter("stage", plan, rules) : sql`l.stage`;
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
  const standard =
    plan.standard.includes("stage") && !plan.standard.includes("lost_reason")
      ? [...plan.standard, "lost_reason"]
      : plan.standard;
  return plan.custom.length > 0 ? [...standard, "attributes"] : standard;
}

/** Whether row `s` would change lead `l` at all; rows that don't are never written. */
export function differs(plan: Plan, rules: MergeRules): RawBuilder<unknown> {
  const columns = changing(plan);
  const old = columns.map((column) => sql`l.${sql.id(column)}`);
  const after = columns.map((column) => valueAfter(column, plan, rules));
  return sql`row(${sql.join(old)}) is distinct from row(${sql.join(after)})`;
}
