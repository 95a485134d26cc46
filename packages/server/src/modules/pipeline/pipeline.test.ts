import { beforeEach, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, settle, useProgram } from "../../kernel/testing/program.ts";

/** Stages as a workspace keeps them. */
useProgram();
const { leads, stages, lostReasons, changes, bulk } = contract;
let people: Cast;
beforeEach(async () => {
  people = await cast();
});
const keys = async () => (await call(people.ada, stages.list, {})).body.data.map((stage) => stage.key);
async function make(email: string, more: object = {}) {
  return (await call(people.ada, leads.create, { email, ...more })).body.id;
}
const lead = async (id: string) => (await call(people.ada, leads.show, { id })).body;

describe("the settings of stages", () => {
  test("a stage is added at the end, with a key from its name, and changed", async () => {
    const { status, body } = await call(people.ada, stages.create, { name: "Démo booked!" });
    expect([status, body]).toEqual([
      201,
      {
        key: "demo_booked",
        name: "Démo booked!",
        colour: "#64748b",
        kind: "open",
        position: 8,
        target_days: null,
        required_fields: [],
      },
    ]);
    const changed = await call(people.ada, stages.update, {
      key: "demo_booked",
      name: "Demo",
      target_days: 7,
    });
    expect(changed.body).toMatchObject({ key: "demo_booked", name: "Demo", target_days: 7, kind: "open" });
    expect((await call(people.rival, stages.update, { key: "demo_booked", name: "Mine" })).status).toBe(404);
  });

  test("names differ by more than capitals; keys are never given twice", async () => {
    const again = await call(people.ada, stages.create, { name: "NEW" });
    expect([again.status, again.problem.detail]).toEqual([
      409,
      "There is a stage “New” already. Choose another name.",
    ]);
    expect((await call(people.ada, stages.update, { key: "lost", name: "contacted" })).status).toBe(409);
    expect((await call(people.ada, stages.update, { key: "lost", name: "LOST" })).status).toBe(200);
    expect((await call(people.ada, stages.create, { key: "new", name: "Other" })).status).toBe(409);
  });

  test("only fields that a lead can be given can be asked for", async () => {
    const { status, problem } = await call(people.ada, stages.update, {
      key: "qualified",
      required_fields: ["company", "score", "attributes.nope"],
    });
    expect([status, problem.errors.map((error) => error.message)]).toEqual([
      422,
      [
        "“score” isn't a field that a stage can ask for.",
        "“attributes.nope” isn't a field that a stage can ask for.",
      ],
    ]);
  });

  test("only admins change them", async () => {
    for (const who of [people.max, people.rep, people.viewer]) {
      // oxlint-disable-next-line no-await-in-loop -- three
      expect((await call(who, stages.create, { name: "Mine" })).status).toBe(403);
    }
    expect((await call(people.viewer, stages.list, {})).status).toBe(200);
  });

  test("a pipeline has 200 stages at most", async () => {
    const all = Array.from({ length: 192 }, (_, n) => call(people.ada, stages.create, { name: `S ${n}` }));
    expect((await Promise.all(all)).filter((each) => each.status !== 201)).toEqual([]);
    const { status, problem } = await call(people.ada, stages.create, { name: "One more" });
    expect([status, problem.errors[0]?.code]).toEqual([422, "too_many"]);
  });

  test("two admins put them in order at once: the second is told", async () => {
    const was = await keys();
    const first = [...was.slice(1), "new"];
    const answers = await Promise.all([
      call(people.ada, stages.order, { keys: first, was }),
      call(people.ada, stages.order, { keys: was.toReversed(), was }),
    ]);
    expect(answers.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    const missing = await call(people.ada, stages.order, { keys: was.slice(1) });
    expect([missing.status, missing.problem.errors[0]?.message]).toEqual([
      422,
      "The stage “new” is missing.",
    ]);
  });

  test("new leads begin at the first open stage", async () => {
    await call(people.ada, stages.order, {
      keys: ["lost", "qualifying", ...(await keys()).filter((key) => key !== "lost" && key !== "qualifying")],
    });
    expect((await lead(await make("first@example.com"))).stage).toBe("qualifying");
  });

  test("a stage with leads stays open or final", async () => {
    await make("held@example.com", { stage: "contacted" });
    const { status, problem } = await call(people.ada, stages.update, { key: "contacted", kind: "won" });
    expect([status, problem.code]).toEqual([409, "not_in_state"]);
    expect((await call(people.ada, stages.update, { key: "qualifying", kind: "won" })).status).toBe(200);
    expect((await call(people.ada, stages.update, { key: "archived", kind: "lost" })).status).toBe(200);
  });

  test("reasons for losing a lead are a list of the workspace's own", async () => {
    expect((await call(people.viewer, lostReasons.list, {})).body.data).toContain("Price");
    const saved = await call(people.ada, lostReasons.save, { reasons: ["Mars", "Moon", "MARS"] });
    expect(saved.body.data).toEqual(["Mars", "Moon"]);
    expect((await call(people.max, lostReasons.save, { reasons: [] })).status).toBe(403);
    expect((await call(people.rival, lostReasons.list, {})).body.data).not.toContain("Mars");
  });

  test("of two admins who save lost reasons in the same instant the second is told what the first made of them", async () => {
    const was = (await call(people.ada, lostReasons.list, {})).body.data;
    const mine = [...was, "Ada's reason"];
    const theirs = ["Theirs", ...was];
    const both = await Promise.all(
      [mine, theirs].map((reasons) => call(people.ada, lostReasons.save, { reasons, was })),
    );
    const [first, second] = both.toSorted((a, b) => a.status - b.status);
    expect([first?.status, second?.status]).toEqual([200, 412]);
    expect(second?.problem).toMatchObject({
      code: "changed_meanwhile",
      detail: "Somebody else changed the lost reasons meanwhile. Look at theirs, then decide.",
      current: first?.body.data,
    });
    const now = (await call(people.ada, lostReasons.list, {})).body.data;
    expect(now).toEqual(first?.body.data);
    expect((await call(people.ada, lostReasons.save, { reasons: ["Both"], was: now })).status).toBe(200);
    expect((await call(people.ada, lostReasons.save, { reasons: ["Whoever asks last"] })).status).toBe(200);
  });
});

describe("removing a stage", () => {
  test("409 names how many leads are in it; with a place for them they go, and come back with an undo", async () => {
    const ids = [await make("a@x.io", { stage: "follow_up" }), await make("b@x.io", { stage: "follow_up" })];
    const asked = await call(people.ada, stages.remove, { key: "follow_up" });
    expect([asked.status, asked.problem.detail]).toEqual([
      409,
      "2 leads are in “Follow-up”. Choose the stage where they go (move_to).",
    ]);
    expect(await keys()).toContain("follow_up");
    const { status, body } = await call(people.ada, stages.remove, { key: "follow_up", move_to: "lost" });
    expect(status).toBe(202);
    expect(await keys()).not.toContain("follow_up");
    await settle();
    expect(await lead(ids[0] ?? "")).toMatchObject({
      stage: "lost",
      lost_reason: "The stage “Follow-up” was removed",
    });
    const gone = await call(people.rep, leads.setStage, { id: await make("c@x.io"), stage: "follow_up" });
    expect([gone.status, gone.problem.errors[0]?.code]).toEqual([422, "unknown_stage"]);
    await call(people.ada, stages.create, { name: "follow-up" });
    await call(people.ada, changes.undo, { id: body.change_set_id ?? "" });
    await settle();
    expect(await lead(ids[1] ?? "")).toMatchObject({ stage: "follow_up", lost_reason: null });
    expect(
      (await call(people.ada, stages.list, {})).body.data.find((each) => each.key === "follow_up")?.name,
    ).toBe("Follow-up (follow_up)");
    expect((await call(people.ada, leads.moves, { id: ids[0] ?? "" })).body.data).toMatchObject([
      { from: "follow_up", to: "lost", how: "stage_removed", undone: true },
    ]);
  });

  test("an empty one is gone at once; the last open one stays", async () => {
    const { status, body } = await call(people.ada, stages.remove, { key: "archived" });
    expect([status, body.change_set_id]).toEqual([202, null]);
    for (const key of ["new", "contacted", "qualifying", "qualified"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: each sees the list that the last one left
      expect((await call(people.ada, stages.remove, { key })).status).toBe(202);
    }
    const last = await call(people.ada, stages.remove, { key: "follow_up" });
    expect([last.status, last.problem.code]).toEqual([409, "not_in_state"]);
    expect((await call(people.ada, stages.remove, { key: "nope" })).status).toBe(404);
    expect((await call(people.ada, stages.remove, { key: "lost", move_to: "lost" })).status).toBe(422);
  });

  test("while others move leads into it: none is left behind", async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => make(`r${n}@x.io`)));
    const [removed] = await Promise.all([
      call(people.ada, stages.remove, { key: "contacted", move_to: "qualifying" }),
      ...ids.map((id) => call(people.rep, leads.setStage, { id, stage: "contacted" })),
    ]);
    expect(removed.status).toBe(202);
    await settle();
    const now = await Promise.all(ids.map(async (id) => (await lead(id)).stage));
    expect(now.filter((stage) => stage === "contacted")).toEqual([]);
  });

  test("a lead that comes out of the bin follows the others", async () => {
    const id = await make("binned@x.io", { stage: "contacted" });
    await call(people.ada, leads.remove, { id });
    await call(people.ada, stages.remove, { key: "contacted", move_to: "qualifying" });
    await call(people.ada, leads.restore, { id });
    expect((await lead(id)).stage).toBe("qualifying");
  });
});

describe("moves of many", () => {
  test("refused ones are counted by reason, the others moved, and an undo puts back exactly what was", async () => {
    await call(people.ada, stages.update, { key: "qualified", required_fields: ["company"] });
    const lost = await make("l@x.io", { stage: "lost", lost_reason: "Price" });
    const poor = await make("p@x.io");
    const rich = await make("r@x.io", { company: "Acme" });
    const before = await lead(rich);
    const lead_ids = [lost, poor, rich];
    const { body } = await call(people.max, bulk.start, {
      lead_ids,
      action: { kind: "set_stage", stage: "qualified" },
    });
    await settle();
    const set = (await call(people.max, changes.show, { id: body.id })).body;
    expect(set).toMatchObject({ changed: 1, unchanged: 0 });
    expect(set.refused.filter((each) => each.count > 0).map((each) => [each.code, each.message])).toEqual(
      expect.arrayContaining([
        ["final_stage", "It is in a final stage, which keeps stage and owner. Reopen it first."],
        ["required_by_stage", "“Qualified” asks for Company."],
      ]),
    );
    await call(people.max, changes.undo, { id: body.id });
    await settle();
    expect(await lead(rich)).toMatchObject({ stage: "new", stage_since: before.stage_since });
  });

  test("a reason is asked for once, and undone with the move; what moved since stays", async () => {
    const ids = [await make("1@x.io"), await make("2@x.io")];
    const action = { kind: "set_stage" as const, stage: "lost" };
    const without = await call(people.max, bulk.start, { lead_ids: ids, action });
    expect([without.status, without.problem.errors[0]?.path]).toEqual([422, "action.reason"]);
    const { body } = await call(people.max, bulk.start, {
      lead_ids: ids,
      action: { ...action, reason: "Price" },
    });
    await settle();
    expect(await lead(ids[0] ?? "")).toMatchObject({ stage: "lost", lost_reason: "Price" });
    // Away and back: the stage is the same, the stay is another.
    await call(people.max, leads.reopen, { id: ids[1] ?? "" });
    await call(people.max, leads.setStage, { id: ids[1] ?? "", stage: "lost", reason: "Price" });
    await call(people.max, changes.undo, { id: body.id });
    await settle();
    const set = (await call(people.max, changes.show, { id: body.id })).body;
    expect(set.undone).toEqual({ restored: 1, kept: 1 });
    expect(await lead(ids[0] ?? "")).toMatchObject({ stage: "new", lost_reason: null });
    expect(await lead(ids[1] ?? "")).toMatchObject({ stage: "lost" });
  });

  test("owners of final leads stay, in bulk and when the member leaves", async () => {
    const owner_id = people.rep.member_id;
    const won = await make("won@x.io", { stage: "converted", owner_id });
    const open = await make("open@x.io", { owner_id });
    const { body } = await call(people.max, bulk.start, {
      lead_ids: [won, open],
      action: { kind: "set_owner", owner_id: people.max.member_id },
    });
    await settle();
    const set = (await call(people.max, changes.show, { id: body.id })).body;
    expect([set.changed, set.refused.find((each) => each.code === "final_stage")?.count]).toEqual([1, 1]);
    await call(people.ada, contract.identity.members.remove, { id: owner_id });
    await settle();
    expect((await lead(won)).owner_id).toBe(owner_id);
  });
});
