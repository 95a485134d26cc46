/** The run: staging into leads, in chunks that commit with where to go on. Safe to begin again at any moment. */
import type { ImportOptions } from "@bellwether/contracts/imports";
import { now } from "../../kernel/clock.ts";
import { type Ctx, type Database, settleIndexes, violated } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { enqueue, type JobCtx } from "../../kernel/jobs.ts";
import {
  assignImported,
  endImport,
  importWrote,
  type MembersOf,
  selectStaticSegment,
} from "../changes/index.ts";
import { createField, listFields } from "../fields/index.ts";
import { ensureTags, tagKey } from "../leads/index.ts";
import { compare, type Loaded, loadWork, stageFile } from "./check.ts";
import type { Work, WorkInput, WorkRef } from "./imports.ts";
import { advanceRun, changeImport, selectImport } from "./imports.sql.ts";
import { claimUniqueValues, joinSegment, tagRows } from "./merge-more.sql.ts";
import { type ChunkCounts, type Merge, mergeChunk } from "./merge.sql.ts";
import type { Cursor } from "./record.ts";
import { refuseMoves, refuseRemoved } from "./merge-moves.sql.ts";
import { dropStaging, type Range, refuseByMode, refuseTaken, stagedRows, stagedTags } from "./staging.sql.ts";

/** Rows a transaction: 25,000 take about a second, which is how long they hold the event horizon back. Tests make it small. */
export const bounds = { chunk_rows: 25_000 };
const WORKERS = [0, 1] as const;
const RETRIES_MAX = 5;
export const SETTLE_ROWS_MIN = 5000;

export async function writeRows(job: JobCtx, input: WorkInput, search: Work): Promise<void> {
  const loaded = await job.db.tenant(job.actor, (ctx) => loadWork(ctx, input, "running"));
  if (loaded === null) return;
  await job.db.tenant(job.actor, (ctx) => createNewFields(ctx, loaded));
  const staging = await wholeStaging(job, input, loaded);
  if (staging === null) return;
  const merge = await prepareMerge(job, loaded, staging);
  await job.db.tenant(job.actor, (ctx) => restartClock(ctx, input));
  const finished = await Promise.all(WORKERS.map((worker) => work(job, input, merge, worker)));
  if (finished.includes(false)) {
    await job.db.tenant(job.actor, (ctx) => dropIfStopped(ctx, input, staging));
    return;
  }
  const written = await job.db.tenant(job.actor, (ctx) => finish(ctx, input, staging, search));
  // A few rows don't fill a pending list, and vacuuming a large table for them would take longer than they did.
  if (written >= SETTLE_ROWS_MIN) await settleIndexes(job.db, "lead");
}

/** Fields that the mapping asks for. A choice takes the options that the check found in the file. */
async function createNewFields(ctx: Ctx, loaded: Loaded): Promise<void> {
  const known = await listFields(ctx, "too");
  for (const field of loaded.plan.new_fields) {
    if (known.some((one) => one.key === field.key)) continue;
    const found = loaded.row.cursor.options[field.key] ?? [];
    const options = field.open ? found.map((value) => ({ value, label: value })) : field.options;
    const choosable = field.type === "choice" || field.type === "choices";
    // A choice column without a single value defines no choices: it becomes a text until somebody does.
    const type = choosable && options.length === 0 ? "text" : field.type;
    await createField(ctx, {
      key: field.key,
      label: field.label,
      type,
      options,
      help: "",
      currency: null,
      required: false,
      unique: false,
    });
  }
}

/** The check's staging, or a new one when a crash of the database emptied it or a sweep took it. */
async function wholeStaging(job: JobCtx, input: WorkInput, loaded: Loaded): Promise<string | null> {
  const { staging, rows } = loaded.row.cursor;
  if (staging !== null && (await job.db.tenant(job.actor, (ctx) => stagedRows(ctx, staging))) === rows)
    return staging;
  const staged = await stageFile(job, input, loaded, "running");
  if (staged === null || (await compare(job, input, loaded, staged.name))) return null;
  if (staging !== null) await job.db.tenant(job.actor, (ctx) => dropStaging(ctx, staging));
  const cursor: Cursor = { ...loaded.row.cursor, staging: staged.name, rows: staged.stager.count };
  const live = await job.db.tenant(job.actor, (ctx) =>
    changeImport(ctx, input.import_id, ["running"], { cursor }, input.attempt),
  );
  return live ? staged.name : null;
}

async function prepareMerge(job: JobCtx, loaded: Loaded, staging: string): Promise<Merge> {
  const { row, plan, rules } = loaded;
  const options: ImportOptions | null = row.options;
  return job.db.tenant(job.actor, async (ctx) => {
    const fields = await listFields(ctx);
    // A mapped column's blank is a known blank; only fields that the file doesn't have take their default.
    const defaulted = fields.filter(
      (field) =>
        field.default !== null &&
        field.default !== undefined &&
        !plan.custom.some(({ key }) => key === field.key),
    );
    const inRows = plan.has_tags ? await stagedTags(ctx, staging) : [];
    const always = options?.tags ?? [];
    const names = new Map([...inRows, ...always].map((tag): [string, string] => [tagKey(tag), tag]));
    const ids = names.size === 0 ? new Map<string, string>() : await ensureTags(ctx, names);
    const idsOf = (tags: string[]) => tags.flatMap((tag) => ids.get(tagKey(tag)) ?? []);
    return {
      import_id: row.id,
      staging,
      plan,
      rules,
      mode: options?.mode ?? "both",
      source: options?.source ?? "Import",
      defaults: Object.fromEntries(defaulted.map((field) => [field.key, field.default])),
      actor: { kind: "import", id: row.id, name: row.file_name },
      all_new: row.cursor.all_new,
      tags: { names: inRows, ids: idsOf(inRows), always: idsOf(always) },
      segment: await segmentOf(ctx, options),
    };
  });
}

/** Null also where it was deleted or follows a rule by now: the leads are what matters. */
async function segmentOf(ctx: Ctx, options: ImportOptions | null): Promise<MembersOf | null> {
  const segment_id = options?.segment_id ?? null;
  const segment = segment_id === null ? null : await selectStaticSegment(ctx, segment_id);
  return segment_id === null || segment?.type !== "static" || segment.set_id === null
    ? null
    : { segment_id, set_id: segment.set_id };
}

/** After a stop the rate counts from here on. */
async function restartClock(ctx: Ctx, input: WorkInput): Promise<void> {
  const row = await selectImport(ctx, input.import_id, true);
  if (row === null || row.state !== "running") return;
  await changeImport(ctx, input.import_id, ["running"], {
    cursor: { ...row.cursor, started: now().getTime() / 1000, resumed_at: row.cursor.done },
  });
}

/** One worker's chunks, the even or the odd ones. False: the import was stopped. */
async function work(job: JobCtx, input: WorkInput, merge: Merge, worker: 0 | 1): Promise<boolean> {
  for (;;) {
    job.signal.throwIfAborted();
    const row = await job.db.tenant(job.actor, (ctx) => selectImport(ctx, input.import_id));
    if (row === null || row.state !== "running" || row.cursor.attempt !== input.attempt) return false;
    const chunk = row.cursor.next[worker];
    const range: Range = {
      after: chunk * bounds.chunk_rows,
      upto: Math.min((chunk + 1) * bounds.chunk_rows, row.cursor.rows),
    };
    if (range.after >= row.cursor.rows) return true;
    await writeChunk(job, input, merge, worker, chunk, range);
  }
}

async function writeChunk(
  job: JobCtx,
  input: WorkInput,
  merge: Merge,
  worker: 0 | 1,
  chunk: number,
  range: Range,
): Promise<void> {
  let attempt = merge;
  for (let tried = 0; tried < RETRIES_MAX; tried += 1) {
    const done = await tryChunk(job, input, attempt, worker, chunk, range);
    if (done) return;
    // Somebody else wrote one of these leads since the check: look again at this chunk, and at who exists.
    await job.db.tenant(
      job.actor,
      async (ctx) => {
        await refuseTaken(ctx, merge.staging, merge.plan, range);
        await refuseByMode(ctx, merge.staging, merge.plan, merge.mode, range);
        await refuseMoves(ctx, merge.staging, merge.plan, merge.rules, range);
      },
      { timeout_ms: 0 },
    );
    attempt = { ...merge, all_new: false };
  }
  throw new Error(
    `chunk ${chunk} of the import could not be written in ${RETRIES_MAX} tries: others keep changing the same leads`,
  );
}

class Again extends Error {}

async function tryChunk(
  job: JobCtx,
  input: WorkInput,
  merge: Merge,
  worker: 0 | 1,
  chunk: number,
  range: Range,
): Promise<boolean> {
  try {
    await job.db.tenant(
      job.actor,
      async (ctx) => {
        await refuseRemoved(ctx, merge.staging, merge.plan, merge.rules, range);
        const counts: ChunkCounts | null = await mergeChunk(ctx, merge, range);
        if (counts === null) throw new Again();
        await tagRows(ctx, merge, range);
        await joinSegment(ctx, merge, range);
        await claimUniqueValues(ctx, merge, range);
        const advanced = await advanceRun(
          ctx,
          input.import_id,
          worker,
          { from: chunk, to: chunk + WORKERS.length, rows: range.upto - range.after },
          counts,
        );
        // Cancelled, or another process was faster with this chunk: ours is undone, and the loop looks where things stand.
        if (!advanced) throw new Stopped();
        await importWrote(ctx, input.import_id, range.upto - range.after, counts);
      },
      // A crash of the database may lose the last chunk together with its cursor, never one without the other.
      { timeout_ms: 0, async_commit: true },
    );
    return true;
  } catch (error) {
    if (error instanceof Stopped) return true;
    if (error instanceof Again || violated(error) !== null) return false;
    throw error;
  }
}

class Stopped extends Error {}

async function finish(ctx: Ctx, input: WorkInput, staging: string, search: Work): Promise<number> {
  const row = await selectImport(ctx, input.import_id, true);
  if (row === null || row.state !== "running") return 0;
  const { counts } = row.cursor;
  await changeImport(ctx, row.id, ["running"], {
    state: "done",
    result: counts,
    progress: null,
    finished: true,
    cursor: { ...row.cursor, staging: null },
  });
  await endImport(ctx, row.id, null);
  await dropStaging(ctx, staging);
  await emit(ctx, "import.finished", { subject_id: row.id }, { file_name: row.file_name, ...counts });
  if (counts.created > 0 && row.options?.assign === true)
    await assignImported(ctx, { import_id: row.id, file_name: row.file_name });
  if (counts.created > 0)
    await enqueue(
      ctx,
      search,
      { import_id: row.id, attempt: input.attempt },
      { key: `imports:${row.id}:search` },
    );
  return counts.created + counts.updated;
}

async function dropIfStopped(ctx: Ctx, input: WorkInput, staging: string): Promise<void> {
  const row = await selectImport(ctx, input.import_id, true);
  if (row !== null && row.state === "running") return;
  await dropStaging(ctx, staging);
}

/** Says in the import's own record that it couldn't go on. */
export async function failImport(db: Database, job: JobCtx, input: WorkRef, sentence: string): Promise<void> {
  await db.tenant(job.actor, async (ctx) => {
    const row = await selectImport(ctx, input.import_id, true);
    if (row === null || row.cursor.attempt !== input.attempt) return;
    const result = row.state === "running" ? row.cursor.counts : null;
    const failed = await changeImport(ctx, row.id, ["checking", "running"], {
      state: "failed",
      failure: sentence,
      progress: null,
      result,
      finished: true,
    });
    if (failed && result !== null) await endImport(ctx, row.id, "It failed before its end.");
    if (failed)
      await emit(
        ctx,
        "import.failed",
        { subject_id: row.id },
        { file_name: row.file_name, failure: sentence },
      );
  });
}
