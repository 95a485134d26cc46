import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { family, operators, operatorsOf, type Rule } from "@bellwether/contracts/rule";
import { clock } from "../../kernel/clock.ts";
import { raw, useProgram } from "../../kernel/testing/program.ts";
import { ruleLeads } from "../../kernel/testing/rule-leads.ts";

/** What every operator means for every type, through HTTP; the workspace's days are Berlin's. */
useProgram();
let asked: Awaited<ReturnType<typeof ruleLeads>>;
beforeAll(async () => {
  asked = await ruleLeads();
});
afterAll(() => clock.release());

type Case = [
  field: string,
  is: Rule extends infer R ? (R extends { is: infer O } ? O : never) : never,
  value: unknown,
  expected: string,
];
const cases: Case[] = [
  ["attributes.text", "eq", "blue", "b"],
  ["attributes.text", "ne", "blue", "a c none"],
  ["attributes.text", "in", ["blue", "red"], "b c"],
  ["attributes.text", "not_in", ["blue", "red"], "a none"],
  ["attributes.text", "contains", "BLUE", "a b"],
  ["attributes.text", "not_contains", "blue", "c none"],
  ["attributes.text", "starts_with", "blue m", "a"],
  ["attributes.text", "set", undefined, "a b c"],
  ["attributes.text", "unset", undefined, "none"],
  ["company", "eq", "Cargo", "c"],
  ["company", "eq", "cargo", ""],
  ["company", "ne", "Cargo", "a b none"],
  ["company", "not_in", ["Cargo", "Bolt_100%"], "a none"],
  ["company", "contains", "arzte", "a"],
  ["company", "contains", "_100%", "b"],
  ["company", "contains", "t_1", "b"],
  ["company", "contains", "%", "b"],
  ["company", "not_contains", "%", "a c none"],
  ["company", "unset", undefined, "none"],
  ["attributes.number", "eq", 2, "b"],
  ["attributes.number", "ne", 2, "a c none"],
  ["attributes.number", "in", [1, 2], "a b"],
  ["attributes.number", "not_in", [1, 2], "c none"],
  ["attributes.number", "gt", 1, "b"],
  ["attributes.number", "gte", 1, "a b"],
  ["attributes.number", "lt", 1, "c"],
  ["attributes.number", "lte", 1, "a c"],
  ["attributes.number", "between", [-3, 1], "a c"],
  ["attributes.number", "gt", "1.5", "b"],
  ["attributes.number", "unset", undefined, "none"],
  ["attributes.money", "eq", 0, "c"],
  ["attributes.money", "gte", 10.5, "a b"],
  ["score", "eq", 0, "a b c none"],
  ["score", "gt", 0, ""],
  ["score", "ne", 0, ""],
  ["qualification", "ne", 5, "a b c none"],
  ["qualification", "unset", undefined, "a b c none"],
  ["attributes.yes_no", "eq", true, "a"],
  ["attributes.yes_no", "eq", false, "b"],
  ["attributes.yes_no", "ne", true, "b c none"],
  ["attributes.yes_no", "unset", undefined, "c none"],
  ["attributes.choice", "eq", "PRO", "b c"],
  ["attributes.choice", "ne", "pro", "a none"],
  ["attributes.choice", "in", ["free", "max"], "a"],
  ["attributes.choice", "not_in", ["free", "max"], "b c none"],
  ["attributes.choice", "unset", undefined, "none"],
  ["attributes.choices", "any_of", ["x", "z"], "a c"],
  ["attributes.choices", "all_of", ["x", "y"], "a"],
  ["attributes.choices", "none_of", ["y"], "c none"],
  ["attributes.choices", "none_of", ["x", "y", "z"], "none"],
  ["attributes.choices", "unset", undefined, "none"],
  ["attributes.choices", "set", undefined, "a b c"],
  ["attributes.url", "eq", "https://a.example", "a"],
  ["attributes.url", "contains", "example", "a b"],
  ["attributes.url", "ne", "https://a.example", "b c none"],
  ["tags", "any_of", ["vip"], "a b"],
  ["tags", "any_of", ["north", "SOUTH"], "a c"],
  ["tags", "all_of", ["vip", "north"], "a"],
  ["tags", "none_of", ["vip"], "c none"],
  ["tags", "none_of", ["no such tag"], "a b c none"],
  ["tags", "any_of", ["no such tag"], ""],
  ["tags", "unset", undefined, "none"],
  ["stage", "eq", "new", "c none"],
  ["stage", "ne", "new", "a b"],
  ["stage", "in", ["lost", "contacted"], "a b"],
  ["stage", "not_in", ["lost", "contacted"], "c none"],
  ["owner_id", "set", undefined, "a"],
  ["owner_id", "unset", undefined, "b c none"],
  ["owner_id", "ne", "me", "a b c none"],
  ["owner_id", "eq", "me", ""],
  ["email", "ne", "x@example.com", "a b c none"],
  ["external_id", "in", ["a", "none"], "a none"],
  ["external_id", "not_in", ["a", "none"], "b c"],
  ["last_seen_at", "unset", undefined, "a b c none"],
  ["last_seen_at", "not_in_last", "7d", "a b c none"],
  ["last_seen_at", "in_last", "7d", ""],
  ["created_at", "in_last", "1d", "a b c none"],
  ["created_at", "not_in_last", "1d", ""],
];
test.each(cases)("%s %s %j: %s", async (field, is, value, expected) => {
  const rule = { field, is, ...(value === undefined ? {} : { value }) } as Rule;
  expect(await asked.matching(rule)).toBe(expected);
  const others = ["a", "b", "c", "none"].filter((name) => !expected.split(" ").includes(name)).join(" ");
  expect(await asked.matching({ not: rule }), "not").toBe(others);
  expect(await asked.matching({ not: { not: rule } }), "not not").toBe(expected);
});

test("every operator of every type was asked", () => {
  const typeOf = (field: string) =>
    ({
      tags: "tags",
      stage: "stage",
      owner_id: "member",
      score: "number",
      qualification: "number",
      created_at: "datetime",
      last_seen_at: "datetime",
    })[field] ?? (field.startsWith("attributes.") ? field.slice(11) : "text");
  const seen = new Set([...cases, ...timeCases].map(([field, is]) => `${family[typeOf(field)]} ${is}`));
  const all = Object.entries(operatorsOf).flatMap(([kind, each]) => each.map((is) => `${kind} ${is}`));
  expect(
    all.filter(
      (each) =>
        !seen.has(each) &&
        !["member in", "member not_in", "yes_no set", "choice set", "number set", "tags set"].includes(each),
    ),
  ).toEqual([]);
  expect(operators.length).toBe(19);
});

/** Berlin: +01:00 until 2026-03-29 01:00 UTC, then +02:00. The 29th has 23 hours: from 23:00 UTC to 22:00 UTC. */
const timeCases: Case[] = [
  ["attributes.datetime", "eq", "2026-03-28", "a"],
  ["attributes.datetime", "eq", "2026-03-29", "b"],
  ["attributes.datetime", "eq", "2026-03-30", "c"],
  ["attributes.datetime", "ne", "2026-03-29", "a c none"],
  ["attributes.datetime", "gt", "2026-03-28", "b c"],
  ["attributes.datetime", "gte", "2026-03-29", "b c"],
  ["attributes.datetime", "lt", "2026-03-29", "a"],
  ["attributes.datetime", "lte", "2026-03-29", "a b"],
  ["attributes.datetime", "between", ["2026-03-29", "2026-03-30"], "b c"],
  ["attributes.datetime", "eq", "2026-03-28T23:00:00Z", "b"],
  ["attributes.datetime", "eq", "2026-03-29T00:00:00+01:00", "b"],
  ["attributes.datetime", "gt", "2026-03-28T23:00:00Z", "c"],
  ["attributes.datetime", "set", undefined, "a b c"],
  ["attributes.date", "eq", "2026-03-29", "b"],
  ["attributes.date", "ne", "2026-03-29", "a c none"],
  ["attributes.date", "gt", "2026-03-28", "b c"],
  ["attributes.date", "gte", "2026-03-29", "b c"],
  ["attributes.date", "lt", "2026-03-29", "a"],
  ["attributes.date", "lte", "2026-03-29", "a b"],
  ["attributes.date", "between", ["2026-03-28", "2026-03-29"], "a b"],
  ["attributes.date", "unset", undefined, "none"],
  ["attributes.date", "lte", "9999-12-31", "a b c"],
  ["attributes.date", "gte", "0001-01-01", "a b c"],
  ["attributes.datetime", "lte", "9999-12-31", "a b c"],
  ["attributes.datetime", "gt", "0001-01-01", "a b c"],
  ["created_at", "lte", "9999-12-31", "a b c none"],
  ["created_at", "gte", "0001-01-01", "a b c none"],
];
describe("days are the workspace's, over a change of the clocks too", () => {
  test.each(timeCases)("%s %s %j: %s", async (field, is, value, expected) => {
    const rule = { field, is, ...(value === undefined ? {} : { value }) } as Rule;
    expect(await asked.matching(rule)).toBe(expected);
  });

  test("the last days are counted back from now", async () => {
    clock.freeze("2026-03-30T10:00:00Z");
    try {
      expect(await asked.matching({ field: "attributes.datetime", is: "in_last", value: "1d" })).toBe("c");
      expect(await asked.matching({ field: "attributes.datetime", is: "in_last", value: "11h" })).toBe("");
      expect(await asked.matching({ field: "attributes.datetime", is: "in_last", value: "2100m" })).toBe(
        "b c",
      );
      expect(await asked.matching({ field: "attributes.datetime", is: "not_in_last", value: "1d" })).toBe(
        "a b none",
      );
      expect(await asked.matching({ field: "attributes.date", is: "in_last", value: "1d" })).toBe("b c");
      expect(await asked.matching({ field: "attributes.date", is: "in_last", value: "1w" })).toBe("a b c");
      expect(await asked.matching({ field: "attributes.date", is: "not_in_last", value: "1d" })).toBe(
        "a none",
      );
    } finally {
      clock.release();
    }
  });
});

describe("trees", () => {
  const is = (name: string): Rule => ({ field: "external_id", is: "eq", value: name });
  test("all, any and not nest; an empty all asks nothing, an empty any asks for one of nothing", async () => {
    expect(
      await asked.matching({
        any: [is("a"), { all: [{ not: is("b") }, { field: "attributes.number", is: "lt", value: 0 }] }],
      }),
    ).toBe("a c");
    expect(await asked.matching({ all: [] })).toBe("a b c none");
    expect(await asked.matching({ any: [] })).toBe("");
    expect(await asked.matching({ not: { any: [] } })).toBe("a b c none");
    expect(await asked.matching({ not: { all: [] } })).toBe("");
    expect(
      await asked.matching({ not: { any: [{ field: "attributes.number", is: "gt", value: 0 }, is("c")] } }),
    ).toBe("none");
  });

  test.each([
    [{ field: "emial", is: "set" }, "unknown_field"],
    [{ field: "attributes.nubmer", is: "set" }, "unknown_field"],
    [{ field: "attributes.constructor", is: "set" }, "unknown_field"],
    [{ field: "__proto__", is: "set" }, "unknown_field"],
    [{ field: "email; drop table lead", is: "set" }, "unknown_field"],
    [{ field: "workspace_id", is: "set" }, "unknown_field"],
    [{ field: "deleted_at", is: "set" }, "unknown_field"],
    [{ field: "company", is: "gt", value: "a" }, "bad_query"],
    [{ field: "attributes.number", is: "contains", value: "1" }, "bad_query"],
    [{ field: "attributes.number", is: "eq", value: "many" }, "bad_query"],
    [{ field: "attributes.number", is: "between", value: [1] }, "bad_query"],
    [{ field: "attributes.number", is: "in", value: [] }, "bad_query"],
    [{ field: "attributes.number", is: "eq" }, "bad_query"],
    [{ field: "attributes.date", is: "eq", value: "2026-02-30" }, "bad_query"],
    [{ field: "attributes.datetime", is: "in_last", value: "soon" }, "bad_query"],
    [{ field: "attributes.choice", is: "eq", value: "gold" }, "bad_query"],
    [{ field: "attributes.yes_no", is: "eq", value: "perhaps" }, "bad_query"],
    [{ field: "owner_id", is: "eq", value: "Rep" }, "bad_query"],
    [{ field: "score", is: "gt", value: 1e300 }, null],
    [{ field: "score", is: "eq", value: 1.5 }, null],
    [{ field: "score", is: "between", value: [-1e20, 1e20] }, null],
    [{ field: "created_at", is: "gt", value: "9999-12-31" }, null],
    [{ field: "created_at", is: "lt", value: "0001-01-01" }, null],
    [{ field: "created_at", is: "eq", value: "9999-12-31T23:59:59.999Z" }, null],
    [{ field: "created_at", is: "gt", value: "0001-01-01T00:00:00+14:00" }, null],
  ])("%j → %s", async (rule, code) => {
    const { status, problem } = await raw(asked.people.ada, "POST", "/leads/query", { rule });
    expect([status, problem.code]).toEqual(code === null ? [200, undefined] : [400, code]);
  });

  test("the nearest field is named", async () => {
    expect(
      (
        await raw(asked.people.ada, "POST", "/leads/query", {
          rule: { field: "attributes.nubmer", is: "set" },
        })
      ).problem.detail,
    ).toContain("attributes.number");
  });
});
