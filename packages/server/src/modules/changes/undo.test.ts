import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { BulkAction } from "@bellwether/contracts/changes";
import { newId } from "../../kernel/ids.ts";
import { cast, type Cast, join } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, useProgram } from "../../kernel/testing/program.ts";
import { done, history, lead, make, undone } from "./testing.ts";

const the = useProgram();
const { leads, bulk, changes, fields } = contract;

let people: Cast;
let max: Person;
beforeAll(async () => {
  people = await cast();
  ({ max } = people);
  await call(people.ada, fields.create, { key: "vat", label: "VAT", type: "text", unique: true });
});

describe("POST /changes/:id/undo", () => {
  test("puts back what it changed, but not what was edited since", async () => {
    const own = await make(people.ada, 4, (n) => (n === 0 ? {} : { job_title: `Title ${n}` }));
    const set = await done(max, {
      lead_ids: own,
      action: { kind: "set_field", field: "job_title", value: "CEO" },
    });
    await call(people.ada, leads.update, { id: own[1] ?? "", job_title: "CTO" });
    await call(people.ada, leads.remove, { id: own[2] ?? "" });
    const back = await undone(people.ada, set);
    expect(back).toMatchObject({
      state: "undone",
      undone: { restored: 2, kept: 2 },
      can_undo: false,
      undone_by: { name: "Ada" },
    });
    expect((await lead(people.ada, own[0])).job_title).toBeNull();
    expect((await lead(people.ada, own[1])).job_title).toBe("CTO");
    expect((await lead(people.ada, own[3])).job_title).toBe("Title 3");
    expect((await history(people.ada, own[3]))[0]).toMatchObject({
      name: "lead.updated",
      by: "Ada",
      data: { changes: { job_title: { from: "CEO", to: "Title 3" } }, change_set_id: set.id, undo: true },
    });
  });

  test("409 twice, while it runs, and where nothing was changed", async () => {
    const ids = await make(people.ada, 2, () => ({}));
    const started = await call(max, bulk.start, { lead_ids: ids, action: { kind: "add_tag", tag: "Twice" } });
    expect((await call(max, changes.undo, { id: started.body.id })).problem.code).toBe("not_in_state");
    await settle();
    const [first, second] = await Promise.all([
      call(max, changes.undo, { id: started.body.id }),
      call(people.ada, changes.undo, { id: started.body.id }),
    ]);
    expect(new Set([first.status, second.status])).toEqual(new Set([202, 409]));
    await settle();
    const third = await call(max, changes.undo, { id: started.body.id });
    expect([third.status, third.problem.detail]).toEqual([
      409,
      "“Add tag “Twice”” can't be undone. It is undone already.",
    ]);
    expect((await lead(people.ada, ids[0])).tags).toEqual([]);
  });

  test("of a deletion: restored with their unique values, but not where an address is another lead's by now", async () => {
    const vats = [newId(), newId(), newId()];
    const own = await make(people.ada, 4, (n) => (n < 3 ? { attributes: { vat: `X${vats[n]}` } } : {}));
    const { email } = await lead(people.ada, own[1]);
    const set = await done(max, { lead_ids: own, action: { kind: "delete" } });
    expect(set).toMatchObject({ summary: "Move to the bin", changed: 4 });
    await call(people.ada, leads.create, { email });
    await call(people.ada, leads.create, {
      email: `${newId()}@example.com`,
      attributes: { vat: `x${vats[2]}` },
    });
    await call(people.ada, leads.restore, { id: own[3] ?? "" });
    const back = await undone(max, set);
    expect(back.undone).toEqual({ restored: 1, kept: 3 });
    expect((await lead(people.ada, own[0])).attributes).toEqual({ vat: `X${vats[0]}` });
    expect((await history(people.ada, own[0]))[0]?.name).toBe("lead.restored");
    expect((await call(people.ada, leads.show, { id: own[1] ?? "" })).status).toBe(404);
    expect((await call(people.ada, leads.show, { id: own[2] ?? "" })).status).toBe(404);
    const claimed = await call(people.ada, leads.create, {
      email: `${newId()}@example.com`,
      attributes: { vat: `x${vats[0]}` },
    });
    expect(claimed.problem.errors[0]?.code).toBe("not_unique");
  });

  test("of a cleared address or unique value: given back unless somebody else has it", async () => {
    const own = await make(people.ada, 2, () => ({ external_id: newId(), attributes: { vat: newId() } }));
    const [first, second] = await Promise.all(own.map((id) => lead(people.ada, id)));
    const mail = await done(max, { lead_ids: own, action: { kind: "clear_field", field: "email" } });
    const vat = await done(max, { lead_ids: own, action: { kind: "clear_field", field: "vat" } });
    await call(people.ada, leads.create, {
      email: first?.email ?? "",
      attributes: { vat: second?.attributes["vat"] },
    });
    expect((await undone(max, vat)).undone).toEqual({ restored: 1, kept: 1 });
    expect((await undone(max, mail)).undone).toEqual({ restored: 1, kept: 1 });
    expect(await lead(people.ada, own[0])).toMatchObject({
      email: null,
      attributes: { vat: first?.attributes["vat"] },
    });
    expect(await lead(people.ada, own[1])).toMatchObject({ email: second?.email, attributes: {} });
  });

  test("of an address that two of the leads had, one after the other: the first gets it back", async () => {
    const own = await make(people.ada, 3, () => ({ external_id: newId() }));
    const { email } = await lead(people.ada, own[0]);
    const set = await done(max, { lead_ids: own, action: { kind: "clear_field", field: "email" } });
    // As when the second was given the address of the first between the two parts of a large change.
    await the().ownerPool.query("update lead_change set old = to_jsonb($1::text) where lead_id = $2", [
      email,
      own[1],
    ]);
    expect((await undone(max, set)).undone).toEqual({ restored: 2, kept: 1 });
    expect((await lead(people.ada, own[0])).email).toBe(email);
    expect((await lead(people.ada, own[1])).email).toBeNull();
    expect((await lead(people.ada, own[2])).email).not.toBeNull();
  });

  test("of the first of two changes leaves what the second set", async () => {
    const own = await make(people.ada, 3, () => ({ language: "de" }));
    const set = (value: string): BulkAction => ({ kind: "set_field", field: "language", value });
    const started = await Promise.all([
      call(max, bulk.start, { lead_ids: own, action: set("fr") }),
      call(people.ada, bulk.start, { lead_ids: own.toReversed(), action: set("pl") }),
    ]);
    await Promise.all([settle(), settle()]);
    const both = await Promise.all(
      started.map(async ({ body }) => (await call(max, changes.show, { id: body.id })).body),
    );
    expect(both.map(({ state, changed }) => [state, changed])).toEqual([
      ["done", 3],
      ["done", 3],
    ]);
    const last = (await lead(people.ada, own[0])).language;
    const [earlier, later] = both.toSorted(
      (a, b) => Number(a.summary.endsWith(last ?? "")) - Number(b.summary.endsWith(last ?? "")),
    );
    if (earlier === undefined || later === undefined) throw new Error("two changes were made");
    expect((await undone(max, earlier)).undone).toEqual({ restored: 0, kept: 3 });
    expect((await lead(people.ada, own[0])).language).toBe(last);
    expect((await undone(max, later)).undone).toEqual({ restored: 3, kept: 0 });
  });

  test("an owner who left and a field that was deleted aren't brought back", async () => {
    const { ada } = people;
    const leaver = await join(ada, "Leaver", "agent");
    await call(ada, fields.create, { key: "old", label: "Old", type: "text" });
    const made = await make(ada, 2, () => ({ owner_id: leaver.member_id, attributes: { old: "x" } }));
    const owner = await done(max, { lead_ids: made, action: { kind: "set_owner", owner_id: null } });
    const field = await done(max, {
      lead_ids: made,
      action: { kind: "clear_field", field: "attributes.old" },
    });
    await call(ada, contract.identity.members.remove, { id: leaver.member_id });
    await call(ada, fields.update, { key: "old", archived: true });
    await call(ada, fields.remove, { key: "old" });
    expect((await undone(max, owner)).undone).toEqual({ restored: 0, kept: 2 });
    expect((await undone(max, field)).undone).toEqual({ restored: 0, kept: 2 });
  });
});
