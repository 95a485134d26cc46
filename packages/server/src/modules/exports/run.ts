import { now, stopwatch } from "../../kernel/clock.ts";
import { byte_order_mark, csvLine } from "../../kernel/csv.ts";
import { type Ctx, readOneSnapshot } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import {
  fileSize,
  moveFile,
  removeDrafts,
  removeFile,
  workspaceFile,
  writePieces,
} from "../../kernel/files.ts";
import { newId } from "../../kernel/ids.ts";
import { enqueue, type JobCtx, passes } from "../../kernel/jobs.ts";
import { ProblemError } from "../../kernel/problems.ts";
import { streamLeads } from "../leads/index.ts";
import type { Work } from "./exports.ts";
import { deleteExport, endExport, saveProgress, selectExport } from "./exports.sql.ts";
import { CsvLines, JsonLines } from "./lines.ts";
import { type ExportRow, kept_days } from "./record.ts";

const progress_ms = 1000;

export function exportPath(data_dir: string, workspace_id: string, id: string): string {
  return workspaceFile(data_dir, workspace_id, "exports", id);
}

/**
 * Writes the file, from the beginning whenever it is tried: a million leads take seconds, and one snapshot is what makes
 * them whole, each lead once however the list changes meanwhile. The file gets its name when it is complete.
 */
export async function writeOrFail(job: JobCtx, id: string, data_dir: string, expire: Work): Promise<void> {
  const row = await job.db.tenant(job.actor, (ctx) => selectExport(ctx, id));
  if (row === null || row.state !== "running") {
    return;
  }
  const path = exportPath(data_dir, job.actor.workspace_id, id);
  const draft = `${path}.${newId()}`;
  try {
    const rows = await write(job, row, draft);
    const size_bytes = (await fileSize(draft)) ?? 0;
    await job.db.tenant(job.actor, async (ctx) => {
      const end = { state: "done" as const, rows, size_bytes, failure: null, at: now() };
      if (await endExport(ctx, id, end)) {
        await moveFile(draft, path);
        await emit(ctx, "export.finished", { subject_id: id }, { rows, size_bytes });
        await enqueue(
          ctx,
          expire,
          { export_id: id },
          { key: `exports:${id}:expire`, at: new Date(end.at.getTime() + kept_days * 86_400_000) },
        );
      }
    });
    await removeDrafts(path);
  } catch (error) {
    if (job.signal.aborted || passes(error)) {
      throw error;
    }
    job.log.error({ error, export_id: id }, "an export failed");
    await fail(
      job,
      id,
      data_dir,
      error instanceof ProblemError
        ? error.message
        : "Something went wrong on our side while the file was written. Export again.",
    );
  } finally {
    await removeFile(draft);
  }
}

async function fail(job: JobCtx, id: string, data_dir: string, failure: string): Promise<void> {
  await job.db.tenant(job.actor, async (ctx) => {
    const end = { state: "failed" as const, rows: 0, size_bytes: 0, failure, at: now() };
    if (await endExport(ctx, id, end)) {
      await emit(ctx, "export.failed", { subject_id: id }, { failure });
    }
  });
  await removeDrafts(exportPath(data_dir, job.actor.workspace_id, id));
}

export async function giveUp(job: JobCtx, id: string, data_dir: string): Promise<void> {
  const failure = "It was begun again and again, and never came to its end. Export fewer leads at once.";
  await fail(job, id, data_dir, failure);
}

async function write(job: JobCtx, row: ExportRow, path: string): Promise<number> {
  const lines = row.format === "csv" ? new CsvLines() : new JsonLines();
  await job.db.tenant(
    job.actor,
    async (ctx) => {
      await readOneSnapshot(ctx);
      await writePieces(path, pieces(job, ctx, row, lines));
    },
    { timeout_ms: 0 },
  );
  return lines.rows;
}

async function* pieces(
  job: JobCtx,
  ctx: Ctx,
  row: ExportRow,
  lines: CsvLines | JsonLines,
): AsyncGenerator<Buffer> {
  if (row.format === "csv") {
    yield Buffer.from(byte_order_mark + csvLine(row.columns.map(headerOf)));
  }
  let sinceSaved = stopwatch();
  const { query, created_at: at, columns, format } = row;
  for await (const piece of streamLeads(ctx, { query, at, columns, format })) {
    yield lines.push(piece);
    job.signal.throwIfAborted();
    if (sinceSaved() > progress_ms) {
      await job.db.tenant(job.actor, (other) => saveProgress(other, row.id, lines.rows));
      sinceSaved = stopwatch();
    }
  }
}

/** A plain `id` would be read as the lead's external id, by our import and by other products. */
function headerOf(column: string): string {
  return column === "id" ? "bellwether_id" : column;
}

/** A week later: the file goes, and with it the row that tells of it. The event log keeps that it was. */
export async function expireExport(job: JobCtx, id: string, data_dir: string): Promise<void> {
  await removeFile(exportPath(data_dir, job.actor.workspace_id, id));
  await job.db.tenant(job.actor, (ctx) => deleteExport(ctx, id));
}
