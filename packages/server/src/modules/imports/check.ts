/** The dry run: every row is read, typed and compared before anything is written. */
import type { ProblemGroup } from "@bellwether/contracts/imports";
import * as z from "zod";
import { stopwatch } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import type { JobCtx } from "../../kernel/jobs.ts";
import { listFields } from "../fields/index.ts";
import { listMembers, ownsLeads } from "../identity/index.ts";
import { requiredBy } from "../leads/index.ts";
import { beginStage, listStages } from "../stages/index.ts";
import { newId } from "../../kernel/ids.ts";
import { filePath, readRows } from "./files.ts";
import type { WorkInput } from "./imports.ts";
import { changeImport, selectImport } from "./imports.sql.ts";
import { refuseMoves } from "./merge-moves.sql.ts";
import type { MergeRules } from "./merge-rules.sql.ts";
import { planImport, type Plan } from "./plan.ts";
import type { ImportRow } from "./record.ts";
import { messageOf } from "./refusal.ts";
import { knowLeads } from "./statistics.sql.ts";
import { type NoteGroup, Stager } from "./staging.ts";
import {
  columnOf,
  copyIntoStaging,
  countOutcomes,
  type Counts,
  createStaging,
  dropStaging,
  foldDuplicates,
  groupRefusals,
  refuseByMode,
  refuseTaken,
  refuseTwiceInFile,
  settleStaging,
  stagingName,
} from "./staging.sql.ts";
import type { TypingContext } from "./typing.ts";

/** Pieces of 64 KB in one COPY: some 100,000 rows and half a second, so that the event horizon is never held back for long. */
const PIECES_A_COPY = 192;
const SAMPLES_MAX = 5;
/** A statement over a million rows may take its time; a million is not the largest. */
const unlimited = { timeout_ms: 0 };

export type Loaded = {
  row: ImportRow;
  plan: Plan;
  rules: MergeRules;
  typing: Omit<TypingContext, "note" | "option">;
};

/** Everything a job needs to know, or null when its import has moved on without it. */
export async function loadWork(
  ctx: Ctx,
  input: WorkInput,
  state: "checking" | "running",
): Promise<Loaded | null> {
  const row = await selectImport(ctx, input.import_id);
  if (
    row === null ||
    row.state !== state ||
    row.cursor.attempt !== input.attempt ||
    row.mapping === null ||
    row.options === null
  )
    return null;
  const all = await listFields(ctx, "too");
  const planned = planImport(row.mapping, row.options, all, row.columns.length);
  if ("errors" in planned) throw new Error(planned.errors.map((error) => error.message).join(" "));
  const stages = await listStages(ctx);
  const fields = all.filter((field) => !field.archived);
  const { options } = row;
  return {
    row,
    plan: planned.plan,
    rules: {
      on_existing: options.on_existing,
      stages: stages.map((stage) => ({
        key: stage.key,
        kind: stage.kind,
        required: requiredBy(stage, { fields }),
      })),
      begin: { stage: options.stage ?? beginStage(stages).key, named: options.stage !== null },
      owner_id: options.owner_id,
      lost_reason: options.lost_reason,
      move_back: options.move_back,
    },
    typing: {
      default_country: options.default_country ?? ctx.actor.default_country,
      date_format: options.date_format,
      decimal_mark: options.decimal_mark,
      time_zone: ctx.actor.time_zone,
      stages,
      members: (await listMembers(ctx)).filter(ownsLeads),
    },
  };
}

export async function checkRows(job: JobCtx, input: WorkInput): Promise<void> {
  const loaded = await job.db.tenant(job.actor, (ctx) => loadWork(ctx, input, "checking"));
  if (loaded === null) return;
  const staged = await stageFile(job, input, loaded, "checking");
  if (staged === null) return;
  const { row, plan, rules } = loaded;
  const stopped = await compare(job, input, loaded, staged.name);
  if (stopped) return;
  await job.db.tenant(
    job.actor,
    async (ctx) => {
      const counts = await countOutcomes(ctx, staged.name, plan, rules);
      const problems = problemsOf(row, [
        ...(await groupRefusals(ctx, staged.name, SAMPLES_MAX)),
        ...staged.stager.notes(),
        ...keptFinal(counts, plan),
      ]);
      const { kept_final: _kept, ...check } = counts;
      const cursor = {
        ...row.cursor,
        staging: staged.name,
        rows: staged.stager.count,
        options: staged.stager.options(),
      };
      const done = await changeImport(
        ctx,
        row.id,
        ["checking"],
        { state: "checked", check: { ...check, suppressed: 0, problems }, progress: null, cursor },
        input.attempt,
      );
      if (done)
        await emit(ctx, "import.checked", { subject_id: row.id }, { file_name: row.file_name, ...check });
      else await dropStaging(ctx, staged.name);
    },
    unlimited,
  );
}

/** Reads the file into a staging table of its own. Null: the import was cancelled or mapped anew meanwhile. */
export async function stageFile(
  job: JobCtx,
  input: WorkInput,
  loaded: Loaded,
  state: "checking" | "running",
): Promise<{ name: string; stager: Stager } | null> {
  const { row, plan } = loaded;
  const name = stagingName(row.id, newId());
  const stager = new Stager(plan, row.columns.length, loaded.typing);
  const path = filePath(input.data_dir, job.actor.workspace_id, row.id);
  const rows = readRows(path, row.dialect);
  const elapsed = stopwatch();
  const next = async (): Promise<string | null> => {
    const step = await rows.next();
    return step.done === true ? null : stager.rows(step.value);
  };
  await job.db.tenant(job.actor, (ctx) => createStaging(ctx, name, plan));
  try {
    for (let more = true; more;) {
      job.signal.throwIfAborted();
      more = await job.db.tenant(
        job.actor,
        (ctx) => copyIntoStaging(ctx, name, plan, next, PIECES_A_COPY),
        unlimited,
      );
      const rate = Math.round(stager.count / Math.max(0.1, elapsed() / 1000));
      const progress = { phase: "reading", done: stager.count, total: 0, rows_per_second: rate };
      const live = await job.db.tenant(
        job.actor,
        (ctx) => changeImport(ctx, row.id, [state], { progress }, input.attempt),
        { async_commit: true },
      );
      if (!live) {
        await job.db.tenant(job.actor, (ctx) => dropStaging(ctx, name));
        return null;
      }
    }
  } catch (error) {
    await rows.return(undefined);
    await job.db.tenant(job.actor, (ctx) => dropStaging(ctx, name)).catch(() => {});
    throw error;
  }
  return { name, stager };
}

/** Marks duplicates and what can't be written, one short transaction after the other. True: stopped in between. */
export async function compare(job: JobCtx, input: WorkInput, loaded: Loaded, name: string): Promise<boolean> {
  const { row, plan, rules } = loaded;
  const mode = row.options?.mode ?? "both";
  const steps: ((ctx: Ctx) => Promise<void>)[] = [
    (ctx) => settleStaging(ctx, name),
    knowLeads,
    (ctx) => foldDuplicates(ctx, name, plan, rules.on_existing),
    (ctx) => refuseTaken(ctx, name, plan, null),
    (ctx) => refuseByMode(ctx, name, plan, mode, null),
    (ctx) => refuseMoves(ctx, name, plan, rules, null),
    // Last, so that a row that is refused anyway takes nothing from the one after it.
    (ctx) => refuseTwiceInFile(ctx, name, plan),
  ];
  for (const [at, step] of steps.entries()) {
    job.signal.throwIfAborted();
    await job.db.tenant(job.actor, step, unlimited);
    const progress = { phase: "comparing", done: at + 1, total: steps.length, rows_per_second: 0 };
    const live = await job.db.tenant(
      job.actor,
      (ctx) => changeImport(ctx, row.id, ["checking", "running"], { progress }, input.attempt),
      { async_commit: true },
    );
    if (!live) {
      await job.db.tenant(job.actor, (ctx) => dropStaging(ctx, name));
      return true;
    }
  }
  return false;
}

type Group = {
  code: string;
  column: number | null;
  count: number;
  samples: { line: number; value: string }[];
};

function problemsOf(row: ImportRow, groups: (Group | NoteGroup)[]): z.infer<typeof ProblemGroup>[] {
  return groups.map((group) => ({
    code: group.code,
    column: group.column === null ? null : (row.columns[group.column]?.header ?? null),
    message: messageOf(group.code),
    count: group.count,
    samples: group.samples,
  }));
}

function keptFinal(counts: Counts, plan: Plan): Group[] {
  return counts.kept_final === 0
    ? []
    : [
        {
          code: "stage_kept",
          column: columnOf(plan, "stage") ?? columnOf(plan, "owner_id"),
          count: counts.kept_final,
          samples: [],
        },
      ];
}
