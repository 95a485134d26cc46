import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { newId } from "./ids.ts";
import { cast, type Cast, keyOf } from "./testing/cast.ts";
import { expectProblem } from "./testing/problems.ts";
import { call, type Person, the, useProgram } from "./testing/program.ts";

useProgram();
const { leads } = contract;
let people: Cast;
let key: Person;
beforeAll(async () => {
  people = await cast();
  key = await keyOf(people.ada, "admin");
});

describe("Idempotency-Key", () => {
  test("replays the first answer and does the work once", async () => {
    const headers = { "idempotency-key": newId() };
    const first = await call(people.ada, leads.create, { email: "once@example.com" }, headers);
    const again = await call(people.ada, leads.create, { email: "once@example.com" }, headers);
    expect([
      first.status,
      first.headers["idempotency-replayed"],
      again.status,
      again.headers["idempotency-replayed"],
    ]).toEqual([201, undefined, 201, "true"]);
    expect(again.body).toEqual(first.body);
    expect(again.headers["etag"]).toBe(first.headers["etag"]);
  });

  test("422 for the same key with another body; another caller's key is another key", async () => {
    const headers = { "idempotency-key": newId() };
    await call(people.ada, leads.create, { email: "body-1@example.com" }, headers);
    expectProblem(
      await call(people.ada, leads.create, { email: "body-2@example.com" }, headers),
      422,
      "idempotency_key_reused",
    );
    expect((await call(people.max, leads.create, { email: "body-3@example.com" }, headers)).status).toBe(201);
    expect((await call(key, leads.create, { email: "body-4@example.com" }, headers)).status).toBe(201);
    expect((await call(people.rival, leads.create, { email: "body-1@example.com" }, headers)).status).toBe(
      201,
    );
  });

  test("409 while the first is still at work; ten at once make one lead", async () => {
    const headers = { "idempotency-key": newId() };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call(people.ada, leads.create, { email: "ten@example.com" }, headers)),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
    const made = answers.filter((answer) => answer.status === 201);
    expect(new Set(made.map((answer) => answer.body.id)).size).toBe(1);
    const waiting = answers.filter((answer) => answer.status === 409);
    expect(waiting.map((answer) => [answer.problem.code, answer.headers["retry-after"]])).toEqual(
      waiting.map(() => ["request_in_flight", "1"]),
    );
  });

  test("a refused request may be corrected and sent again with its key", async () => {
    const headers = { "idempotency-key": newId() };
    expect((await call(people.ada, leads.create, { email: "no address" }, headers)).status).toBe(422);
    expect((await call(people.ada, leads.create, { email: "an-address@example.com" }, headers)).status).toBe(
      201,
    );
  });

  test("what took so long that another has taken the key over is undone, so that it is done once", async () => {
    const headers = { "idempotency-key": newId() };
    const create = () => call(people.ada, leads.create, { email: "slow@example.com" }, headers);
    const owner = await the().ownerPool.connect();
    try {
      await owner.query("begin");
      await owner.query("lock table lead in share mode");
      const first = create();
      await expect
        .poll(async () => (await owner.query("select from pg_locks where not granted")).rowCount)
        .toBe(1);
      await owner.query("update idempotency set created_at = created_at - interval '2 minutes'");
      await owner.query("commit");
      expect((await first).status).toBe(409);
      const second = await create();
      expect(second.status).toBe(201);
      expect((await create()).body).toEqual(second.body);
    } finally {
      owner.release();
    }
  });

  test("is refused when it is too long, and no matter for reads", async () => {
    expectProblem(
      await call(
        people.ada,
        leads.create,
        { email: "long@example.com" },
        { "idempotency-key": "k".repeat(256) },
      ),
      400,
      "bad_request",
    );
    expect(
      (await call(people.ada, leads.list, {}, { "idempotency-key": "read" })).headers["idempotency-replayed"],
    ).toBeUndefined();
  });
});
