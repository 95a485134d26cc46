import { describe, expect, test } from "vitest";
import {
  difference,
  draftOf,
  keptOf,
  mergeInput,
  nextAfter,
  otherOf,
  picked,
  swapped,
  takenFrom,
} from "./model.ts";
import { joinWords, reasonWords } from "./words.ts";

const ada = { id: "ada", revision: 1 };
const twin = { id: "twin", revision: 4 };
const two = [ada, twin] as const;

describe("a draft of a merge", () => {
  test("takes everything from the card that stays until something is picked", () => {
    const draft = draftOf(ada);
    expect(takenFrom(draft, "phone")).toBe(ada.id);
    expect(takenFrom(picked(draft, "phone", twin), "phone")).toBe(twin.id);
    expect(mergeInput(two, draft)).toEqual({ id: ada.id, other_id: twin.id, choices: {}, other_revision: 4 });
  });

  test("keeps what was picked by hand when the cards change places", () => {
    const draft = swapped(two, picked(draftOf(ada), "phone", twin));
    expect(keptOf(two, draft)).toBe(twin);
    expect(otherOf(two, draft.kept)).toBe(ada);
    expect(takenFrom(draft, "email")).toBe(twin.id);
    expect(mergeInput(two, draft)).toEqual({
      id: twin.id,
      other_id: ada.id,
      choices: { phone: "this" },
      other_revision: 1,
    });
  });
});

test("no value, an empty text and an empty list are all nothing", () => {
  expect(difference([null, ""])).toBe("none");
  expect(difference([[], "Berlin"])).toBe("one");
  expect(difference(["Berlin", "Berlin"])).toBe("same");
  expect(difference([["a"], ["a", "b"]])).toBe("different");
  expect(difference([0, false])).toBe("different");
});

test("after a decision comes the pair that follows, at the end the one before", () => {
  const pairs = [{ id: "a" }, { id: "b" }, { id: "c" }];
  expect(nextAfter(pairs, "b")?.id).toBe("c");
  expect(nextAfter(pairs, "c")?.id).toBe("b");
  expect(nextAfter([{ id: "a" }], "a")).toBeUndefined();
});

test("reasons and what joins are said in words", () => {
  expect(reasonWords(["same_phone", "similar_name"])).toBe(
    "Same phone number, near name at the same company",
  );
  expect(joinWords({ notes: 0, tags: [], events: 0 })).toBe("");
  expect(joinWords({ notes: 1, tags: [], events: 0 })).toBe("1 note comes over from the other card.");
  expect(joinWords({ notes: 2, tags: ["vip"], events: 14 })).toBe(
    "2 notes, 1 tag and 14 events of the timeline come over from the other card.",
  );
});
