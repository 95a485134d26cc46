import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Binned } from "@bellwether/contracts/bin";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, useProgram } from "../../kernel/testing/program.ts";

/** The bin and what is out of sight: found again, taken out again, and never in anybody's way. */
useProgram();
const { leads, bin, tags } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
let counter = 0;
const make = async (values: object = {}, who: Person = people.ada) =>
  (await raw<{ id: string }>(who, "POST", "/leads", { email: `bin-${++counter}@example.com`, ...values }))
    .body.id;
const remove = async (id: string, who: Person = people.max) => {
  expect((await call(who, leads.remove, { id })).status).toBe(200);
};
const binned = async (who: Person, input: object = {}): Promise<Binned[]> =>
  (await raw<{ data: Binned[] }>(who, "GET", "/leads/bin", input)).body.data;

describe("GET /leads/bin", () => {
  test("shows who was deleted, when, by whom and until when, the last one first, page by page", async () => {
    const { ada, max } = people;
    const ids: string[] = [];
    for (const name of ["First", "Second", "Third"]) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      const id = await make({ first_name: name, tags: ["Old"] });
      // oxlint-disable-next-line no-await-in-loop
      await remove(id, name === "Second" ? ada : max);
      ids.unshift(id);
    }
    const { body } = await call(max, bin.list, { limit: 2, count: "exact" });
    expect(body.data.map((lead) => [lead.id, lead.first_name, lead.deleted_by?.name])).toEqual([
      [ids[0], "Third", "Max"],
      [ids[1], "Second", "Ada"],
    ]);
    expect(body.count).toEqual({ value: 3, exact: true });
    const [lead] = body.data;
    expect(lead?.tags).toEqual(["Old"]);
    expect(Date.parse(lead?.erased_on ?? "") - Date.parse(lead?.deleted_at ?? "")).toBe(30 * 86_400_000);
    const rest = await call(max, bin.list, { limit: 2, cursor: body.next_cursor ?? "" });
    expect([rest.body.data.map((each) => each.id), rest.body.next_cursor]).toEqual([[ids[2]], null]);
    expect((await call(max, bin.list, { q: "third", cursor: body.next_cursor ?? "" })).problem.code).toBe(
      "bad_cursor",
    );
  });

  test("finds by words, as the list does", async () => {
    const id = await make({ first_name: "Zoë", last_name: "Müller", company: "100%_Bolt" });
    await settle();
    await remove(id);
    const found = async (q: string) => (await binned(people.max, { q })).map((lead) => lead.id);
    expect(await found("zoe mull")).toEqual([id]);
    expect(await found("0%_b")).toEqual([id]);
    expect(await found("zoe nobody")).toEqual([]);
    expect(await found("%")).toEqual([id]);
  });

  test("is for those who may delete, and Rival's is empty", async () => {
    const { rep, viewer, rival } = people;
    await remove(await make());
    for (const who of [rep, viewer, await keyOf(people.ada, "agent")]) {
      expect((await raw(who, "GET", "/leads/bin")).status).toBe(403);
    }
    expect(await binned(rival)).toEqual([]);
  });
});

describe("POST /leads/:id/restore", () => {
  test("409 where another lead has the address by now, named; without it the lead comes back", async () => {
    const { max } = people;
    const id = await make({ email: "twice@example.com", phone: "+49 30 1234501", first_name: "Old" });
    await remove(id);
    const other = await make({ email: "twice@example.com", first_name: "New", last_name: "One" });
    const refused = await call(max, leads.restore, { id });
    expect(refused.status).toBe(409);
    expect(refused.problem).toMatchObject({
      code: "lead_exists",
      detail:
        "The e-mail twice@example.com belongs to New One by now. Change it there first, or restore without it: {“without”: [“email”]}.",
      errors: [{ path: "email", code: "lead_exists" }],
      lead_id: other,
    });
    expect((await call(max, leads.restore, { id, without: ["phone"] })).status).toBe(409);
    const { status, body } = await call(max, leads.restore, { id, without: ["email"] });
    expect([status, body.email, body.phone, body.first_name]).toEqual([200, null, "+49301234501", "Old"]);
    const { body: timeline } = await call(max, leads.timeline, { id });
    expect(timeline.data.slice(0, 2).map((event) => [event.name, event.data])).toEqual([
      ["lead.restored", { without: ["email"] }],
      ["lead.updated", { changes: { email: { from: "twice@example.com", to: null } } }],
    ]);
    expect((await call(max, leads.show, { id: other })).body.email).toBe("twice@example.com");
  });

  test("keeps what nobody took, also where one may do without it", async () => {
    const id = await make({ email: "mine.still@example.com" });
    await remove(id);
    const { body } = await call(people.max, leads.restore, { id, without: ["email", "phone"] });
    expect(body.email).toBe("mine.still@example.com");
  });

  test("never leaves a lead without anything to know it by", async () => {
    const id = await make({ email: "only@example.com" });
    await remove(id);
    await make({ email: "only@example.com" });
    const { status, problem } = await call(people.max, leads.restore, { id, without: ["email"] });
    expect([status, problem.errors[0]?.code]).toEqual([409, "identifier_required"]);
  });

  test("a unique field's value that another lead has by now is in the way, too", async () => {
    await call(people.ada, contract.fields.create, {
      key: "customer_no",
      label: "Customer no.",
      type: "text",
      unique: true,
    });
    const id = await make({ attributes: { customer_no: "K-1" } });
    await remove(id);
    await make({ first_name: "Kim", attributes: { customer_no: "k-1" } });
    const { problem } = await call(people.max, leads.restore, { id });
    expect(problem.errors).toMatchObject([{ path: "attributes.customer_no", code: "not_unique" }]);
    expect(problem.detail).toContain("The Customer no. k-1 belongs to Kim by now.");
    const { body } = await call(people.max, leads.restore, { id, without: ["attributes.customer_no"] });
    expect(body.attributes).toEqual({});
    // Its own values are claimed again: nobody else gets them.
    const back = await make({ attributes: { customer_no: "K-2" } });
    await remove(back);
    await call(people.max, leads.restore, { id: back });
    expect(
      (
        await raw(people.max, "POST", "/leads", {
          email: "k2@example.com",
          attributes: { customer_no: "K-2" },
        })
      ).status,
    ).toBe(422);
  });

  test("404 for one that is not in the bin, and Rival can't tell", async () => {
    const id = await make();
    expect((await call(people.max, leads.restore, { id })).status).toBe(404);
    await remove(id);
    expect((await call(people.rival, leads.restore, { id })).status).toBe(404);
    expect((await call(people.rep, leads.restore, { id })).status).toBe(403);
  });
});

test("POST /leads/bin/restore: each by itself; of two with the same address the first comes back", async () => {
  const { max } = people;
  const fine = await make();
  const first = await make({ email: "same@example.com" });
  await remove(first);
  const second = await make({ email: "same@example.com", phone: "+49 30 1234502" });
  await Promise.all([remove(fine), remove(second)]);
  const live = await make();
  const { status, body } = await call(max, bin.restoreMany, { ids: [fine, first, second, live, fine] });
  expect(status).toBe(207);
  expect(body.data.map((each) => [each.id, each.status, each.errors[0]?.code ?? null])).toEqual([
    [fine, "restored", null],
    [first, "restored", null],
    [second, "refused", "lead_exists"],
    [live, "refused", "not_found"],
  ]);
  const again = await call(max, bin.restoreMany, { ids: [second], without: ["email"] });
  expect(again.body.data[0]?.status).toBe("restored");
  expect((await call(max, leads.show, { id: second })).body).toMatchObject({
    email: null,
    phone: "+49301234502",
  });
  expect((await call(people.rival, bin.restoreMany, { ids: [fine] })).body.data[0]?.status).toBe("refused");
  expect((await call(people.rep, bin.restoreMany, { ids: [fine] })).status).toBe(403);
  const many = Array.from({ length: 201 }, () => fine);
  expect((await call(max, bin.restoreMany, { ids: many })).status).toBe(422);
});

describe("hidden until active again", () => {
  const listed = async (query = "", who: Person = people.max) =>
    (await call(who, leads.search, { query, limit: 200 })).body.data.map((lead) => lead.id);
  const count = async (query = "") =>
    (await call(people.max, leads.search, { query, count: "exact", limit: 1 })).body.count?.value;

  test("out of lists, searches, counts, exports and bulk, unless the rule asks for it; by its id it is there", async () => {
    const { rep, max } = people;
    const tag = "Hides";
    const [id, other] = [await make({ first_name: "Hilda", tags: [tag] }), await make({ tags: [tag] })];
    await settle();
    const { body } = await call(rep, leads.hide, { id });
    expect(body.hidden).toBe(true);
    expect((await call(max, leads.show, { id })).body.hidden).toBe(true);
    expect(await listed(`tag:${tag}`)).toEqual([other]);
    expect(await listed("hilda")).toEqual([]);
    expect(await count(`tag:${tag}`)).toBe(1);
    expect(await listed(`tag:${tag} hidden:yes`)).toEqual([id]);
    expect(await listed(`tag:${tag} -hidden:yes`)).toEqual([other]);
    expect(await listed(`hilda hidden:yes`)).toEqual([id]);
    expect((await listed(`tag:${tag} (hidden:yes OR hidden:no)`)).toSorted()).toEqual([id, other].toSorted());
    expect(await count(`tag:${tag} hidden:yes`)).toBe(1);
    expect((await call(max, tags.list)).body.data.find((each) => each.name === tag)?.leads).toBe(1);
    const action = { kind: "set_field", field: "city", value: "Ulm" } as const;
    const about = async (of: object) =>
      (await call(max, contract.bulk.preview, { ...of, action })).body.total;
    expect(await about({ q: `tag:${tag}` })).toBe(1);
    expect(await about({ q: `tag:${tag} hidden:yes` })).toBe(1);
    expect(await about({ lead_ids: [id, other] })).toBe(2);
  });

  test("in an export it says so in words", async () => {
    const { max } = people;
    const id = await make({ tags: ["Exported"] });
    await call(max, leads.hide, { id });
    const file = async (input: object) => {
      const { body } = await raw<{ id: string }>(max, "POST", "/exports", {
        columns: ["id", "hidden"],
        ...input,
      });
      await settle();
      return (await raw<string>(max, "GET", `/exports/${body.id}/file`)).body
        .replaceAll("\uFEFF", "")
        .trim()
        .split("\r\n")
        .slice(1);
    };
    expect(await file({ q: "tag:Exported" })).toEqual([]);
    expect(await file({ q: "tag:Exported hidden:yes" })).toEqual([`${id},true`]);
    expect(await file({ lead_ids: [id] })).toEqual([`${id},true`]);
  });

  test("shown again by hand, or by what a program does; not by members, and not by what happened before", async () => {
    const { rep, max, ada } = people;
    const key = await keyOf(ada, "agent");
    const id = await make();
    await call(key, leads.update, { id, city: "Bonn" });
    await call(rep, leads.hide, { id });
    await call(rep, leads.hide, { id });
    await call(max, leads.update, { id, city: "Rome" });
    await call(max, leads.notes.create, { id, body: "still quiet" });
    await settle();
    expect((await call(max, leads.show, { id })).body.hidden).toBe(true);
    await call(key, leads.update, { id, city: "Paris" });
    await settle();
    expect((await call(max, leads.show, { id })).body.hidden).toBe(false);
    const names = async () => (await call(max, leads.timeline, { id })).body.data.map((each) => each.name);
    expect((await names()).slice(0, 2)).toEqual(["lead.shown", "lead.updated"]);
    expect((await names()).filter((name) => name === "lead.hidden")).toHaveLength(1);
    await call(rep, leads.hide, { id });
    expect((await call(rep, leads.unhide, { id })).body.hidden).toBe(false);
    expect((await call(rep, leads.unhide, { id })).status).toBe(200);
  });

  test("by those who may write; Rival can't tell", async () => {
    const id = await make();
    for (const procedure of [leads.hide, leads.unhide]) {
      expect((await call(people.viewer, procedure, { id })).status).toBe(403);
      expect((await call(people.rival, procedure, { id })).status).toBe(404);
    }
    expect((await call(people.rep, leads.hide, { id }, { "if-match": '"99"' })).status).toBe(412);
  });
});
