import { afterEach, beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { clock } from "../../kernel/clock.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { bounds as steps } from "./build.ts";
import { bounds as filling } from "./fill.ts";
import { membersOf } from "./testing.ts";

/** Segments to their end: retired, made static, deleted, and back. */
useProgram();
const { segments, leads, bulk, views, assignment } = contract;
let people: Cast;
let counter = 0;
const usual = { step_leads: steps.step_leads, at_once: filling.at_once };
beforeAll(async () => {
  people = await cast();
});
afterEach(() => {
  steps.step_leads = usual.step_leads;
  filling.at_once = usual.at_once;
});

async function lead(city: string): Promise<string> {
  return (await call(people.max, leads.create, { email: `l${++counter}@example.com`, city })).body.id;
}
async function active(name: string, rule: Rule): Promise<string> {
  const { body, status } = await call(people.max, segments.create, { name, rule, state: "active" });
  expect(status).toBe(201);
  return body.id;
}
const members = (id: string) => membersOf(people.max, id);
async function shown(id: string) {
  return (await call(people.max, segments.show, { id })).body;
}
const city = (value: string): Rule => ({ field: "city", is: "eq", value });
const inside = (segment: string): Rule => ({ segment, member: true });

test("a retired segment is refused by name wherever it would be used anew; lists and work on them may still ask for it", async () => {
  const { max, ada } = people;
  const member = await lead("Hof");
  const id = await active("Old fair", city("Hof"));
  const user = await active("Uses it", inside(id));
  const other = await active("Names nothing", city("Hof"));
  const kept = await call(max, views.create, { name: "Kept", rule: inside(id) });
  const typed = await call(max, views.create, { name: "Typed", q: 'segment:"Old fair"' });
  await settle();
  await call(max, segments.setState, { id, state: "retired", even_if_used: true });
  const say = "“Old fair” is retired. Choose another segment, or activate it again.";
  const nested: Rule = { all: [city("Hof"), { not: inside(id) }] };
  const refusals = [
    await call(max, views.create, { name: "New", rule: nested }),
    await call(max, views.create, { name: "New", q: 'city:Hof -segment:"old fair"' }),
    await call(ada, segments.create, { name: "New", rule: nested }),
    await call(ada, segments.create, { name: "New", rule: nested, type: "static" }),
    await call(max, segments.impact, { id: other, rule: nested }),
    await call(max, segments.update, { id: other, rule: nested }),
  ];
  expect(refusals.map(({ status, problem }) => [status, problem.detail])).toEqual(
    refusals.map(() => [422, say]),
  );
  expect(refusals[0]?.problem.errors).toEqual([
    { path: "rule.all[1].not.segment", code: "retired_segment", message: say },
  ]);
  expect(refusals[1]?.problem["at"]).toEqual({ from: 9, to: 28 });
  // Leads that come are in no segment yet: rules of assignment ask for none.
  const given = {
    name: "New",
    condition: inside(id),
    method: "round_robin",
    members: [people.rep.member_id],
  };
  const ruled = await call(ada, assignment.rules.create, { ...given, method: "round_robin" });
  expect([ruled.status, ruled.problem.errors[0]?.code]).toEqual([400, "not_for_rules"]);
  // A copy of what uses it is a draft, whose use would be new.
  const copy = await call(max, segments.duplicate, { id: user });
  const activated = await call(max, segments.setState, { id: copy.body.id, state: "active" });
  expect([activated.status, activated.problem.detail]).toEqual([422, say]);

  // What names it already is saved as before, in other words too, and found.
  for (const view of [kept.body.id, typed.body.id]) {
    const again = await call(max, views.update, { id: view, rule: nested, q: "", name: `Again ${view}` });
    expect([again.status, again.body.broken]).toEqual([200, null]);
  }
  const asked = await call(max, leads.search, { query: 'segment:"Old fair"' });
  expect(asked.body.data.map((each) => each.id)).toEqual([member]);
  const tagged = await call(max, bulk.start, {
    rule: inside(id),
    action: { kind: "add_tag", tag: "Was there" },
  });
  expect([tagged.status, tagged.body.total]).toEqual([202, 1]);
  const { used_in } = await shown(id);
  expect(used_in.map(({ kind, name }) => [kind, name])).toEqual([
    ["segment", "Uses it"],
    ["segment", "Uses it copy"],
    ["view", `Again ${kept.body.id}`],
    ["view", `Again ${typed.body.id}`],
  ]);
});

test("a snapshot, a copy and a conversion of many are filled step by step, and say how far they are", async () => {
  const { max, rival } = people;
  const made: string[] = [];
  for (let n = 0; n < 7; n++) made.push(await lead(n < 5 ? "Celle" : "Soest"));
  const [first = "", second = "", , , fifth = "", sixth = ""] = made;
  const draft = await call(max, segments.create, { name: "Celle later", rule: city("Celle") });
  steps.step_leads = 2;
  filling.at_once = 2;

  const few = await call(max, segments.create, { name: "Few", type: "static", rule: city("Soest") });
  expect(few.body).toMatchObject({ size: 2, building: null });
  const snapshot = await call(max, segments.create, { name: "Many", type: "static", rule: city("Celle") });
  const { id } = snapshot.body;
  expect(snapshot.body).toMatchObject({ type: "static", rule: null, size: null, building: { looked_at: 2 } });
  const named = (await call(max, segments.names)).body.data.find((each) => each.id === id);
  expect(named?.building).toBeGreaterThan(0);
  expect(named?.building).toBeLessThan(1);
  // Half full is not for use; each says so, and what to do.
  const action = { kind: "add_to_segment", segment_id: id } as const;
  const refusals = [
    await call(max, segments.members.add, { id, lead_ids: [first] }),
    await call(max, segments.duplicate, { id }),
    await call(max, segments.setState, { id, state: "retired" }),
    await call(max, bulk.start, { lead_ids: [first], action }),
    await call(max, leads.query, { rule: inside(id) }),
  ];
  expect(refusals.map(({ status, problem }) => [status, problem.detail])).toEqual([
    [409, "“Many” is still being filled. Add and remove leads when all its members are found."],
    [409, "“Many” is still being filled. Copy it when all its members are found."],
    [409, "“Many” is still being filled. Retire it when all its members are found."],
    [422, "“Many” is still being filled. Try again when all its members are found."],
    [400, "The segment “Many” is still being built. Try again when its members are found."],
  ]);
  // One lead that was looked at leaves, one that wasn't comes.
  await call(max, leads.update, { id: sixth, city: "Celle" });
  await settle();
  const all = [...made.slice(0, 5), sixth];
  expect([await members(id), (await shown(id)).size]).toEqual([all, 6]);
  await call(max, leads.update, { id: second, city: "Soest" });
  await settle();
  expect(await members(id)).toEqual(all);

  // A copy has hidden members too; what it is copied from can't go meanwhile.
  await call(max, leads.hide, { id: fifth });
  const copy = await call(max, segments.duplicate, { id });
  expect(copy.body).toMatchObject({ name: "Many copy", size: null, building: { of: expect.any(Number) } });
  const gone = await call(max, segments.remove, { id });
  expect([gone.status, gone.problem.detail]).toEqual([
    409,
    "“Many copy” is being filled with members of “Many”. Wait until that is done.",
  ]);
  await settle();
  expect((await shown(copy.body.id)).size).toBe(6);
  await call(max, leads.unhide, { id: fifth });
  expect(await members(copy.body.id)).toEqual(all);

  const converted = await call(max, segments.convert, { id: draft.body.id });
  expect(converted.body).toMatchObject({ type: "static", state: "active", size: null, building: {} });
  await settle();
  expect(await members(draft.body.id)).toHaveLength(5);
  expect((await call(max, segments.members.remove, { id, lead_ids: [first] })).body.removed).toBe(1);
  expect((await call(rival, segments.duplicate, { id })).status).toBe(404);
  const { rows } = await the().ownerPool.query(
    "select from segment_set s join segment on segment.set_id = s.id where segment.type = 'static' and s.rule is not null",
  );
  expect(rows).toEqual([]);
});

test("a deleted segment gives its name away at once and comes back as it was, built anew, for thirty days", async () => {
  const { max, rep, rival } = people;
  const [a, b, c] = [await lead("Peine"), await lead("Peine"), await lead("Gifhorn")];
  const dynamic = await active("In Peine", city("Peine"));
  const { body: hand } = await call(max, segments.create, {
    name: "Fair",
    type: "static",
    rule: city("Peine"),
  });
  const user = await active("Fair in Gifhorn", { all: [inside(hand.id), city("Gifhorn")] });
  expect((await call(max, segments.remove, { id: hand.id })).status).toBe(409);
  await settle();
  for (const id of [user, hand.id, dynamic]) {
    expect((await call(max, segments.remove, { id })).status).toBe(200);
  }
  for (const id of [hand.id, dynamic]) {
    expect((await call(max, segments.show, { id })).status).toBe(404);
    expect((await call(max, segments.remove, { id })).status).toBe(404);
    expect((await call(max, segments.members.add, { id: hand.id, lead_ids: [c] })).status).toBe(404);
    expect((await call(max, leads.query, { rule: inside(id) })).problem.errors[0]?.code).toBe(
      "unknown_segment",
    );
    // Nobody is told of it, and nobody else can take it back.
    expect((await call(rep, segments.restore, { id })).status).toBe(403);
    expect((await call(rival, segments.restore, { id })).status).toBe(404);
  }
  expect((await call(rep, segments.deleted)).status).toBe(403);
  expect((await call(rival, segments.deleted)).body.data).toEqual([]);
  expect((await call(max, segments.ofLead, { id: a })).body.data).toEqual([]);
  expect((await call(max, segments.deleted)).body.data.map(({ name, type }) => [name, type])).toEqual([
    ["In Peine", "dynamic"],
    ["Fair", "static"],
    ["Fair in Gifhorn", "dynamic"],
  ]);
  // Meanwhile its name is used, one member changes, another goes to the bin and comes back.
  const taken = await call(max, segments.create, { name: "FAIR", type: "static" });
  expect(taken.status).toBe(201);
  await call(max, leads.update, { id: a, city: "Gifhorn" });
  await call(max, leads.remove, { id: b });
  await settle();
  await call(max, leads.restore, { id: b });
  await settle();
  const { body: timeline } = await call(max, leads.timeline, { id: b });
  expect(timeline.data.map((event) => event.name).filter((name) => name === "segment.left")).toEqual([]);

  const back = await call(max, segments.restore, { id: hand.id });
  expect(back.body).toMatchObject({ name: "Fair 2", type: "static", state: "active", size: 2 });
  expect((await call(max, segments.restore, { id: hand.id })).status).toBe(404);
  await call(max, segments.restore, { id: dynamic });
  // It asks for one that comes back after it.
  await call(max, segments.remove, { id: hand.id });
  const waiting = await call(max, segments.restore, { id: user });
  expect(waiting.body).toMatchObject({
    building: null,
    broken: expect.stringContaining("doesn't exist any more"),
  });
  await call(max, segments.restore, { id: hand.id });
  await settle();
  expect([await members(hand.id), await members(dynamic), await members(user)]).toEqual([[a, b], [b], [a]]);
  await call(max, leads.update, { id: c, city: "Peine" });
  await settle();
  expect(await members(dynamic)).toEqual([b, c]);

  // A copy that was stopped by its deletion is filled when that is taken back.
  [steps.step_leads, filling.at_once] = [2, 1];
  const copy = await call(max, segments.duplicate, { id: hand.id });
  expect(copy.body.building).not.toBeNull();
  await call(max, segments.remove, { id: copy.body.id });
  await settle();
  await call(max, segments.restore, { id: copy.body.id });
  await settle();
  expect(await members(copy.body.id)).toEqual([a, b]);

  await call(max, segments.remove, { id: dynamic });
  clock.freeze(new Date(Date.now() + 31 * 86_400_000).toISOString());
  for (const module of the().modules) await module.upkeep?.(the().jobsDb, new AbortController().signal);
  clock.release();
  await settle();
  expect((await call(max, segments.restore, { id: dynamic })).status).toBe(404);
  const { rows } = await the().ownerPool.query("select from segment_set where segment_id = $1", [dynamic]);
  expect(rows).toEqual([]);
});

test("a segment that was made static follows its rule again, as draft or active; what stands in the way is said", async () => {
  const { max, rep, rival } = people;
  const [a, b] = [await lead("Aalen"), await lead("Bopfingen")];
  const id = await active("Aalen", city("Aalen"));
  const draft = await call(max, segments.create, { name: "Draft of Aalen", rule: city("Aalen") });
  await call(max, segments.convert, { id });
  await call(max, segments.convert, { id: draft.body.id });
  await call(max, segments.members.add, { id, lead_ids: [b] });
  await call(max, leads.update, { id: b, city: "Aalen" });
  await call(max, leads.update, { id: a, city: "Bopfingen" });
  await settle();
  expect([await members(id), (await shown(id)).was_dynamic]).toEqual([[a, b], true]);
  expect((await call(rep, segments.unconvert, { id })).status).toBe(403);
  expect((await call(rival, segments.unconvert, { id })).status).toBe(404);
  const again = await call(max, segments.unconvert, { id });
  expect(again.body).toMatchObject({
    type: "dynamic",
    state: "active",
    rule: city("Aalen"),
    was_dynamic: false,
  });
  await settle();
  expect(await members(id)).toEqual([b]);
  await call(max, leads.update, { id: a, city: "Aalen" });
  await settle();
  expect(await members(id)).toEqual([a, b]);
  const twice = await call(max, segments.unconvert, { id });
  expect([twice.status, twice.problem.detail]).toEqual([409, "“Aalen” follows its rule already."]);

  // A draft has no members, so nobody may use them.
  const user = await active("Uses a draft", inside(draft.body.id));
  const used = await call(max, segments.unconvert, { id: draft.body.id });
  expect([used.status, used.problem.detail]).toEqual([
    409,
    "“Draft of Aalen” is used by the segment “Uses a draft”. Change them first.",
  ]);
  await call(max, segments.remove, { id: user });
  // Nor may it go in a circle by what it would use again.
  const other = await active("Of Aalen", inside(id));
  await call(max, segments.convert, { id: other });
  expect((await call(max, segments.update, { id, rule: inside(other) })).status).toBe(200);
  const circle = await call(max, segments.unconvert, { id: other });
  expect([circle.status, circle.problem.errors[0]?.code]).toEqual([400, "circle"]);
  await settle();
  const { body: plain } = await call(max, segments.create, { name: "Plain", type: "static" });
  expect((await call(max, segments.unconvert, { id: plain.id })).problem.detail).toBe(
    "“Plain” never followed a rule.",
  );
  const drafted = await call(max, segments.unconvert, { id: draft.body.id });
  expect(drafted.body).toMatchObject({ type: "dynamic", state: "draft", size: null, rule: city("Aalen") });
});
