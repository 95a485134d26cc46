import { expect, test } from "vitest";
import { resultWords, undoneWords } from "./words.ts";

test("a result says only what there is to say", () => {
  expect(resultWords({ changed: 1, unchanged: 0, refused: [] })).toBe("1 lead changed");
  const refused = [
    { code: "gone", message: "Deleted since.", count: 2, samples: [] },
    { code: "last_identifier", message: "Its last address.", count: 1, samples: [] },
  ];
  expect(resultWords({ changed: 12, unchanged: 3, refused })).toBe(
    "12 leads changed, 3 unchanged, 3 refused",
  );
});

test("an undo says what it left alone", () => {
  expect(undoneWords({ restored: 12, kept: 0 })).toBe("12 leads put back.");
  expect(undoneWords({ restored: 1, kept: 1 })).toBe(
    "1 lead put back. 1 was changed since and stays as it is.",
  );
  expect(undoneWords({ restored: 2, kept: 0 }, { import_id: "x" })).toBe(
    "2 leads put back or moved to the bin.",
  );
});
