import { type ActorRef } from "@bellwether/contracts/common";
import { type RawBuilder, sql } from "kysely";
import { type Ctx, type Database, json } from "../../kernel/db.ts";
import type { ChunkCounts } from "./merge.sql.ts";
import { ImportRow, type ImportState } from "./record.ts";

const columns = sql.raw(
  `id, state, file_name, size_bytes, dialect, columns, mapping, options, progress, "check", result, cursor, failure, created_by, created_at, finished_at`,
);

export async function insertImport(
  ctx: Ctx,
  row: {
    id: string;
    file_name: string;
    size_bytes: number;
    dialect: unknown;
    columns: unknown;
    cursor: unknown;
    created_by: ActorRef;
  },
): Promise<void> {
  await sql`
    insert into import (workspace_id, id, state, file_name, size_bytes, dialect, columns, cursor, created_by)
    values (${ctx.workspace_id}, ${row.id}, 'draft', ${row.file_name}, ${row.size_bytes}, ${json(row.dialect)}, ${json(row.columns)}, ${json(row.cursor)}, ${json(row.created_by)})`.execute(
    ctx.db,
  );
}

export async function selectImport(ctx: Ctx, id: string, lock = false): Promise<ImportRow | null> {
  const { rows } = await sql`
    select ${columns} from import where workspace_id = ${ctx.workspace_id} and id = ${id} ${lock ? sql`for update` : sql``}`.execute(
    ctx.db,
  );
  return rows[0] === undefined ? null : ImportRow.parse(rows[0]);
}

export async function selectImports(ctx: Ctx, before: string | null, limit: number): Promise<ImportRow[]> {
  const { rows } = await sql`
    select ${columns} from import
    where workspace_id = ${ctx.workspace_id} ${before === null ? sql`` : sql`and id < ${before}::uuid`}
    order by id desc limit ${limit}`.execute(ctx.db);
  return ImportRow.array().parse(rows);
}

export type ImportChanges = Partial<{
  state: ImportState;
  dialect: unknown;
  columns: unknown;
  mapping: unknown;
  options: unknown;
  progress: unknown;
  check: unknown;
  result: unknown;
  cursor: unknown;
  failure: string | null;
  finished: boolean;
}>;

/** Changes an import that is in one of `states`, and of this attempt where one is named. False: it isn't. */
export async function changeImport(
  ctx: Ctx,
  id: string,
  states: ImportState[],
  changes: ImportChanges,
  attempt?: string,
): Promise<boolean> {
  const { finished, state, failure, ...documents } = changes;
  const sets = Object.entries(documents).map(
    ([column, value]) => sql`${sql.id(column)} = ${value === null ? null : json(value)}`,
  );
  if (state !== undefined) sets.push(sql`state = ${state}`);
  if (failure !== undefined) sets.push(sql`failure = ${failure}`);
  if (finished === true) sets.push(sql`finished_at = now()`);
  const { rows } = await sql`
    update import set ${sql.join(sets)}
    where workspace_id = ${ctx.workspace_id} and id = ${id} and state = any(${states}::text[])
      ${attempt === undefined ? sql`` : sql`and cursor ->> 'attempt' = ${attempt}`}
    returning id`.execute(ctx.db);
  return rows.length > 0;
}

/**
 * Commits with its chunk: where each worker goes on and what has been counted. Only from the chunk it expects, so
 * that of two processes that took the same one, the second's work is rolled back.
 */
export async function advanceRun(
  ctx: Ctx,
  id: string,
  worker: number,
  chunk: { from: number; to: number; rows: number },
  counts: ChunkCounts,
): Promise<boolean> {
  const sums = Object.entries(counts).map(
    ([name, count]) => sql`${sql.lit(name)}, (cursor -> 'counts' ->> ${sql.lit(name)})::int + ${count}::int`,
  );
  const { rows } = await sql`
    update import set
      cursor = cursor || jsonb_build_object(
        'next', jsonb_set(cursor -> 'next', array[${String(worker)}], to_jsonb(${chunk.to}::int)),
        'done', (cursor ->> 'done')::int + ${chunk.rows}::int,
        'counts', jsonb_build_object(${sql.join(sums)})),
      progress = jsonb_build_object(
        'phase', 'writing', 'done', (cursor ->> 'done')::int + ${chunk.rows}::int, 'total', (cursor ->> 'rows')::int,
        'rows_per_second', round(((cursor ->> 'done')::int - (cursor ->> 'resumed_at')::int + ${chunk.rows}::int)
          / greatest(0.1, extract(epoch from clock_timestamp()) - (cursor ->> 'started')::float8)::numeric))
    where workspace_id = ${ctx.workspace_id} and id = ${id} and state = 'running' and (cursor -> 'next' ->> ${sql.lit(worker)})::int = ${chunk.from}::int
    returning id`.execute(ctx.db);
  return rows.length > 0;
}

export async function deleteImport(ctx: Ctx, id: string): Promise<void> {
  await sql`delete from import where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

export type Refused = { line: number; code: string; column_index: number | null };

export async function selectRefusals(
  ctx: Ctx,
  id: string,
  after_line: number,
  limit: number,
): Promise<Refused[]> {
  const { rows } = await sql<Refused>`
    select line, code, column_index from import_refusal
    where workspace_id = ${ctx.workspace_id} and import_id = ${id} and line > ${after_line}
    order by line limit ${limit}`.execute(ctx.db);
  return rows;
}

/** Values of its rows that were kept to be shown: as samples of columns and problems, and of rows that were refused. */
export async function forgetSamples(ctx: Ctx, id: string): Promise<void> {
  const without = (list: RawBuilder<unknown>) =>
    sql`(select coalesce(jsonb_agg(item || '{"samples": []}' order by place), '[]') from jsonb_array_elements(${list}) with ordinality kept(item, place))`;
  await sql`
    update import set columns = ${without(sql`columns`)},
      "check" = "check" || jsonb_build_object('problems', ${without(sql`"check" -> 'problems'`)})
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
  await sql`
    update import_refusal set value = ''
    where workspace_id = ${ctx.workspace_id} and import_id = ${id} and value <> ''`.execute(ctx.db);
}

/** Names of staging tables that a live import still needs. */
export async function selectStagingInUse(db: Database): Promise<Set<string>> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{
      id: string;
    }>`select id from import where state in ('checking', 'checked', 'running')`.execute(tx);
    return new Set(rows.map((row) => `import_${row.id.replaceAll("-", "")}`));
  });
}

/** Leads that the import made, in the order they were made. */
export async function selectCreated(
  ctx: Ctx,
  import_id: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from lead where workspace_id = ${ctx.workspace_id} and id > ${after}::uuid and import_id = ${import_id}
    order by id limit ${limit}`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/**
 * Works on an import while nobody else does. The lock is the connection's: it goes with a process that is killed, so
 * the next one may begin at once. False: another worker is at it.
 */
export async function aloneWith(db: Database, id: string, work: () => Promise<void>): Promise<boolean> {
  const client = await db.pool.connect();
  try {
    const { rows } = await client.query("select pg_try_advisory_lock(hashtextextended($1, 0)) as mine", [id]);
    if (rows[0]?.mine !== true) return false;
    try {
      await work();
    } finally {
      await client.query("select pg_advisory_unlock(hashtextextended($1, 0))", [id]);
    }
    return true;
  } finally {
    client.release();
  }
}
