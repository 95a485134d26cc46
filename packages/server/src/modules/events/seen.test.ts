import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { clock } from "../../kernel/clock.ts";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { lead, send } from "./testing.ts";

/** When a lead was last seen follows from what programs report of it. */
const { duplicates, events, leads, privacy } = contract;
useProgram();
let people: Cast;
let program: Person;
beforeAll(async () => {
  people = await cast();
  program = await keyOf(people.ada, "manager");
});
beforeEach(() => clock.freeze("2026-05-04T12:00:00Z"));
afterEach(() => clock.release());

const at = (time: string) => `2026-05-04T${time}.000Z`;
async function does(lead_id: string, time: string, name = "viewed", who = program): Promise<string> {
  const [result] = await send(who, [{ name, lead_id, occurred_at: at(time) }]);
  return result?.id ?? "";
}
async function seen(id: string): Promise<string | null> {
  return (await call(people.ada, leads.show, { id })).body.last_seen_at;
}

test("is the last that it did itself, by whatever order it comes; not what members note, nor what is sent to it", async () => {
  const { id, email } = await lead(people.ada, { anonymous_id: "seen-1" });
  expect(await seen(id)).toBeNull();
  await does(id, "10:00:00", "email.sent");
  await does(id, "10:00:00", "called", people.rep);
  await call(people.rep, events.add, { id, name: "met", occurred_at: at("10:00:00") });
  expect(await seen(id)).toBeNull();
  await send(program, [
    { name: "viewed", email, occurred_at: at("09:00:00") },
    { name: "clicked", anonymous_id: "seen-1", occurred_at: at("11:00:00") },
    { name: "email.bounced", lead_id: id, occurred_at: at("11:30:00") },
  ]);
  expect(await seen(id)).toBe(at("11:00:00"));
  await does(id, "08:00:00");
  await does(id, "11:00:59");
  expect(await seen(id)).toBe(at("11:00:00"));
  await does(id, "11:01:00");
  expect(await seen(id)).toBe(at("11:01:00"));
  const rule: Rule = { field: "last_seen_at", is: "in_last", value: "1h" };
  expect((await call(people.ada, leads.query, { rule })).body.data.map((each) => each.id)).toEqual([id]);
});

test("with the last of them taken back it is the one before; of merged leads too", async () => {
  const [one, two] = [await lead(people.ada), await lead(people.ada)];
  await does(one.id, "07:00:00");
  const [, last] = [await does(two.id, "08:00:00"), await does(two.id, "09:00:00")];
  await does(two.id, "09:30:00", "noted", people.rep);
  const merged = await call(people.ada, duplicates.merge, { id: one.id, other_id: two.id });
  expect(await seen(one.id)).toBe(at("09:00:00"));
  await call(people.ada, events.remove, { id: one.id, event_id: last });
  expect(await seen(one.id)).toBe(at("08:00:00"));
  await call(people.ada, events.restore, { id: one.id, event_id: last });
  expect(await seen(one.id)).toBe(at("09:00:00"));
  await call(people.ada, contract.changes.undo, { id: merged.body.change_set_id });
  await settle();
  expect([await seen(one.id), await seen(two.id)]).toEqual([at("07:00:00"), at("09:00:00")]);
});

test("of an erased lead nothing is kept", async () => {
  const { id, email } = await lead(people.ada);
  await does(id, "10:00:00");
  expect((await call(people.ada, privacy.erase, { id, confirm: email })).problem.detail).toBeUndefined();
  await settle();
  const { rows } = await the().ownerPool.query("select from lead_stat where lead_id = $1", [id]);
  expect(rows).toEqual([]);
});
