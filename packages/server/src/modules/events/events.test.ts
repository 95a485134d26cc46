import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { clock } from "../../kernel/clock.ts";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, raw, settle, useProgram } from "../../kernel/testing/program.ts";
import { groups, lead, send, timeline } from "./testing.ts";

const { events, eventNames, leads } = contract;
useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

describe("events in", () => {
  test("by lead id, e-mail, external id or visitor id; each is judged for itself", async () => {
    const { id, email } = await lead(people.ada, { external_id: "x-1", anonymous_id: "visitor-1" });
    const results = await send(await keyOf(people.ada, "agent"), [
      { name: "order placed", lead_id: id, event_id: "one", properties: { amount: 12.5, plan: "pro" } },
      { name: "order placed", email: ` ${email.toUpperCase()} `, occurred_at: "2025-01-02T03:04:05+02:00" },
      { name: "page.viewed", external_id: "x-1" },
      { name: "page.viewed", anonymous_id: "visitor-1" },
      { name: "page.viewed", email: "nobody@example.com", event_id: "two" },
      { name: "lead.deleted", lead_id: id },
      { name: "", lead_id: id },
      { name: "a,b", lead_id: id },
      { name: "page.viewed" },
      { name: "page.viewed", lead_id: id, email },
      { name: "page.viewed", lead_id: "not an id" },
      { name: "page.viewed", email: "no address" },
      { name: "page.viewed", lead_id: id, colour: "red" },
      { name: "page.viewed", lead_id: id, occurred_at: "yesterday" },
      { name: "page.viewed", lead_id: id, properties: { "a\u0000": 1 } },
      "page.viewed",
    ]);
    expect(results.map(({ event_id, status, errors }) => [event_id, status, errors[0]?.code])).toEqual([
      ["one", "accepted", undefined],
      [null, "accepted", undefined],
      [null, "accepted", undefined],
      [null, "accepted", undefined],
      ["two", "refused", "not_found"],
      [null, "refused", "bad_name"],
      [null, "refused", "bad_name"],
      [null, "refused", "bad_name"],
      [null, "refused", "whose_required"],
      [null, "refused", "whose_twice"],
      [null, "refused", "not_found"],
      [null, "refused", "invalid_email"],
      [null, "refused", "unknown_field"],
      [null, "refused", "invalid_format"],
      [null, "refused", "bad_character"],
      [null, "refused", "invalid_type"],
    ]);
    expect(new Set(results.slice(0, 4).map((each) => each.lead_id))).toEqual(new Set([id]));
    expect(await groups(people.ada, id)).toMatchObject({
      "order placed": { count: 2, first_at: "2025-01-02T01:04:05.000Z" },
      "page.viewed": { count: 2 },
      "lead.created": { count: 1 },
    });
    const { body } = await call(people.ada, leads.timeline, { id, names: "order placed" });
    expect(body.data).toMatchObject([
      { data: { amount: 12.5, plan: "pro" }, actor: { kind: "key", name: "agent key" } },
      { data: {} },
    ]);
  });

  test("sent again with the same id, an event is recorded once, however it comes", async () => {
    const { id } = await lead(people.ada);
    const batch = [
      { name: "paid", lead_id: id, event_id: "p-1" },
      { name: "paid", lead_id: id, event_id: "p-2" },
      { name: "paid", lead_id: id, event_id: "p-1" },
    ];
    const first = await send(people.ada, batch);
    expect(first.map((each) => each.status)).toEqual(["accepted", "accepted", "duplicate"]);
    const again = await send(people.ada, batch);
    expect(again.map((each) => each.status)).toEqual(["duplicate", "duplicate", "duplicate"]);
    expect(again.map((each) => each.id)).toEqual([first[0]?.id, first[1]?.id, first[0]?.id]);
    const at_once = await Promise.all(
      Array.from({ length: 8 }, () => send(people.ada, [{ name: "paid", lead_id: id, event_id: "p-3" }])),
    );
    expect(at_once.flat().filter((each) => each.status === "accepted")).toHaveLength(1);
    expect(new Set(at_once.flat().map((each) => each.id)).size).toBe(1);
    expect((await groups(people.ada, id))["paid"]?.count).toBe(3);
    expect((await timeline(people.ada, id)).filter((name) => name === "paid")).toHaveLength(3);
    // The same id is another one in another workspace.
    const theirs = await call(people.rival, leads.create, { email: "r@example.com" });
    const [rivals] = await send(people.rival, [{ name: "paid", lead_id: theirs.body.id, event_id: "p-1" }]);
    expect(rivals?.status).toBe("accepted");
  });

  test("the past is fine, the future is refused with what to look at, and without a time it is now", async () => {
    const { id } = await lead(people.ada);
    clock.freeze("2026-05-01T12:00:00Z");
    try {
      const results = await send(people.ada, [
        { name: "timed", lead_id: id, occurred_at: "1999-12-31T23:59:59Z" },
        { name: "timed", lead_id: id, occurred_at: "2026-05-01T12:04:59Z" },
        { name: "timed", lead_id: id },
        { name: "timed", lead_id: id, occurred_at: "2026-05-01T13:00:00Z" },
        { name: "timed", lead_id: id, occurred_at: "1969-12-31T23:59:59Z" },
      ]);
      expect(results.map((each) => each.errors[0]?.code)).toEqual([
        undefined,
        undefined,
        undefined,
        "in_the_future",
        "too_old",
      ]);
      expect(results[3]?.errors[0]?.message).toContain("60 minutes ahead of our clock");
      expect((await groups(people.ada, id))["timed"]).toEqual({
        count: 3,
        first_at: "1999-12-31T23:59:59.000Z",
        last_at: "2026-05-01T12:04:59.000Z",
      });
    } finally {
      clock.release();
    }
  });

  test("too much is refused: properties in number and size, a batch, a megabyte among good ones", async () => {
    const { id } = await lead(people.ada);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`p${n}`, n]));
    const results = await send(people.ada, [
      { name: "big", lead_id: id, properties: { text: "x".repeat(1_000_000) } },
      { name: "big", lead_id: id, properties: many },
      { name: "big", lead_id: id, properties: { ["k".repeat(101)]: 1 } },
      { name: "n".repeat(101), lead_id: id },
      { name: "big", lead_id: id, properties: { text: "x".repeat(30_000) } },
    ]);
    expect(results.map((each) => each.errors[0]?.code)).toEqual([
      "too_large",
      "too_many",
      "too_long",
      "bad_name",
      undefined,
    ]);
    const name = { name: "big", lead_id: id };
    for (const sent of [[], Array.from({ length: 1001 }, () => name)]) {
      expect((await call(people.ada, events.record, { events: sent })).status).toBe(422);
    }
    expect((await raw(people.ada, "POST", "/events", { events: "big" })).status).toBe(422);
  });

  test("unknown people become leads only when asked", async () => {
    const ask = [
      { name: "signed up", email: "New.One@example.com" },
      { name: "signed up", email: "new.one@example.com" },
      { name: "signed up", anonymous_id: "visitor-9" },
      { name: "signed up", lead_id: people.ada.member_id },
      { name: "signed up", external_id: "x-9" },
    ];
    expect((await send(people.ada, ask)).map((each) => each.status)).toEqual(Array(5).fill("refused"));
    const results = await send(people.ada, ask, { create_leads: true });
    expect(results.map((each) => each.status)).toEqual([
      "accepted",
      "accepted",
      "accepted",
      "refused",
      "accepted",
    ]);
    expect(results[0]?.lead_id).toBe(results[1]?.lead_id);
    const shown = await call(people.ada, leads.show, { id: results[2]?.lead_id ?? "" });
    expect(shown.body).toMatchObject({ anonymous_id: "visitor-9", email: null, source: "Manual" });
    expect((await call(people.ada, leads.create, { anonymous_id: "visitor-9" })).problem.code).toBe(
      "lead_exists",
    );
  });

  test("many requests at once are all recorded, each by who sent it", async () => {
    const { id } = await lead(people.ada);
    const key = await keyOf(people.ada, "manager");
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        send(n % 2 === 0 ? people.rep : key, [{ name: "burst", lead_id: id, properties: { n } }]),
      ),
    );
    expect(answers.flat().filter((each) => each.status === "accepted")).toHaveLength(60);
    expect((await groups(people.ada, id))["burst"]?.count).toBe(60);
    const { body } = await call(people.ada, leads.timeline, { id, names: "burst", limit: 200 });
    const by = new Map(body.data.map(({ data, actor }) => [Number(data["n"]), actor.name]));
    expect([by.get(0), by.get(1), by.size]).toEqual(["Rep", "manager key", 60]);
  });
});

describe("who may", () => {
  test("agents who see only their own report of those alone; viewers report nothing; Rival can't tell", async () => {
    const { ada, max, rep, viewer, rival } = people;
    const mine = await lead(people.ada, { owner_id: rep.member_id });
    const others = await lead(people.ada, { owner_id: max.member_id });
    await call(ada, contract.identity.workspace.update, { agents_see_own: true });
    try {
      const results = await send(rep, [
        { name: "called", lead_id: mine.id },
        { name: "called", lead_id: others.id },
        { name: "called", email: others.email },
        { name: "called", lead_id: "0197fab1-0000-7000-8000-000000000000" },
      ]);
      expect(results.map((each) => [each.status, each.errors[0]?.code])).toEqual([
        ["accepted", undefined],
        ["refused", "not_found"],
        ["refused", "not_found"],
        ["refused", "not_found"],
      ]);
      expect(results[1]?.errors).toEqual(results[3]?.errors);
      expect((await call(rep, events.add, { id: others.id, name: "called" })).status).toBe(404);
      expect((await call(rep, events.groups, { id: others.id })).status).toBe(404);
    } finally {
      await call(ada, contract.identity.workspace.update, { agents_see_own: false });
    }
    expect((await call(viewer, events.record, { events: [{ name: "x", lead_id: mine.id }] })).status).toBe(
      403,
    );
    expect((await call(viewer, events.add, { id: mine.id, name: "x" })).status).toBe(403);
    expect(await send(rival, [{ name: "called", lead_id: mine.id }])).toMatchObject([
      { status: "refused", errors: [{ code: "not_found" }] },
    ]);
    expect((await call(rival, events.groups, { id: mine.id })).status).toBe(404);
    const names = (await call(rival, eventNames.list)).body.data.map((each) => each.name);
    expect(names).not.toContain("called");
    expect((await call(rep, eventNames.update, { name: "called", hidden: true })).status).toBe(403);
    expect((await call(max, eventNames.saveSettings, { keep_months: 1 })).status).toBe(403);
  });

  test("for whom contact details are masked, so are those in what was reported", async () => {
    const { ada, viewer } = people;
    const { id } = await lead(people.ada);
    await send(ada, [
      {
        name: "asked",
        lead_id: id,
        properties: { from: "me@example.com", call: "+49 30 1234567", size: 12 },
      },
    ]);
    await call(ada, contract.identity.workspace.update, { viewers_masked: true });
    const { body } = await call(viewer, leads.timeline, { id, names: "asked" });
    const rule: Rule = {
      event: "asked",
      did: true,
      where: { field: "from", is: "eq", value: "me@example.com" },
    };
    const guess = await call(viewer, leads.query, { rule });
    await call(ada, contract.identity.workspace.update, { viewers_masked: false });
    expect(body.data[0]?.data).toEqual({ from: "•••", call: "•••", size: 12 });
    expect(guess.status).toBe(403);
    expect((await call(viewer, leads.query, { rule })).body.data.map((each) => each.id)).toEqual([id]);
  });
});

describe("by hand", () => {
  test("with who did it, and the same id once", async () => {
    const { id } = await lead(people.ada);
    const input = { id, name: "met at fair", properties: { fair: "Hannover" }, event_id: "h-1" };
    const first = await call(people.rep, events.add, input);
    expect([first.status, first.body]).toMatchObject([
      201,
      { name: "met at fair", actor: { kind: "member", name: "Rep" }, data: { fair: "Hannover" } },
    ]);
    expect((await call(people.rep, events.add, input)).body.id).toBe(first.body.id);
    expect(await timeline(people.ada, id)).toEqual(["met at fair", "lead.created"]);
    expect((await call(people.rep, events.add, { id, name: "stage.changed" })).problem).toMatchObject({
      status: 422,
      errors: [{ path: "name", code: "bad_name" }],
    });
  });

  test("what a member notes leaves a hidden lead hidden, what a program reports shows it again", async () => {
    const { id } = await lead(people.ada);
    await call(people.ada, leads.hide, { id });
    await call(people.ada, events.add, { id, name: "noted" });
    await settle();
    const hidden = async () => (await call(people.ada, leads.show, { id })).body.hidden;
    expect(await hidden()).toBe(true);
    const key = await keyOf(people.ada, "manager");
    await send(key, [{ name: "opened app", lead_id: id, occurred_at: "2020-01-01T00:00:00Z" }]);
    await settle();
    expect(await hidden()).toBe(true);
    await send(key, [{ name: "opened app", lead_id: id }]);
    await settle();
    expect(await hidden()).toBe(false);
  });
});
