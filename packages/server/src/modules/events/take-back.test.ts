import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, settle, useProgram } from "../../kernel/testing/program.ts";
import { groups, lead, send, timeline } from "./testing.ts";

const { audit, duplicates, events, eventNames, leads, segments } = contract;
useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;
async function add(who: Cast["ada"], id: string, name: string, day: number, properties = {}) {
  return (await call(who, events.add, { id, name, occurred_at: at(day), properties })).body;
}
async function named(name: string) {
  return (await call(people.ada, eventNames.list)).body.data.find((each) => each.name === name);
}

test("an event that is taken back is gone from timeline, groups, catalogue and segments, and comes back as it was", async () => {
  const { ada, rep } = people;
  const { id } = await lead(ada);
  const made = await call(ada, segments.create, {
    name: "Called twice",
    rule: { event: "called", count: { is: "gte", value: 2 } },
    state: "active",
  });
  await settle();
  const members = async () => {
    await settle();
    return (await call(ada, segments.show, { id: made.body.id })).body.size;
  };
  const first = await add(rep, id, "called", 1, { about: "price" });
  await add(rep, id, "called", 3);
  expect(await members()).toBe(1);

  expect((await call(rep, events.remove, { id, event_id: first.id })).status).toBe(200);
  const kinds = "called,event.removed,event.restored";
  expect(await timeline(ada, id, kinds)).toEqual(["called"]);
  expect((await groups(ada, id))["called"]).toEqual({ count: 1, first_at: at(3), last_at: at(3) });
  expect(await named("called")).toMatchObject({ count: 1, first_seen_at: at(3), last_seen_at: at(3) });
  expect(await members()).toBe(0);
  expect((await call(rep, events.remove, { id, event_id: first.id })).status).toBe(404);
  const entries = await call(ada, audit.list, { lead_id: id, name: "event.removed" });
  expect(entries.body.data).toMatchObject([
    {
      actor: { name: "Rep" },
      subject_id: first.id,
      data: { event: "called", by: { name: "Rep" }, properties: { about: "price" } },
    },
  ]);

  const back = await Promise.all([1, 2].map(() => call(rep, events.restore, { id, event_id: first.id })));
  expect(back.map((each) => [each.status, each.body])).toEqual([
    [200, first],
    [200, first],
  ]);
  expect(await timeline(ada, id, kinds)).toEqual(["called", "called"]);
  expect((await groups(ada, id))["called"]).toEqual({ count: 2, first_at: at(1), last_at: at(3) });
  expect(await named("called")).toMatchObject({ count: 2, first_seen_at: at(1) });
  expect(await members()).toBe(1);
});

test("a name that was a slip leaves the catalogue with its only event; one with a label stays", async () => {
  const { id } = await lead(people.ada);
  const slip = await add(people.rep, id, "caled", 1, { by: "phone" });
  await call(people.rep, events.remove, { id, event_id: slip.id });
  expect(await named("caled")).toBeUndefined();
  await call(people.rep, events.restore, { id, event_id: slip.id });
  expect(await named("caled")).toMatchObject({ count: 1, properties: [{ key: "by", types: ["text"] }] });
  await call(people.ada, eventNames.update, { name: "caled", label: "Called" });
  await call(people.rep, events.remove, { id, event_id: slip.id });
  expect(await named("caled")).toMatchObject({ label: "Called", count: 0, last_seen_at: null });
});

test("who added it may, and managers; what Bellwether tells stays; Rival can't tell", async () => {
  const { ada, max, rep, viewer, rival } = people;
  const { id } = await lead(ada);
  const by_ada = await add(ada, id, "visited", 1);
  const refused = await call(rep, events.remove, { id, event_id: by_ada.id });
  expect([refused.status, refused.problem.detail]).toEqual([
    403,
    "Ada added this event. They or a manager can remove it.",
  ]);
  expect((await call(viewer, events.remove, { id, event_id: by_ada.id })).status).toBe(403);
  const hidden = await call(rival, events.remove, { id, event_id: by_ada.id });
  const missing = await call(rival, events.remove, { id: ada.member_id, event_id: by_ada.id });
  expect([hidden.status, hidden.problem.detail]).toEqual([missing.status, missing.problem.detail]);
  expect((await call(ada, events.remove, { id, event_id: id })).problem.detail).toBe(
    "There is no such event.",
  );

  const [created] = (await call(ada, leads.timeline, { id, names: "lead.created" })).body.data;
  const own = await call(ada, events.remove, { id, event_id: created?.id ?? "" });
  expect([own.status, own.problem.code]).toEqual([409, "not_in_state"]);

  const [sent] = await send(await keyOf(ada, "agent"), [{ name: "visited", lead_id: id, event_id: "v-1" }]);
  const event_id = sent?.id ?? "";
  expect((await call(rep, events.remove, { id, event_id })).status).toBe(403);
  expect((await call(max, events.remove, { id, event_id })).status).toBe(200);
  // What its sender tries once more stays taken back.
  const again = await send(await keyOf(ada, "manager"), [{ name: "visited", lead_id: id, event_id: "v-1" }]);
  expect(again[0]?.status).toBe("duplicate");
  expect((await groups(ada, id))["visited"]?.count).toBe(1);
  expect((await call(rep, events.restore, { id, event_id })).status).toBe(403);
  expect((await call(max, events.restore, { id, event_id: by_ada.id })).status).toBe(404);
});

test("of a merged lead it counts no more for either, also when the merge is undone", async () => {
  const { ada } = people;
  const [one, two] = [await lead(ada), await lead(ada)];
  await add(ada, one.id, "met", 2);
  const theirs = await add(ada, two.id, "met", 1);
  await add(ada, two.id, "met", 4);
  const merged = await call(ada, duplicates.merge, { id: one.id, other_id: two.id });
  await call(ada, events.remove, { id: one.id, event_id: theirs.id });
  expect((await groups(ada, one.id))["met"]).toEqual({ count: 2, first_at: at(2), last_at: at(4) });
  await call(ada, contract.changes.undo, { id: merged.body.change_set_id });
  await settle();
  expect((await groups(ada, one.id))["met"]?.count).toBe(1);
  expect((await groups(ada, two.id))["met"]).toEqual({ count: 1, first_at: at(4), last_at: at(4) });
});
