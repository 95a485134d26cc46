import { afterEach, beforeEach, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { clock, now } from "../../kernel/clock.ts";
import { keyOf, type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { letTimePass } from "./time.ts";
import { makeActive, membersOf } from "./testing.ts";

/** Segments follow what happens to leads, and what happened too long ago. */
useProgram();
const { segments, leads, events } = contract;
const minute = 60_000;
let ada: Member;
let counter = 0;
beforeEach(async () => {
  ({ member: ada } = await signUp("Ada"));
  clock.freeze("2026-05-04T12:00:00Z");
});
afterEach(() => clock.release());

async function lead(): Promise<string> {
  const { body } = await call(ada, leads.create, { email: `h${++counter}@example.com` });
  return body.id;
}
async function does(
  lead_id: string,
  name: string,
  ago = 0,
  properties = {},
  who: Person = ada,
): Promise<string> {
  const occurred_at = new Date(now().getTime() - ago).toISOString();
  const sent = [{ lead_id, name, occurred_at, properties }];
  const { body } = await call(who, events.record, { events: sent });
  await settle();
  return body.data[0]?.id ?? "";
}
const active = (name: string, rule: Rule) => makeActive(ada, name, rule);
const members = async (id: string) => (await membersOf(ada, id)).toSorted();
async function later(ms: number): Promise<void> {
  clock.advance(ms);
  await letTimePass(the().jobsDb, new AbortController().signal);
}

test("an event lets a lead in; when it leaves the window the lead is out, and a new one lets it in again", async () => {
  const [one, two] = [await lead(), await lead()];
  await does(one, "viewed", 6 * minute);
  const within = await active("Viewed", { event: "viewed", within: { last: "5m" } });
  const twice = await active("Twice", {
    event: "viewed",
    count: { is: "gte", value: 2 },
    within: { last: "5m" },
    where: { field: "page", is: "eq", value: "pricing" },
  });
  const without = await active("Not", { event: "viewed", did: false, within: { last: "5m" } });
  expect([await members(within), await members(without)]).toEqual([[], [one, two]]);
  await does(one, "viewed", 0, { page: "pricing" });
  expect([await members(within), await members(without)]).toEqual([[one], [two]]);
  await later(2 * minute);
  await does(one, "viewed", 0, { page: "home" });
  expect(await members(twice)).toEqual([]);
  await does(one, "viewed", 0, { page: "pricing" });
  expect(await members(twice)).toEqual([one]);
  await later(3 * minute);
  expect(await members(twice)).toEqual([one]);
  await later(1000);
  expect([await members(twice), await members(within)]).toEqual([[], [one]]);
  // Nobody was there for a day.
  await later(24 * 60 * minute);
  expect([await members(within), await members(without)]).toEqual([[], [one, two].toSorted()]);
  await does(one, "viewed");
  expect(await members(within)).toEqual([one]);
});

test("the nearer end of a window lets in by time alone; days move on at midnight in the zone", async () => {
  const one = await lead();
  await does(one, "viewed");
  const ago = await active("A while ago", { event: "viewed", within: { last: "7m", until: "2m" } });
  const today = await active("Today", { event: "viewed", within: { from: "today" } });
  expect([await members(ago), await members(today)]).toEqual([[], [one]]);
  await later(2 * minute);
  expect(await members(ago)).toEqual([]);
  await later(1000);
  expect(await members(ago)).toEqual([one]);
  await later(5 * minute);
  expect(await members(ago)).toEqual([]);
  clock.freeze("2026-05-04T21:59:59Z");
  await later(0);
  expect(await members(today)).toEqual([one]);
  await later(1000);
  expect(await members(today)).toEqual([]);
});

test("what members do counts too, and what was merged in; why is told with how often and when", async () => {
  const [one, two] = [await lead(), await lead()];
  const noted = await active("Noted", { event: "note.added" });
  const viewed = await active("Viewed twice", { event: "viewed", count: { is: "gte", value: 2 } });
  await call(ada, leads.notes.create, { id: one, body: "Called" });
  await does(one, "viewed");
  await does(two, "viewed", 2 * minute);
  expect([await members(noted), await members(viewed)]).toEqual([[one], []]);
  await call(ada, contract.duplicates.merge, { id: one, other_id: two });
  await settle();
  expect(await members(viewed)).toEqual([one]);
  const { body } = await call(ada, segments.explain, { id: viewed, lead: one });
  expect(body).toMatchObject({
    member: true,
    meets: true,
    explained: {
      kind: "condition",
      met: true,
      has: { count: 2, as_asked: 2, last_at: "2026-05-04T12:00:00.000Z" },
    },
  });
  const lately = await active("Just now", { event: "viewed", within: { last: "1m" } });
  const why = await call(ada, segments.explain, { id: lately, lead: one });
  expect(why.body.explained).toMatchObject({ met: true, has: { count: 2, as_asked: 1 } });
});

test("when a lead was last seen follows what programs report of it, and so do segments: as it comes, goes and ages", async () => {
  const id = await lead();
  const program = await keyOf(ada, "agent");
  const here = await active("Here", { field: "last_seen_at", is: "in_last", value: "1h" });
  const today = await active("Today", { field: "last_seen_at", is: "eq", value: "today" });
  await does(id, "called", 10 * minute);
  expect([await members(here), await members(today)]).toEqual([[], []]);
  const event_id = await does(id, "viewed", 10 * minute, {}, program);
  expect([await members(here), await members(today)]).toEqual([[id], [id]]);
  await call(ada, events.remove, { id, event_id });
  await settle();
  expect(await members(here)).toEqual([]);
  await call(ada, events.restore, { id, event_id });
  await settle();
  expect(await members(here)).toEqual([id]);
  await later(51 * minute);
  expect([await members(here), await members(today)]).toEqual([[], [id]]);
  // Its sender's clock is ahead of ours: it is there when that time has come.
  await does(id, "viewed", -4 * minute, {}, program);
  expect(await members(here)).toEqual([]);
  await later(5 * minute);
  expect(await members(here)).toEqual([id]);
});
