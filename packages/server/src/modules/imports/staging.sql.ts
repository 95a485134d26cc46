/** The staging table of one import: unlogged, without row-level security, its own. Everything here is by set. */
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { type RawBuilder, sql } from "kysely";
import { from as copyFrom } from "pg-copy-streams";
import type { Ctx } from "../../kernel/db.ts";
import { differs, type MergeRules } from "./merge-rules.sql.ts";
import { type Identifier, identifiers, type Plan, uniqueColumns } from "./plan.ts";
import { how, stagingColumns } from "./staging.ts";

const nameShape = /^import_[0-9a-f]{8,64}$/;

/** One for each attempt at staging, so that a second worker never writes into the first one's. */
export function stagingName(import_id: string, attempt: string): string {
  return `import_${import_id.replaceAll("-", "")}${attempt.replaceAll("-", "").slice(-12)}`;
}

export function stagingTable(name: string): RawBuilder<unknown> {
  if (!nameShape.test(name)) throw new Error(`not a staging table: ${name}`);
  return sql.id("staging", name);
}

export async function createStaging(ctx: Ctx, name: string, plan: Plan): Promise<void> {
  const columns = stagingColumns(plan).map((column) => sql`, ${sql.id(column.name)} ${sql.raw(column.type)}`);
  await sql`create unlogged table ${stagingTable(name)} (n int not null, line int not null, how smallint not null, refusal jsonb${sql.join(columns, sql``)})
    with (autovacuum_enabled = off)`.execute(ctx.db);
}

export async function dropStaging(ctx: Ctx, name: string): Promise<void> {
  await sql`drop table if exists ${stagingTable(name)}`.execute(ctx.db);
}

/** Whether it is there and whole: a crash of the database empties unlogged tables but leaves them. */
export async function stagedRows(ctx: Ctx, name: string): Promise<number> {
  stagingTable(name);
  const there = await sql<{
    there: boolean;
  }>`select to_regclass(${`staging.${name}`}) is not null as there`.execute(ctx.db);
  if (there.rows[0]?.there !== true) return 0;
  const { rows } = await sql<{
    last: number | null;
  }>`select max(n) as last from ${stagingTable(name)}`.execute(ctx.db);
  return rows[0]?.last ?? 0;
}

export async function selectStagingNames(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select tablename as name from pg_tables where schemaname = 'staging'`.execute(ctx.db);
  return rows.map((row) => row.name).filter((name) => nameShape.test(name));
}

/** Copies texts until there are no more or `pieces` have been sent; false: there are no more. */
export async function copyIntoStaging(
  ctx: Ctx,
  name: string,
  plan: Plan,
  next: () => Promise<string | null>,
  pieces: number,
): Promise<boolean> {
  stagingTable(name);
  const columns = [
    "n",
    "line",
    "how",
    "refusal",
    ...stagingColumns(plan).map((column) => `"${column.name}"`),
  ];
  const stream = ctx.client.query(copyFrom(`copy staging.${name} (${columns.join(", ")}) from stdin`));
  const done = finished(stream);
  let more = true;
  try {
    for (let sent = 0; sent < pieces && more; sent += 1) {
      const text = await next();
      if (text === null) more = false;
      else if (text !== "" && !stream.write(text)) await Promise.race([once(stream, "drain"), done]);
    }
  } catch (error) {
    stream.destroy();
    await done.catch(() => {});
    throw error;
  }
  stream.end();
  await done;
  return more;
}

/** After the last row: chunks are found by `n`, and the planner must not take a million rows for ten. */
export async function settleStaging(ctx: Ctx, name: string): Promise<void> {
  await sql`create unique index on ${stagingTable(name)} (n)`.execute(ctx.db);
  await sql`analyze ${stagingTable(name)}`.execute(ctx.db);
}

/**
 * Rows of one lead become one row: the first keeps its place and takes, for each column, the last value that isn't
 * blank (with fill_blanks the first). The others stay as duplicates of it.
 */
export async function foldDuplicates(
  ctx: Ctx,
  name: string,
  plan: Plan,
  on_existing: "overwrite" | "fill_blanks",
): Promise<void> {
  for (const identifier of plan.match) {
    const table = stagingTable(name);
    const key = sql.id(identifier);
    const code = sql.lit(identifiers.indexOf(identifier));
    const order = sql.raw(on_existing === "overwrite" ? "desc" : "asc");
    const merged = plan.standard.filter((column) => column !== identifier);
    const picked = merged.map(
      (column) =>
        sql`, (array_agg(s.${sql.id(column)} order by s.n ${order}) filter (where s.${sql.id(column)} is not null))[1] as ${sql.id(column)}`,
    );
    const sets = merged.map((column) => sql`${sql.id(column)} = f.${sql.id(column)}`);
    const attributes = plan.custom.length > 0;
    if (attributes) sets.push(sql`attributes = a.attributes`);
    if (plan.has_tags) sets.push(sql`tags = g.tags`);
    await sql`
      with twice as materialized (
        select ${key} as key, min(n) as first from ${table} where how = ${code} group by ${key} having count(*) > 1
      ),
      folded as (
        select w.first${sql.join(picked, sql``)}
        from ${table} s join twice w on w.key = s.${key} where s.how = ${code} group by w.first
      ),
      ${
        attributes
          ? sql`objects as (
        select w.first, jsonb_object_agg(e.key, e.value order by s.n ${sql.raw(on_existing === "overwrite" ? "asc" : "desc")}) as attributes
        from ${table} s join twice w on w.key = s.${key} cross join lateral jsonb_each(s.attributes) e where s.how = ${code} group by w.first
      ),`
          : sql``
      }
      ${
        plan.has_tags
          ? sql`tag_lists as (
        select w.first, array_agg(distinct tag) as tags
        from ${table} s join twice w on w.key = s.${key} cross join lateral unnest(s.tags) tag where s.how = ${code} group by w.first
      ),`
          : sql``
      }
      kept as (
        update ${table} s set ${sets.length === 0 ? sql`n = s.n` : sql.join(sets)}
        from folded f
        ${attributes ? sql`left join objects a on a.first = f.first` : sql``}
        ${plan.has_tags ? sql`left join tag_lists g on g.first = f.first` : sql``}
        where s.n = f.first
      )
      update ${table} s set how = ${sql.lit(how.duplicate)}, refusal = jsonb_build_object('first', w.first)
      from twice w where s.how = ${code} and s.${key} = w.key and s.n > w.first`.execute(ctx.db);
  }
}

/** Only one lead may have an e-mail, phone, WhatsApp or external id: later rows of other leads are refused. */
export async function refuseTwiceInFile(ctx: Ctx, name: string, plan: Plan): Promise<void> {
  for (const { value, column } of contested(plan)) {
    await sql`
      with twice as materialized (
        select ${value("s")} as value, min(s.n) as first from ${stagingTable(name)} s
        where s.how >= 0 and ${value("s")} is not null group by 1 having count(*) > 1
      )
      update ${stagingTable(name)} s
      set how = ${sql.lit(how.refused)}, refusal = jsonb_build_object('code', 'twice_in_file', 'column', ${column}::int, 'value', w.value)
      from twice w where s.how >= 0 and ${value("s")} = w.value and s.n > w.first`.execute(ctx.db);
  }
}

type Contested = {
  field: string;
  custom: boolean;
  column: number | null;
  value: (alias: string) => RawBuilder<unknown>;
};

/** What only one lead may have and rows aren't all matched by. */
function contested(plan: Plan): Contested[] {
  const standard = uniqueColumns
    .filter((field) => plan.standard.includes(field) && !(plan.match.length === 1 && plan.match[0] === field))
    .map((field) => ({
      field,
      custom: false,
      column: columnOf(plan, field),
      value: (alias: string) => sql`${sql.id(alias)}.${sql.id(field)}`,
    }));
  const custom = plan.custom
    .filter((field) => field.unique)
    .map(({ key }) => ({
      field: key,
      custom: true,
      column: columnOf(plan, key),
      value: (alias: string) => sql`lower(${sql.id(alias)}.attributes ->> ${sql.lit(key)})`,
    }));
  return [...standard, ...custom];
}

export function columnOf(plan: Plan, name: string): number | null {
  return (
    plan.columns.find(({ target }) => (target.kind === "standard" ? target.field : target.key) === name)
      ?.index ?? null
  );
}

export type Range = { after: number; upto: number };
export const inRange = (range: Range | null) =>
  range === null ? sql`` : sql`and s.n > ${range.after} and s.n <= ${range.upto}`;

/** Refuses rows whose value belongs to another lead than the one they are matched to. */
export async function refuseTaken(ctx: Ctx, name: string, plan: Plan, range: Range | null): Promise<void> {
  const other = sql.join(
    plan.match.map(
      (identifier) =>
        sql`when ${sql.lit(identifiers.indexOf(identifier))} then l.${sql.id(identifier)} is distinct from s.${sql.id(identifier)}`,
    ),
    sql` `,
  );
  for (const { field, custom, column, value } of contested(plan)) {
    const owner = custom
      ? sql`lead_unique o join lead l on l.workspace_id = o.workspace_id and l.id = o.lead_id
            where o.workspace_id = ${ctx.workspace_id} and o.field_key = ${field} and o.value = ${value("s")} and l.deleted_at is null`
      : sql`lead l where l.workspace_id = ${ctx.workspace_id} and l.deleted_at is null and l.${sql.id(field)} is not null and l.${sql.id(field)} = s.${sql.id(field)}`;
    await sql`
      update ${stagingTable(name)} s
      set how = ${sql.lit(how.refused)}, refusal = jsonb_build_object('code', 'taken_by_other_lead', 'column', ${column}::int, 'value', ${value("s")})
      from ${owner} and s.how >= 0 ${inRange(range)} and case s.how ${other} end`.execute(ctx.db);
  }
}

/** An import that only creates refuses what exists; one that only updates, what doesn't. */
export async function refuseByMode(
  ctx: Ctx,
  name: string,
  plan: Plan,
  mode: "create" | "update" | "both",
  range: Range | null,
): Promise<void> {
  if (mode === "both") return;
  for (const identifier of plan.match) {
    const there = sql`exists (select from lead l where ${matches(ctx, identifier)})`;
    await sql`
      update ${stagingTable(name)} s
      set how = ${sql.lit(how.refused)},
          refusal = jsonb_build_object('code', ${mode === "create" ? "exists" : "missing"}::text, 'column', ${columnOf(plan, identifier)}::int, 'value', s.${sql.id(identifier)})
      where s.how = ${sql.lit(identifiers.indexOf(identifier))} ${inRange(range)}
        and ${mode === "create" ? there : sql`not ${there}`}`.execute(ctx.db);
  }
}

/** `l` is the lead of `s`. `is not null` lets the planner see that the partial index applies. */
export function matches(ctx: Ctx, identifier: Identifier): RawBuilder<unknown> {
  const column = sql.id(identifier);
  return sql`l.workspace_id = ${ctx.workspace_id} and l.deleted_at is null and l.${column} is not null and l.${column} = s.${column}`;
}

export type Counts = {
  rows: number;
  create: number;
  update: number;
  unchanged: number;
  duplicate: number;
  invalid: number;
  kept_final: number;
};

/** What a run would do with every row, as things stand. */
export async function countOutcomes(ctx: Ctx, name: string, plan: Plan, rules: MergeRules): Promise<Counts> {
  const total = await sql<{ rows: number; duplicate: number; invalid: number }>`
    select count(*) as rows, count(*) filter (where how = ${sql.lit(how.duplicate)}) as duplicate, count(*) filter (where how = ${sql.lit(how.refused)}) as invalid
    from ${stagingTable(name)}`.execute(ctx.db);
  const counts: Counts = {
    rows: 0,
    duplicate: 0,
    invalid: 0,
    ...total.rows[0],
    create: 0,
    update: 0,
    unchanged: 0,
    kept_final: 0,
  };
  const owned = ["stage", "owner_id"].filter((column) => plan.standard.includes(column));
  const kept = owned.map(
    (column) =>
      sql`s.${sql.id(column)} is not null and s.${sql.id(column)} is distinct from l.${sql.id(column)}`,
  );
  for (const identifier of plan.match) {
    const { rows } = await sql<{ create: number; update: number; unchanged: number; kept_final: number }>`
      select count(*) filter (where l.id is null) as create,
             count(*) filter (where l.id is not null and (${differs(plan, rules)})) as update,
             count(*) filter (where l.id is not null and not (${differs(plan, rules)})) as unchanged,
             ${kept.length === 0 ? sql`0` : sql`count(*) filter (where l.final and (${sql.join(kept, sql` or `)}))`} as kept_final
      from ${stagingTable(name)} s left join lead l on ${matches(ctx, identifier)}
      where s.how = ${sql.lit(identifiers.indexOf(identifier))}`.execute(ctx.db);
    for (const row of rows) {
      counts.create += row.create;
      counts.update += row.update;
      counts.unchanged += row.unchanged;
      counts.kept_final += row.kept_final;
    }
  }
  return counts;
}

export type RefusalGroup = {
  code: string;
  column: number | null;
  count: number;
  samples: { line: number; value: string }[];
};

export async function groupRefusals(ctx: Ctx, name: string, samples: number): Promise<RefusalGroup[]> {
  const { rows } = await sql<RefusalGroup>`
    with refused as (
      select line, refusal ->> 'code' as code, (refusal ->> 'column')::int as "column", coalesce(refusal ->> 'value', '') as value,
             row_number() over (partition by refusal ->> 'code', refusal ->> 'column' order by n) as nth
      from ${stagingTable(name)} where how = ${sql.lit(how.refused)}
    )
    select code, "column", count(*) as count,
           jsonb_agg(jsonb_build_object('line', line, 'value', value) order by line) filter (where nth <= ${samples}) as samples
    from refused group by code, "column" order by count(*) desc, code`.execute(ctx.db);
  return rows;
}

/** The tags that rows carry, in every spelling. */
export async function stagedTags(ctx: Ctx, name: string): Promise<string[]> {
  const { rows } = await sql<{ tag: string }>`
    select distinct tag from ${stagingTable(name)} s cross join lateral unnest(s.tags) tag where s.how >= 0`.execute(
    ctx.db,
  );
  return rows.map((row) => row.tag);
}

export async function stagedRefusals(
  ctx: Ctx,
  name: string,
  after_line: number,
  limit: number,
): Promise<{ line: number; code: string; column_index: number | null }[]> {
  const { rows } = await sql<{ line: number; code: string; column_index: number | null }>`
    select line, refusal ->> 'code' as code, (refusal ->> 'column')::int as column_index
    from ${stagingTable(name)} where how = ${sql.lit(how.refused)} and line > ${after_line} order by line limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}
