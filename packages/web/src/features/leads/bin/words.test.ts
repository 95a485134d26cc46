import { expect, test } from "vitest";
import { counted, daysLeft, goesWords, inTheWay, leftWords, staysWords } from "./words.ts";

const nothing = { notes: 0, tags: 0, events: 0, changes: 0, merged: 0, imports: 0 };

test("days left are counted up, and never below none", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  expect(daysLeft("2026-03-31T12:00:00Z", now)).toBe(30);
  expect(daysLeft("2026-03-03T13:00:00Z", now)).toBe(3);
  expect(daysLeft("2026-02-28T12:00:00Z", now)).toBe(0);
  expect([leftWords(30), leftWords(1), leftWords(0)]).toEqual([
    "Erased in 30 days",
    "Erased within a day",
    "Erased within a day",
  ]);
});

test("what goes says only what there is", () => {
  expect(goesWords({ leads: 1, confirm: "Ann", exports: 0, goes: nothing })).toEqual([
    "The lead with all its values.",
  ]);
  expect(
    goesWords({
      leads: 3,
      confirm: "3 leads",
      exports: 0,
      goes: { notes: 1, tags: 2, events: 1200, changes: 4, merged: 1, imports: 2 },
    }),
  ).toEqual([
    "3 leads with all their values, 1 note and 2 tags.",
    "1,200 entries of the timeline and the audit log.",
    "1 card merged into them.",
    "4 values kept for undoing changes.",
    "The 2 import files they came with, and the samples shown of them.",
  ]);
});

test("what stays names export files where there are any", () => {
  const erasure = { leads: 1, confirm: "Ann", goes: nothing };
  expect(staysWords({ ...erasure, exports: 0 })).toHaveLength(2);
  expect(staysWords({ ...erasure, exports: 1 })[1]).toBe(
    "1 export file that may hold it: each is deleted a week after it was made.",
  );
  expect(counted(2, "entry", "entries")).toBe("2 entries");
});

test("doing without helps where a field is named, and only there", () => {
  const refused = (...paths: string[]) => ({
    id: "1",
    status: "refused" as const,
    errors: paths.map((path) => ({ path, code: "lead_exists", message: "", lead_id: null })),
  });
  expect(inTheWay([refused("email"), refused("phone", "email")])).toEqual(["email", "phone"]);
  expect(inTheWay([refused("email"), refused("")])).toBeNull();
  expect(inTheWay([])).toBeNull();
});
