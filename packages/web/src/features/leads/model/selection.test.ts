import { describe, expect, test } from "vitest";
import { extend, isChosen, loadedState, nothing, toggle, toggleLoaded } from "./selection.ts";

const rows = ["a", "b", "c", "d", "e"];
const at = (row: number) => rows[row];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].toSorted().join("");

describe("choosing leads", () => {
  test("one by one, in and out", () => {
    const one = toggle(nothing, 1, at, rows);
    expect(ids(one)).toBe("b");
    expect(ids(toggle(one, 1, at, rows))).toBe("");
  });

  test("a range grows and shrinks from where it began, and keeps what was chosen before", () => {
    const first = toggle(toggle(nothing, 4, at, rows), 1, at, rows);
    const down = extend(first, 3, at, 0);
    expect(ids(down)).toBe("bcde");
    expect(ids(extend(down, 2, at, 0))).toBe("bce");
    expect(ids(extend(down, 0, at, 0))).toBe("abe");
  });

  test("a range without a beginning begins where the keyboard was", () => {
    expect(ids(extend(nothing, 3, at, 2))).toBe("cd");
  });

  test("rows that aren't loaded are left out", () => {
    expect(ids(extend(nothing, 9, at, 3))).toBe("de");
    expect(toggle(nothing, 9, at, rows)).toBe(nothing);
  });

  test("the header's box chooses what is loaded, and lets go of it again", () => {
    const loaded = toggleLoaded(nothing, rows);
    expect(loadedState(loaded, rows)).toBe("all");
    expect(loadedState(loaded, [...rows, "f"])).toBe("some");
    expect(toggleLoaded(loaded, rows)).toBe(nothing);
  });

  test("taking one out of all that match leaves the loaded others", () => {
    const all = { ...nothing, all: true };
    expect(isChosen(all, "somebody far away")).toBe(true);
    expect(ids(toggle(all, 0, at, rows))).toBe("bcde");
  });
});
