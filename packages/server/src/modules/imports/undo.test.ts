import { contract } from "@bellwether/contracts";
import type { Lead } from "@bellwether/contracts/leads";
import { beforeAll, describe, expect, test } from "vitest";
import { cast, type Cast, signUp } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, useProgram } from "../../kernel/testing/program.ts";
import { check, importAll, leadBy, run, undone } from "./testing.ts";

const the = useProgram();
const { leads, imports, changes, fields, tags } = contract;

async function history(who: Person, id: string) {
  const { body } = await call(who, leads.timeline, { id, limit: 200 });
  return body.data.map(({ name, data }) => ({ name, data }));
}

describe("POST /imports/:id/undo", () => {
  let people: Cast;
  beforeAll(async () => {
    people = await cast();
    const options = ["a", "b"].map((value) => ({ value, label: value }));
    await call(people.ada, fields.create, { key: "vat", label: "VAT", type: "text", unique: true });
    await call(people.ada, fields.create, { key: "seats", label: "Seats", type: "number" });
    await call(people.ada, fields.create, { key: "kinds", label: "Kinds", type: "choices", options });
  });
  const mapping = [
    { index: 0, field: "email" },
    { index: 1, field: "first_name" },
    { index: 2, field: "phone" },
    { index: 3, field: "attributes.vat" },
    { index: 4, field: "attributes.seats" },
    { index: 5, field: "attributes.kinds" },
    { index: 6, field: "tags" },
  ];
  const header = "email,first_name,phone,vat,seats,kinds,tags\n";

  test("takes back new leads, puts back values and tags, and leaves what was edited since", async () => {
    const { ada, max } = people;
    const own = async (values: object) => (await raw<Lead>(ada, "POST", "/leads", values)).body;
    const whole = await own({
      email: "whole@example.com",
      first_name: "Before",
      tags: ["Old"],
      attributes: { vat: "V1", kinds: ["a"] },
    });
    const edited = await own({ email: "edited@example.com", first_name: "Before", attributes: { seats: 1 } });
    const same = await own({ email: "same@example.com", first_name: "Same" });
    const gone = await own({ email: "gone@example.com", first_name: "Before" });
    const done = await importAll(
      max,
      `${header}whole@example.com,After,+49301111111,V2,7,b,New\nedited@example.com,After,+49302222222,,2,,Old;New\nsame@example.com,Same,,,,,\ngone@example.com,After,,,,,\n` +
        "new1@example.com,One,+49303333333,V3,1,a,New\nnew2@example.com,Two,,,,,\nnew3@example.com,Three,,,,,\n",
      mapping,
    );
    expect(done.result).toMatchObject({ created: 3, updated: 3, unchanged: 1 });
    expect(done.change).toMatchObject({
      kind: "import",
      state: "done",
      summary: "Import “people.csv”",
      total: 7,
      done: 7,
      changed: 6,
      unchanged: 1,
      can_undo: true,
      undone: null,
      import_id: done.id,
      made_by: { name: "Max" },
    });
    expect((await call(max, changes.list, {})).body.data[0]).toEqual(done.change);

    await call(ada, leads.update, { id: edited.id, first_name: "By hand" });
    await call(ada, leads.remove, { id: gone.id });
    const second = await leadBy(ada, "new2@example.com");
    await call(ada, leads.notes.create, { id: second?.id ?? "", body: "Called" });
    const third = await leadBy(ada, "new3@example.com");
    await call(ada, leads.remove, { id: third?.id ?? "" });
    const first = await leadBy(ada, "new1@example.com");

    const after = await undone(ada, done.id);
    expect(after.state).toBe("done");
    expect(after.change).toMatchObject({
      state: "undone",
      can_undo: false,
      undone: { restored: 2, kept: 3 },
      undone_by: { name: "Ada" },
    });
    expect(await leadBy(ada, "whole@example.com")).toMatchObject({
      first_name: "Before",
      phone: null,
      tags: ["Old"],
      attributes: { vat: "V1", kinds: ["a"] },
    });
    expect(await leadBy(ada, "edited@example.com")).toMatchObject({
      first_name: "By hand",
      phone: null,
      tags: [],
      attributes: { seats: 1 },
    });
    expect((await leadBy(ada, "same@example.com"))?.revision).toBe(same.revision);
    expect(await leadBy(ada, "new1@example.com")).toBeUndefined();
    expect((await leadBy(ada, "new2@example.com"))?.id).toBe(second?.id);
    const told = await history(ada, whole.id);
    expect(
      told
        .slice(0, 2)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["lead.updated", "tag.removed"]);
    expect(told.find(({ name }) => name === "lead.updated")?.data).toMatchObject({
      change_set_id: done.id,
      undo: true,
      changes: { first_name: { from: "After", to: "Before" }, phone: { from: "+49301111111", to: null } },
    });
    // What the leads held is free for others, and what they hold again isn't; the bin gives them back.
    const claim = (vat: string) =>
      raw(ada, "POST", "/leads", { email: `${vat}@x.example`, attributes: { vat } });
    expect([(await claim("v1")).status, (await claim("v2")).status]).toEqual([422, 201]);
    expect((await call(ada, leads.restore, { id: first?.id ?? "" })).status).toBe(200);
    expect((await call(ada, tags.list)).body.data.map(({ name, leads: count }) => [name, count])).toEqual([
      ["New", 1],
      ["Old", 1],
    ]);
  });

  test("an address goes back only while nobody else has it, and nobody is left without any", async () => {
    const { ada } = people;
    await raw(ada, "POST", "/leads", { email: "a1@example.com", phone: "+49309999991" });
    await raw(ada, "POST", "/leads", { external_id: "x-1" });
    const done = await importAll(ada, `${header}a1@example.com,A,+49309999992,,,,\n`, mapping);
    const other = await importAll(
      ada,
      "external_id,phone\nx-1,+49309999993\n",
      [
        { index: 0, field: "external_id" },
        { index: 1, field: "phone" },
      ],
      { match_on: "external_id" },
    );
    await raw(ada, "POST", "/leads", { email: "a2@example.com", phone: "+49309999991" });
    const { body } = await call(ada, leads.search, { query: "external_id:x-1" });
    const [lead] = body.data;
    await call(ada, leads.update, { id: lead?.id ?? "", external_id: null });
    expect((await undone(ada, done.id)).change?.undone).toEqual({ restored: 0, kept: 1 });
    expect((await undone(ada, other.id)).change?.undone).toEqual({ restored: 0, kept: 1 });
    expect(await leadBy(ada, "a1@example.com")).toMatchObject({ phone: "+49309999992", first_name: null });
    expect((await call(ada, leads.show, { id: lead?.id ?? "" })).body.phone).toBe("+49309999993");
  });

  test("leads go back to the stage they came from, out of final ones too, unless they have moved since", async () => {
    const { ada, rep } = people;
    for (const name of ["open", "lost", "moved"])
      await raw(ada, "POST", "/leads", { email: `${name}@stage.example` });
    const columns = ["email", "stage", "lost_reason", "owner_id"].map((field, index) => ({ index, field }));
    const done = await importAll(
      ada,
      "email,stage,reason,owner\nopen@stage.example,qualified,,\nlost@stage.example,lost,Too dear,Rep\nmoved@stage.example,contacted,,\n",
      columns,
    );
    expect(done.result).toMatchObject({ updated: 3, rejected: 0 });
    expect(await leadBy(ada, "lost@stage.example")).toMatchObject({ stage: "lost", owner_id: rep.member_id });
    const moved = await leadBy(ada, "moved@stage.example");
    for (const stage of ["qualified", "contacted"])
      await call(ada, leads.update, { id: moved?.id ?? "", stage });
    const { change } = await undone(ada, done.id);
    expect([change?.failure, change?.undone]).toEqual([null, { restored: 2, kept: 1 }]);
    const now = async (name: string) => {
      const lead = await leadBy(ada, `${name}@stage.example`);
      return [lead?.stage, lead?.lost_reason ?? null, lead?.owner_id ?? null];
    };
    expect([await now("open"), await now("lost"), await now("moved")]).toEqual([
      ["new", null, null],
      ["new", null, null],
      ["contacted", null, null],
    ]);
    const lost = await leadBy(ada, "lost@stage.example");
    expect(
      (await history(ada, lost?.id ?? "")).find(({ name }) => name === "stage.changed")?.data,
    ).toMatchObject({
      from: "lost",
      to: "new",
      undo: true,
    });
  });

  test("a lead that was changed in bulk and by another import, all of it undone, is as the import made it", async () => {
    const { ada } = people;
    const columns = ["email", "first_name"].map((field, index) => ({ index, field }));
    const made = await importAll(
      ada,
      "email,first_name\nthen@example.com,One\nstill@example.com,Two\n",
      columns,
    );
    const other = await importAll(
      ada,
      "email,first_name\nthen@example.com,Other\nstill@example.com,Other\n",
      columns,
    );
    const ids = [await leadBy(ada, "then@example.com"), await leadBy(ada, "still@example.com")];
    const set = (lead_ids: string[], value: string) =>
      call(ada, contract.bulk.start, { lead_ids, action: { kind: "set_field", field: "city", value } });
    const bulk = await set(
      ids.map((lead) => lead?.id ?? ""),
      "Bonn",
    );
    await settle();
    await set([ids[1]?.id ?? ""], "Kiel");
    await settle();
    await call(ada, changes.undo, { id: bulk.body.id });
    await settle();
    expect((await undone(ada, other.id)).change?.undone).toEqual({ restored: 2, kept: 0 });
    expect((await undone(ada, made.id)).change?.undone).toEqual({ restored: 1, kept: 1 });
    expect(await leadBy(ada, "then@example.com")).toBeUndefined();
    expect(await leadBy(ada, "still@example.com")).toMatchObject({ first_name: "Two", city: "Kiel" });
  });

  test("409 before it ran, while it runs, twice, and for one that changed nothing; a way through changes too", async () => {
    const { ada, max } = people;
    const checked = await check(max, `${header}once@example.com,Once,,,,,\n`, mapping);
    expect((await call(max, imports.undo, { id: checked.id })).problem).toMatchObject({
      status: 409,
      detail: "This import has written nothing that is recorded, so there is nothing to undo.",
    });
    await call(max, imports.run, { id: checked.id });
    expect((await call(max, imports.undo, { id: checked.id })).problem.detail).toContain("still being made");
    await settle();
    const both = await Promise.all([
      call(max, imports.undo, { id: checked.id }),
      call(ada, changes.undo, { id: checked.id }),
    ]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
    await settle();
    expect((await call(ada, changes.undo, { id: checked.id })).problem.detail).toBe(
      "“Import “people.csv”” can't be undone. It is undone already.",
    );
    expect(await leadBy(ada, "once@example.com")).toBeUndefined();
    expect((await call(max, imports.map, { id: checked.id, columns: mapping })).status).toBe(409);
    const nothing = await importAll(max, "email,first_name\nsame@example.com,Same\n");
    expect((await call(max, imports.undo, { id: nothing.id })).problem.detail).toContain(
      "It changed nothing",
    );
  });

  test("managers may, agents and viewers may not, and Rival doesn't know of it", async () => {
    const { ada, max, rep, viewer, rival } = people;
    const { id } = await importAll(ada, `${header}roles@example.com,Roles,,,,,\n`, mapping);
    for (const who of [rep, viewer]) {
      expect((await call(who, imports.undo, { id })).status).toBe(403);
      expect((await call(who, changes.undo, { id })).status).toBe(403);
    }
    expect((await call(rival, imports.undo, { id })).status).toBe(404);
    expect((await call(rival, changes.undo, { id })).status).toBe(404);
    expect(await leadBy(ada, "roles@example.com")).toBeDefined();
    expect((await undone(max, id)).change?.undone_by?.name).toBe("Max");
  });

  test("only tags that it added, and none from leads that were changed in no other way, are its own", async () => {
    const { ada } = people;
    await raw(ada, "POST", "/leads", { email: "tagged@example.com", tags: ["Had"] });
    const done = await importAll(ada, "email,tags\ntagged@example.com,Had;Got\n", undefined, {
      tags: ["All"],
    });
    expect((await leadBy(ada, "tagged@example.com"))?.tags).toEqual(["All", "Got", "Had"]);
    expect((await undone(ada, done.id)).change?.undone).toEqual({ restored: 1, kept: 0 });
    expect((await leadBy(ada, "tagged@example.com"))?.tags).toEqual(["Had"]);
  });
});

test("run again after a failure, the record is of both runs", async () => {
  const { member: ada } = await signUp("Ada");
  await raw(ada, "POST", "/leads", { email: "twice@example.com", first_name: "Before" });
  const checked = await check(ada, "email,first_name\ntwice@example.com,After\nfresh@example.com,New\n");
  expect((await run(ada, checked.id)).state).toBe("done");
  await the().ownerPool.query("update import set state = 'failed' where id = $1", [checked.id]);
  await the().ownerPool.query("update change_set set state = 'failed' where id = $1", [checked.id]);
  await call(ada, imports.map, {
    id: checked.id,
    columns: [
      { index: 0, field: "email" },
      { index: 1, field: "first_name" },
    ],
  });
  await settle();
  expect((await run(ada, checked.id)).result).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  expect((await undone(ada, checked.id)).change?.undone).toEqual({ restored: 2, kept: 0 });
  expect(await leadBy(ada, "fresh@example.com")).toBeUndefined();
  expect((await leadBy(ada, "twice@example.com"))?.first_name).toBe("Before");
});
