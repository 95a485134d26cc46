import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { systemActor } from "./access.ts";
import { childEnvironment } from "./config.ts";
import { openPool } from "./db.ts";
import { newId } from "./ids.ts";
import { defineJob, enqueue, type JobCtx, runJobsOnce, startWorker } from "./jobs.ts";
import { silent } from "./log.ts";
import { the, useProgram } from "./testing/program.ts";
import { pace } from "./workers.ts";

useProgram();

const usual = { ...pace };
beforeAll(() => {
  Object.assign(pace, { look_ms: 200, again_ms: 700 });
});
afterAll(() => {
  Object.assign(pace, usual);
});

/** Calls of the job, each answered by the test; what it is to do when nobody calls it is to wait. */
function aJob(...answers: ((ctx: JobCtx) => Promise<void>)[]) {
  const begun: (() => void)[] = [];
  let calls = 0;
  const job = defineJob({
    name: "test.work",
    input: z.object({}),
    run: async (ctx) => {
      const answer = answers[calls];
      calls += 1;
      begun.splice(0).forEach((tell) => tell());
      await answer?.(ctx);
    },
  });
  return { job, calls: () => calls, begins: () => new Promise<void>((resolve) => begun.push(resolve)) };
}

const running: { stop: () => Promise<void> }[] = [];
async function worker(job: ReturnType<typeof aJob>["job"]): Promise<void> {
  const { jobsDb, ownerPool } = the();
  const pool = openPool(ownerPool.options.connectionString ?? "", { max: 7, application: "one of several" });
  const started = await startWorker([job], jobsDb, pool, silent);
  running.push({ stop: () => started.stop().then(() => pool.end()) });
}
async function stop(): Promise<void> {
  await Promise.all(running.splice(0).map((each) => each.stop()));
}
afterEach(async () => {
  await stop();
  await the().ownerPool.query("delete from graphile_worker._private_jobs");
});

async function add(job: ReturnType<typeof aJob>["job"]): Promise<void> {
  await the().jobsDb.tenant(systemActor(newId()), (ctx) => enqueue(ctx, job, {}));
}
async function queued() {
  const { rows } = await the().ownerPool.query(
    "select attempts, locked_by, run_at <= now() as due from graphile_worker._private_jobs",
  );
  return rows;
}
const keepers =
  "from pg_locks l where l.locktype = 'advisory' and l.classid = 6294003 and l.database = (select oid from pg_database where datname = current_database())";
async function held(): Promise<number> {
  const { rows } = await the().ownerPool.query(`select count(*)::int as held ${keepers}`);
  return rows[0].held;
}

test("what a killed process had begun is done by another within seconds", async () => {
  const { job, calls, begins } = aJob();
  await add(job);
  const { appUrl, ownerPool } = the();
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL("testing/worker.ts", import.meta.url)),
      appUrl,
      ownerPool.options.connectionString ?? "",
    ],
    { env: childEnvironment(), stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(child.stdout, "data");
  await worker(job);
  await expect.poll(held).toBe(2);
  expect(await queued()).toMatchObject([{ attempts: 1 }]);
  child.kill("SIGKILL");
  await begins();
  expect(calls()).toBe(1);
  await expect.poll(queued).toEqual([]);
});

test("nobody who lives is robbed, though the connections that say so break", async () => {
  let end: () => void = () => {};
  const { job, calls, begins } = aJob(() => new Promise((resolve) => (end = resolve)));
  await worker(job);
  const begun = begins();
  await add(job);
  await begun;
  await worker(job);
  await expect.poll(held).toBe(2);
  const [before] = await queued();
  const { rows } = await the().ownerPool.query(`select pg_terminate_backend(l.pid) ${keepers}`);
  expect(rows).toHaveLength(2);
  // Both look again, and again, after what they allow each other.
  await sleep(1400);
  await expect.poll(held).toBe(2);
  expect(await queued()).toEqual([before]);
  expect(calls()).toBe(1);
  end();
  await expect.poll(queued).toEqual([]);
});

test("what a stop breaks off is due at once and has not failed", async () => {
  const { job, begins, calls } = aJob(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  await add(job);
  const begun = begins();
  await worker(job);
  await begun;
  await stop();
  expect(await queued()).toEqual([{ attempts: 0, locked_by: null, due: true }]);
  await runJobsOnce([job], the().jobsDb, the().ownerPool, silent);
  expect([calls(), await queued()]).toEqual([2, []]);
});

test("a failure is noted when the database can be reached again", async () => {
  let fail: () => void = () => {};
  const { job, begins } = aJob(
    () =>
      new Promise((_, reject) => {
        fail = () => reject(Object.assign(new Error("terminated"), { code: "57P01" }));
      }),
  );
  const begun = begins();
  await worker(job);
  await add(job);
  await begun;
  const url = new URL(the().ownerPool.options.connectionString ?? "");
  const database = url.pathname.slice(1);
  url.pathname = "/postgres";
  const outside = openPool(url.href, { max: 1, application: "outside" });
  try {
    await outside.query(`alter database ${database} allow_connections false`);
    await outside.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = current_user",
      [database],
    );
    fail();
    await sleep(400);
  } finally {
    await outside.query(`alter database ${database} allow_connections true`);
    await outside.end();
  }
  await expect.poll(queued).toEqual([{ attempts: 1, locked_by: null, due: false }]);
});

test("what ends its workers again and again has to wait, and in the end says that it came to nothing", async () => {
  const said: number[] = [];
  const job = defineJob({
    name: "test.work",
    input: z.object({}),
    run: () => Promise.reject(new Error("never")),
    giveUp: async () => void said.push(1),
  });
  await add(job);
  const { ownerPool, jobsDb } = the();
  const die = (attempts: number) =>
    ownerPool.query(
      "update graphile_worker._private_jobs set locked_by = 'nobody', locked_at = now(), attempts = $1",
      [attempts],
    );
  await die(4);
  await worker(aJob().job);
  await expect.poll(queued).toEqual([{ attempts: 4, locked_by: null, due: false }]);
  await stop();
  await ownerPool.query("update graphile_worker._private_jobs set attempts = 10, run_at = now()");
  await runJobsOnce([job], jobsDb, ownerPool, silent);
  expect([said, await queued()]).toEqual([[1], []]);
});
