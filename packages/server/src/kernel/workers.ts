import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Log } from "./log.ts";

/**
 * Two looks have to find a worker gone, so that one whose connection broke has the time between them to hold its lock
 * again. When the looker's own connection broke, everybody's may have: all get that much longer. Tests make it small.
 */
export const pace = { look_ms: 2000, again_ms: 5000 };
const retry_ms = 250;
/** The first half of every worker's lock; the second is its name. */
const WORKER = 6_294_003;
/** So often a job's worker may die before the job has to wait as if it had failed: it may be what ends them. */
const deaths_at_once = 3;

/**
 * Holds the worker's lock as long as its process lives, and gives back what workers have taken whose lock nobody holds.
 * The queue itself does so after four hours, since it can't know who is alive.
 */
export function standFor(worker: string, ownerPool: pg.Pool, log: Log) {
  const stopping = new AbortController();
  const stand = async () => {
    for (let first = true; !stopping.signal.aborted; first = false) {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      await onOneConnection(worker, ownerPool, stopping.signal, first, log).catch((error: unknown) => {
        log.warn({ error }, "the connection that says this worker lives broke and is opened again");
        return pause(retry_ms, stopping.signal);
      });
    }
  };
  const standing = stand();
  return {
    async stop() {
      stopping.abort();
      await standing;
    },
  };
}

async function onOneConnection(
  worker: string,
  ownerPool: pg.Pool,
  stopping: AbortSignal,
  first: boolean,
  log: Log,
): Promise<void> {
  const client = await ownerPool.connect();
  const lost = new AbortController();
  client.once("end", () => lost.abort());
  const over = AbortSignal.any([stopping, lost.signal]);
  try {
    await client.query("select pg_advisory_lock_shared($1, hashtext($2))", [WORKER, worker]);
    await pause(first ? 0 : pace.again_ms, over);
    for (let gone: string[] = []; !over.aborted;) {
      // oxlint-disable-next-line no-await-in-loop -- look after look
      gone = await look(client, gone, log);
      // oxlint-disable-next-line no-await-in-loop
      await pause(pace.look_ms, over);
    }
  } finally {
    // Closed, not lent to the next: the lock is the connection's.
    client.release(true);
  }
}

/** Whose lock nobody holds; what those took who were among them the last time too is given back. */
async function look(client: pg.PoolClient, before: readonly string[], log: Log): Promise<string[]> {
  const { rows } = await client.query<{ locked_by: string }>(
    `select locked_by
     from (select locked_by from graphile_worker._private_jobs union select locked_by from graphile_worker._private_job_queues) taken
     where locked_by is not null and not exists (
       select from pg_locks
       where locktype = 'advisory' and classid = $1 and objid = hashtext(locked_by)::oid and granted)`,
    [WORKER],
  );
  const gone = rows.map((row) => row.locked_by);
  const dead = gone.filter((worker) => before.includes(worker));
  if (dead.length > 0) {
    const jobs = await giveBack(client, dead);
    log.warn({ workers: dead, jobs }, "what a worker that died had begun is given to the others");
  }
  return gone;
}

/** A death counts as a try: a job that ends its worker each time would go on doing so for ever. */
async function giveBack(client: pg.PoolClient, dead: string[]): Promise<number> {
  const { rows } = await client.query<{ given: number }>(
    `with queues as (
       update graphile_worker._private_job_queues set locked_by = null, locked_at = null where locked_by = any($1)
     ), given as (
       update graphile_worker._private_jobs
       set locked_by = null, locked_at = null,
         run_at = now() + case when attempts > $2 then exp(least(attempts, 10)) else 0 end * interval '1 second'
       where locked_by = any($1)
       returning id
     )
     select count(*)::int as given from given`,
    [dead, deaths_at_once],
  );
  const given = rows[0]?.given ?? 0;
  // What a new job would ring, else they would look in two seconds.
  await client.query("select pg_notify('jobs:insert', json_build_object('count', $1::int)::text)", [given]);
  return given;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
