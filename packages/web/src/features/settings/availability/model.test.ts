import { describe, expect, test } from "vitest";
import { faultOf, officeHours, readEnd, shownEnd, spanAfter } from "./model.ts";

describe("a week of working hours", () => {
  test("another span begins an hour after the last one of its day, and ends the day at the latest", () => {
    expect(spanAfter([], 3)).toEqual({ day: 3, from: "09:00", to: "17:00" });
    expect(spanAfter(officeHours, 1)).toEqual({ day: 1, from: "18:00", to: "22:00" });
    expect(spanAfter([{ day: 1, from: "18:00", to: "22:00" }], 1)).toEqual({
      day: 1,
      from: "23:00",
      to: "24:00",
    });
  });

  test("midnight at the end of a day is 24:00, which a browser shows as 00:00", () => {
    expect([shownEnd("24:00"), shownEnd("17:00")]).toEqual(["00:00", "17:00"]);
    expect([readEnd("00:00"), readEnd("17:00")]).toEqual(["24:00", "17:00"]);
  });

  test("what is wrong is said before it is sent", () => {
    expect(faultOf({ hours: officeHours, absences: [] })).toBeNull();
    expect(faultOf({ hours: null, absences: [{ from: "2026-05-04", to: "2026-05-04" }] })).toBeNull();
    expect(faultOf({ hours: [{ day: 2, from: "12:00", to: "09:00" }], absences: [] })).toMatch(/end after/);
    expect(faultOf({ hours: [{ day: 2, from: "", to: "09:00" }], absences: [] })).toMatch(/end after/);
    for (const absence of [
      { from: "", to: "2026-05-04" },
      { from: "2026-05-04", to: "2026-05-03" },
    ])
      expect(faultOf({ hours: null, absences: [absence] })).toMatch(/first day/);
  });
});
