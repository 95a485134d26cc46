import { afterEach, beforeEach, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { clock } from "../../kernel/clock.ts";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { bounds, letTimePass } from "./time.ts";
import { makeActive, membersOf } from "./testing.ts";

/** Time alone moves leads in and out, when their own answer changes, with nothing else happening. */
useProgram();
const { segments, leads, fields, stages } = contract;
/** Time never goes back in a workspace, so each test has its own. */
let ada: Member;
let workspace_id: string;
let counter = 0;
beforeEach(async () => {
  ({ member: ada, workspace_id } = await signUp("Ada"));
  for (const [key, type, fast] of [
    ["seen", "datetime", true],
    ["due", "date", true],
    ["slow", "datetime", false],
    ["slow_day", "date", false],
  ] as const) {
    await call(ada, fields.create, { key, label: key, type, fast });
  }
});
afterEach(() => clock.release());

async function lead(attributes: Record<string, unknown>): Promise<string> {
  const { body, status } = await call(ada, leads.create, { email: `t${++counter}@example.com`, attributes });
  expect(status).toBe(201);
  return body.id;
}
const active = (name: string, rule: Rule, more: object = {}) => makeActive(ada, name, rule, more);
const members = (id: string) => membersOf(ada, id);
async function timeIs(moment: string): Promise<void> {
  clock.freeze(moment);
  await letTimePass(the().jobsDb, new AbortController().signal);
}
const seen = (is: "in_last" | "not_in_last", value: string): Rule => ({
  field: "attributes.seen",
  is,
  value,
});

test("who was seen within the hour leaves when it is over, and who will be enters when it comes", async () => {
  clock.freeze("2026-05-04T12:00:00Z");
  const past = await lead({ seen: "2026-05-04T11:30:00Z" });
  const future = await lead({ seen: "2026-05-04T12:10:00Z" });
  const never = await lead({});
  const within = await active("Within the hour", seen("in_last", "1h"));
  const without = await active("Not within the hour", seen("not_in_last", "1h"));
  const nested = await active("Within, by segment", { segment: within, member: true });
  const all = async () => [await members(within), await members(without), await members(nested)];
  expect(await all()).toEqual([[past], [future, never], [past]]);
  await timeIs("2026-05-04T12:09:59.999Z");
  expect(await all()).toEqual([[past], [future, never], [past]]);
  await timeIs("2026-05-04T12:11:00Z");
  expect(await all()).toEqual([[past, future], [never], [past, future]]);
  await timeIs("2026-05-04T12:30:00Z");
  expect(await members(within)).toEqual([past, future]);
  await timeIs("2026-05-04T12:30:01Z");
  expect(await all()).toEqual([[future], [past, never], [future]]);
  const { body } = await call(ada, leads.timeline, { id: past });
  expect(body.data[0]).toMatchObject({ name: "segment.left", data: { how: "rule" } });
  // Nobody was there for two days: what has passed meanwhile is made up for, and a new value counts from its own time.
  await timeIs("2026-05-06T12:00:00Z");
  expect(await all()).toEqual([[], [past, future, never], []]);
  await call(ada, leads.update, { id: never, attributes: { seen: "2026-05-06T11:59:00Z" } });
  await settle();
  expect(await all()).toEqual([[never], [past, future], [never]]);
});

test("days are the workspace's: they change at its midnight, on the day with 23 hours too, fast field or not", async () => {
  clock.freeze("2026-03-28T22:30:00Z");
  const due = await lead({ due: "2026-03-29", slow_day: "2026-03-29", slow: "2026-03-29T21:59:59Z" });
  const next = await lead({ due: "2026-03-30", slow_day: "2026-03-30", slow: "2026-03-29T22:00:00Z" });
  const today: string[] = [];
  for (const field of ["due", "slow_day", "slow"]) {
    today.push(await active(`Today by ${field}`, { field: `attributes.${field}`, is: "eq", value: "today" }));
  }
  const soon = await active("In the last day", { field: "attributes.due", is: "in_last", value: "1d" });
  const all = async () => [
    ...new Set(await Promise.all(today.map(async (id) => (await members(id)).join()))),
  ];
  expect(await all()).toEqual([""]);
  await timeIs("2026-03-28T23:00:00Z");
  expect(await all()).toEqual([due]);
  expect(await members(soon)).toEqual([due]);
  await timeIs("2026-03-29T21:59:58Z");
  expect(await all()).toEqual([due]);
  await timeIs("2026-03-29T22:00:00Z");
  expect(await all()).toEqual([next]);
  expect(await members(soon)).toEqual([due, next]);
  await timeIs("2026-03-30T22:00:00Z");
  expect(await all()).toEqual([""]);
});

test("a lead is overdue when its stage's time is over", async () => {
  const begun = clock.freeze();
  const { body: stage } = await call(ada, stages.create, {
    name: "Quick",
    colour: "#0f7b6c",
    kind: "open",
    target_days: 2,
  });
  const id = await active("Too long", { field: "overdue", is: "eq", value: true });
  const slow = await lead({});
  await call(ada, leads.setStage, { id: slow, stage: stage.key });
  await settle();
  const later = (hours: number) => new Date(begun.getTime() + hours * 3_600_000).toISOString();
  await timeIs(later(47));
  expect(await members(id)).toEqual([]);
  await timeIs(later(49));
  expect(await members(id)).toEqual([slow]);
});

test("what has no index is refused live with the reason, and refreshed hourly by whoever wants it so", async () => {
  clock.freeze("2026-06-01T10:00:00Z");
  const rule: Rule = { field: "attributes.slow", is: "in_last", value: "30m" };
  const preview = await call(ada, segments.preview, { rule });
  const refused = await call(ada, segments.create, { name: "Costly", rule, state: "active" });
  expect([refused.status, refused.problem.detail]).toEqual([422, preview.body.costly]);
  expect(refused.problem.detail).toContain("slow has no index");
  const a = await lead({ slow: "2026-06-01T09:50:00Z" });
  const id = await active("Costly", rule, { refresh: "hourly" });
  expect(await members(id)).toEqual([a]);
  await timeIs("2026-06-01T10:40:00Z");
  expect(await members(id)).toEqual([a]);
  await timeIs("2026-06-01T11:00:01Z");
  expect(await members(id)).toEqual([]);
  const live = await call(ada, segments.update, { id, refresh: "live" });
  expect(live.status).toBe(422);
});

test("many at once are judged in steps, each once", async () => {
  clock.freeze("2026-07-01T08:00:00Z");
  const made: string[] = [];
  for (let n = 0; n < 7; n++) made.push(await lead({ seen: `2026-07-01T07:5${n}:00Z` }));
  const id = await active("Many", seen("in_last", "2h"));
  expect(await members(id)).toEqual(made);
  const before = bounds.step_leads;
  bounds.step_leads = 2;
  try {
    // Stopped in the middle: the next pass goes on where it was.
    clock.freeze("2026-07-01T12:00:00Z");
    const stop = new AbortController();
    const { jobsDb } = the();
    const once = jobsDb.tenant.bind(jobsDb);
    jobsDb.tenant = async (actor, ...rest) => {
      if (actor.workspace_id === workspace_id) stop.abort();
      return once(actor, ...rest);
    };
    await letTimePass(jobsDb, stop.signal);
    jobsDb.tenant = once;
    expect(await members(id)).toEqual(made.slice(2));
    await letTimePass(jobsDb, new AbortController().signal);
    expect(await members(id)).toEqual([]);
  } finally {
    bounds.step_leads = before;
  }
  const left = (await call(ada, segments.growth, { id })).body.data.at(-1);
  expect(left).toMatchObject({ entered: 7, left: 7, size: 0 });
});

test("days counted from today move on at midnight: due in five days, and four days ago", async () => {
  clock.freeze("2026-05-04T12:00:00Z");
  const soon = await lead({ due: "2026-05-10" });
  const past = await lead({ due: "2026-05-01" });
  const due: Rule = { field: "attributes.due", is: "eq", value: "in_5_days" };
  const overdue: Rule = { field: "attributes.due", is: "eq", value: "4_days_ago" };
  const [ahead, behind] = [await active("Due soon", due), await active("Was due", overdue)];
  expect([await members(ahead), await members(behind)]).toEqual([[], []]);
  // Berlin's midnight.
  await timeIs("2026-05-04T22:00:01Z");
  expect([await members(ahead), await members(behind)]).toEqual([[soon], [past]]);
  await timeIs("2026-05-05T22:00:01Z");
  expect([await members(ahead), await members(behind)]).toEqual([[], []]);
});

test("who was created just now leaves without a new event; who was created after a moment comes in", async () => {
  // When a lead is created is the database's to say, by its own clock.
  const first = await lead({});
  const begun = clock.freeze();
  const later = (ms: number) => new Date(begun.getTime() + ms).toISOString();
  const { created_at } = (await call(ada, leads.show, { id: first })).body;
  const lately = await active("Just now", { field: "created_at", is: "in_last", value: "1m" });
  const after = await active("After the first", { field: "created_at", is: "gt", value: created_at });
  expect([await members(lately), await members(after)]).toEqual([[first], []]);
  await timeIs(later(50));
  expect(await members(lately)).toEqual([first]);
  const second = await lead({});
  await timeIs(later(30_000));
  await settle();
  expect([await members(lately), await members(after)]).toEqual([[first, second], [second]]);
  await timeIs(later(20 * 60_000));
  expect([await members(lately), await members(after)]).toEqual([[], [second]]);
});

test("who has been in a stage for a week comes in, and saying the same stage again begins nothing anew", async () => {
  const begun = clock.freeze();
  const weeks = (minutes: number) =>
    new Date(begun.getTime() + (7 * 24 * 60 + minutes) * 60_000).toISOString();
  const inStage: Rule = { field: "stage", is: "eq", value: "contacted" };
  const since = (is: "in_last" | "not_in_last"): Rule => ({
    all: [inStage, { field: "stage_since", is, value: "7d" }],
  });
  const id = await lead({});
  await call(ada, leads.setStage, { id, stage: "contacted" });
  const long = await active("For a week", since("not_in_last"));
  const fresh = await active("Not yet a week", since("in_last"));
  const both = async () => [await members(long), await members(fresh)];
  expect(await both()).toEqual([[], [id]]);
  await timeIs(weeks(-1));
  await call(ada, leads.setStage, { id, stage: "contacted" });
  await call(ada, leads.update, { id, stage: "contacted" });
  await settle();
  expect(await both()).toEqual([[], [id]]);
  await timeIs(weeks(1));
  expect(await both()).toEqual([[id], []]);
  await call(ada, leads.setStage, { id, stage: "contacted" });
  await settle();
  expect(await both()).toEqual([[id], []]);
  await call(ada, leads.setStage, { id, stage: "qualified" });
  await settle();
  expect(await both()).toEqual([[], []]);
});
