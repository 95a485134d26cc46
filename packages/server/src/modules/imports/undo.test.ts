import { contract } from "@bellwether/contracts";
import type { Import } from "@bellwether/contracts/imports";
import type { Lead } from "@bellwether/contracts/leads";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { JobCtx } from "../../kernel/jobs.ts";
import { silent } from "../../kernel/log.ts";
import { cast, type Cast, type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, useProgram } from "../../kernel/testing/program.ts";
import { check, importAll, leadBy, run } from "./testing.ts";

const the = useProgram();
const { leads, imports, changes, fields, tags } = contract;

async function undone(who: Person, id: string): Promise<Import> {
  const { status, body, problem } = await call(who, imports.undo, { id });
  expect([status, problem.detail]).toEqual([202, undefined]);
  expect(body.change?.state).toBe("undoing");
  await settle();
  return (await call(who, imports.show, { id })).body;
}

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

describe("an undo of many", () => {
  const count = 12_000;
  const file = (first: string) =>
    `email,first_name,company\n${Array.from({ length: count }, (_, n) => `many${n}@example.com,${first},C${n % 7}\n`).join("")}`;

  async function killed(id: string, looks: number): Promise<void> {
    const { rows } = await the().ownerPool.query("select actor from change_set where id = $1", [id]);
    const dying = new AbortController();
    let looked = 0;
    dying.signal.throwIfAborted = () => {
      looked += 1;
      if (looked > looks) {
        dying.abort();
        throw new Error("killed");
      }
    };
    const job = the()
      .modules.flatMap((module) => module.jobs)
      .find((one) => one.name === "changes.work");
    const ctx: JobCtx = { db: the().db, actor: rows[0].actor, log: silent, signal: dying.signal };
    await expect(job?.run(ctx, { change_set_id: id })).rejects.toThrow("killed");
    await the().ownerPool.query("delete from graphile_worker._private_jobs");
  }

  test("goes on where it was killed, in what it overwrote and in what it made", async () => {
    const { member: ada } = await signUp("Ada");
    const half = await importAll(ada, file("First").split("\n").slice(0, 6_001).join("\n"));
    const whole = await importAll(ada, file("Second"));
    expect(whole.result).toMatchObject({ created: 6_000, updated: 6_000 });
    await call(ada, imports.undo, { id: whole.id });
    const state = async () => {
      const { rows } = await the().ownerPool.query(
        `select (select count(*)::int from lead where import_id = $1 and first_name = 'First') as back,
           (select count(*)::int from lead where import_id = $2 and deleted_at is not null) as binned,
           (select count(*)::int from event where name = 'lead.updated' and subject_id = $2 and data ->> 'undo' = 'true') as told`,
        [half.id, whole.id],
      );
      return rows[0];
    };
    const seen = [];
    for (const looks of [1, 2, 1]) {
      await killed(whole.id, looks);
      seen.push(await state());
    }
    expect(seen[0]).toEqual({ back: 5_000, binned: 0, told: 5_000 });
    expect(seen[1]).toEqual({ back: 6_000, binned: 0, told: 6_000 });
    expect(seen[2]).toEqual({ back: 6_000, binned: 5_000, told: 6_000 });
    await the()
      .modules.find((module) => module.name === "changes")
      ?.resume?.(the().jobsDb);
    await settle();
    expect(await state()).toEqual({ back: 6_000, binned: 6_000, told: 6_000 });
    expect((await call(ada, imports.show, { id: whole.id })).body.change?.undone).toEqual({
      restored: 12_000,
      kept: 0,
    });
  }, 60_000);

  test("one that was stopped is undone as far as it came", async () => {
    const { member: ada } = await signUp("Ada");
    const { id } = await check(ada, file("Stopped"));
    await call(ada, imports.run, { id });
    const cancelled = await call(ada, imports.cancel, { id });
    expect(cancelled.body.change).toMatchObject({ state: "failed", can_undo: false });
    await settle();
    expect((await call(ada, imports.undo, { id })).status).toBe(409);
  });
});

test("import, edits by hand, undo: every value is the one by hand, or else the one before", async () => {
  const value = fc.constantFrom("", "x", "y", "z");
  const cells = fc.record({
    first_name: value,
    company: value,
    seats: fc.constantFrom("", "1", "2"),
    tags: fc.constantFrom("", "T1", "T1;T2"),
  });
  const person = fc.nat(5);
  const edit = fc.tuple(
    person,
    fc.constantFrom<object>(
      { first_name: "hand" },
      { company: null },
      { first_name: "x" },
      { attributes: { seats: 9 } },
      { attributes: { seats: null } },
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(cells, { minLength: 3, maxLength: 3 }),
      fc.array(cells, { minLength: 6, maxLength: 6 }),
      fc.constantFrom("overwrite" as const, "fill_blanks" as const),
      fc.array(edit, { maxLength: 4 }),
      async (old, given, on_existing, edits) => {
        const { member: ada } = await signUp("Ada");
        await call(ada, fields.create, { key: "seats", label: "Seats", type: "number" });
        const email = (n: number) => `p${n}@example.com`;
        const shown = async () => {
          const { body } = await call(ada, leads.query, { limit: 200 });
          return new Map(body.data.map((lead) => [lead.email ?? "", lead]));
        };
        await createAll(
          ada,
          old.map((each, n) => ({ email: email(n), ...each })),
        );
        const before = await shown();
        const text = `email,first_name,company,seats,tags\n${given.map((each, n) => [email(n), ...Object.values(each)].join(",")).join("\n")}\n`;
        const columns = ["email", "first_name", "company", "attributes.seats", "tags"].map(
          (field, index) => ({ index, field }),
        );
        const { id, change } = await importAll(ada, text, columns, { on_existing });
        const imported = await shown();
        for (const [n, patch] of edits) {
          await call(ada, leads.update, { id: imported.get(email(n))?.id ?? "", ...patch });
        }
        const edited = await shown();
        if (change?.can_undo === true) await undone(ada, id);
        const after = await shown();
        const all = Array.from({ length: 6 }, (_, n) => email(n));
        const touched = (each: string) => imported.get(each)?.revision !== edited.get(each)?.revision;
        const kept = all.filter((each) => before.has(each) || touched(each));
        expect([...after.keys()].toSorted((a, b) => a.localeCompare(b))).toEqual(kept);
        for (const each of all.filter((one) => before.has(one))) {
          const [was, got, by_hand, is] = [before, imported, edited, after].map((then) => then.get(each));
          expect(is?.tags).toEqual(was?.tags);
          for (const of of [first, company, seats]) {
            expect(of(is)).toEqual(of(by_hand) === of(got) ? of(was) : of(by_hand));
          }
        }
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

const first = (lead: Lead | undefined) => lead?.first_name;
const company = (lead: Lead | undefined) => lead?.company;
const seats = (lead: Lead | undefined) => lead?.attributes["seats"];

async function createAll(who: Member, each: Record<string, string>[]): Promise<void> {
  const sent = each.map(({ seats: count, tags: names, ...plain }) => ({
    ...plain,
    tags: (names ?? "").split(";").filter(Boolean),
    attributes: count === "" ? {} : { seats: Number(count) },
  }));
  const { body } = await call(who, leads.batch, { leads: sent });
  expect(body.data.map(({ status }) => status)).toEqual(sent.map(() => "created"));
}

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
