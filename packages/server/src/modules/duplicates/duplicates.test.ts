import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { LeadIn } from "@bellwether/contracts/leads";
import { cast, type Cast, signUp } from "../../kernel/testing/cast.ts";
import { call, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { make, merged, suggested, unmerged } from "./testing.ts";

useProgram();
const { leads, duplicates, bulk } = contract;

let people: Cast;
beforeAll(async () => {
  people = await cast();
});

describe("pairs are suggested", () => {
  const alike: [why: string, one: LeadIn, other: LeadIn, reasons: string[]][] = [
    [
      "a number under phone and WhatsApp",
      { phone: "+493012345678" },
      { whatsapp_id: "+49 30 12345678" },
      ["same_phone"],
    ],
    [
      "a label after a plus",
      { email: "eva+news@firm.example" },
      { email: "Eva@firm.example" },
      ["same_address"],
    ],
    [
      "dots at Google, under either name",
      { email: "j.o.h.n@gmail.com" },
      { email: "john+x@googlemail.com" },
      ["same_address"],
    ],
    ["a provider's other names", { email: "zoe@me.com" }, { email: "zoe@icloud.com" }, ["same_address"]],
    [
      "a typing error in the name, and another way to write the company",
      { first_name: "Anna", last_name: "Meyer", company: "Müller & Söhne GmbH" },
      { first_name: "Anna", last_name: "Meier", company: "Muller und Sohne" },
      ["similar_name"],
    ],
    [
      "a nickname",
      { first_name: "Bob", last_name: "Tanaka", company: "Acme, Inc." },
      { first_name: "Robert", last_name: "Tanaka", company: "The ACME" },
      ["similar_name"],
    ],
    [
      "first and last name swapped",
      { first_name: "Ines", last_name: "Costa", company: "Lda Sul" },
      { first_name: "Costa", last_name: "Ines", company: "LDA SUL" },
      ["similar_name"],
    ],
    [
      "an initial",
      { first_name: "K.", last_name: "Ödegaard", company: "Fjord A/S" },
      { first_name: "Karin", last_name: "Odegaard", company: "Fjord A/S" },
      ["similar_name"],
    ],
    [
      "more than one thing",
      { first_name: "Omar", last_name: "Haddad", company: "Levant S.A.", phone: "+4930999111" },
      { first_name: "Omar", last_name: "Haddad", company: "Levant", whatsapp_id: "+4930999111" },
      ["same_phone", "similar_name"],
    ],
  ];
  test.each(alike)("for %s", async (_why, one, other, reasons) => {
    const older = await make(people.ada, one);
    const newer = await make(people.ada, other);
    const [pair, ...more] = await suggested(people.max, older);
    expect(more).toEqual([]);
    expect(pair).toMatchObject({ ids: [older.id, newer.id], reasons, state: "suggested" });
    expect(pair?.likeness).toBeGreaterThan(0.4);
    expect(pair?.likeness).toBeLessThanOrEqual(1);
  });

  const different: [why: string, one: LeadIn, other: LeadIn][] = [
    ["dots elsewhere than at Google", { email: "a.bc@firm.example" }, { email: "ab.c@firm.example" }],
    ["an address that is only a label", { email: "+x@firm.example" }, { email: "+y@firm.example" }],
    [
      "one name at two companies",
      { first_name: "Lia", last_name: "Ferro", company: "North" },
      { first_name: "Lia", last_name: "Ferro", company: "South" },
    ],
    [
      "two people of one family name",
      { first_name: "John", last_name: "Smith", company: "Kin" },
      { first_name: "Jane", last_name: "Smith", company: "Kin" },
    ],
    ["no name at one company", { company: "Nameless" }, { company: "Nameless" }],
  ];
  test.each(different)("not for %s", async (_why, one, other) => {
    const made = await make(people.ada, one);
    await make(people.ada, other);
    expect(await suggested(people.max, made)).toEqual([]);
  });

  test("as leads change: found, found no more, back from the bin", async () => {
    const one = await make(people.ada, { first_name: "Nora", last_name: "Lund", company: "Vik" });
    const other = await make(people.ada, { first_name: "Nora", last_name: "Lund", company: "Elsewhere" });
    expect(await suggested(people.max, one)).toEqual([]);
    await call(people.ada, leads.update, { id: other.id, company: "VIK AB" });
    expect(await suggested(people.max, one)).toHaveLength(1);
    await call(people.ada, leads.remove, { id: other.id });
    expect(await suggested(people.max, one)).toEqual([]);
    await call(people.ada, leads.restore, { id: other.id });
    expect(await suggested(people.max, one)).toHaveLength(1);
    await call(people.ada, bulk.start, {
      lead_ids: [one.id],
      action: { kind: "clear_field", field: "last_name" },
    });
    await settle();
    expect(await suggested(people.max, one)).toEqual([]);
  });

  test("not by a key that more than fifty leads share", async () => {
    const { member: eve } = await signUp("Eve");
    const sent = Array.from({ length: 60 }, (_, n) => ({
      email: `crowd+${n}@firm.example`,
      ...(n < 2 ? { first_name: "Una", last_name: "Pair", company: "Crowd" } : {}),
    }));
    await call(eve, leads.batch, { leads: sent.slice(0, 50) });
    await settle();
    const first = await call(eve, duplicates.list, { limit: 1, count: "exact" });
    expect(first.body.count).toEqual({ value: (50 * 49) / 2, exact: true });
    await call(eve, leads.batch, { leads: sent.slice(50) });
    await settle();
    const { body } = await call(eve, duplicates.list, { limit: 1, count: "estimate" });
    // Pairs among the first stay until one of their leads changes; the ones that came later found none.
    expect(body.count).toEqual({ value: 1000, exact: false });
    expect((await call(eve, duplicates.list, { limit: 1, count: "exact" })).body.count?.value).toBe(1225);
  });

  test("for the leads of an import, and for those that were there before leads were compared", async () => {
    const { member: eve, workspace_id } = await signUp("Eve");
    const there = await make(eve, { email: "eve@gmail.com" });
    const { body: draft } = await raw<{ id: string }>(
      eve,
      "POST",
      "/imports?file_name=a.csv",
      "email\ne.v.e@gmail.com\nother@example.com\n",
      { "content-type": "text/csv" },
    );
    await call(eve, contract.imports.map, { id: draft.id, columns: [{ index: 0, field: "email" }] });
    await settle();
    await call(eve, contract.imports.run, { id: draft.id });
    await settle();
    expect(await suggested(eve, there)).toHaveLength(1);
    const { ownerPool } = the();
    await ownerPool.query("delete from lead_key where workspace_id = $1", [workspace_id]);
    await ownerPool.query("delete from duplicate_pair where workspace_id = $1", [workspace_id]);
    await ownerPool.query(
      "update duplicate_build set after = '00000000-0000-0000-0000-000000000000', finished_at = null where workspace_id = $1",
      [workspace_id],
    );
    expect(await suggested(eve, there)).toEqual([]);
    await the()
      .modules.find(({ name }) => name === "duplicates")
      ?.upkeep?.(the().jobsDb, new AbortController().signal);
    expect(await suggested(eve, there)).toHaveLength(1);
  });
});

describe("the queue", () => {
  test("has the surest first, page by page, all or those of one lead, and counts them", async () => {
    const { member: eve } = await signUp("Eve");
    const mail = await make(eve, {
      email: "a+1@firm.example",
      first_name: "Ann",
      last_name: "Ek",
      company: "Ek",
    });
    await make(eve, { email: "a@firm.example" });
    await make(eve, { first_name: "Anne", last_name: "Ek", company: "Ek AB" });
    await make(eve, { phone: "+4930777" });
    await make(eve, { whatsapp_id: "+4930777" });
    await settle();
    const all = (await call(eve, duplicates.list, { count: "exact" })).body;
    expect(all.count).toEqual({ value: 3, exact: true });
    expect(all.data.map((pair) => pair.reasons)).toEqual([
      ["same_address"],
      ["same_phone"],
      ["similar_name"],
    ]);
    const paged = [];
    let cursor: string | undefined;
    do {
      const { body } = await call(eve, duplicates.list, {
        limit: 1,
        ...(cursor === undefined ? {} : { cursor }),
      });
      paged.push(...body.data);
      cursor = body.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(all.data);
    const own = await call(eve, duplicates.list, { lead_id: mail.id, count: "estimate" });
    expect(own.body.count).toEqual({ value: 2, exact: true });
    const other = await call(eve, duplicates.list, { limit: 1, lead_id: mail.id });
    const wrong = await call(eve, duplicates.list, { cursor: other.body.next_cursor ?? "" });
    expect([wrong.status, wrong.problem.code]).toEqual([400, "bad_cursor"]);
  });

  test("loses a pair that is two people, for good, and gets it back when that is taken back", async () => {
    const one = await make(people.ada, { email: "rob+a@firm.example" });
    const other = await make(people.ada, { email: "rob@firm.example" });
    const [pair] = await suggested(people.max, one);
    const id = pair?.id ?? "";
    expect((await call(people.max, duplicates.dismiss, { id })).body.state).toBe("dismissed");
    expect((await call(people.max, duplicates.dismiss, { id })).status).toBe(200);
    await call(people.ada, leads.update, { id: other.id, email: "rob+b@firm.example" });
    expect(await suggested(people.max, one)).toEqual([]);
    const { body } = await call(people.max, duplicates.list, { state: "dismissed", lead_id: one.id });
    expect(body.data.map((each) => each.id)).toEqual([id]);
    expect((await call(people.ada, duplicates.suggest, { id })).body.state).toBe("suggested");
    expect(await suggested(people.max, one)).toHaveLength(1);
    const { body: audit } = await call(people.ada, contract.audit.list, { subject_id: id });
    expect(audit.data.map(({ name, actor }) => [name, actor.name])).toEqual([
      ["duplicate.suggested", "Ada"],
      ["duplicate.dismissed", "Max"],
    ]);
  });

  test("loses the pairs of a merged lead, and has them again when the merge is undone", async () => {
    const [one, two, three] = [
      await make(people.ada, { email: "tri@firm.example" }),
      await make(people.ada, { email: "tri+2@firm.example" }),
      await make(people.ada, { email: "tri+3@firm.example" }),
    ];
    expect(await suggested(people.max, one, two, three)).toHaveLength(3);
    const { change_set_id } = await merged(people.max, { id: one.id, other_id: two.id });
    expect((await suggested(people.max, one, two, three)).map((pair) => pair.ids)).toEqual([
      [one.id, three.id],
    ]);
    await unmerged(people.max, change_set_id);
    expect(await suggested(people.max, one, two, three)).toHaveLength(3);
  });

  test("is for managers: agents and viewers are refused, Rival sees and finds nothing", async () => {
    const one = await make(people.ada, { email: "own+1@firm.example" });
    await make(people.ada, { email: "own@firm.example" });
    const [pair] = await suggested(people.max, one);
    const id = pair?.id ?? "";
    for (const who of [people.rep, people.viewer]) {
      expect((await call(who, duplicates.list, {})).status).toBe(403);
      expect((await call(who, duplicates.dismiss, { id })).status).toBe(403);
    }
    expect((await call(people.rival, duplicates.list, { count: "exact" })).body).toEqual({
      data: [],
      next_cursor: null,
      count: { value: 0, exact: true },
    });
    expect((await call(people.rival, duplicates.dismiss, { id })).problem.detail).toBe(
      "There is no such pair of leads.",
    );
    expect((await suggested(people.max, one))[0]?.state).toBe("suggested");
  });
});
