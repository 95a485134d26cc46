import { describe, expect, test } from "vitest";
import { daysOf, faultIn, filterOf, queryOf, readReportSearch, writeReportSearch } from "./search.ts";
import { shareWords, sortedGroups } from "./words.ts";

const today = "2026-08-15";
const days = (raw: Record<string, unknown>) => {
  const { from, to } = daysOf(readReportSearch(raw), today);
  return `${from} ${to}`;
};

describe("the days of a report", () => {
  test.each([
    [{}, "2026-07-17 2026-08-15"],
    [{ period: 90 }, "2026-05-18 2026-08-15"],
    [{ period: "month" }, "2026-08-01 2026-08-15"],
    [{ period: "quarter" }, "2026-07-01 2026-08-15"],
    [{ from: "2026-01-01", to: "2026-01-31" }, "2026-01-01 2026-01-31"],
    [{ from: "2026-08-01" }, "2026-08-01 2026-08-15"],
    [{ to: "2026-01-31" }, "2026-01-02 2026-01-31"],
    [{ period: "for ever", from: "yesterday" }, "2026-07-17 2026-08-15"],
  ])("%j", (raw, expected) => {
    expect(days(raw)).toBe(expected);
  });
});

test("days that can't be reported on say so", () => {
  expect(faultIn({ from: "2026-02-01", to: "2026-01-31" })).toBe("Ends before it begins.");
  expect(faultIn({ from: "0002-01-01", to: "2026-01-31" })).toBe("Ten years at most.");
  expect(faultIn({ from: "2026-01-31", to: "2026-01-31" })).toBeNull();
});

test("an address is read as it was written, and plain where all is as usual", () => {
  expect(writeReportSearch(readReportSearch({}))).toEqual({});
  const raw = { period: "quarter", owner: "none", source: "", by: "source", sort: "-won" };
  expect(writeReportSearch(readReportSearch(raw))).toEqual(raw);
  expect(readReportSearch({ source: 2026 }).source).toBe("2026");
  expect(writeReportSearch(readReportSearch({ from: "2026-01-01" }))).toEqual({ from: "2026-01-01" });
});

test("a file is of the very leads and days that are shown", () => {
  const filter = filterOf(readReportSearch({ period: "month", source: "a & b", by: "source" }), today);
  expect(Object.fromEntries(new URLSearchParams(queryOf(filter, "groups")))).toEqual({
    table: "groups",
    from: "2026-08-01",
    to: today,
    source: "a & b",
    by: "source",
  });
});

test("shares are never rounded to none or all", () => {
  expect([
    shareWords(1, 3),
    shareWords(1, 1000),
    shareWords(999, 1000),
    shareWords(0, 5),
    shareWords(0, 0),
  ]).toEqual(["33\u00a0%", "< 1\u00a0%", "> 99\u00a0%", "0\u00a0%", "–"]);
});

test("groups without a rate come last both ways", () => {
  const group = (label: string, won: number, lost: number) => ({
    key: label,
    label,
    created: 0,
    won,
    lost,
    open: 0,
    total: 0,
  });
  const groups = [group("none", 0, 0), group("half", 2, 2), group("all", 1, 0)];
  const order = (down: boolean) => sortedGroups(groups, { by: "rate", down }).map((each) => each.label);
  expect([order(true), order(false)]).toEqual([
    ["all", "half", "none"],
    ["half", "all", "none"],
  ]);
});
