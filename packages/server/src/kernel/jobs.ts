import { Logger, run, type Runner, runOnce, type TaskList } from "graphile-worker";
import { sql } from "kysely";
import type pg from "pg";
import * as z from "zod";
import { type Actor, actorRef } from "./access.ts";
import type { Ctx, Database } from "./db.ts";
import type { Log } from "./log.ts";

/** What a job's handler gets: the whole database, since long work is many short transactions. */
export interface JobCtx {
  db: Database;
  actor: Actor;
  log: Log;
  /** Aborted when the worker is told to stop: finish the step and return; the job is tried again. */
  signal: AbortSignal;
}

export interface Job<Input> {
  name: string;
  input: z.ZodType<Input>;
  attempts_max: number;
  run: (ctx: JobCtx, input: Input) => Promise<void>;
}

/** Work for later, with its data's schema. Jobs are at least once: a handler must be safe to run again. */
export function defineJob<Input>(
  job: Omit<Job<Input>, "attempts_max"> & { attempts_max?: number },
): Job<Input> {
  return { attempts_max: 10, ...job };
}

/** Commits with the caller's transaction. Of jobs with one key, the latest replaces those that still wait. */
export async function enqueue<Input>(
  ctx: Ctx,
  job: Job<Input>,
  input: Input,
  options: { key?: string; at?: Date; queue?: string } = {},
): Promise<void> {
  const payload = JSON.stringify({ actor: ctx.actor, input: job.input.parse(input) });
  await sql`
    select app.enqueue(${job.name}, ${payload}::json, ${options.queue ?? null}, ${options.at ?? null}::timestamptz, ${options.key ?? null}, ${job.attempts_max}::int)`.execute(
    ctx.db,
  );
}

/** What passes by itself, so that the queue should simply try again: a lost connection, a deadlock, a full server. */
export function passes(error: unknown): boolean {
  const lost =
    error instanceof Error &&
    /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect/.test(
      error.message,
    );
  const code =
    typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
      ? error.code
      : "";
  // Classes 08, 53, 57P: connection, resources, shutdown; 40: deadlock and serialisation.
  return lost || /^(08|40|53|57P)/.test(code) || ["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(code);
}

// Jobs are written by this program alone; what is checked is that an old job still fits a new program.
const Payload = z.object({
  actor: z.custom<Actor>((value) => typeof value === "object" && value !== null),
  input: z.unknown(),
});

// eslint-disable-next-line typescript/no-explicit-any -- a list of jobs of many inputs
type AnyJob = Job<any>;

function taskList(jobs: readonly AnyJob[], db: Database, log: Log, stopping: AbortSignal): TaskList {
  return Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (payload: unknown) => {
        const { actor, input } = Payload.parse(payload);
        await job.run(
          {
            db,
            actor,
            log: log.child({ job: job.name, workspace_id: actor.workspace_id, by: actorRef(actor) }),
            signal: stopping,
          },
          job.input.parse(input),
        );
      },
    ]),
  );
}

/** Runs jobs until stopped. The queue's tables belong to the owner, whose pool is used for the queue alone. */
export async function startWorker(jobs: readonly AnyJob[], db: Database, ownerPool: pg.Pool, log: Log) {
  const stopping = new AbortController();
  const runner: Runner = await run({
    pgPool: ownerPool,
    taskList: taskList(jobs, db, log, stopping.signal),
    concurrency: 4,
    pollInterval: 2000,
    noHandleSignals: true,
    logger: quiet(log),
  });
  return {
    async stop() {
      stopping.abort();
      await runner.stop();
    },
  };
}

/** For tests: everything that is due, once, with no tenant around it. */
export async function runJobsOnce(
  jobs: readonly AnyJob[],
  db: Database,
  ownerPool: pg.Pool,
  log: Log,
): Promise<void> {
  await runOnce({
    pgPool: ownerPool,
    taskList: taskList(jobs, db, log, new AbortController().signal),
    noHandleSignals: true,
    logger: quiet(log),
  });
}

function quiet(log: Log): Logger {
  return new Logger((scope) => (level, message) => {
    if (level === "error" || level === "warning") {
      log[level === "error" ? "error" : "warn"]({ job: scope.taskIdentifier }, message);
    }
  });
}
