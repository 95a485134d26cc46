import type { ActorRef } from "@bellwether/contracts/common";
import { sql } from "kysely";
import type { Actor } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { redact } from "../../kernel/redact.ts";
import type { Traces } from "../leads/index.ts";
import { ExportRow } from "./record.ts";

const columns = sql.raw(
  "id, state, format, columns, query, expected, rows, size_bytes, failure, made_by, created_at, finished_at",
);

interface NewExport {
  id: string;
  format: string;
  columns: string[];
  query: object;
  expected: number;
  actor: Actor;
  made_by: ActorRef;
  created_at: Date;
}
export async function insertExport(ctx: Ctx, row: NewExport): Promise<void> {
  await sql`
    insert into export (workspace_id, id, state, format, columns, query, expected, actor, made_by, created_at)
    values (${ctx.workspace_id}, ${row.id}, 'running', ${row.format}, ${json(row.columns)}, ${json(row.query)}, ${row.expected},
            ${json(row.actor)}, ${json(row.made_by)}, ${row.created_at})`.execute(ctx.db);
}

export async function selectExport(ctx: Ctx, id: string): Promise<ExportRow | null> {
  const { rows } =
    await sql`select ${columns} from export where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(
      ctx.db,
    );
  return rows[0] === undefined ? null : ExportRow.parse(rows[0]);
}

export async function selectExports(ctx: Ctx, before: string | null, limit: number): Promise<ExportRow[]> {
  const { rows } = await sql`
    select ${columns} from export
    where workspace_id = ${ctx.workspace_id} and ${before === null ? sql`true` : sql`id < ${before}::uuid`}
    order by id desc
    limit ${limit}`.execute(ctx.db);
  return ExportRow.array().parse(rows);
}

export async function countRunning(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ running: number }>`
    select count(*)::int as running from export where workspace_id = ${ctx.workspace_id} and state = 'running'`.execute(
    ctx.db,
  );
  return rows[0]?.running ?? 0;
}

export async function saveProgress(ctx: Ctx, id: string, done: number): Promise<void> {
  await sql`
    update export set rows = ${done} where workspace_id = ${ctx.workspace_id} and id = ${id} and state = 'running'`.execute(
    ctx.db,
  );
}

/** Ends a running export. False when it isn't running any more: another worker was faster. */
export async function endExport(
  ctx: Ctx,
  id: string,
  end: { state: "done" | "failed"; rows: number; size_bytes: number; failure: string | null; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update export set state = ${end.state}, rows = ${end.rows}, size_bytes = ${end.size_bytes}, failure = ${end.failure}, finished_at = ${end.at}
    where workspace_id = ${ctx.workspace_id} and id = ${id} and state = 'running'
    returning id`.execute(ctx.db);
  return rows.length > 0;
}

export async function deleteExport(ctx: Ctx, id: string): Promise<void> {
  await sql`delete from export where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

/** Files that may hold a lead: written, or being written. */
export async function countExports(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from export
    where workspace_id = ${ctx.workspace_id} and state <> 'failed'`.execute(ctx.db);
  return rows[0]?.count ?? 0;
}

/** What was asked for in words. The files themselves are gone within a week. */
export async function forgetInExports(ctx: Ctx, { addresses }: Traces): Promise<void> {
  await redact(ctx, "export", { json: ["query"] }, addresses);
}
