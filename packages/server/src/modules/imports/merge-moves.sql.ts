/** Rows that a stage refuses: it asks why, or for a value, and neither the row nor the lead has it. */
import { type RawBuilder, sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import type { Required } from "../leads/index.ts";
import { holdStages } from "../stages/index.ts";
import { changing, isLost, type MergeRules, stageAfter, stageKeys, valueAfter } from "./merge-rules.sql.ts";
import { identifiers, type Plan } from "./plan.ts";
import { how } from "./staging.ts";
import { columnOf, inRange, matches, type Range, stagingTable } from "./staging.sql.ts";

type Raw = RawBuilder<unknown>;

export async function refuseMoves(
  ctx: Ctx,
  name: string,
  plan: Plan,
  rules: MergeRules,
  range: Range | null,
): Promise<void> {
  const asks = rules.stages.some((stage) => stage.kind === "lost" || stage.required.length > 0);
  if (!asks || (!plan.standard.includes("stage") && !rules.begin.named)) return;
  const column = columnOf(plan, "stage");
  for (const identifier of plan.match) {
    await sql`
      update ${stagingTable(name)} s
      set how = ${sql.lit(how.refused)}, refusal = jsonb_build_object('code', r.code, 'column', ${column}::int, 'value', r.stage)
      from (
        select s.n, a.stage, case ${refusals(plan, rules)} end as code
        from ${stagingTable(name)} s left join lead l on ${matches(ctx, identifier)}
        cross join lateral (select ${entered(plan, rules)} as stage) a
        where s.how = ${sql.lit(identifiers.indexOf(identifier))} ${inRange(range)} and a.stage is not null
      ) r
      where r.n = s.n and r.code is not null`.execute(ctx.db);
  }
}

/** The stage that row `s` makes its lead enter; null when it stays, or begins where nobody chose. */
function entered(plan: Plan, rules: MergeRules): Raw {
  const begin = rules.begin.named ? sql`${rules.begin.stage}::text` : sql`null`;
  const fresh = plan.standard.includes("stage") ? sql`coalesce(s.stage, ${begin})` : begin;
  return sql`case when l.id is null then ${fresh} else nullif(${stageAfter(plan, rules)}, l.stage) end`;
}

function refusals(plan: Plan, rules: MergeRules): Raw {
  const reason = sql`coalesce(${after("lost_reason", plan, rules)}, ${rules.lost_reason}::text)`;
  const why = sql`when a.stage = any(${stageKeys(rules, isLost)}) and ${reason} is null then 'reason_missing'`;
  const wanting = rules.stages
    .filter((stage) => stage.required.length > 0)
    .map(
      (stage) =>
        sql`when a.stage = ${stage.key} and (${sql.join(
          stage.required.map((each) => lacking(each, plan, rules)),
          sql` or `,
        )}) then 'stage_asks'`,
    );
  return sql.join([why, ...wanting], sql` `);
}

function lacking(required: Required, plan: Plan, rules: MergeRules): Raw {
  return required.key === null
    ? sql`${after(required.name, plan, rules)} is null`
    : sql`not (coalesce(${after("attributes", plan, rules)}, '{}') ? ${required.key}::text)`;
}

/** What lead `l` has in a column after row `s`, whether it is there already or is made. */
function after(column: string, plan: Plan, rules: MergeRules): Raw {
  const mapped = changing(plan).includes(column);
  // lost_reason counts among the changing ones without a column of its own in the file.
  const given = plan.standard.includes(column) || (mapped && column === "attributes");
  const fresh = given ? sql`s.${sql.id(column)}` : sql`null`;
  const begins =
    column === "owner_id"
      ? sql`coalesce(${fresh}, ${rules.owner_id}::uuid)`
      : column === "source"
        ? sql`coalesce(${fresh}, 'Import')`
        : fresh;
  return sql`case when l.id is null then ${begins} else ${mapped ? valueAfter(column, plan, rules) : sql`l.${sql.id(column)}`} end`;
}

/** Stages that were removed since the rows were checked; those that are left can't be, until the chunk is written. */
export async function refuseRemoved(
  ctx: Ctx,
  name: string,
  plan: Plan,
  rules: MergeRules,
  range: Range,
): Promise<void> {
  const keys = rules.stages.map((stage) => stage.key);
  const there = await holdStages(ctx, keys);
  const gone = keys.filter((key) => !there.has(key));
  if (gone.length === 0) return;
  const stage = plan.standard.includes("stage")
    ? sql`coalesce(s.stage, ${rules.begin.stage}::text)`
    : sql`${rules.begin.stage}::text`;
  await sql`
    update ${stagingTable(name)} s
    set how = ${sql.lit(how.refused)}, refusal = jsonb_build_object('code', 'stage_removed', 'column', ${columnOf(plan, "stage")}::int, 'value', ${stage})
    where s.how >= 0 ${inRange(range)} and ${stage} = any(${gone}::text[])`.execute(ctx.db);
}
