import { describe, expect, test } from "vitest";
import type { Rule } from "@bellwether/contracts/rule";
import { fieldColumns } from "./columns.ts";
import { emptyGroup, partsOf, ruleOfParts, ruleWords, toGroup, toRule } from "./groups.ts";

const sunny = {
  id: "seg-1",
  name: "Sunny people",
  state: "active" as const,
  type: "static" as const,
  building: null,
};
const rainy = { ...sunny, id: "seg-3", name: "Rainy people", state: "retired" as const };
const windy = { ...sunny, id: "seg-4", name: "Windy people", building: 0.999 };
const names = {
  stages: [],
  members: [],
  tag_colours: new Map(),
  segments: [sunny, rainy, windy],
  events: [],
  time_zone: "UTC",
  locale: "en",
};
const fields = fieldColumns([]);
const ulm: Rule = { field: "city", is: "eq", value: "Ulm" };
const bonn: Rule = { field: "city", is: "eq", value: "Bonn" };
const old: Rule = { field: "score", is: "gt", value: 50 };

describe("rules with groups", () => {
  test("are said in words, with parentheses where they matter", () => {
    const say = (rule: Rule) => ruleWords(rule, fields, names);
    expect(say({ any: [ulm, { all: [bonn, old] }] })).toBe(
      "City is Ulm or (City is Bonn and Score is over 50)",
    );
    expect(say({ not: { any: [ulm, bonn] } })).toBe("not (City is Ulm or City is Bonn)");
    expect(say({ any: [ulm] })).toBe("City is Ulm");
    expect(say({ segment: "seg-1", member: false })).toBe("Segment is not Sunny people");
    expect(say({ segment: "seg-3", member: true })).toBe("Segment is Rainy people (retired)");
    expect(say({ segment: "seg-4", member: true })).toBe("Segment is Windy people (updating: 99\u00a0%)");
    expect(say({ segment: "seg-2", member: true })).toBe("Segment is one that was deleted");
    expect(say({ all: [{ words: "ada" }, ulm] })).toBe("“ada” and City is Ulm");
  });

  test("come back from the editor as they went in", () => {
    const rules: Rule[] = [
      { any: [ulm, { all: [bonn, { not: { any: [old] } }] }] },
      { all: [{ words: "ada" }, ulm] },
      { any: [{ segment: "seg-1", member: false }, ulm] },
      { not: { any: [ulm, bonn] } },
    ];
    for (const rule of rules) expect(toRule(toGroup(rule))).toEqual(rule);
  });

  test("aren't whole while a condition is empty", () => {
    expect(toRule(emptyGroup("any"))).toBeNull();
    expect(toRule({ ...emptyGroup("any"), items: [] })).toBeNull();
  });

  test("are shown part by part", () => {
    const rule: Rule = { all: [ulm, { any: [bonn, old] }] };
    expect(ruleOfParts(partsOf(rule))).toEqual(rule);
    expect(partsOf({ any: [ulm, bonn] })).toHaveLength(1);
    expect(ruleOfParts([])).toBeNull();
  });
});
