import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { clock } from "../../kernel/clock.ts";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, the, useProgram } from "../../kernel/testing/program.ts";

/** One way to move a lead: what stages ask for, what final ones hold, and what is kept of each move. */
useProgram();
const { leads, stages, fields } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
  await call(people.ada, fields.create, { key: "plan", label: "Plan", type: "text" });
  await call(people.ada, stages.update, {
    key: "qualified",
    required_fields: ["company", "attributes.plan"],
    target_days: 3,
  });
});

let counter = 0;
async function make(more: object = {}, who: Person = people.ada) {
  const { body, status, problem } = await call(who, leads.create, {
    email: `moved-${++counter}@example.com`,
    ...more,
  });
  expect([status, problem.detail]).toEqual([201, undefined]);
  return body;
}
const moves = async (id: string) => (await call(people.ada, leads.moves, { id })).body.data;
const move = (who: Person, id: string, stage: string, more: object = {}) =>
  call(who, leads.setStage, { id, stage, ...more });

describe("PUT /leads/{id}/stage", () => {
  test("moves, tells of it, and keeps who, when, how, from, to and how long it had stayed", async () => {
    const { id, stage_since } = await make();
    const { status, body } = await move(people.rep, id, "contacted", { how: "board" });
    expect([status, body.stage, body.lost_reason, body.overdue]).toEqual([200, "contacted", null, false]);
    expect(Date.parse(body.stage_since)).toBeGreaterThanOrEqual(Date.parse(stage_since));
    expect(await moves(id)).toMatchObject([
      { from: "new", to: "contacted", how: "board", reason: null, undone: false, actor: { name: "Rep" } },
    ]);
    const timeline = await call(people.ada, leads.timeline, { id });
    expect(timeline.body.data[0]).toMatchObject({
      name: "stage.changed",
      actor: { name: "Rep" },
      data: { from: "new", to: "contacted", how: "board" },
    });
  });

  test("the same stage again changes nothing", async () => {
    const { id, revision } = await make();
    expect((await move(people.rep, id, "new")).body.revision).toBe(revision);
    expect(await moves(id)).toEqual([]);
  });

  test("422 names each field that the stage asks for, and takes them with the move", async () => {
    const { id } = await make({ city: "Bonn" });
    const refused = await move(people.rep, id, "qualified", { fields: { city: "Kiel" } });
    expect(refused.status).toBe(422);
    expect(refused.problem.errors).toEqual([
      { path: "fields.company", code: "required_by_stage", message: "“Qualified” asks for Company." },
      { path: "fields.attributes.plan", code: "required_by_stage", message: "“Qualified” asks for Plan." },
    ]);
    const given = { company: "Acme", attributes: { plan: "pro" } };
    const { body } = await move(people.rep, id, "qualified", { fields: given });
    expect(body).toMatchObject({ stage: "qualified", city: "Bonn", ...given });
  });

  test("422 names the missing reason; with it the lead is lost", async () => {
    const { id } = await make();
    const refused = await move(people.rep, id, "lost");
    expect([refused.status, refused.problem.errors[0]?.path, refused.problem.errors[0]?.code]).toEqual([
      422,
      "reason",
      "reason_required",
    ]);
    const { body } = await move(people.rep, id, "lost", { reason: "Price" });
    expect([body.stage, body.lost_reason]).toEqual(["lost", "Price"]);
    expect((await moves(id))[0]).toMatchObject({ to: "lost", reason: "Price" });
    const { problem } = await move(people.rep, (await make()).id, "contacted", { reason: "Price" });
    expect(problem.errors[0]).toMatchObject({ path: "reason", code: "not_lost" });
  });

  test("an unknown stage is 422 and says which was meant", async () => {
    const { id } = await make();
    const { status, problem } = await move(people.rep, id, "qualifed");
    expect([status, problem.detail]).toEqual([
      422,
      "There is no stage “qualifed”. Did you mean “qualifying”?",
    ]);
  });

  test("two people who move the same card: the second is told, by `from` and by If-Match", async () => {
    const { id, revision } = await make();
    await move(people.rep, id, "contacted", { from: "new" });
    const late = await move(people.max, id, "qualifying", { from: "new" });
    expect([late.status, late.problem.detail]).toEqual([
      412,
      "Somebody moved this lead to “Contacted” meanwhile.",
    ]);
    const other = await call(
      people.max,
      leads.setStage,
      { id, stage: "qualifying" },
      { "if-match": `"${revision}"` },
    );
    expect(other.status).toBe(412);
    expect(await moves(id)).toHaveLength(1);
  });

  test("fifty moves at once lose none and double none", async () => {
    const { id } = await make();
    const keys = ["contacted", "qualifying", "follow_up", "new"];
    await Promise.all(Array.from({ length: 50 }, (_, n) => move(people.rep, id, keys[n % 4] ?? "new")));
    const all = (await call(people.ada, leads.moves, { id, limit: 200 })).body.data.toReversed();
    const chain = all.map((each) => each.from);
    expect(chain).toEqual(["new", ...all.slice(0, -1).map((each) => each.to)]);
    expect(all.at(-1)?.to).toBe((await call(people.ada, leads.show, { id })).body.stage);
  });

  test("viewers are refused; who can't see a lead can't tell it from none", async () => {
    const { id } = await make({ owner_id: people.max.member_id });
    expect((await move(people.viewer, id, "contacted")).status).toBe(403);
    const hidden = await move(people.rival, id, "contacted");
    const missing = await move(people.rival, "01900000-0000-7000-8000-000000000000", "contacted");
    expect([hidden.status, hidden.problem.detail]).toEqual([404, missing.problem.detail]);
    expect((await call(people.rival, leads.moves, { id })).status).toBe(404);
    expect((await call(people.rival, leads.reopen, { id })).status).toBe(404);
  });
});

describe("every way in asks the same", () => {
  test("creating: a lost lead needs its reason, a stage that is named its fields; the first stage asks nothing", async () => {
    const email = "late@example.com";
    const create = async (more: object) => {
      const { status, problem } = await call(people.rep, leads.create, { email, ...more });
      return status === 422 ? [status, problem.errors[0]?.path] : [status];
    };
    expect(await create({ stage: "lost" })).toEqual([422, "lost_reason"]);
    expect(await create({ stage: "qualified", company: "A" })).toEqual([422, "attributes.plan"]);
    expect(await create({ lost_reason: "Price" })).toEqual([422, "lost_reason"]);
    await call(people.ada, stages.update, { key: "new", required_fields: ["company"] });
    expect((await create({}))[0]).toBe(201);
    await call(people.ada, stages.update, { key: "new", required_fields: [] });
  });

  test("PATCH and batch", async () => {
    const { id, email } = await make();
    const patched = await call(people.rep, leads.update, { id, stage: "lost" });
    expect(patched.problem.errors[0]).toMatchObject({ path: "lost_reason", code: "reason_required" });
    const key = await keyOf(people.ada, "agent");
    const { body } = await call(key, leads.batch, {
      mode: "update",
      leads: [{ email, stage: "contacted", city: "Ulm" }],
    });
    expect(body.data[0]?.status).toBe("updated");
    expect((await moves(id))[0]).toMatchObject({ to: "contacted", how: "api" });
    const names = (await call(people.ada, leads.timeline, { id })).body.data.map((each) => each.name);
    expect(names.toSorted()).toEqual(["lead.created", "lead.updated", "stage.changed"]);
  });

  test("the reason of a lost lead can be put right, and not taken away", async () => {
    const { id } = await make({ stage: "lost", lost_reason: "Price" });
    expect((await call(people.rep, leads.update, { id, lost_reason: "Timing" })).body.lost_reason).toBe(
      "Timing",
    );
    expect((await call(people.rep, leads.update, { id, lost_reason: null })).status).toBe(422);
  });
});

describe("a final stage", () => {
  const lost = () => make({ stage: "lost", lost_reason: "Price", owner_id: people.rep.member_id });

  test("holds stage and owner on every way, while the rest can be edited", async () => {
    const { id, email } = await lost();
    const held = [
      await move(people.max, id, "new"),
      await move(people.max, id, "converted"),
      await call(people.max, leads.update, { id, stage: "new" }),
      await call(people.max, leads.setOwner, { id, owner_id: null }),
      await call(people.max, leads.setOwner, { id, owner_id: people.max.member_id }),
    ];
    expect(held.map((each) => [each.status, each.problem.code])).toEqual(
      held.map(() => [409, "final_stage"]),
    );
    expect(held[0]?.problem.detail).toMatch(/^The lead is in “Lost”, which is final/);
    const batch = await call(people.max, leads.batch, {
      leads: [{ email, owner_id: null, stage: "new", lost_reason: "x" }],
    });
    expect(batch.body.data[0]?.errors.map((each) => [each.path, each.code])).toEqual([
      ["stage", "final_stage"],
      ["owner_id", "final_stage"],
    ]);
    expect((await call(people.rep, leads.update, { id, city: "Bonn" })).body).toMatchObject({
      city: "Bonn",
      stage: "lost",
      owner_id: people.rep.member_id,
    });
  });

  test("holds in the database too, whatever statement forgets it", async () => {
    const { id } = await lost();
    const { id: free } = await make();
    const asApp = async (statement: string, lead: string) => {
      const { db } = the();
      const client = await db.pool.connect();
      try {
        await client.query(`begin; set local app.workspace = '${people.workspace_id}'`);
        await client.query(statement, [lead]);
        return "written";
      } catch (error) {
        return error instanceof Error && "constraint" in error ? error.constraint : error;
      } finally {
        await client.query("rollback");
        client.release();
      }
    };
    expect(await asApp("update lead set city = 'Ulm' where id = $1", id)).toBe("written");
    expect(await asApp("update lead set stage = 'new' where id = $1", id)).toBe("lead_held");
    expect(await asApp("update lead set stage = 'new', final = false where id = $1", id)).toBe("lead_held");
    expect(await asApp("update lead set stage = 'converted' where id = $1", id)).toBe("lead_held");
    expect(await asApp("update lead set owner_id = null where id = $1", id)).toBe("lead_held");
    expect(await asApp("update lead set final = false where id = $1", id)).toBe("lead_held");
    expect(await asApp("update lead set stage = 'lost' where id = $1", free)).toBe("lead_stage");
    expect(await asApp("update lead set stage = 'contacted' where id = $1", free)).toBe("written");
  });

  test("managers reopen: back to where it came from, or to another open stage, and it is told", async () => {
    const { id } = await make();
    await move(people.rep, id, "contacted");
    await move(people.rep, id, "lost", { reason: "Price" });
    expect((await call(people.rep, leads.reopen, { id })).status).toBe(403);
    const reopened = await call(people.max, leads.reopen, { id });
    expect(reopened.body).toMatchObject({ stage: "contacted", lost_reason: null });
    expect((await moves(id))[0]).toMatchObject({ from: "lost", to: "contacted", how: "reopen" });
    const again = await call(people.max, leads.reopen, { id });
    expect([again.status, again.problem.code]).toEqual([409, "not_in_state"]);
    await move(people.rep, id, "archived");
    const final = await call(people.max, leads.reopen, { id, stage: "lost" });
    expect(final.problem.errors[0]).toMatchObject({ path: "stage", code: "not_open" });
    expect((await call(people.max, leads.reopen, { id, stage: "new" })).body.stage).toBe("new");
  });
});

describe("POST /leads/{id}/moves/undo", () => {
  const undo = (who: Person, id: string, from?: string) =>
    call(who, contract.moves.undo, { id, ...(from === undefined ? {} : { from }) });
  const inStage = async (id: string) => (await call(people.ada, leads.show, { id })).body;

  test("an agent takes their own move into a final stage back, with all that it changed, and the next may follow", async () => {
    const made = await make({ owner_id: people.rep.member_id });
    const { id } = made;
    const contacted = (await move(people.rep, id, "contacted")).body;
    await move(people.rep, id, "lost", { reason: "Price" });
    expect((await call(people.rep, leads.reopen, { id })).status).toBe(403);
    const back = await undo(people.rep, id, "lost");
    expect(back.status).toBe(200);
    expect(back.body).toMatchObject({
      stage: "contacted",
      stage_since: contacted.stage_since,
      lost_reason: null,
    });
    expect(await moves(id)).toMatchObject([
      { to: "lost", undone: true },
      { to: "contacted", undone: false },
    ]);
    const timeline = await call(people.ada, leads.timeline, { id });
    expect(timeline.body.data[0]).toMatchObject({
      name: "stage.changed",
      actor: { name: "Rep" },
      data: { from: "lost", to: "contacted", undo: true },
    });
    expect((await undo(people.rep, id)).body).toMatchObject({
      stage: "new",
      stage_since: made.stage_since,
    });
    const none = await undo(people.rep, id);
    expect([none.status, none.problem.detail]).toEqual([
      409,
      "Nothing moved this lead to “New” that could be undone.",
    ]);
    const { rows } = await the().ownerPool.query(
      "select final, held_stage, held_owner from lead where id = $1",
      [id],
    );
    expect(rows).toEqual([{ final: false, held_stage: null, held_owner: null }]);
  });

  test("a reopening that is taken back leaves the lead lost as it was, and held", async () => {
    const { id } = await make();
    const lost = (await move(people.rep, id, "lost", { reason: "Budget" })).body;
    await call(people.max, leads.reopen, { id });
    expect((await undo(people.max, id)).body).toMatchObject({
      stage: "lost",
      lost_reason: "Budget",
      stage_since: lost.stage_since,
    });
    expect((await move(people.rep, id, "contacted")).problem.code).toBe("final_stage");
  });

  test("not somebody else's, not after ten minutes, not once it moved on, not one of many", async () => {
    const { id } = await make();
    await move(people.max, id, "lost", { reason: "Price" });
    const theirs = await undo(people.rep, id);
    expect([theirs.status, theirs.problem.detail]).toEqual([
      403,
      "Max moved this lead to “Lost”. Who moved it can undo that. Ask a manager to reopen the lead.",
    ]);
    const key = await keyOf(people.ada, "agent");
    expect((await undo(key, id)).status).toBe(403);
    expect((await undo(people.max, id, "archived")).status).toBe(412);

    const { id: old } = await make();
    await move(people.rep, old, "archived");
    try {
      clock.freeze(new Date(Date.now() + 10.1 * 60_000));
      const late = await undo(people.rep, old);
      expect([late.status, late.problem.detail]).toEqual([
        409,
        "This move is more than 10 minutes old, so it can't be undone. Ask a manager to reopen the lead.",
      ]);
    } finally {
      clock.release();
    }
    expect((await inStage(old)).stage).toBe("archived");

    const { id: again } = await make();
    await move(people.rep, again, "archived");
    await call(people.max, leads.reopen, { id: again });
    await call(people.max, leads.setStage, { id: again, stage: "archived" });
    expect((await undo(people.rep, again)).status).toBe(403);

    const { id: many } = await make();
    await call(people.max, contract.bulk.start, {
      lead_ids: [many],
      action: { kind: "set_stage", stage: "archived" },
    });
    await settle();
    expect((await undo(people.max, many)).problem.detail).toBe(
      "This lead was moved together with others. Undo that change.",
    );
    expect((await inStage(many)).stage).toBe("archived");
  });

  test("two at once undo it once; viewers may not; who can't see the lead can't tell", async () => {
    const { id } = await make({ owner_id: people.max.member_id });
    await move(people.max, id, "lost", { reason: "Price" });
    expect((await undo(people.viewer, id)).status).toBe(403);
    const hidden = await undo(people.rival, id);
    const missing = await undo(people.rival, "01900000-0000-7000-8000-000000000000");
    expect([hidden.status, hidden.problem.detail]).toEqual([404, missing.problem.detail]);
    const both = await Promise.all([undo(people.max, id), undo(people.max, id)]);
    expect(both.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await inStage(id)).stage).toBe("new");
  });
});

describe("fields that time fills", () => {
  test("stage_since, lost_reason and overdue can be asked for", async () => {
    const found = async (q: string) =>
      (await call(people.ada, leads.query, { q, limit: 200 })).body.data.map((each) => each.id);
    const { id } = await make({ stage: "qualified", company: "A", attributes: { plan: "x" } });
    const { id: other } = await make({ stage: "lost", lost_reason: "Moved to Mars" });
    expect(await found("overdue:yes")).not.toContain(id);
    await the().ownerPool.query("update lead set stage_since = now() - interval '73 hours' where id = $1", [
      id,
    ]);
    expect(await found("overdue:yes")).toEqual([id]);
    expect(await found("-overdue:yes")).not.toContain(id);
    expect((await call(people.ada, leads.show, { id })).body.overdue).toBe(true);
    expect(await found('lost_reason:"Moved to Mars"')).toEqual([other]);
    expect(await found("stage_since<today")).toContain(id);
  });
});
