import { expect, test } from "vitest";
import { sizeWords } from "./words.ts";

test("sizes are said in the unit that fits them", () => {
  expect([0, 999, 1000, 1_234_567, 120_000_000, 5e12].map(sizeWords)).toEqual([
    "0 bytes",
    "999 bytes",
    "1 kB",
    "1.2 MB",
    "120 MB",
    "5 TB",
  ]);
});
