import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import fc from "fast-check";
import { cast, type Cast, join } from "../../kernel/testing/cast.ts";
import { newId } from "../../kernel/ids.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { slotErrors } from "../../kernel/testing/slots.ts";
import { make, merged, unmerged, valuesOf } from "./testing.ts";

useProgram();
const { leads, changes, fields } = contract;

let people: Cast;
beforeAll(async () => {
  people = await cast();
  await call(people.ada, fields.create, { key: "vat", label: "VAT", type: "text", unique: true });
  await call(people.ada, fields.create, { key: "seats", label: "Seats", type: "number", fast: true });
});
const mail = () => `${newId()}@example.com`;
const show = (id: string) => valuesOf(people.max, id);

describe("a merge that is undone", () => {
  test("gives both back, says so on both timelines and in the history, and can't be undone twice", async () => {
    const one = await make(people.ada, { email: mail(), first_name: "Ada" });
    const other = await make(people.ada, { phone: "+4930444", attributes: { vat: "U-1" } });
    const { change_set_id } = await merged(people.max, { id: one.id, other_id: other.id });
    const set = await unmerged(people.ada, change_set_id);
    expect(set).toMatchObject({
      state: "undone",
      undone: { restored: 2, kept: 0 },
      refused: [],
      undone_by: { name: "Ada" },
    });
    expect([await show(one.id), await show(other.id)]).toMatchObject([
      { email: one.email, phone: null, attributes: {} },
      { email: null, phone: "+4930444", attributes: { vat: "U-1" } },
    ]);
    for (const id of [one.id, other.id]) {
      const { body } = await call(people.max, leads.timeline, { id });
      expect(body.data.slice(0, 2).map(({ name, actor }) => [name, actor.name])).toEqual([
        ["lead.unmerged", "Ada"],
        ["lead.merged", "Max"],
      ]);
    }
    const again = await call(people.max, changes.undo, { id: change_set_id });
    expect([again.status, again.problem.detail]).toEqual([
      409,
      "“Merge two leads” can't be undone. It is undone already.",
    ]);
    const claimed = await call(people.ada, leads.update, { id: one.id, attributes: { vat: "u-1" } });
    expect(claimed.problem.errors[0]?.code).toBe("not_unique");
  });

  test("leaves what was edited since, and notes written since where they were written", async () => {
    const one = await make(people.ada, { email: mail(), city: "Bonn" });
    const other = await make(people.ada, {
      email: mail(),
      city: "Kiel",
      company: "Acme",
      job_title: "CEO",
      tags: ["Two"],
    });
    const { body: before } = await call(people.max, leads.notes.create, {
      id: other.id,
      body: "<p>Before</p>",
    });
    const { change_set_id } = await merged(people.max, {
      id: one.id,
      other_id: other.id,
      choices: { city: "other" },
    });
    await call(people.rep, leads.update, { id: one.id, company: "Acme SE" });
    await call(people.rep, leads.addTag, { id: one.id, tag: "New" });
    const { body: since } = await call(people.rep, leads.notes.create, { id: one.id, body: "<p>Since</p>" });
    const set = await unmerged(people.max, change_set_id);
    expect(set).toMatchObject({
      undone: { restored: 1, kept: 1 },
      refused: [
        { code: "edited", count: 1, samples: [one.id], message: "company: edited since, so left as it is." },
      ],
    });
    expect(await show(one.id)).toMatchObject({
      city: "Bonn",
      company: "Acme SE",
      job_title: null,
      tags: ["New"],
    });
    expect(await show(other.id)).toMatchObject({
      city: "Kiel",
      company: "Acme",
      job_title: "CEO",
      tags: ["Two"],
    });
    const notes = async (id: string) =>
      (await call(people.max, leads.notes.list, { id })).body.data.map((note) => note.id);
    expect([await notes(one.id), await notes(other.id)]).toEqual([[since.id], [before.id]]);
  });

  test("leaves addresses and unique values to who was given them since", async () => {
    const one = await make(people.ada, { email: mail() });
    const other = await make(people.ada, {
      email: mail(),
      phone: "+4930555",
      attributes: { vat: "T-1", seats: 3 },
    });
    const { change_set_id } = await merged(people.max, {
      id: one.id,
      other_id: other.id,
      choices: { "attributes.vat": "this" },
    });
    const third = await make(people.ada, { email: other.email, attributes: { vat: "t-1" } });
    const set = await unmerged(people.max, change_set_id);
    expect(set).toMatchObject({
      undone: { restored: 1, kept: 1 },
      refused: [
        {
          code: "taken",
          samples: [other.id],
          message: "email, attributes.vat: another lead has it by now.",
        },
      ],
    });
    expect(await show(other.id)).toMatchObject({ email: null, phone: "+4930555", attributes: { seats: 3 } });
    expect((await show(third.id)).email).toBe(other.email);
  });

  test("keeps the address it was given where its own became another's", async () => {
    const one = await make(people.ada, { email: mail(), phone: "+4930666" });
    const other = await make(people.ada, { email: mail(), external_id: newId() });
    const { change_set_id } = await merged(people.max, {
      id: one.id,
      other_id: other.id,
      choices: { email: "other" },
    });
    await make(people.ada, { email: one.email });
    const set = await unmerged(people.max, change_set_id);
    expect(set.undone).toEqual({ restored: 0, kept: 2 });
    expect([(await show(one.id)).email, (await show(other.id)).email]).toEqual([other.email, null]);
  });

  test("is refused, and changes nothing, where the other would come back with no address at all", async () => {
    const one = await make(people.ada, { email: mail() });
    const other = await make(people.ada, { email: mail() });
    const { change_set_id } = await merged(people.max, { id: one.id, other_id: other.id });
    const third = await make(people.ada, { email: other.email });
    const refused = await call(people.max, changes.undo, { id: change_set_id });
    expect([refused.status, refused.problem.code]).toEqual([409, "not_in_state"]);
    expect((await call(people.max, changes.show, { id: change_set_id })).body).toMatchObject({
      state: "done",
      can_undo: true,
    });
    await call(people.ada, leads.remove, { id: third.id });
    expect((await unmerged(people.max, change_set_id)).undone).toEqual({ restored: 2, kept: 0 });
  });

  test("in a chain: the last first; of two merged into one, either", async () => {
    const [a, b, c] = [
      await make(people.ada, { email: mail(), tags: ["A"] }),
      await make(people.ada, { phone: "+49307771", tags: ["B"] }),
      await make(people.ada, { whatsapp_id: "+49307772", tags: ["C"] }),
    ];
    const b_into_a = (await merged(people.max, { id: a.id, other_id: b.id })).change_set_id;
    const a_into_c = (await merged(people.max, { id: c.id, other_id: a.id })).change_set_id;
    expect(await show(c.id)).toMatchObject({ email: a.email, phone: "+49307771", tags: ["A", "B", "C"] });
    expect((await call(people.max, leads.show, { id: b.id })).problem["lead_id"]).toBe(c.id);
    const told = (await call(people.max, leads.timeline, { id: c.id, limit: 200 })).body.data.map(
      ({ name }) => name,
    );
    expect(told.filter((name) => name === "lead.created")).toHaveLength(3);
    expect(told.filter((name) => name === "lead.merged")).toHaveLength(2);
    const early = await call(people.max, changes.undo, { id: b_into_a });
    expect([early.status, early.problem.detail]).toEqual([
      409,
      "The lead was itself merged into another one since. Undo that merge first.",
    ]);
    await unmerged(people.max, a_into_c);
    await unmerged(people.max, b_into_a);
    expect([await show(a.id), await show(b.id), await show(c.id)]).toMatchObject([
      { email: a.email, phone: null, tags: ["A"] },
      { phone: "+49307771", tags: ["B"] },
      { email: null, whatsapp_id: "+49307772", tags: ["C"] },
    ]);
    const first = (await merged(people.max, { id: a.id, other_id: b.id })).change_set_id;
    const second = (await merged(people.max, { id: a.id, other_id: c.id })).change_set_id;
    await unmerged(people.max, first);
    expect(await show(a.id)).toMatchObject({ phone: null, whatsapp_id: "+49307772", tags: ["A", "C"] });
    expect(await show(b.id)).toMatchObject({ phone: "+49307771", tags: ["B"] });
    await unmerged(people.max, second);
    expect(await show(a.id)).toMatchObject({ whatsapp_id: null, tags: ["A"] });
  });

  test("while the lead that stayed is in the bin: the other is back, and the lead as it was when restored", async () => {
    const one = await make(people.ada, { email: mail() });
    const other = await make(people.ada, { phone: "+4930888", attributes: { vat: "B-1" } });
    const { change_set_id } = await merged(people.max, { id: one.id, other_id: other.id });
    await call(people.max, leads.remove, { id: one.id });
    await unmerged(people.max, change_set_id);
    expect(await show(other.id)).toMatchObject({ phone: "+4930888", attributes: { vat: "B-1" } });
    await call(people.max, leads.restore, { id: one.id });
    expect(await show(one.id)).toMatchObject({ email: one.email, phone: null, attributes: {} });
  });

  test("an owner who left and a field that was deleted aren't brought back", async () => {
    const { ada, max } = people;
    const leaver = await join(ada, "Leaver", "agent");
    await call(ada, fields.create, { key: "old", label: "Old", type: "text" });
    const one = await make(ada, { email: mail(), owner_id: leaver.member_id, attributes: { old: "x" } });
    const other = await make(ada, {
      email: mail(),
      owner_id: people.rep.member_id,
      attributes: { old: "y" },
    });
    const choices = { owner_id: "other", "attributes.old": "other" } as const;
    const { change_set_id } = await merged(max, { id: one.id, other_id: other.id, choices });
    await call(ada, contract.identity.members.remove, { id: leaver.member_id });
    expect(await unmerged(max, change_set_id)).toMatchObject({
      refused: [{ code: "gone", message: "owner_id: no longer there to be given back." }],
    });
    expect(await show(one.id)).toMatchObject({ owner_id: people.rep.member_id, attributes: { old: "x" } });
    expect(await show(other.id)).toMatchObject({ owner_id: people.rep.member_id, attributes: { old: "y" } });
  });
});

test("of a lead that is erased after it was parted from another, nothing stays with the other; what is part of one goes with it", async () => {
  const kept = async (text: string) => {
    const { rows } = await the().ownerPool.query<{ n: number }>(
      `select (select count(*) from event where data::text like $1)::int
         + (select count(*) from lead_change where old::text like $1 or new::text like $1)::int as n`,
      [`%${text}%`],
    );
    return rows[0]?.n;
  };
  const one = await make(people.ada, { email: mail() });
  const other = await make(people.ada, { email: mail(), first_name: "Zebedee", last_name: "Gone" });
  const { change_set_id } = await merged(people.max, {
    id: one.id,
    other_id: other.id,
    choices: { email: "other" },
  });
  await unmerged(people.max, change_set_id);
  expect(await kept("Zebedee")).toBeGreaterThan(1);
  const erase = async (id: string, confirm: string) =>
    (await call(people.ada, contract.privacy.erase, { id, confirm })).status;
  expect(await erase(other.id, "Zebedee Gone")).toBe(200);
  expect([await kept("Zebedee"), await kept(other.email ?? "")]).toEqual([0, 0]);
  expect((await show(one.id)).email).toBe(one.email);
  const part = await make(people.ada, { email: mail(), first_name: "Yolanda" });
  await merged(people.max, { id: one.id, other_id: part.id });
  expect(await erase(one.id, "Yolanda")).toBe(200);
  const { rows } = await the().ownerPool.query("select from lead where id = any($1)", [[one.id, part.id]]);
  expect([rows.length, await kept("Yolanda")]).toEqual([0, 0]);
  await settle();
  const keys = await the().ownerPool.query("select from lead_key where lead_id = any($1)", [
    [one.id, part.id, other.id],
  ]);
  expect(keys.rows).toEqual([]);
});

test("whatever is merged with whichever choices, undone, leaves both as they were", async () => {
  const some = (value: fc.Arbitrary<string>) => fc.option(value, { nil: undefined });
  const lead = fc.record({
    phone: some(fc.integer({ min: 1000, max: 9_999_999 }).map((n) => `+4930${n}`)),
    first_name: some(fc.constantFrom("Ada", "Max")),
    city: some(fc.constantFrom("Bonn", "Kiel")),
    stage: fc.constantFrom("new", "lost"),
    qualification: fc.option(fc.nat(100), { nil: undefined }),
    tags: fc.subarray(["One", "Two", "Three"]),
    owned: fc.boolean(),
    vat: some(fc.uuid()),
    seats: fc.option(fc.nat(3), { nil: undefined }),
    points: fc.nat(60),
  });
  const side = fc.constantFrom("this", "other");
  const names = [
    "email",
    "phone",
    "first_name",
    "city",
    "stage",
    "qualification",
    "owner_id",
    "attributes.vat",
    "attributes.seats",
  ];
  const choices = fc.dictionary(fc.constantFrom(...names), side, { maxKeys: names.length });
  const save = async ({
    owned,
    vat,
    seats,
    points,
    ...values
  }: typeof lead extends fc.Arbitrary<infer L> ? L : never) => {
    const made = await make(people.ada, {
      email: mail(),
      ...JSON.parse(JSON.stringify(values)),
      ...(values.stage === "lost" ? { lost_reason: "Price" } : {}),
      ...(owned ? { owner_id: people.rep.member_id } : {}),
      attributes: JSON.parse(JSON.stringify({ vat, seats })),
    });
    if (points > 0) {
      await the().ownerPool.query(
        "insert into lead_stat (workspace_id, lead_id, score, last_seen_at) values ($1, $2, $3, now())",
        [people.workspace_id, made.id, points],
      );
    }
    return made.id;
  };
  await fc.assert(
    fc.asyncProperty(lead, lead, choices, async (a, b, { stage, owner_id, ...rest }) => {
      // A final stage keeps itself and its owner.
      const moves = a.stage === "lost" ? {} : { ...(stage && { stage }), ...(owner_id && { owner_id }) };
      const chosen = { ...rest, ...moves };
      if (a.phone !== undefined && a.phone === b.phone) return;
      const [id, other_id] = [await save(a), await save(b)];
      const before = [await show(id), await show(other_id)];
      const { change_set_id } = await merged(people.max, { id, other_id, choices: chosen });
      expect(await slotErrors()).toEqual([]);
      expect((await unmerged(people.max, change_set_id)).undone).toEqual({ restored: 2, kept: 0 });
      expect([await show(id), await show(other_id)]).toEqual(before);
      expect(await slotErrors()).toEqual([]);
      await Promise.all([id, other_id].map((each) => call(people.max, leads.remove, { id: each })));
    }),
    { numRuns: 40 },
  );
});
