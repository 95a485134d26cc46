import { expect, test } from "vitest";
import { byDay, dayOf, daysLater } from "./days.ts";

test("late in the evening is the next day further east", () => {
  expect(dayOf("2026-03-01T23:30:00Z", "Europe/Berlin")).toBe("2026-03-02");
  expect(dayOf("2026-03-01T23:30:00Z", "America/New_York")).toBe("2026-03-01");
});

test("days are named as one thinks of them, through the change of clocks too", () => {
  const now = Date.parse("2026-03-30T06:00:00Z");
  const zone = { time_zone: "Europe/Berlin", locale: "en-GB", now };
  const moments = [
    "2026-03-30T05:00:00Z",
    "2026-03-29T22:00:00Z",
    "2026-03-29T00:10:00Z",
    "2026-03-28T12:00:00Z",
  ];
  expect(byDay(moments, (moment) => moment, zone).map(({ label, items }) => [label, items.length])).toEqual([
    ["Today", 2],
    ["Yesterday", 1],
    ["28 Mar 2026", 1],
  ]);
  expect(daysLater("2026-03-01", -1)).toBe("2026-02-28");
});
