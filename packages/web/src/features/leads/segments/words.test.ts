import { expect, test } from "vitest";
import type { Happened } from "@bellwether/contracts/happened";
import type { Names } from "../model/values.ts";
import { hasWords } from "./words.ts";

const names: Names = {
  stages: [],
  members: [],
  segments: [],
  tag_colours: new Map(),
  events: [],
  locale: "en-GB",
  time_zone: "Europe/Berlin",
};
const last_at = "2026-11-12T12:05:00.000Z";
const say = (rule: Omit<Happened, "event">, has: unknown) =>
  hasWords(
    { kind: "condition", met: true, rule: { event: "email.opened", ...rule }, has },
    { fields: [], names },
  );

test("of an event it says how often and when last, and how many of those are meant", () => {
  const last = "12 Nov 2026, 13:05";
  const recently = { within: { last: "14d" } };
  expect(say({}, null)).toBe("never");
  expect(say({}, { count: 1, as_asked: 1, last_at })).toBe(`once, on ${last}`);
  expect(say({}, { count: 3, as_asked: 3, last_at })).toBe(`3 times, last on ${last}`);
  expect(say(recently, { count: 3, as_asked: 3, last_at })).toBe(`3 times, last on ${last}`);
  expect(say(recently, { count: 1200, as_asked: 2, last_at })).toBe(
    `1,200 times, 2 of them as asked, last on ${last}`,
  );
  expect(say(recently, { count: 1, as_asked: 0, last_at })).toBe(`once, on ${last}, not as asked`);
  expect(say({ ...recently, which: "first" }, { count: 2, as_asked: 1, last_at })).toBe(
    `2 times, last on ${last}`,
  );
});
