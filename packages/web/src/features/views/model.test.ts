import { View } from "@bellwether/contracts/views";
import { describe, expect, test } from "vitest";
import { movedTo, questionOf, sameQuestion } from "./model.ts";

const view = (id: string): View =>
  View.parse({
    id,
    name: id,
    shared: false,
    rule: { field: "owner_id", is: "eq", value: "me" },
    q: "",
    sort: [{ field: "created_at", direction: "desc" }],
    columns: [],
    layout: "list",
    card_fields: null,
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
    expect(sameQuestion(saved, { ...saved, sort: [{ field: "created_at", direction: "asc" }] })).toBe(false);
    expect(sameQuestion(saved, { ...saved, sort: [] })).toBe(false);
    const more = [...saved.sort, { field: "company", direction: "asc" as const }];
    expect(sameQuestion(saved, { ...saved, sort: more })).toBe(false);
    expect(sameQuestion({ ...saved, sort: more }, { ...saved, sort: more.toReversed() })).toBe(false);
  });
});

describe("the order of views", () => {
  const views = ["a", "b", "c"].map(view);
  const after = (id: string, place: number) =>
    movedTo(views, id, place)
      .map((each) => each.id)
      .join("");

  test("changes by moving one of them, never over the edge", () => {
    expect([after("b", 0), after("a", 2), after("c", 1)]).toEqual(["bac", "bca", "acb"]);
    expect([after("a", -1), after("c", 9), after("gone", 0)]).toEqual(["abc", "abc", "abc"]);
  });
});
