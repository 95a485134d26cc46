import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { isReported } from "@bellwether/contracts/event-names";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { readSources } from "../../kernel/testing/sources.ts";
import { groups, lead, send, timeline } from "./testing.ts";
import { keepInBounds } from "./upkeep.ts";

const { events, eventNames, leads } = contract;
useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

describe("the catalogue", () => {
  test("tells of each name how often, when, and what its properties held; labels and hides", async () => {
    const { id } = await lead(people.ada);
    await send(people.ada, [
      {
        name: "cart.filled",
        lead_id: id,
        occurred_at: "2026-01-01T00:00:00Z",
        properties: { n: 1, at: "2026-01-01", gift: true, tags: ["a"], who: {}, none: null, empty: "" },
      },
      { name: "cart.filled", lead_id: id, occurred_at: "2026-02-01T00:00:00Z", properties: { n: "two" } },
    ]);
    const find = async (name: string) =>
      (await call(people.viewer, eventNames.list)).body.data.find((each) => each.name === name);
    expect(await find("cart.filled")).toEqual({
      name: "cart.filled",
      label: "cart.filled",
      kind: "reported",
      hidden: false,
      count: 2,
      first_seen_at: "2026-01-01T00:00:00.000Z",
      last_seen_at: "2026-02-01T00:00:00.000Z",
      properties: [
        { key: "at", types: ["time"] },
        { key: "gift", types: ["yes_no"] },
        { key: "n", types: ["number", "text"] },
        { key: "tags", types: ["list"] },
        { key: "who", types: ["object"] },
      ],
    });
    expect(await find("email.opened")).toMatchObject({ kind: "usual", label: "E-mail opened", count: 0 });
    expect(await find("stage.changed")).toMatchObject({ kind: "built_in", count: null });
    const changed = await call(people.ada, eventNames.update, {
      name: "cart.filled",
      label: "Filled a cart",
      hidden: true,
    });
    expect(changed.body).toMatchObject({ label: "Filled a cart", hidden: true, count: 2 });
    expect((await call(people.ada, events.groups, { id })).body.data[1]).toMatchObject({
      name: "cart.filled",
      label: "Filled a cart",
    });
    expect((await call(people.ada, eventNames.update, { name: "never sent", label: "x" })).status).toBe(404);
    const back = await call(people.ada, eventNames.update, {
      name: "cart.filled",
      label: null,
      hidden: false,
    });
    expect(back.body).toMatchObject({ label: "cart.filled", hidden: false });
  });

  test("nobody can report what the product tells itself", () => {
    const told = readSources("packages/server/src")
      .filter((file) => !file.path.endsWith(".test.ts"))
      .flatMap(({ text }) => [...text.matchAll(/\bemit\(\s*\w+,\s*"([^"]+)"|'([a-z_]+\.[a-z_]+)', now\(\)/g)])
      .map(([, called, written]) => called ?? written ?? "");
    expect(told.length).toBeGreaterThan(30);
    expect(told.filter(isReported)).toEqual([]);
  });

  test("a bug can't make a million names", async () => {
    const { rival } = people;
    const { body } = await call(rival, leads.create, { email: "many@example.com" });
    const named = (n: number) => ({ name: `bug ${n}`, lead_id: body.id });
    const before = (await call(rival, eventNames.list)).body.data.filter((each) => (each.count ?? 0) > 0);
    const first = await send(
      rival,
      Array.from({ length: 1000 }, (_, n) => named(n)),
    );
    const refused = first.filter((each) => each.status === "refused");
    expect(refused).toHaveLength(before.length);
    const results = await send(rival, [named(5000), named(0)]);
    expect(results.map((each) => each.errors[0]?.code)).toEqual(["too_many_names", undefined]);
    expect(results[0]?.errors[0]?.message).toContain("1,000 different events");
  });
});

describe("timeline and groups", () => {
  test("few kinds, page by page at any depth", async () => {
    const { id } = await lead(people.ada);
    const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
    await send(
      people.ada,
      Array.from({ length: 30 }, (_, n) => ({
        name: n % 3 === 0 ? "rare" : "often",
        lead_id: id,
        occurred_at: minute(n),
        properties: { n },
      })),
    );
    const seen: unknown[] = [];
    const of = { id, names: "rare,unheard of", limit: 4 };
    let { body } = await call(people.ada, leads.timeline, of);
    seen.push(...body.data.map((event) => event.data["n"]));
    while (body.next_cursor !== null) {
      ({ body } = await call(people.ada, leads.timeline, { ...of, cursor: body.next_cursor }));
      seen.push(...body.data.map((event) => event.data["n"]));
    }
    expect(seen).toEqual([27, 24, 21, 18, 15, 12, 9, 6, 3, 0]);
    expect(await timeline(people.ada, id, "lead.created,rare")).toHaveLength(11);
  });

  test("follow a lead into the one it is merged into, and out again; what is sent to it goes to that one", async () => {
    const [one, two] = [await lead(people.ada), await lead(people.ada)];
    const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;
    await send(people.ada, [
      { name: "viewed", lead_id: one.id, occurred_at: at(2) },
      { name: "viewed", lead_id: two.id, occurred_at: at(1) },
      { name: "viewed", lead_id: two.id, occurred_at: at(4) },
      { name: "only two", lead_id: two.id, occurred_at: at(4) },
    ]);
    const merged = await call(people.ada, contract.duplicates.merge, { id: one.id, other_id: two.id });
    expect(merged.status).toBe(200);
    const [late] = await send(people.ada, [{ name: "viewed", lead_id: two.id, occurred_at: at(3) }]);
    expect([late?.status, late?.lead_id]).toEqual(["accepted", one.id]);
    expect(await groups(people.ada, one.id)).toMatchObject({
      viewed: { count: 4, first_at: at(1), last_at: at(4) },
      "only two": { count: 1 },
    });
    await call(people.ada, contract.changes.undo, { id: merged.body.change_set_id });
    await settle();
    expect((await groups(people.ada, one.id))["viewed"]).toEqual({
      count: 2,
      first_at: at(2),
      last_at: at(3),
    });
    expect((await groups(people.ada, one.id))["only two"]).toBeUndefined();
    expect((await groups(people.ada, two.id))["viewed"]).toEqual({
      count: 2,
      first_at: at(1),
      last_at: at(4),
    });
  });
});

describe("what goes", () => {
  test("with a lead that is erased; nothing can be reported of it, nor of one in the bin", async () => {
    const { id, email } = await lead(people.ada);
    await send(people.ada, [
      { name: "kept", lead_id: id, event_id: "erased-1", properties: { who: "Erna" } },
    ]);
    await call(people.ada, leads.remove, { id });
    expect((await send(people.ada, [{ name: "kept", lead_id: id }]))[0]?.errors[0]?.code).toBe("not_found");
    await call(people.ada, contract.privacy.erase, { id, confirm: email });
    await settle();
    expect((await send(people.ada, [{ name: "kept", lead_id: id }]))[0]?.errors[0]?.code).toBe("not_found");
    const { rows } = await the().ownerPool.query(
      "select lead_id from lead_event where lead_id = $1 union all select lead_id from event where lead_id = $1 and name = 'kept'",
      [id],
    );
    expect(rows).toEqual([]);
  });

  test("by its age, where the workspace says so: reported events, not their counts, nor what members did", async () => {
    const { id } = await lead(people.ada);
    const old = new Date(Date.now() - 70 * 86_400_000).toISOString();
    await send(people.ada, [
      { name: "aged", lead_id: id, occurred_at: old },
      { name: "aged", lead_id: id },
    ]);
    await the().ownerPool.query(
      "update event set occurred_at = $2 where lead_id = $1 and name = 'lead.created'",
      [id, old],
    );
    expect((await call(people.ada, eventNames.settings)).body).toEqual({ keep_months: null });
    await keepInBounds(the().jobsDb, new AbortController().signal);
    expect(await timeline(people.ada, id)).toHaveLength(3);
    await call(people.ada, eventNames.saveSettings, { keep_months: 2 });
    await keepInBounds(the().jobsDb, new AbortController().signal);
    await call(people.ada, eventNames.saveSettings, { keep_months: null });
    expect(await timeline(people.ada, id)).toEqual(["aged", "lead.created"]);
    expect((await groups(people.ada, id))["aged"]?.count).toBe(2);
    expect((await call(people.ada, eventNames.saveSettings, { keep_months: 0 })).status).toBe(422);
  });
});
