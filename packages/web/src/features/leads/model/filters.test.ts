import { operatorsOf } from "@bellwether/contracts/rule";
import { describe, expect, test } from "vitest";
import { fieldColumns } from "./columns.ts";
import {
  chipWords,
  isComplete,
  nextSort,
  operatorsFor,
  readSearch,
  reshape,
  writeSearch,
} from "./filters.ts";
import type { Names } from "./values.ts";

const stage = (key: string, name: string, position: number) => ({
  key,
  name,
  colour: "#888888",
  kind: "open" as const,
  position,
  target_days: null,
  required_fields: [],
});
const names: Names = {
  stages: [stage("new", "New", 0), stage("contacted", "Contacted", 1)],
  members: [],
  events: [],
  tag_colours: new Map(),
  segments: [],
  time_zone: "Europe/Berlin",
  locale: "en-GB",
};
const columns = fieldColumns([]);
const words = (condition: Parameters<typeof chipWords>[0]) => {
  const { label, operator, value } = chipWords(
    condition,
    columns.find((column) => "field" in condition && column.id === condition.field),
    names,
  );
  return [label, operator, value].filter(Boolean).join(" ");
};

describe("the address of the list", () => {
  test("comes back as it was written", () => {
    const search = {
      q: "ada",
      rule: { all: [{ field: "stage", is: "in" as const, value: ["new"] }] },
      sort: [
        { field: "company", direction: "desc" as const },
        { field: "attributes.seats", direction: "asc" as const },
      ],
      lead: "1",
    };
    expect(readSearch(writeSearch(search))).toEqual(search);
  });

  test("of a plain list is plain", () => {
    expect(writeSearch(readSearch({}))).toEqual({});
  });

  test("that makes no sense is as if it weren't there", () => {
    expect(readSearch({ rule: { field: "x", is: "y" }, sort: "); drop", q: 42 })).toEqual({
      q: "42",
      rule: null,
      sort: [],
      lead: null,
    });
  });
});

describe("chips", () => {
  test("say what they ask, as people would", () => {
    expect(words({ field: "stage", is: "in", value: ["new", "contacted"] })).toBe(
      "Stage is New or Contacted",
    );
    expect(words({ field: "company", is: "unset" })).toBe("Company is empty");
    expect(words({ field: "created_at", is: "in_last", value: "1w" })).toBe("Created is in the last week");
    expect(words({ field: "created_at", is: "gte", value: "2026-03-01" })).toBe(
      "Created is on or after 1 Mar 2026",
    );
    expect(words({ field: "created_at", is: "eq", value: "this_week" })).toBe("Created is this week");
    expect(words({ field: "created_at", is: "ne", value: "4_days_ago" })).toBe("Created is not 4 days ago");
    expect(words({ field: "created_at", is: "lt", value: "last_month" })).toBe(
      "Created is before last month",
    );
    expect(words({ field: "created_at", is: "between", value: ["2026-03-01", "today"] })).toBe(
      "Created is between 1 Mar 2026 and today",
    );
    expect(words({ field: "score", is: "between", value: [10, 20] })).toBe("Score is between 10 and 20");
    expect(words({ field: "tags", is: "all_of", value: ["a", "b"] })).toBe("Tags has all of a and b");
  });

  test("cut long lists short", () => {
    expect(words({ field: "city", is: "in", value: ["A", "B", "C", "D", "E"] })).toBe(
      "City is A, B, C or 2 more",
    );
  });
});

describe("the filter editor", () => {
  test("offers exactly the operators that the server accepts", () => {
    const of = (id: string) =>
      columns.filter((column) => column.id === id).flatMap((column) => operatorsFor(column));
    expect(of("stage")).toEqual(operatorsOf.stage);
    expect(of("tags")).toEqual(operatorsOf.tags);
    expect(of("created_at")).toEqual(operatorsOf.time);
  });

  test("keeps what was typed as far as it fits another operator", () => {
    expect(reshape("new", "in")).toEqual(["new"]);
    expect(reshape(["new", "lost"], "eq")).toBe("new");
    expect(reshape("x", "set")).toBeUndefined();
    expect(reshape("7d", "gt")).toBeUndefined();
    expect(reshape(undefined, "in_last")).toBe("7d");
  });

  test("applies nothing half-said", () => {
    expect(isComplete({ field: "city", is: "eq" })).toBe(false);
    expect(isComplete({ field: "score", is: "between", value: [1] })).toBe(false);
    expect(isComplete({ field: "score", is: "eq", value: 0 })).toBe(true);
    expect(isComplete({ field: "stage", is: "in", value: [] })).toBe(false);
  });

  test("a header sorts up, down, and not at all", () => {
    const up = nextSort([], "company", false);
    const down = nextSort(up, "company", false);
    expect([up, down, nextSort(down, "company", false)]).toEqual([
      [{ field: "company", direction: "asc" }],
      [{ field: "company", direction: "desc" }],
      [],
    ]);
  });

  test("a second and a third column join behind the first, turn where they stand, and leave again", () => {
    const press = (...fields: string[]) =>
      fields
        .reduce<ReturnType<typeof nextSort>>((sort, field) => nextSort(sort, field, true), [])
        .map((key) => `${key.direction === "desc" ? "-" : ""}${key.field}`);
    expect(press("a", "b", "c")).toEqual(["a", "b", "c"]);
    expect(press("a", "b", "c", "d")).toEqual(["a", "b", "d"]);
    expect(press("a", "b", "a")).toEqual(["-a", "b"]);
    expect(press("a", "b", "a", "a")).toEqual(["b"]);
    expect(
      nextSort(
        [
          { field: "a", direction: "asc" },
          { field: "b", direction: "asc" },
        ],
        "a",
        false,
      ),
    ).toEqual([{ field: "a", direction: "asc" }]);
  });
});
