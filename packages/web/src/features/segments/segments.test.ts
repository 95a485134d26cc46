import { expect, test } from "vitest";
import { areaPath, linePath, scaleOf } from "./chart.ts";
import { changeWords, matches, sizeWords } from "./words.ts";

const building = { looked_at: 999, of: 1000, started_at: "2026-01-01T00:00:00Z" };

test("a size is exact, on its way, or not there", () => {
  expect(sizeWords({ size: 1204, building })).toBe((1204).toLocaleString());
  expect(sizeWords({ size: null, building: { ...building, looked_at: 1000 } })).toBe("99\u00a0%");
  expect(sizeWords({ size: null, building: null })).toBe("–");
});

test("what came and went is said with signs", () => {
  expect(changeWords(3, 1)).toBe("+3 −1");
  expect(changeWords(0, 0)).toBe("–");
});

test("segments are found by the words of name and description, whatever their accents", () => {
  const segment = { name: "Café owners", description: "in Lyon" };
  expect(matches(segment, "lyon cafe")).toBe(true);
  expect(matches(segment, "")).toBe(true);
  expect(matches(segment, "paris")).toBe(false);
});

test("a chart begins at zero and ends at a round number; one day is a line all the way", () => {
  const size = { width: 100, height: 50 };
  const days = [{ size: 0 }, { size: 30 }, { size: 37 }];
  const scale = scaleOf(days, size);
  expect(scale.ticks).toEqual([40, 20, 0]);
  expect(linePath(days, scale)).toBe("M0 50L50 12.5L100 3.8");
  expect(areaPath(days, scale, 50)).toBe("M0 50L50 12.5L100 3.8L100 50L0 50Z");
  expect(linePath([{ size: 1 }], scaleOf([{ size: 1 }], size))).toBe("M0 0L100 0");
});
