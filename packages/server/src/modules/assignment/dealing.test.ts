import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deal } from "./dealing.ts";
import { absentUntil, nextAtWork } from "./working-hours.ts";

describe("turns", () => {
  test("in turn, nobody gets more than one lead more than another, however the leads come", () => {
    const batches = fc.array(fc.nat(7), { maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), batches, (count, sizes) => {
        const members = Array.from({ length: count }, (_, n) => `m${n}`);
        const load = new Map<string, number>();
        let last: string | null = null;
        for (const size of sizes) {
          ({ last } = deal(size, { method: "round_robin", members, last }, new Set(members), load));
        }
        const counts = members.map((member) => load.get(member) ?? 0);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("a turn that somebody missed isn't made up for, and the others' order stays", () => {
    const rule = { method: "round_robin" as const, members: ["a", "b", "c"], last: null };
    const first = deal(2, rule, new Set(["a", "c"]), new Map());
    expect(first).toEqual({ owners: ["a", "c"], last: "c" });
    expect(deal(4, { ...rule, last: first.last }, new Set(["a", "b", "c"]), new Map()).owners).toEqual([
      "a",
      "b",
      "c",
      "a",
    ]);
    expect(deal(2, rule, new Set(), new Map()).owners).toEqual([]);
  });

  test("the least loaded first, until all have as many; then in turn", () => {
    const rule = { method: "least_loaded" as const, members: ["a", "b", "c"], last: "a" };
    const load = new Map([
      ["a", 3],
      ["b", 1],
    ]);
    const { owners } = deal(8, rule, new Set(["a", "b", "c"]), load);
    expect(owners.slice(0, 5).toSorted()).toEqual(["b", "b", "c", "c", "c"]);
    expect(owners.slice(5).toSorted()).toEqual(["a", "b", "c"]);
  });
});

describe("working hours", () => {
  const week = [1, 2, 3, 4, 5].flatMap((day) => [
    { day, from: "09:00", to: "12:00" },
    { day, from: "13:00", to: "17:00" },
  ]);
  const berlin: Parameters<typeof nextAtWork>[0] = { time_zone: "Europe/Berlin", hours: week, absences: [] };
  const next = (hours: typeof berlin, at: string) => nextAtWork(hours, new Date(at))?.toISOString() ?? null;

  test("are those of the member's own time zone, on both sides of a change of clocks", () => {
    // Friday the 27th; clocks go forward on the 29th.
    expect(next(berlin, "2026-03-27T15:59:30Z")).toBe("2026-03-27T15:59:30.000Z");
    expect(next(berlin, "2026-03-27T16:00:00Z")).toBe("2026-03-30T07:00:00.000Z");
    expect(next(berlin, "2026-03-27T11:10:00Z")).toBe("2026-03-27T12:00:00.000Z");
    expect(next({ ...berlin, time_zone: "America/New_York" }, "2026-03-27T15:59:30Z")).toBe(
      "2026-03-27T15:59:30.000Z",
    );
    expect(next({ ...berlin, time_zone: "Asia/Tokyo" }, "2026-03-29T23:30:00Z")).toBe(
      "2026-03-30T00:00:00.000Z",
    );
  });

  test("absences that follow each other are one; after them work goes on", () => {
    const absences = [
      { from: "2026-03-30", to: "2026-03-31" },
      { from: "2026-03-27", to: "2026-03-29" },
      { from: "2026-04-02", to: "2026-04-02" },
    ];
    const away = { ...berlin, absences };
    expect(absentUntil(away, new Date("2026-03-27T10:00:00Z"))).toBe("2026-03-31");
    expect(absentUntil(away, new Date("2026-04-01T10:00:00Z"))).toBeNull();
    expect(next(away, "2026-03-27T10:00:00Z")).toBe("2026-04-01T07:00:00.000Z");
    expect(nextAtWork({ ...away, hours: null }, new Date("2026-03-27T10:00:00Z"))?.toISOString()).toBe(
      "2026-03-31T22:00:00.000Z",
    );
  });

  test("who never works is never next", () => {
    expect(next({ ...berlin, hours: [] }, "2026-03-27T10:00:00Z")).toBeNull();
    expect(next({ ...berlin, hours: [{ day: 6, from: "00:00", to: "24:00" }] }, "2026-03-28T22:59:00Z")).toBe(
      "2026-03-28T22:59:00.000Z",
    );
  });
});
