import type { Export, ExportIn } from "@bellwether/contracts/exports";
import { actorRef } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { enqueue, type Job } from "../../kernel/jobs.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import { checkStream } from "../leads/index.ts";
import { countRunning, insertExport, selectExport, selectExports } from "./exports.sql.ts";
import { type ExportRow, kept_days } from "./record.ts";

export type Work = Job<{ export_id: string }>;
export interface ExportJobs {
  write: Work;
  expire: Work;
}

/** Each reads the whole list: more at once would slow down everybody's work. */
const running_max = 5;

/** What is asked is frozen here, and so is what “today” means in it; the leads are those of when the job reads them. */
export async function createExport(ctx: Ctx, input: ExportIn, jobs: ExportJobs): Promise<Export> {
  const { columns, format, ...query } = input;
  const created_at = now();
  const expected = await checkStream(ctx, { query, at: created_at, columns, format });
  if ((await countRunning(ctx)) >= running_max) {
    throw problem("not_in_state", {
      say: `${running_max} exports are being written already. Wait until one is done.`,
    });
  }
  const id = newId();
  await insertExport(ctx, {
    id,
    format,
    columns,
    query,
    expected,
    actor: ctx.actor,
    made_by: actorRef(ctx.actor),
    created_at,
  });
  await emit(ctx, "export.created", { subject_id: id }, { format, columns, ...query, expected });
  await enqueue(ctx, jobs.write, { export_id: id }, { key: `exports:${id}` });
  return showExport(ctx, { id });
}

export async function showExport(ctx: Ctx, input: { id: string }): Promise<Export> {
  return toExport(await findExport(ctx, input.id));
}

export async function findExport(ctx: Ctx, id: string): Promise<ExportRow> {
  const row = await selectExport(ctx, id);
  if (row === null || expired(row)) {
    throw notFound("export");
  }
  return row;
}

export async function listExports(ctx: Ctx, input: { limit: number; cursor?: string | undefined }) {
  const { cursor = null, limit } = input;
  if (cursor !== null && !/^[0-9a-f-]{36}$/.test(cursor)) {
    throw problem("bad_cursor", { say: "This cursor is not from this list. Start again without a cursor." });
  }
  const rows = await selectExports(ctx, cursor, limit + 1);
  const page = rows.slice(0, limit);
  return {
    data: page.filter((row) => !expired(row)).map(toExport),
    next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

function expiresAt(row: ExportRow): Date | null {
  return row.finished_at === null ? null : new Date(row.finished_at.getTime() + kept_days * 86_400_000);
}

/** The job that deletes it may be late. */
function expired(row: ExportRow): boolean {
  const at = expiresAt(row);
  return at !== null && at <= now();
}

export function fileName(row: ExportRow): string {
  return `leads ${row.created_at.toISOString().slice(0, 16).replace("T", " ").replace(":", ".")}.${row.format}`;
}

function toExport(row: ExportRow): Export {
  const { id, state, format, columns, rows, expected, size_bytes, failure, made_by } = row;
  return {
    id,
    state,
    format,
    columns,
    rows,
    expected,
    size_bytes,
    file_name: fileName(row),
    failure,
    made_by,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    expires_at: expiresAt(row)?.toISOString() ?? null,
  };
}
