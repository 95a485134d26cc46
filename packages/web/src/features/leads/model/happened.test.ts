import { expect, test } from "vitest";
import type { Happened } from "@bellwether/contracts/happened";
import {
  emptyHappened,
  eventColumns,
  happenedIsComplete,
  happenedWords,
  propertyOperatorsFor,
  ruleOfWhere,
  whenOf,
  whereOf,
  withPart,
  withWhen,
} from "./happened.ts";
import { toGroup, toRule } from "./groups.ts";
import type { EventKind } from "./values.ts";

const viewed: EventKind = {
  name: "pricing.viewed",
  label: "Viewed pricing",
  kind: "reported",
  hidden: false,
  properties: [
    { key: "seconds", types: ["number"] },
    { key: "plan", types: ["text", "number"] },
  ],
};
const names = {
  stages: [],
  members: [],
  events: [viewed],
  segments: [],
  tag_colours: new Map(),
  time_zone: "UTC",
  locale: "en-GB",
};
const event = viewed.name;
const say = (rule: Happened) => happenedWords(rule, names);

test("chips say what happened by its label, how often and when", () => {
  expect(say({ event, count: { is: "gte", value: 3 }, within: { last: "14d" } })).toBe(
    "Viewed pricing at least 3 times in the last 14 days",
  );
  expect(say({ event })).toBe("Viewed pricing at least once");
  expect(say({ event, did: false })).toBe("Viewed pricing never");
  expect(say({ event, did: false, within: { last: "1w" } })).toBe("Viewed pricing not in the last week");
  expect(say({ event, within: { last: "14d", until: "1d" } })).toBe(
    "Viewed pricing between 14 days and 1 day ago",
  );
  expect(say({ event, which: "first", within: { from: "2026-01-01", to: "2026-03-31" } })).toBe(
    "Viewed pricing for the first time from 1 Jan 2026 to 31 Mar 2026",
  );
  expect(say({ event: "email.opened", within: { from: "last_week" } })).toBe("E-mail opened since last week");
  expect(say({ event: "shop.*", count: { is: "eq", value: 1 } })).toBe("Any of shop.* exactly 1 time");
  const where = {
    any: [
      { field: "seconds", is: "gte" as const, value: 30 },
      { field: "plan", is: "eq" as const, value: "Pro" },
    ],
  };
  expect(say({ event, where })).toBe(
    "Viewed pricing with (seconds is at least 30 or plan is Pro) at least once",
  );
});

test("the editor takes a condition apart and gives back the same", () => {
  const rules: Happened[] = [
    { event, did: true },
    { event, did: false, count: { is: "lt", value: 2 }, within: { from: "2026-01-01" } },
    { event, did: true, within: { last: "14d", until: "2d" }, which: "last" },
    { event, did: true, where: { field: "plan", is: "eq", value: "Pro" } },
  ];
  for (const rule of rules) {
    expect(toRule(toGroup(rule))).toEqual({ all: [rule] });
    expect(withPart(rule, {})).toEqual(rule);
    const where = whereOf(rule.where);
    expect(where && ruleOfWhere(where)).toEqual(rule.where);
  }
  expect(whereOf({ all: [{ not: { field: "plan", is: "set" } }] })).toBeNull();
});

test("what isn't said in full can't be asked", () => {
  const lacking: Happened[] = [
    emptyHappened,
    withWhen({ event }, "dates"),
    { event, count: { is: "gte", value: Number.NaN } },
    { event, within: { last: "" } },
    { event, within: { last: "2d", until: "7d" } },
    { event, where: { field: "plan", is: "eq" } },
  ];
  expect(lacking.map(happenedIsComplete)).toEqual(lacking.map(() => false));
  expect(happenedIsComplete(withWhen({ event }, "ago"))).toBe(true);
  expect(whenOf(withWhen({ event, which: "first", within: { last: "3d" } }, "any"))).toBe("any");
});

test("properties have the type of what they were seen with", () => {
  const [seconds, plan] = eventColumns("pricing.*", names.events);
  expect([seconds?.type, plan?.type]).toEqual(["number", "text"]);
  expect(plan && propertyOperatorsFor(plan)).toContain("gt");
  expect(eventColumns("else", names.events)).toEqual([]);
});
