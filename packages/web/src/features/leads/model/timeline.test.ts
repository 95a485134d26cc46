import { expect, test } from "vitest";
import type { TimelineEvent } from "@bellwether/contracts/leads";
import { standsBelow, type TimelinePages, withNewestEvents } from "./timeline.ts";

const at = (minute: number) => `2026-01-01T10:${String(minute).padStart(2, "0")}:00Z`;
const event = (minute: number): TimelineEvent => ({
  id: String(minute),
  name: "page.viewed",
  occurred_at: at(minute),
  actor: { kind: "system", id: null, name: "Bellwether" },
  data: {},
});
const page = (minutes: number[], next_cursor: string | null = "older") => ({
  data: minutes.map(event),
  next_cursor,
});
const shown: TimelinePages = { pages: [page([30, 29]), page([28, 27])], pageParams: [null, "older"] };
const minutes = ({ pages }: TimelinePages) => pages.map(({ data }) => data.map(({ id }) => Number(id)));

test("what is new comes in on top, and older pages stay as they were", () => {
  const now = withNewestEvents(shown, page([32, 31, 30]));
  expect(minutes(now)).toEqual([
    [32, 31, 30, 29],
    [28, 27],
  ]);
  expect([now.pages[1] === shown.pages[1], now.pages[0]?.next_cursor]).toEqual([true, "older"]);
});

test("where something may be missing in between, it begins anew", () => {
  expect(minutes(withNewestEvents(shown, page([50, 49])))).toEqual([[50, 49]]);
  expect(minutes(withNewestEvents({ pages: [page([], null)], pageParams: [null] }, page([1], null)))).toEqual(
    [[1]],
  );
});

test("what happened earlier than the newest page stands below only where that much is shown", () => {
  const newest = page([32, 31, 30]).data;
  expect([28, 31, 10].map((minute) => standsBelow(at(minute), newest, shown))).toEqual([true, false, false]);
  expect(standsBelow("", newest, shown)).toBe(false);
  const whole: TimelinePages = { pages: [page([30, 29]), page([28], null)], pageParams: [null, "older"] };
  expect(standsBelow(at(1), newest, whole)).toBe(true);
});
