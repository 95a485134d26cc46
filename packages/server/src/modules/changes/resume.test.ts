import { contract } from "@bellwether/contracts";
import type { BulkAction, ChangeSet } from "@bellwether/contracts/changes";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JobCtx } from "../../kernel/jobs.ts";
import { silent } from "../../kernel/log.ts";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { killedAfter } from "../../kernel/testing/killed.ts";
import { call, settle, useProgram } from "../../kernel/testing/program.ts";
import { bounds } from "./bounds.ts";
import { changes } from "./index.ts";

const the = useProgram();

/** Three parts. */
const leads = 12;
const { part_leads } = bounds;
beforeAll(() => {
  bounds.part_leads = 5;
});
afterAll(() => {
  bounds.part_leads = part_leads;
});

async function workspace(): Promise<Member> {
  const { member, workspace_id } = await signUp("Ada");
  await the().ownerPool.query(
    `insert into lead (workspace_id, id, email, stage, city, created_by)
     select $1, uuidv7(), 'p' || n || '@example.com', 'new', case when n % 2 = 0 then 'Bonn' end, '{}'
     from generate_series(1, ${leads}) n`,
    [workspace_id],
  );
  return member;
}

async function start(who: Member, action: BulkAction): Promise<string> {
  const { body } = await call(who, contract.bulk.start, { rule: { all: [] }, action });
  expect(body).toMatchObject({ state: "running", total: leads });
  return body.id;
}

async function show(who: Member, id: string): Promise<ChangeSet> {
  return (await call(who, contract.changes.show, { id })).body;
}

/** Runs the job as the queue would, until it has looked at its signal so many times; then it is as if it had been killed. */
async function runUntilKilled(id: string, looks: number): Promise<void> {
  const { rows } = await the().ownerPool.query("select actor from change_set where id = $1", [id]);
  const ctx: JobCtx = { db: the().db, actor: rows[0].actor, log: silent, signal: killedAfter(looks) };
  await expect(changes.jobs[0]?.run(ctx, { change_set_id: id })).rejects.toThrow("killed");
}

async function counted(id: string) {
  const { rows } = await the().ownerPool.query(
    `select (select count(*)::int from lead_change where change_set_id = $1) as recorded,
            (select count(*)::int from change_part where change_set_id = $1) as parts,
            (select count(*)::int from event where subject_id = $1 and name = 'lead.updated') as told`,
    [id],
  );
  return rows[0];
}

const setCity: BulkAction = { kind: "set_field", field: "city", value: "Bonn" };
const half = leads / 2;

test("a change whose worker died goes on where it was, and so does its undo: nothing is lost or doubled", async () => {
  const ada = await workspace();
  const id = await start(ada, setCity);
  await runUntilKilled(id, 1);
  expect(await show(ada, id)).toMatchObject({ state: "running", done: 5, changed: 3, unchanged: 2 });
  await settle();
  expect(await show(ada, id)).toMatchObject({ state: "done", done: leads, changed: half, unchanged: half });
  expect(await counted(id)).toEqual({ recorded: half, parts: 0, told: half });

  await call(ada, contract.changes.undo, { id });
  await runUntilKilled(id, 1);
  expect(await show(ada, id)).toMatchObject({ state: "undoing", undone: { restored: 5, kept: 0 } });
  await settle();
  expect(await show(ada, id)).toMatchObject({ state: "undone", undone: { restored: half, kept: 0 } });
  expect(await counted(id)).toMatchObject({ told: leads });
});

test("a change that never comes to its end says so, and what it wrote can be undone", async () => {
  const ada = await workspace();
  const id = await start(ada, setCity);
  await runUntilKilled(id, 1);
  await the().ownerPool.query("update graphile_worker._private_jobs set attempts = 10");
  await settle();
  const { state, failure, changed, can_undo } = await show(ada, id);
  expect([state, changed, can_undo]).toEqual(["failed", 3, true]);
  expect(failure).toBe(
    "It was begun again and again, and never came to its end. What was changed so far stays, and can be undone.",
  );
  await call(ada, contract.changes.undo, { id });
  await settle();
  expect(await show(ada, id)).toMatchObject({ state: "undone", undone: { restored: 3, kept: 0 } });
});

test("two workers at one change don't double it", async () => {
  const ada = await workspace();
  const id = await start(ada, setCity);
  const { rows } = await the().ownerPool.query("select actor from change_set where id = $1", [id]);
  const ctx: JobCtx = {
    db: the().jobsDb,
    actor: rows[0].actor,
    log: silent,
    signal: new AbortController().signal,
  };
  await Promise.all([1, 2].map(async () => changes.jobs[0]?.run(ctx, { change_set_id: id })));
  expect(await show(ada, id)).toMatchObject({ state: "done", done: leads, changed: half });
  expect(await counted(id)).toEqual({ recorded: half, parts: 0, told: half });
});

test("two changes of the same leads at once wait for each other's rows, and both are whole", async () => {
  const ada = await workspace();
  const ids = await Promise.all([
    start(ada, { kind: "set_field", field: "region", value: "North" }),
    start(ada, { kind: "add_tag", tag: "Fair" }),
    start(ada, { kind: "set_owner", owner_id: ada.member_id }),
  ]);
  await settle();
  for (const id of ids) {
    expect(await show(ada, id)).toMatchObject({ state: "done", done: leads, changed: leads });
  }
});

test("a tag that is deleted while it is being added: it stops, and says why", async () => {
  const ada = await workspace();
  const id = await start(ada, { kind: "add_tag", tag: "Short-lived" });
  const tag = (await call(ada, contract.tags.list)).body.data[0];
  await call(ada, contract.tags.remove, { id: tag?.id ?? "" });
  await settle();
  const { state, failure, can_undo } = await show(ada, id);
  expect([state, can_undo]).toEqual(["failed", false]);
  expect(failure).toContain("The tag “Short-lived” was deleted meanwhile.");
});
