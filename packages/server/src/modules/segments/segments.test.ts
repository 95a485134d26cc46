import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { newId } from "../../kernel/ids.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, raw, settle, useProgram } from "../../kernel/testing/program.ts";
import { makeActive } from "./testing.ts";

/** Segments by the front door: made, kept, used, explained, retired; to each what they may see. */
useProgram();
const { segments, leads, bulk, changes, views, fields, identity } = contract;
let people: Cast;
let counter = 0;
beforeAll(async () => {
  people = await cast();
});

async function lead(values: object = {}, who: Person = people.max): Promise<string> {
  const { body, status } = await call(who, leads.create, { email: `s${++counter}@example.com`, ...values });
  expect(status).toBe(201);
  return body.id;
}
const active = (name: string, rule: Rule, more: object = {}) => makeActive(people.max, name, rule, more);
async function members(id: string, who: Person = people.max): Promise<string[]> {
  const { body } = await call(who, segments.members.list, { id, limit: 200 });
  const listed = await call(who, leads.query, {
    rule: { segment: id, member: true },
    limit: 200,
    count: "exact",
  });
  expect(listed.body.data.map((each) => each.id).toSorted()).toEqual(body.data.map((each) => each.lead.id));
  const { size } = (await call(who, segments.show, { id })).body;
  expect(size).toBe(body.data.length);
  return body.data.map((each) => each.lead.id);
}
const city = (value: string): Rule => ({ field: "city", is: "eq", value });

const listed = async (id: string) =>
  (await call(people.max, segments.list, {})).body.data.find((each) => each.id === id);

test("a dynamic segment has those who match when it is made, and follows them from then on", async () => {
  const inside = await lead({ city: "Ulm" });
  const outside = await lead({ city: "Bonn" });
  const id = await active("In Ulm", city("Ulm"));
  expect(await members(id)).toEqual([inside]);
  await call(people.max, leads.update, { id: outside, city: "Ulm" });
  const third = await lead({ city: "Ulm" });
  await call(people.max, leads.update, { id: inside, city: null });
  await settle();
  expect(await members(id)).toEqual([outside, third]);
  await call(people.max, leads.remove, { id: outside });
  await call(people.max, leads.hide, { id: third });
  await settle();
  expect(await members(id)).toEqual([]);
  await call(people.max, leads.restore, { id: outside });
  await call(people.max, leads.unhide, { id: third });
  await settle();
  expect(await members(id)).toEqual([outside, third]);
  const { body: timeline } = await call(people.max, leads.timeline, { id: outside });
  expect(timeline.data.map((event) => event.name).filter((name) => name.startsWith("segment."))).toEqual([
    "segment.entered",
    "segment.left",
    "segment.entered",
  ]);
  const { body: growth } = await call(people.max, segments.growth, { id });
  expect(growth.data).toHaveLength(1);
  expect(growth.data[0]).toMatchObject({ entered: 5, left: 3, size: 2 });
  const { body: card } = await call(people.max, segments.ofLead, { id: third });
  expect(card.data).toMatchObject([{ id, name: "In Ulm", type: "dynamic" }]);
  expect((await listed(id))?.recent).toEqual({ entered: 5, left: 3 });
});

test("a rule without conditions matches nobody until everyone is chosen", async () => {
  const nobodies = await active("Nobody", { all: [] });
  expect(await members(nobodies)).toEqual([]);
  const preview = await call(people.max, segments.preview, { rule: { all: [] } });
  expect(preview.body.count).toEqual({ value: 0, exact: true });
  const all = (await call(people.max, leads.query, { rule: { all: [] }, count: "exact" })).body.count?.value;
  const everyone = await call(people.max, segments.create, { name: "All", everyone: true, state: "active" });
  expect(everyone.body.size).toBe(all);
  const half = await call(people.max, segments.create, {
    name: "x",
    rule: { any: [{ all: [] }, city("Ulm")] },
  });
  expect([half.status, half.problem.detail]).toEqual([
    400,
    "A group in the rule has no conditions. Fill it or take it out.",
  ]);
});

test("a change of rule says who enters and leaves before it is made, and keeps since when the others are in", async () => {
  const a = await lead({ city: "Jena", company: "A" });
  const b = await lead({ city: "Jena", company: "B" });
  const c = await lead({ city: "Gera", company: "B" });
  const id = await active("Jena", city("Jena"));
  const before = (await call(people.max, segments.explain, { id, lead: b })).body.entered_at;
  const rule: Rule = {
    all: [{ field: "company", is: "eq", value: "B" }, { any: [city("Jena"), city("Gera")] }],
  };
  const impact = await call(people.max, segments.impact, { id, rule });
  expect(impact.body).toMatchObject({
    size: 2,
    enter: 1,
    leave: 1,
    enter_sample: [{ id: c }],
    leave_sample: [{ id: a }],
  });
  const { body: shown } = await call(people.max, segments.show, { id });
  const saved = await call(people.max, segments.update, { id, rule, version: shown.version });
  expect(saved.status).toBe(200);
  await settle();
  expect(await members(id)).toEqual([b, c]);
  const after = await call(people.max, segments.explain, { id, lead: b });
  expect(after.body.entered_at).toBe(before);
  const late = await call(people.ada, segments.update, { id, name: "Late", version: shown.version });
  expect([late.status, late.problem.code]).toEqual([412, "changed_meanwhile"]);
  const why = await call(people.max, segments.explain, { id, lead: a });
  expect(why.body).toMatchObject({
    member: false,
    meets: false,
    explained: {
      kind: "all",
      met: false,
      parts: [
        { kind: "condition", met: false, has: "A", rule: { field: "company", is: "eq", value: "B" } },
        {
          kind: "any",
          met: true,
          parts: [
            { met: true, has: "Jena" },
            { met: false, has: "Jena" },
          ],
        },
      ],
    },
  });
});

test("segments that use segments follow them; circles, drafts and unknown ones are refused by name", async () => {
  const tagged = await active("Tagged", { field: "tags", is: "any_of", value: ["Wanted"] });
  const both = await active("Tagged in Kiel", { all: [{ segment: tagged, member: true }, city("Kiel")] });
  const without = await active("Kiel untagged", { all: [{ segment: tagged, member: false }, city("Kiel")] });
  const top = await active("Top", { segment: both, member: true });
  const id = await lead({ city: "Kiel" });
  await settle();
  expect([await members(both), await members(without), await members(top)]).toEqual([[], [id], []]);
  await call(people.max, leads.addTag, { id, tag: "wanted" });
  await settle();
  expect([await members(both), await members(without), await members(top)]).toEqual([[id], [], [id]]);
  // A renamed tag is another word: the rule finds nobody any more, though no lead has changed.
  const tag = (await call(people.max, contract.tags.list)).body.data.find(
    (each) => each.name.toLowerCase() === "wanted",
  );
  await call(people.max, contract.tags.update, { id: tag?.id ?? "", name: "Unwanted" });
  await settle();
  expect([await members(both), await members(without), await members(top)]).toEqual([[], [id], []]);
  const circle = await call(people.max, segments.update, {
    id: tagged,
    rule: { segment: top, member: false },
  });
  expect([circle.status, circle.problem.detail]).toEqual([
    400,
    "This goes in a circle: “Tagged” uses “Top” uses “Tagged in Kiel” uses “Tagged”. Take one of these conditions out.",
  ]);
  const draft = await call(people.max, segments.create, { name: "Draft", rule: city("Kiel") });
  expect(draft.body).toMatchObject({ state: "draft", size: null });
  const onDraft = await call(people.max, segments.create, {
    name: "y",
    rule: { segment: draft.body.id, member: true },
  });
  expect([onDraft.status, onDraft.problem.detail]).toEqual([400, "“Draft” is a draft. Activate it first."]);
  const asked = await call(people.max, leads.query, { rule: { segment: draft.body.id, member: true } });
  expect([asked.status, asked.problem.errors[0]?.path]).toEqual([400, "rule.segment"]);
  const typed = await call(people.max, leads.search, { query: 'segment:"taged in Kiel"' });
  expect(typed.problem.detail).toBe("There is no segment “taged in Kiel”. Did you mean “Tagged in Kiel”?");
  const found = await call(people.max, leads.search, {
    query: 'city:Kiel -segment:"tagged in KIEL" segment:"Kiel untagged",Top',
  });
  expect(found.body.data.map((each) => each.id)).toEqual([id]);
  expect((await call(people.max, segments.show, { id: top })).body.query).toBe('segment:"Tagged in Kiel"');
});

test("a used segment isn't deleted, and retired only by who means it; then it stays as it is, for nothing new", async () => {
  const id = await active("Retiring", city("Hof"));
  const user = await active("Uses it", { segment: id, member: true });
  await call(people.max, views.create, { name: "By words", q: "segment:Retiring", shared: true });
  await call(people.ada, views.create, { name: "Ada's own", rule: { segment: id, member: false } });
  const a = await lead({ city: "Hof" });
  await settle();
  const used_in = [
    { kind: "segment", id: user, name: "Uses it" },
    { kind: "view", name: "Somebody's own view" },
    { kind: "view", name: "By words" },
  ];
  const refused = await call(people.max, segments.setState, { id, state: "retired" });
  expect([refused.status, refused.problem["used_in"]]).toMatchObject([409, used_in]);
  expect((await listed(id))?.uses).toBe(3);
  expect((await call(people.max, segments.remove, { id })).status).toBe(409);
  const retired = await call(people.max, segments.setState, { id, state: "retired", even_if_used: true });
  expect(retired.body).toMatchObject({ state: "retired", used_in, size: 1 });
  await lead({ city: "Hof" });
  await settle();
  expect(await members(id)).toEqual([a]);
  const anew = await call(people.max, segments.create, {
    name: "New use",
    rule: { segment: id, member: true },
  });
  expect(anew.problem.errors[0]?.code).toBe("retired_segment");
  expect(
    (
      await call(people.max, segments.update, {
        id: user,
        rule: { all: [{ segment: id, member: true }, city("Hof")] },
      })
    ).status,
  ).toBe(200);
  await call(people.max, segments.setState, { id, state: "active" });
  await settle();
  expect(await members(id)).toHaveLength(2);
  expect(await members(user)).toHaveLength(2);
});

test("static members are added and removed by hand and in bulk, undone, and come back with their leads", async () => {
  const [a, b, c] = [await lead({ city: "Trier" }), await lead({ city: "Trier" }), await lead()];
  const { body: made } = await call(people.max, segments.create, { name: "By hand", type: "static" });
  const { id } = made;
  expect(made).toMatchObject({ state: "active", size: 0, rule: null });
  const gone = newId();
  const added = await call(people.max, segments.members.add, { id, lead_ids: [a, c, c, gone] });
  expect(added.body).toEqual({ added: 2, already: 0, missing: [gone] });
  const user = await active("Of hand", { all: [{ segment: id, member: true }, city("Trier")] });
  expect(await members(user)).toEqual([a]);
  const action = { kind: "add_to_segment", segment_id: id } as const;
  const preview = await call(people.max, bulk.preview, { rule: city("Trier"), action });
  expect(preview.body).toEqual({ total: 2, would_change: 1, would_refuse: 0, refused: [] });
  const change = await call(people.max, bulk.start, { rule: city("Trier"), action });
  expect(change.body.summary).toBe("Add to segment “By hand”");
  await settle();
  expect(await members(id)).toEqual([a, b, c]);
  expect(await members(user)).toEqual([a, b]);
  await call(people.max, changes.undo, { id: change.body.id });
  await settle();
  expect(await members(id)).toEqual([a, c]);
  expect(await members(user)).toEqual([a]);
  await call(people.max, leads.remove, { id: c });
  await settle();
  expect(await members(id)).toEqual([a]);
  await call(people.max, leads.restore, { id: c });
  await settle();
  expect(await members(id)).toEqual([a, c]);
  // A merged lead passes its membership on, and takes it back when that is undone.
  const merged = await call(people.ada, contract.duplicates.merge, { id: b, other_id: c });
  expect(merged.status).toBe(200);
  await settle();
  expect(await members(id)).toEqual([a, b]);
  await call(people.ada, changes.undo, { id: merged.body.change_set_id });
  await settle();
  expect(await members(id)).toEqual([a, c]);
  expect((await call(people.max, segments.members.remove, { id, lead_ids: [a, b] })).body).toEqual({
    removed: 1,
  });
  await settle();
  expect([await members(id), await members(user)]).toEqual([[c], []]);
  const copy = await call(people.max, segments.duplicate, { id });
  expect(copy.body).toMatchObject({ name: "By hand copy", type: "static", size: 1 });
  const byRule = await call(people.max, segments.members.add, { id: user, lead_ids: [a] });
  expect([byRule.status, byRule.problem.detail]).toEqual([
    409,
    "“Of hand” follows its rule: change the rule, or make the segment static first.",
  ]);
  const frozen = await call(people.max, segments.convert, { id: user });
  expect(frozen.body).toMatchObject({ type: "static", rule: null, size: 0, state: "active" });
  expect((await call(people.max, segments.members.add, { id: user, lead_ids: [a] })).body.added).toBe(1);
  const snapshot = await call(people.max, segments.create, {
    name: "Snapshot",
    type: "static",
    rule: city("Trier"),
  });
  expect(snapshot.body).toMatchObject({ type: "static", rule: null, size: 2 });
});

test("what a rule can't mean or keep is refused with the reason, and nothing is lost", async () => {
  const refusals: [object, number, string][] = [
    [
      { rule: { words: "anna" } },
      400,
      "Free words find leads in a list and can't be kept up to date. Name the field, such as Company contains “…”.",
    ],
    [
      { rule: { field: "owner_id", is: "eq", value: "me" } },
      400,
      "“Me” is somebody else for everybody who looks. Name the member instead.",
    ],
    [
      { rule: { field: "companyy", is: "set" } },
      400,
      "There is no field “companyy”. Did you mean “company”?",
    ],
    [
      { rule: { segment: newId(), member: true } },
      400,
      "The rule names a segment that doesn't exist any more. Choose another one.",
    ],
    [{ rule: { segment: "Top", member: true } }, 400, "Name the segment by its id."],
    [
      { rule: city("Ulm"), everyone: true },
      400,
      "A segment of everyone has no conditions. Leave one of the two out.",
    ],
    [{ name: "  " }, 422, "Enter a name."],
    [{ name: "ïn ulm" }, 409, "There is a segment called “ïn ulm” already. Choose another name."],
  ];
  for (const [input, status, detail] of refusals) {
    const answer = await raw<object>(people.max, "POST", "/segments", { name: "Refused", ...input });
    expect([answer.status, answer.problem.detail]).toEqual([status, expect.stringContaining(detail)]);
  }
  await call(people.ada, fields.create, { key: "wave", label: "Wave", type: "number" });
  const id = await active("By wave", { field: "attributes.wave", is: "gt", value: 3 });
  const inside = await lead({ attributes: { wave: 4 } });
  await settle();
  await call(people.ada, fields.update, { key: "wave", archived: true });
  await call(people.ada, fields.remove, { key: "wave" });
  await settle();
  expect((await call(people.max, segments.show, { id })).body).toMatchObject({
    broken: "There is no field “attributes.wave”.",
    size: 1,
  });
  expect(await members(id)).toEqual([inside]);
  await call(people.max, segments.update, { id, rule: city("Nowhere") });
  await settle();
  expect((await call(people.max, segments.show, { id })).body).toMatchObject({ broken: null, size: 0 });
});

test("to each what they may: roles, own leads alone, and another workspace sees nothing", async () => {
  const { max, rep, viewer, rival, ada } = people;
  const mine = await lead({ city: "Worms", owner_id: rep.member_id });
  const others = await lead({ city: "Worms", owner_id: max.member_id });
  const id = await active("Worms", city("Worms"));
  for (const who of [rep, viewer]) {
    expect(await members(id, who)).toEqual([mine, others]);
    expect((await call(who, segments.create, { name: "Mine" })).status).toBe(403);
    expect((await call(who, segments.update, { id, name: "Mine" })).status).toBe(403);
    expect((await call(who, segments.members.add, { id, lead_ids: [mine] })).status).toBe(403);
  }
  await call(ada, identity.workspace.update, { agents_see_own: true });
  expect(await members(id, rep)).toEqual([mine]);
  expect((await call(rep, segments.explain, { id, lead: others })).status).toBe(404);
  expect((await call(rep, segments.growth, { id })).status).toBe(403);
  await call(ada, identity.workspace.update, { agents_see_own: false, viewers_masked: true });
  const contact = await active("By address", { field: "email", is: "set" });
  expect((await call(viewer, segments.show, { id: contact })).body.broken).toBeNull();
  expect((await call(viewer, segments.explain, { id: contact, lead: mine })).status).toBe(403);
  await call(ada, identity.workspace.update, { viewers_masked: false });
  const theirs = await call(rival, segments.create, { name: "Worms", rule: city("Worms"), state: "active" });
  expect(theirs.body).toMatchObject({ size: 0 });
  expect((await call(rival, segments.names)).body.data).toHaveLength(1);
  const probe = await call(rival, leads.query, { rule: { segment: id, member: true } });
  const missing = await call(rival, leads.query, { rule: { segment: newId(), member: true } });
  expect([probe.status, probe.problem.detail]).toEqual([missing.status, missing.problem.detail]);
  expect((await call(rival, segments.members.list, { id })).status).toBe(404);
  expect((await call(rival, segments.members.add, { id: theirs.body.id, lead_ids: [mine] })).status).toBe(
    409,
  );
  const hand = await call(rival, segments.create, { name: "Hand", type: "static" });
  expect((await call(rival, segments.members.add, { id: hand.body.id, lead_ids: [mine] })).body).toEqual({
    added: 0,
    already: 0,
    missing: [mine],
  });
  const steal = await call(rival, bulk.start, {
    lead_ids: [mine],
    action: { kind: "add_to_segment", segment_id: id },
  });
  expect(steal.status).toBe(422);
  expect((await call(nobody, segments.list)).status).toBe(401);
});
