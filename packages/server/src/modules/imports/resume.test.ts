import { contract } from "@bellwether/contracts";
import type { Import } from "@bellwether/contracts/imports";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silent } from "../../kernel/log.ts";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { killedAfter } from "../../kernel/testing/killed.ts";
import { call, raw, settle, useProgram } from "../../kernel/testing/program.ts";
import { bounds } from "./run.ts";

const the = useProgram();

/** Three chunks: the workers share them two to one. */
const ROWS = 60;
const { chunk_rows } = bounds;
beforeAll(() => {
  bounds.chunk_rows = 25;
});
afterAll(() => {
  bounds.chunk_rows = chunk_rows;
});
const file = `email,first_name,tags\n${Array.from({ length: ROWS }, (_, at) => `lead${at}@example.com,Name ${at % 100},bulk\n`).join("")}not an address,X,\n`;

async function running(who: Member): Promise<string> {
  const draft = await raw<Import>(who, "POST", "/imports", file, { "content-type": "text/csv" });
  const { id, columns } = draft.body;
  const mapping = columns.map(({ index, suggestion }) =>
    suggestion === null ? { index, skip: true as const } : { index, ...suggestion },
  );
  await call(who, contract.imports.map, { id, columns: mapping, options: {} });
  await settle();
  expect((await show(who, id)).check).toMatchObject({ rows: ROWS + 1, create: ROWS, invalid: 1 });
  await call(who, contract.imports.run, { id });
  return id;
}

async function show(who: Member, id: string): Promise<Import> {
  return (await call(who, contract.imports.show, { id })).body;
}

/** Runs the job as the queue would. */
async function run(id: string, signal: AbortSignal): Promise<void> {
  const { rows } = await the().ownerPool.query(
    "select payload from graphile_worker._private_jobs where key = $1",
    [`imports:${id}`],
  );
  const { actor, input } = rows[0].payload;
  const job = the()
    .modules.flatMap((module) => module.jobs)
    .find((one) => one.name === "imports.run");
  await job?.run({ db: the().db, actor, log: silent, signal }, input);
}

/** Until it has looked at its signal so many times; then it is as if it had been killed. */
async function runUntilKilled(id: string, looks: number): Promise<void> {
  await expect(run(id, killedAfter(looks))).rejects.toThrow("killed");
}

async function counted(workspace: string): Promise<{ leads: number; tagged: number; refused: number }> {
  const { rows } = await the().ownerPool.query(
    `select (select count(*)::int from lead where import_id = $1) as leads,
            (select count(*)::int from lead_tag t join lead l on l.workspace_id = t.workspace_id and l.id = t.lead_id where l.import_id = $1) as tagged,
            (select count(*)::int from import_refusal where import_id = $1) as refused`,
    [workspace],
  );
  return rows[0];
}

async function stagingOf(id: string): Promise<string[]> {
  const { rows } = await the().ownerPool.query(
    "select tablename from pg_tables where schemaname = 'staging' and tablename like $1",
    [`import_${id.replaceAll("-", "")}%`],
  );
  return rows.map((row: { tablename: string }) => row.tablename);
}

describe("a run that is interrupted", () => {
  test("goes on where it was: nothing lost, nothing doubled", async () => {
    const { member: ada } = await signUp("Ada");
    const id = await running(ada);
    await runUntilKilled(id, 2);
    const half = await counted(id);
    expect(half.leads).toBeGreaterThan(0);
    expect(half.leads).toBeLessThan(ROWS);
    await settle();
    const done = await show(ada, id);
    expect([done.state, done.result]).toEqual([
      "done",
      { created: ROWS, updated: 0, unchanged: 0, rejected: 1, duplicate: 0 },
    ]);
    expect(await counted(id)).toEqual({ leads: ROWS, tagged: ROWS, refused: 1 });
    expect(await stagingOf(id)).toEqual([]);
  });

  test("also when the database crashed, which empties staging", async () => {
    const { member: ada } = await signUp("Ada");
    const id = await running(ada);
    await runUntilKilled(id, 2);
    const [staging] = await stagingOf(id);
    await the().db.pool.query(`truncate staging.${staging}`);
    await settle();
    const done = await show(ada, id);
    expect([done.state, done.result]).toEqual([
      "done",
      { created: ROWS, updated: 0, unchanged: 0, rejected: 1, duplicate: 0 },
    ]);
    expect(await counted(id)).toEqual({ leads: ROWS, tagged: ROWS, refused: 1 });
  });

  test("two workers that run the same import don't double it", async () => {
    const { member: ada } = await signUp("Ada");
    const id = await running(ada);
    // One of them finds it taken, and comes back later.
    await Promise.allSettled([settle(), run(id, new AbortController().signal)]);
    expect((await show(ada, id)).result).toEqual({
      created: ROWS,
      updated: 0,
      unchanged: 0,
      rejected: 1,
      duplicate: 0,
    });
    expect((await counted(id)).leads).toBe(ROWS);
  });

  test("that never comes to its end says so, and what it wrote stays", async () => {
    const { member: ada } = await signUp("Ada");
    const id = await running(ada);
    await runUntilKilled(id, 2);
    await the().ownerPool.query("update graphile_worker._private_jobs set attempts = 10");
    await settle();
    const { state, failure, result } = await show(ada, id);
    expect([state, failure]).toEqual([
      "failed",
      "It was begun again and again, and never came to its end. What was written so far stays; try it with a smaller file.",
    ]);
    expect((await counted(id)).leads).toBe(result?.created);
  });

  test("cancelled: what is written stays and is counted, the rest isn't written", async () => {
    const { member: ada } = await signUp("Ada");
    const id = await running(ada);
    await runUntilKilled(id, 2);
    const cancelled = await call(ada, contract.imports.cancel, { id });
    expect(cancelled.body.state).toBe("cancelled");
    await settle();
    const { result, state } = await show(ada, id);
    expect(state).toBe("cancelled");
    expect((await counted(id)).leads).toBe(result?.created);
    expect(result?.created).toBeLessThan(ROWS);
  });

  test("a lead that somebody adds between check and run is updated, not lost", async () => {
    const { member: ada } = await signUp("Ada");
    const id = await running(ada);
    await call(ada, contract.leads.create, { email: "lead7@example.com", first_name: "By hand" });
    await call(ada, contract.leads.create, { email: "other@example.com", phone: "+49301234567" });
    await settle();
    expect((await show(ada, id)).result).toEqual({
      created: ROWS - 1,
      updated: 1,
      unchanged: 0,
      rejected: 1,
      duplicate: 0,
    });
  });
});
