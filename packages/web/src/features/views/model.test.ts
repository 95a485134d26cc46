import { View } from "@bellwether/contracts/views";
import { describe, expect, test } from "vitest";
import { inOrder, movedBy, questionOf, sameQuestion } from "./model.ts";

const view = (id: string): View =>
  View.parse({
    id,
    name: id,
    shared: false,
    rule: { field: "owner_id", is: "eq", value: "me" },
    q: "",
    sort: [{ field: "created_at", direction: "desc" }],
    columns: [],
    standard: false,
    mine: true,
    may_change: true,
    made_by: "Ada",
    broken: null,
    updated_at: null,
  });

describe("whether a view was changed", () => {
  const saved = questionOf(view("a"));

  test("one condition is the same alone and as a list of one", () => {
    expect(
      sameQuestion(saved, { ...saved, rule: { all: [{ field: "owner_id", is: "eq", value: "me" }] } }),
    ).toBe(true);
    expect(sameQuestion(saved, { ...saved, rule: null })).toBe(false);
    expect(sameQuestion({ ...saved, rule: null }, { ...saved, rule: { all: [] } })).toBe(true);
  });

  test("another order or other words are a change, a space is not", () => {
    expect(sameQuestion(saved, { ...saved, q: " " })).toBe(true);
    expect(sameQuestion(saved, { ...saved, q: "ada" })).toBe(false);
    expect(sameQuestion(saved, { ...saved, sort: { field: "created_at", direction: "asc" } })).toBe(false);
    expect(sameQuestion(saved, { ...saved, sort: null })).toBe(false);
  });
});

describe("the order of views", () => {
  const views = ["a", "b", "c"].map(view);
  const ids = (list: View[]) => list.map((each) => each.id).join("");

  test("is kept, with new ones at the end", () => {
    expect(ids(inOrder(views, ["c", "gone", "a"]))).toBe("cab");
    expect(ids(inOrder(views, []))).toBe("abc");
  });

  test("changes by one place, never over the edge", () => {
    expect(movedBy(views, "b", -1)).toEqual(["b", "a", "c"]);
    expect(movedBy(views, "c", 1)).toEqual(["a", "b", "c"]);
  });
});
