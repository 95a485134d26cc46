import { expect, test } from "vitest";
import { liftedStep, restingStep } from "./steps.ts";

const key = (name: string, ctrl = false) => ({ key: name, ctrl });

test("arrows go from card to card and past columns that hold none", () => {
  const rows = [5, 0, 2];
  const from = { column: 0, row: 4 };
  expect(restingStep(key("ArrowDown"), from, rows)).toEqual({ do: "go", to: from });
  expect(restingStep(key("ArrowUp"), from, rows)).toEqual({ do: "go", to: { column: 0, row: 3 } });
  expect(restingStep(key("ArrowRight"), from, rows)).toEqual({ do: "go", to: { column: 2, row: 1 } });
  expect(restingStep(key("ArrowLeft"), from, rows)).toBeNull();
  expect(restingStep(key("End"), { column: 2, row: 0 }, rows)).toEqual({
    do: "go",
    to: { column: 2, row: 1 },
  });
  expect(restingStep(key(" "), from, rows)).toEqual({ do: "lift" });
  expect(restingStep(key("x", true), from, rows)).toBeNull();
});

test("a lifted card goes from stage to stage until it is dropped or put back", () => {
  expect(liftedStep(key("ArrowRight"), 7, 8)).toEqual({ do: "over", column: 7 });
  expect(liftedStep(key("ArrowLeft"), 7, 8)).toEqual({ do: "over", column: 6 });
  expect(liftedStep(key(" "), 6, 8)).toEqual({ do: "drop" });
  expect(liftedStep(key("Escape"), 6, 8)).toEqual({ do: "cancel" });
  expect(liftedStep(key("j"), 6, 8)).toBeNull();
});
