import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Logger, run, type Runner, runOnce, type TaskList, type WorkerEvents } from "graphile-worker";
import { sql } from "kysely";
import type pg from "pg";
import * as z from "zod";
import { type Actor, actorRef } from "./access.ts";
import type { Ctx, Database } from "./db.ts";
import type { Log } from "./log.ts";
import { standFor } from "./workers.ts";

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
  /** Failures and deaths of its worker count, a stop doesn't. After each the job waits longer: at last six hours. */
  attempts_max: number;
  run: (ctx: JobCtx, input: Input) => Promise<void>;
  /** After so many tries: says where people look that it came to nothing. Is tried itself until it has been said. */
  giveUp?: (ctx: JobCtx, input: Input) => Promise<void>;
}

const for_ever = 32_767;

/**
 * Work for later, with its data's schema. Jobs are at least once: a handler must be safe to run again. What can't say that
 * it failed is tried for ever, since nobody would ask for it again.
 */
export function defineJob<Input>(
  job: Omit<Job<Input>, "attempts_max"> & { attempts_max?: number },
): Job<Input> {
  return { attempts_max: job.giveUp === undefined ? for_ever : 10, ...job };
}

/** Commits with the caller's transaction. Of jobs with one key, the latest replaces those that still wait. */
export async function enqueue<Input>(
  ctx: Ctx,
  job: Job<Input>,
  input: Input,
  options: { key?: string; at?: Date; queue?: string } = {},
): Promise<void> {
  const tries = job.giveUp === undefined ? job.attempts_max : for_ever;
  const payload = JSON.stringify({ actor: ctx.actor, input: job.input.parse(input) });
  await sql`
    select app.enqueue(${job.name}, ${payload}::json, ${options.queue ?? null}, ${options.at ?? null}::timestamptz, ${options.key ?? null}, ${tries}::int)`.execute(
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

const look_again_ms = 250;

// eslint-disable-next-line typescript/no-explicit-any -- a list of jobs of many inputs
type AnyJob = Job<any>;

function taskList(
  jobs: readonly AnyJob[],
  { db, ownerPool, log }: { db: Database; ownerPool: pg.Pool; log: Log },
  stopping: AbortSignal,
  brokenOff: string[] = [],
): TaskList {
  return Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (payload: unknown, { job: { id, attempts } }) => {
        const { actor, input } = Payload.parse(payload);
        const ctx = {
          db,
          actor,
          log: log.child({ job: job.name, workspace_id: actor.workspace_id, by: actorRef(actor) }),
          signal: stopping,
        };
        const work = job.giveUp !== undefined && attempts > job.attempts_max ? job.giveUp : job.run;
        try {
          await work(ctx, job.input.parse(input));
        } catch (error) {
          if (passes(error)) {
            await answering(ownerPool, stopping);
          }
          if (stopping.aborted) {
            brokenOff.push(id);
          }
          throw error;
        }
      },
    ]),
  );
}

/** The queue notes each failure at once, and ends the program where it can't: a database that restarts is waited for. */
async function answering(ownerPool: pg.Pool, stopping: AbortSignal): Promise<void> {
  let answers = false;
  while (!answers && !stopping.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is what it does
    answers = await ownerPool.query("select").then(
      () => true,
      () => sleep(look_again_ms, false),
    );
  }
}

/** Runs jobs until stopped. The queue's tables belong to the owner, whose pool is used for the queue alone. */
export async function startWorker(jobs: readonly AnyJob[], db: Database, ownerPool: pg.Pool, log: Log) {
  const stopping = new AbortController();
  const brokenOff: string[] = [];
  const events: WorkerEvents = new EventEmitter();
  let worker = "";
  events.once("pool:create", ({ workerPool }) => {
    worker = workerPool.id;
  });
  const runner: Runner = await run({
    pgPool: ownerPool,
    taskList: taskList(jobs, { db, ownerPool, log }, stopping.signal, brokenOff),
    concurrency: 4,
    pollInterval: 2000,
    noHandleSignals: true,
    logger: quiet(log, stopping.signal),
    events,
  });
  const standing = standFor(worker, ownerPool, log);
  return {
    async stop() {
      stopping.abort();
      await runner.stop();
      await handBack(ownerPool, worker, brokenOff);
      await standing.stop();
    },
  };
}

/** What a stop broke off has not failed: it neither waits nor counts as a try. The queue may still be about to note the failure. */
async function handBack(ownerPool: pg.Pool, worker: string, brokenOff: string[]): Promise<void> {
  await ownerPool.query(
    `update graphile_worker._private_jobs
     set attempts = greatest(0, attempts - 1), run_at = now(), locked_by = null, locked_at = null
     where id = any($1) and (locked_by is null or locked_by = $2)`,
    [brokenOff, worker],
  );
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
    taskList: taskList(jobs, { db, ownerPool, log }, new AbortController().signal),
    noHandleSignals: true,
    logger: quiet(log),
  });
}

/** What a stop breaks off is no error. */
function quiet(log: Log, stopping?: AbortSignal): Logger {
  return new Logger((scope) => (level, message) => {
    if (level === "error" || level === "warning") {
      const loudly = level === "error" && stopping?.aborted !== true;
      log[loudly ? "error" : "warn"]({ job: scope.taskIdentifier }, message);
    }
  });
}
