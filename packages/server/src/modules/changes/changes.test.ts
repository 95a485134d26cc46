import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { BulkAction } from "@bellwether/contracts/changes";
import { newId } from "../../kernel/ids.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, useProgram } from "../../kernel/testing/program.ts";
import { done, history, lead, make } from "./testing.ts";

useProgram();
const { leads, bulk, changes, fields } = contract;
const everybody = { rule: { all: [] } };

let people: Cast;
let max: Person;
let ids: string[];
beforeAll(async () => {
  people = await cast();
  ({ max } = people);
  await call(people.ada, fields.create, {
    key: "plan",
    label: "Plan",
    type: "choice",
    options: [
      { value: "free", label: "Free" },
      { value: "pro", label: "Pro plan" },
    ],
  });
  await call(people.ada, fields.create, { key: "vat", label: "VAT", type: "text", unique: true });
  ids = await make(people.ada, 6, (n) => ({ city: n % 2 === 0 ? "Bonn" : "Kiel" }));
});

describe("POST /bulk", () => {
  test("202 at once with the number of leads; then it is done, counted and told in each lead's timeline", async () => {
    const action: BulkAction = { kind: "set_field", field: "stage", value: "qualified" };
    await call(people.ada, leads.update, { id: ids[0] ?? "", stage: "qualified" });
    const input = { lead_ids: ids.slice(0, 3), action };
    expect((await call(max, bulk.preview, input)).body).toEqual({
      total: 3,
      would_change: 2,
      would_refuse: 0,
      refused: [],
    });
    const started = await call(max, bulk.start, input);
    expect(started.body).toMatchObject({
      state: "running",
      total: 3,
      done: 0,
      can_undo: false,
      undone: null,
    });
    await settle();
    const { body } = await call(max, changes.show, { id: started.body.id });
    expect(body).toMatchObject({
      state: "done",
      kind: "set_field",
      summary: "Set Stage to Qualified",
      total: 3,
      done: 3,
      changed: 2,
      unchanged: 1,
      refused: [],
      can_undo: true,
      made_by: { name: "Max" },
    });
    expect((await lead(people.ada, ids[1])).stage).toBe("qualified");
    const change_set_id = body.id;
    expect((await history(people.ada, ids[1]))[0]).toEqual({
      name: "stage.changed",
      by: "Max",
      data: {
        from: "new",
        to: "qualified",
        how: "bulk",
        reason: null,
        spent_seconds: expect.any(Number),
        change_set_id,
      },
    });
    expect((await lead(people.ada, ids[3])).stage).toBe("new");
  });

  test("by rule and query together: who matches at the moment of asking, whatever happens after", async () => {
    const own = await make(people.ada, 3, () => ({ company: "Frozen Ltd" }));
    const { body } = await call(max, bulk.start, {
      rule: { field: "company", is: "eq", value: "Frozen Ltd" },
      q: "email:*example*",
      action: { kind: "set_field", field: "attributes.plan", value: "pro" },
    });
    const [late] = await make(people.ada, 1, () => ({ company: "Frozen Ltd" }));
    await call(people.ada, leads.update, { id: own[1] ?? "", company: "Moved Ltd" });
    await call(people.ada, leads.remove, { id: own[2] ?? "" });
    await settle();
    const set = (await call(max, changes.show, { id: body.id })).body;
    expect(set).toMatchObject({
      summary: "Set Plan to Pro plan",
      total: 3,
      done: 3,
      changed: 2,
      unchanged: 0,
    });
    expect(set.refused).toEqual([expect.objectContaining({ code: "gone", count: 1, samples: [own[2]] })]);
    expect((await lead(people.ada, own[1])).attributes).toEqual({ plan: "pro" });
    expect((await lead(people.ada, late)).attributes).toEqual({});
  });

  test("the owner, with the event that assigning has", async () => {
    const set = await done(max, {
      lead_ids: ids,
      action: { kind: "set_owner", owner_id: people.rep.member_id },
    });
    expect(set).toMatchObject({ summary: "Assign to Rep", changed: 6 });
    expect((await history(people.ada, ids[4]))[0]).toMatchObject({
      name: "lead.assigned",
      data: { from: null, to: people.rep.member_id },
    });
    const off = await done(max, { lead_ids: ids, action: { kind: "set_owner", owner_id: null } });
    expect(off).toMatchObject({ summary: "Unassign", changed: 6 });
  });

  test("tags, new and known, whatever their capitals", async () => {
    const added = await done(max, { lead_ids: ids.slice(0, 4), action: { kind: "add_tag", tag: "Fair 26" } });
    expect(added).toMatchObject({ summary: "Add tag “Fair 26”", changed: 4, unchanged: 0 });
    const again = await done(max, { lead_ids: ids, action: { kind: "add_tag", tag: "FAIR 26" } });
    expect(again).toMatchObject({ summary: "Add tag “Fair 26”", changed: 2, unchanged: 4 });
    expect((await lead(people.ada, ids[0])).tags).toEqual(["Fair 26"]);
    const before = (await lead(people.ada, ids[0])).revision;
    const removed = await done(max, { lead_ids: ids, action: { kind: "remove_tag", tag: "fair 26" } });
    expect(removed).toMatchObject({ changed: 6 });
    expect(await lead(people.ada, ids[0])).toMatchObject({ tags: [], revision: before + 1 });
    expect(
      (await history(people.ada, ids[0])).slice(0, 2).map(({ name, data }) => [name, data["tag"]]),
    ).toEqual([
      ["tag.removed", "Fair 26"],
      ["tag.added", "Fair 26"],
    ]);
    const nothing = await done(max, { lead_ids: ids, action: { kind: "remove_tag", tag: "No such" } });
    expect(nothing).toMatchObject({ state: "done", changed: 0, unchanged: 6, can_undo: false });
  });

  test("clearing leaves alone what would lose its last identifier, and says so", async () => {
    const [both, one] = await make(people.ada, 2, (n) => (n === 0 ? { external_id: `crm-${newId()}` } : {}));
    const action: BulkAction = { kind: "clear_field", field: "email" };
    const chosen = { lead_ids: [both ?? "", one ?? ""], action };
    expect((await call(max, bulk.preview, chosen)).body).toEqual({
      total: 2,
      would_change: 1,
      would_refuse: 1,
      refused: [{ code: "last_identifier", message: expect.stringContaining("no other e-mail"), count: 1 }],
    });
    const set = await done(max, chosen);
    expect(set).toMatchObject({ summary: "Clear E-mail", changed: 1, unchanged: 0 });
    expect(set.refused).toEqual([
      expect.objectContaining({ code: "last_identifier", count: 1, samples: [one] }),
    ]);
    expect((await lead(people.ada, both)).email).toBeNull();
  });

  test("deleting frees addresses and unique values at once", async () => {
    const vat = `DE${newId()}`;
    const [gone] = await make(people.ada, 1, () => ({ attributes: { vat } }));
    const { email } = await lead(people.ada, gone);
    await done(max, { lead_ids: [gone ?? ""], action: { kind: "delete" } });
    expect((await call(people.ada, leads.show, { id: gone ?? "" })).status).toBe(404);
    const anew = await call(people.ada, leads.create, { email, attributes: { vat } });
    expect(anew.status).toBe(201);
  });

  test("nobody matches: done, with nothing to undo", async () => {
    const { body } = await call(max, bulk.start, {
      q: "company:Nowhere",
      action: { kind: "delete" },
    });
    expect(body).toMatchObject({ state: "done", total: 0, changed: 0, can_undo: false });
  });
});

describe("refused at once", () => {
  const set = (field: string, value: unknown): BulkAction => ({ kind: "set_field", field, value });
  const actions: [status: number, code: string, action: BulkAction][] = [
    [400, "unknown_field", set("attributes.plann", "pro")],
    [400, "unknown_field", { kind: "clear_field", field: "nonsense" }],
    [422, "unknown_stage", set("stage", "nowhere")],
    [422, "required", { kind: "clear_field", field: "stage" }],
    [422, "required", set("stage", null)],
    [422, "read_only", set("score", 5)],
    [422, "read_only", set("created_at", "2026-01-01T00:00:00Z")],
    [422, "other_action", set("tags", ["x"])],
    [422, "other_action", set("owner_id", newId())],
    [422, "unknown_member", { kind: "set_owner", owner_id: newId() }],
    [422, "unique_field", set("email", "one@example.com")],
    [422, "unique_field", set("phone", "+49301234567")],
    [422, "unique_field", set("external_id", "7")],
    [422, "unique_field", set("attributes.vat", "DE7")],
    [422, "unknown_choice", set("attributes.plan", "gold")],
    [422, "too_big", set("qualification", 101)],
    [422, "invalid_type", set("company", 5)],
  ];
  test.each(actions)("%i %s: %o", async (status, code, action) => {
    for (const endpoint of [bulk.start, bulk.preview]) {
      const answer = await call(max, endpoint, { ...everybody, action });
      expect([answer.status, answer.problem.errors[0]?.code]).toEqual([status, code]);
    }
  });

  test("which leads must be said one way, and everybody by name", async () => {
    const action: BulkAction = { kind: "clear_field", field: "city" };
    const choices = [{}, { q: "" }, { q: "  " }, { lead_ids: [], ...everybody }, { lead_ids: ids, q: "x" }];
    for (const choice of choices) {
      const { status } = await call(max, bulk.start, { ...choice, action });
      expect([400, 422], JSON.stringify(choice)).toContain(status);
    }
    const unknown = await call(max, bulk.start, { rule: { field: "nope", is: "set" }, action });
    expect(unknown.problem.code).toBe("unknown_field");
    const { body } = await call(max, bulk.preview, { ...everybody, action });
    expect(body.total).toBeGreaterThanOrEqual(ids.length);
  });
});

describe("who may", () => {
  test("agents and viewers neither change, look nor undo", async () => {
    const set = await done(max, {
      lead_ids: ids,
      action: { kind: "set_field", field: "region", value: "North" },
    });
    for (const who of [people.rep, people.viewer]) {
      const action: BulkAction = { kind: "set_field", field: "city", value: "x" };
      const answers = await Promise.all([
        call(who, bulk.start, { lead_ids: ids, action }),
        call(who, bulk.preview, { lead_ids: ids, action }),
        call(who, changes.list, {}),
        call(who, changes.show, { id: set.id }),
        call(who, changes.undo, { id: set.id }),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403, 403, 403]);
    }
    expect((await lead(people.ada, ids[0])).region).toBe("North");
  });

  test("Rival's change doesn't reach these leads, and Rival sees and undoes nothing", async () => {
    const action: BulkAction = { kind: "set_field", field: "city", value: "Rival" };
    const set = await done(people.rival, { lead_ids: ids, action });
    expect(set.total).toBe(0);
    const own = await done(max, {
      lead_ids: ids,
      action: { kind: "set_field", field: "region", value: "East" },
    });
    for (const id of [own.id, newId()]) {
      expect((await call(people.rival, changes.show, { id })).status).toBe(404);
      expect((await call(people.rival, changes.undo, { id })).status).toBe(404);
    }
    expect((await call(people.rival, changes.list, {})).body.data.map(({ id }) => id)).toEqual([set.id]);
    expect((await lead(people.ada, ids[0])).region).toBe("East");
  });

  test("the history is newest first, page by page", async () => {
    const first = (await call(max, changes.list, { limit: 2 })).body;
    const second = (await call(max, changes.list, { limit: 2, cursor: first.next_cursor ?? "" })).body;
    const seen = [...first.data, ...second.data].map(({ id }) => id);
    expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
    expect(seen).toHaveLength(4);
    const bad = await call(max, changes.list, { cursor: "bm90IGEgY3Vyc29y" });
    expect(bad.problem.code).toBe("bad_cursor");
  });
});
