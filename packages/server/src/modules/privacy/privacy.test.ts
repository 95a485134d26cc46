import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";

/** Everything that is known of a person is given, and forgotten: asked of every column of every table. */
useProgram();
const { leads, bin, privacy, audit } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
afterEach(() => clock.release());

/** Where in the database any of these texts still is, as `table.column: value`. */
async function found(texts: string[]): Promise<string[]> {
  const { rows: columns } = await the().ownerPool.query<{ schema: string; table: string; column: string }>(
    `select table_schema as schema, table_name as table, column_name as column
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema in ('public', 'staging', 'graphile_worker') and table_type = 'BASE TABLE'
       and data_type in ('text', 'jsonb', 'json', 'ARRAY', 'character varying', 'USER-DEFINED')`,
  );
  expect(columns.length).toBeGreaterThan(100);
  const all = columns.map(
    ({ schema, table, column }) =>
      `select '${table}.${column}: ' || "${column}"::text as place from "${schema}"."${table}" where "${column}"::text ilike any($1)`,
  );
  const { rows } = await the().ownerPool.query<{ place: string }>(all.join(" union all "), [
    texts.map((text) => `%${text}%`),
  ]);
  return rows.map((row) => row.place);
}

let counter = 0;
/** A lead of which something is kept wherever anything is. */
async function known() {
  const { ada, max } = people;
  const n = ++counter;
  const person = {
    email: `erasmus${n}@vanish.example`,
    former: `former${n}@vanish.example`,
    phone: `+4930765${1000 + n}`,
    name: `Erasmus Vanisher${n}`,
    number: `V-${newId().slice(-8)}`,
  };
  const tag = `Kept ${n}`;
  const header = { "idempotency-key": newId() };
  const { body: lead } = await call(
    ada,
    leads.create,
    {
      email: person.former,
      phone: person.phone,
      first_name: "Erasmus",
      last_name: `Vanisher${n}`,
      tags: [tag],
      attributes: { passport: person.number },
    },
    header,
  );
  const { id } = lead;
  await call(max, leads.update, { id, email: person.email });
  await call(max, leads.notes.create, { id, body: `<p>${person.name} called from ${person.phone}</p>` });
  // By a file, with a row that is refused for being the same person's.
  const file = `email,first name,last name,city,phone\n${person.email},Erasmus,Vanisher${n},Ulm,\nnot an address ${person.name},,,,\n`;
  const { body: upload } = await raw<{ id: string }>(ada, "POST", `/imports?file_name=people.csv`, file, {
    "content-type": "text/csv",
  });
  const fields = ["email", "first_name", "last_name", "city", "phone"];
  await call(ada, contract.imports.map, {
    id: upload.id,
    columns: fields.map((field, index) => ({ index, field })),
    options: {},
  });
  await settle();
  await call(ada, contract.imports.run, { id: upload.id });
  await settle();
  expect((await call(ada, leads.show, { id })).body.city).toBe("Ulm");
  // In bulk, in a view, in an export, all asked for by address.
  const action = { kind: "set_field", field: "company", value: "Acme" } as const;
  const { body: bulk } = await call(max, contract.bulk.start, { q: person.email, action });
  await call(max, contract.views.create, { name: `Only ${person.email}`, q: person.email, shared: true });
  const rule = { field: "phone", is: "eq", value: person.phone } as const;
  await call(max, contract.exports.create, { columns: ["email"], rule });
  await settle();
  expect((await call(max, contract.changes.show, { id: bulk.id })).body.changed).toBe(1);
  return {
    id,
    ...person,
    tag,
    import_id: upload.id,
    change_id: bulk.id,
    texts: Object.values(person).concat(`vanisher${n}`),
  };
}

beforeAll(async () => {
  await call(people.ada, contract.fields.create, {
    key: "passport",
    label: "Passport",
    type: "text",
    unique: true,
  });
});

describe("erased for good", () => {
  test("a live lead: what goes is counted before, has to be confirmed, and then is in no table", async () => {
    const { ada, max } = people;
    const lead = await known();
    const other = (await call(ada, leads.create, { email: `not${lead.email}`, first_name: "Stays" })).body;
    await call(max, contract.views.create, { name: "Of the other", q: `not${lead.email}`, shared: true });
    expect((await found(lead.texts)).length).toBeGreaterThan(10);
    const { body: preview } = await call(ada, privacy.erasure, { id: lead.id });
    expect(preview).toMatchObject({
      leads: 1,
      confirm: lead.name,
      goes: { notes: 1, tags: 1, changes: 2, merged: 0, imports: 1 },
    });
    expect(preview.exports).toBeGreaterThan(0);
    expect(preview.goes.events).toBeGreaterThan(5);
    for (const confirm of ["", "yes", "Erasmus", lead.former]) {
      // oxlint-disable-next-line no-await-in-loop
      const { status, problem } = await call(ada, privacy.erase, { id: lead.id, confirm });
      expect([status, problem.errors[0]?.code]).toEqual([422, "not_confirmed"]);
    }
    expect((await call(ada, leads.show, { id: lead.id })).status).toBe(200);
    const erased = await call(ada, privacy.erase, { id: lead.id, confirm: ` ${lead.name.toUpperCase()} ` });
    expect(erased.body).toEqual({ erased: 1 });
    await settle();
    expect(await found(lead.texts.filter((text) => text !== lead.email))).toEqual([]);
    expect((await found([lead.email])).filter((place) => !place.includes(`not${lead.email}`))).toEqual([]);
    // Somebody else's address that ends the same is left alone.
    expect((await call(ada, leads.show, { id: other.id })).body.email).toBe(`not${lead.email}`);
    expect((await call(max, contract.views.list)).body.data.map((view) => view.q)).toContain(
      `not${lead.email}`,
    );
    expect((await call(ada, leads.show, { id: lead.id })).status).toBe(404);
    expect((await call(ada, privacy.erase, { id: lead.id, confirm: lead.name })).status).toBe(404);
  });

  test("who did it and when stays, without a name; what others did in bulk can still be undone for the others", async () => {
    const { ada, max } = people;
    const lead = await known();
    expect((await call(ada, privacy.erase, { id: lead.id, confirm: lead.email })).status).toBe(200);
    const { body } = await call(ada, audit.list, { lead_id: lead.id });
    expect(body.data.map((entry) => [entry.name, entry.actor.name, entry.data["reason"]])).toEqual([
      ["lead.erased", "Ada", "asked"],
    ]);
    const undo = await call(max, contract.changes.undo, { id: lead.change_id });
    await settle();
    expect([
      undo.status,
      (await call(max, contract.changes.show, { id: lead.change_id })).body.state,
    ]).toEqual([202, "undone"]);
  });

  test("its files go with their samples, and say so", async () => {
    const { ada } = people;
    const lead = await known();
    const folder = join(the().dataDir, "files", people.workspace_id, "imports");
    expect(existsSync(join(folder, lead.import_id))).toBe(true);
    expect((await call(ada, privacy.erase, { id: lead.id, confirm: lead.phone })).status).toBe(200);
    await settle();
    expect(readdirSync(folder)).not.toContain(lead.import_id);
    const { body } = await call(ada, contract.imports.show, { id: lead.import_id });
    expect([body.state, body.result?.updated, body.columns.map((column) => column.samples.length)]).toEqual([
      "done",
      1,
      [0, 0, 0, 0, 0],
    ]);
    const rejected = await raw(ada, "GET", `/imports/${lead.import_id}/rejected.csv`);
    expect([rejected.status, rejected.problem.detail]).toEqual([409, expect.stringContaining("was erased")]);
  });

  test("an address that is another lead's by now isn't taken out of what was asked about that one", async () => {
    const { ada, max } = people;
    const make = async () => (await call(ada, leads.create, { email: "handed.on@example.com" })).body;
    const old = await make();
    await call(max, leads.remove, { id: old.id });
    await make();
    await call(max, contract.views.create, { name: "Handed on", q: "handed.on@example.com" });
    expect((await call(ada, privacy.erase, { id: old.id, confirm: "handed.on@example.com" })).status).toBe(
      200,
    );
    expect((await call(max, contract.views.list)).body.data.map((view) => view.q)).toContain(
      "handed.on@example.com",
    );
  });

  test("several from the bin, by their number; what was restored meanwhile is another number", async () => {
    const { ada, max } = people;
    const ids = await Promise.all(
      ["One", "Two", "Three"].map(
        async (name) =>
          (await call(ada, leads.create, { email: `${name}@bin.example`, first_name: name })).body.id,
      ),
    );
    const [first = ""] = ids;
    await Promise.all(ids.map((id) => call(max, leads.remove, { id })));
    expect((await call(ada, privacy.erasureOfMany, { ids })).body).toMatchObject({
      leads: 3,
      confirm: "3 leads",
    });
    await call(max, leads.restore, { id: first });
    const refused = await call(ada, privacy.eraseMany, { ids, confirm: "3 leads" });
    expect([refused.status, refused.problem.detail]).toEqual([
      422,
      "To erase for good, type “2 leads”. Nothing was erased.",
    ]);
    expect((await call(ada, privacy.eraseMany, { ids, confirm: "2 leads" })).body).toEqual({ erased: 2 });
    expect(await found(["two@bin.example", "three@bin.example"])).toEqual([]);
    expect((await call(ada, leads.show, { id: first })).status).toBe(200);
    expect((await call(ada, privacy.eraseMany, { ids: [first], confirm: "1 lead" })).status).toBe(404);
  });

  test("by admins alone; Rival can't tell a lead from none", async () => {
    const { ada, max, rep, viewer, rival } = people;
    const { id } = (await call(ada, leads.create, { email: "guarded@example.com" })).body;
    const confirm = "guarded@example.com";
    const keys = [await keyOf(ada, "manager"), await keyOf(ada, "agent")];
    for (const who of [max, rep, viewer, ...keys]) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await call(who, privacy.erase, { id, confirm })).status).toBe(403);
    }
    const asked = await Promise.all(
      [id, newId()].map(async (each) => [
        (await call(rival, privacy.erasure, { id: each })).problem.detail,
        (await call(rival, privacy.erase, { id: each, confirm })).status,
        (await raw(rival, "GET", `/leads/${each}/export`)).status,
        (await call(rival, privacy.eraseMany, { ids: [each], confirm: "1 lead" })).status,
      ]),
    );
    expect(asked[0]).toEqual(asked[1]);
    expect((await call(await keyOf(ada, "admin"), privacy.erase, { id, confirm })).status).toBe(200);
  });
});

test("with a lead goes the card that was merged into it, and its record tells of both", async () => {
  const { ada, max } = people;
  const kept = await call(ada, leads.create, { email: "kept.card@vanish.example", first_name: "Keptcard" });
  const merged = await call(ada, leads.create, {
    email: "merged.card@vanish.example",
    first_name: "Mergedcard",
    company: "Mergedcard Ltd",
    phone: "+49 30 7659999",
  });
  await call(max, leads.notes.create, { id: merged.body.id, body: "About the Mergedcard" });
  const { id } = kept.body;
  expect((await call(max, contract.duplicates.merge, { id, other_id: merged.body.id })).status).toBe(200);
  await settle();
  const record = JSON.stringify((await raw(max, "GET", `/leads/${id}/export`)).body);
  expect(record).toContain("Keptcard");
  expect(record).toContain("About the Mergedcard");
  expect((await call(ada, privacy.erasure, { id })).body.goes).toMatchObject({ merged: 1, notes: 1 });
  expect((await call(ada, privacy.erasure, { id: merged.body.id })).status).toBe(404);
  // What was merged isn't in the bin, so it isn't erased before the lead that it became a part of.
  expect((await call(max, bin.list, {})).body.data.map((lead) => lead.id)).not.toContain(merged.body.id);
  expect((await call(ada, privacy.erase, { id, confirm: "Keptcard" })).status).toBe(200);
  await settle();
  expect(await found(["keptcard", "mergedcard", "kept.card", "merged.card", "307659999"])).toEqual([]);
});

describe("after thirty days in the bin", () => {
  const upkeep = async () => {
    for (const module of the().modules) {
      // oxlint-disable-next-line no-await-in-loop
      await module.upkeep?.(the().jobsDb, new AbortController().signal);
    }
  };

  test("leads go by themselves, with everything recorded of them, and not a day before", async () => {
    const { ada, max } = people;
    const [lead, other] = [await known(), await known()];
    await call(max, leads.remove, { id: lead.id });
    clock.freeze();
    clock.advance(29.9 * 86_400_000);
    await upkeep();
    const there = async () => (await call(max, bin.list, { limit: 200 })).body.data.map((each) => each.id);
    expect(await there()).toContain(lead.id);
    clock.advance(86_400_000);
    await upkeep();
    await settle();
    expect(await there()).not.toContain(lead.id);
    // Answers for an Idempotency-Key are kept for a day by the database's own clock, which no test moves.
    const left = (await found(lead.texts)).filter((place) => !place.startsWith("idempotency."));
    expect(left).toEqual([]);
    expect((await call(max, leads.show, { id: other.id })).body.email).toBe(other.email);
    clock.release();
    const { body } = await call(ada, audit.list, { lead_id: lead.id });
    expect(body.data.map((entry) => [entry.name, entry.actor.name, entry.data["reason"]])).toEqual([
      ["lead.erased", "Bellwether", "bin"],
    ]);
  });
});

describe("GET /leads/:id/export", () => {
  type Document = {
    lead: { email: string };
    fields: { field: string; label: string; value: unknown }[];
    notes: { body: string }[];
    timeline: { name: string; actor: { name: string } }[];
    bulk_changes: { summary: string; field: string; to: unknown }[];
  };
  const record = (who: Person, id: string) => raw<Document>(who, "GET", `/leads/${id}/export`);

  test("is everything recorded about it, in the bin or not, and its making is told", async () => {
    const { ada, max } = people;
    const lead = await known();
    const { status, headers, body } = await record(max, lead.id);
    expect([status, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    expect(headers["content-disposition"]).toContain(encodeURIComponent(`${lead.name}.json`));
    expect(body.lead.email).toBe(lead.email);
    expect(body.fields).toEqual(
      expect.arrayContaining([
        { field: "email", label: "E-mail", value: lead.email },
        { field: "attributes.passport", label: "Passport", value: lead.number },
        { field: "tags", label: "Tags", value: [lead.tag] },
      ]),
    );
    expect(body.notes).toHaveLength(1);
    expect(body.timeline.map((event) => event.name)).toEqual(
      expect.arrayContaining(["lead.exported", "note.added", "lead.updated", "lead.created"]),
    );
    expect(body.timeline.find((event) => event.name === "note.added")?.actor.name).toBe("Max");
    expect(body.bulk_changes).toMatchObject([
      { summary: "Import “people.csv”", field: "city", to: "Ulm" },
      { summary: "Set Company to Acme", field: "company", to: "Acme" },
    ]);
    await call(max, leads.remove, { id: lead.id });
    expect((await record(max, lead.id)).body.lead.email).toBe(lead.email);
    const { body: log } = await call(ada, audit.list, { name: "lead.exported", lead_id: lead.id });
    expect(log.data.map((entry) => entry.actor.name)).toEqual(["Max", "Max"]);
  });

  test("with a timeline longer than a page, each entry once", async () => {
    const { ada, max } = people;
    const { id } = (await call(ada, leads.create, { email: "long.story@example.com" })).body;
    await the().ownerPool.query(
      `insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
       select $1, gen_random_uuid(), $2, 'test.happened', now() - n * interval '1 second', '{"kind":"system","id":null,"name":"Test"}', jsonb_build_object('n', n) from generate_series(1, 1200) n`,
      [people.workspace_id, id],
    );
    const { body } = await record(max, id);
    expect(body.timeline).toHaveLength(1202);
    expect(new Set(body.timeline.map((event) => JSON.stringify(event))).size).toBe(1202);
  });

  test("is for managers and admins", async () => {
    const { ada, rep, viewer } = people;
    const { id } = (await call(ada, leads.create, { email: "asked.for@example.com" })).body;
    for (const who of [rep, viewer]) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await record(who, id)).status).toBe(403);
    }
  });
});
