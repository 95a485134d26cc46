import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { call, raw, useProgram } from "../../kernel/testing/program.ts";
import { ruleLeads } from "../../kernel/testing/rule-leads.ts";

/** A rule that can't be understood is refused with its place, in words, at no cost. */
useProgram();
let asked: Awaited<ReturnType<typeof ruleLeads>>;
beforeAll(async () => {
  asked = await ruleLeads();
});

const good: Rule = { field: "company", is: "set" };
async function refused(rule: unknown) {
  const { status, problem } = await raw(asked.people.ada, "POST", "/leads/query", JSON.stringify({ rule }));
  return { status, code: problem.code, detail: problem.detail, path: problem.errors?.[0]?.path };
}
/** What this process worked since, however busy the machine is with other things. */
function workOf(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
function nested(levels: number, within: (inner: unknown) => unknown): unknown {
  let rule: unknown = good;
  for (let level = 0; level < levels; level++) {
    rule = within(rule);
  }
  return rule;
}

describe("the place is named, and what is wrong there", () => {
  test.each<[rule: unknown, path: string, words: string]>([
    [
      { all: [good, good, { field: "company", is: "eq", value: { x: 1 } }] },
      "rule.all[2].value",
      "A value is a text",
    ],
    [
      { all: [good, { any: [{ field: "company", is: "equals", value: "x" }] }] },
      "rule.all[1].any[0].is",
      "Did you mean “eq”?",
    ],
    [{ field: "company", is: "contians", value: "x" }, "rule.is", "Did you mean “contains”?"],
    [{ field: "company", is: "start_with", value: "x" }, "rule.is", "Did you mean “starts_with”?"],
    [{ field: "company", is: "is_empty" }, "rule.is", "Did you mean “unset”?"],
    [{ field: "company", is: "constructor" }, "rule.is", "Use one of eq, ne"],
    [{ field: "company", is: "zzz" }, "rule.is", "Use one of eq, ne"],
    [{ field: "company", is: 7 }, "rule.is", "Say how it is compared"],
    [{ field: "company" }, "rule.is", "Say how it is compared"],
    [{ field: "", is: "set" }, "rule.field", "a text that is not empty"],
    [{ field: 5, is: "set" }, "rule.field", "a text that is not empty"],
    [{ field: "x".repeat(81), is: "set" }, "rule.field", "longer than 80 characters"],
    [{ field: "company", op: "eq", value: "x" }, "rule.op", "The operator is called “is”."],
    [{ and: [good] }, "rule", "lacks “all”"],
    [{ alll: [good] }, "rule", "lacks “all”"],
    [{}, "rule", "A rule is one of"],
    [[], "rule", "A rule is one of"],
    [null, "rule", "A rule is one of"],
    ["company:x", "rule", "A rule is one of"],
    [{ all: good }, "rule.all", "a list of rules"],
    [{ all: [null] }, "rule.all[0]", "A rule is one of"],
    [{ not: [good] }, "rule.not", "A rule is one of"],
    [{ all: [good], any: [good] }, "rule.any", "put “any” and it into one {all}"],
    [{ words: "" }, "rule.words", "not empty"],
    [{ words: "w".repeat(201) }, "rule.words", "longer than 200"],
    [{ field: "company", is: "eq", value: "v".repeat(1001) }, "rule.value", "longer than 1,000"],
    [{ field: "company", is: "in", value: ["a", null] }, "rule.value[1]", "A value is a text"],
    [
      { field: "company", is: "in", value: Array.from({ length: 10_000 }, (_, n) => n) },
      "rule.value",
      "1,000 values at most; this one has 10,000",
    ],
    [
      { all: [good, { not: { field: "emial", is: "set" } }] },
      "rule.all[1].not.field",
      "Did you mean “email”?",
    ],
    [
      { any: [good, { field: "attributes.number", is: "gt", value: "many" }] },
      "rule.any[1].value",
      "this is no number",
    ],
    [
      { any: [good, { field: "attributes.number", is: "contains", value: "1" }] },
      "rule.any[1].is",
      "Use one of eq, ne",
    ],
    [{ not: { field: "attributes.datetime", is: "in_last", value: "soon" } }, "rule.not.value", "such as 7d"],
  ])("%j", async (rule, path, words) => {
    const answer = await refused(rule);
    expect([answer.status, answer.path]).toEqual([400, path]);
    expect(answer.detail).toContain(words);
    expect(["bad_query", "unknown_field"]).toContain(answer.code);
  });

  test("so it is in bulk work, exports and views", async () => {
    const rule = { all: [good, { field: "company", is: "equals", value: "x" }] };
    for (const [path, body] of [
      ["/bulk", { rule, action: { kind: "delete" } }],
      ["/bulk/preview", { rule, action: { kind: "delete" } }],
      ["/exports", { rule, columns: ["email"], format: "csv" }],
    ] as const) {
      const { status, problem } = await raw(asked.people.ada, "POST", path, body);
      expect([status, problem.errors[0]?.path], path).toEqual([400, "rule.all[1].is"]);
    }
  });

  test("in a query's text, by where it stands", async () => {
    for (const [query, from, to] of [
      ["tag:vip number>many", 8, 19],
      ["tag:vip (stage:new OR -datetime<soon)", 22, 36],
      ["owner:Rep", 0, 9],
    ] as const) {
      const { status, problem } = await raw(asked.people.ada, "GET", "/leads/search", { query });
      expect([status, problem], query).toMatchObject([400, { code: "bad_query", at: { from, to } }]);
    }
  });
});

describe("size", () => {
  test("twelve levels are the most: fifty are refused in those words", async () => {
    for (const within of [(rule: unknown) => ({ not: rule }), (rule: unknown) => ({ all: [rule] })]) {
      expect((await raw(asked.people.ada, "POST", "/leads/query", { rule: nested(11, within) })).status).toBe(
        200,
      );
      for (const levels of [12, 50]) {
        const answer = await refused(nested(levels, within));
        expect(answer).toMatchObject({ status: 400, code: "bad_query" });
        expect(answer.detail).toContain("12 levels deep at most");
      }
    }
  });

  test("two hundred conditions are the most, and a thousand groups", async () => {
    const conditions = (count: number) => ({ any: Array.from({ length: count }, () => good) });
    expect((await raw(asked.people.ada, "POST", "/leads/query", { rule: conditions(200) })).status).toBe(200);
    expect((await refused(conditions(201))).detail).toContain("200 conditions at most");
    expect((await refused({ all: [conditions(150), conditions(150)] })).detail).toContain(
      "200 conditions at most",
    );
    expect((await refused({ any: Array.from({ length: 1001 }, () => ({ all: [] })) })).detail).toContain(
      "1000 rules at most",
    );
    const groups = {
      all: Array.from({ length: 40 }, () => ({ any: Array.from({ length: 40 }, () => ({ all: [] })) })),
    };
    expect((await refused(groups)).detail).toContain("1000 parts at most");
  });

  test.each([
    ["not", 50_000, '{"not":', "}"],
    ["all", 50_000, '{"all":[', "]}"],
    ["brackets", 200_000, "[", "]"],
  ])("a body of bottomless %s costs nothing", async (_name, levels, open, close) => {
    const cost_ms = workOf();
    const { status } = await raw(
      asked.people.ada,
      "POST",
      "/leads/query",
      `{"rule":${open.repeat(levels)}${close.repeat(levels)}}`,
    );
    expect([400, 413]).toContain(status);
    expect(cost_ms()).toBeLessThan(2000);
  });

  test("wide and wrong costs nothing either, and tells of the first twenty", async () => {
    const cost_ms = workOf();
    const { status, problem } = await raw(asked.people.ada, "POST", "/leads/query", {
      rule: {
        all: Array.from({ length: 150 }, () => ({ field: "company", is: "x".repeat(1000), value: {} })),
      },
    });
    expect([status, problem.errors.length]).toEqual([400, 20]);
    expect(cost_ms()).toBeLessThan(2000);
  });

  test("a query's text nests and repeats no deeper and longer than a rule", async () => {
    for (const [query, words] of [
      [`${"(".repeat(30)}bolt${")".repeat(30)}`, null],
      [`${"-(".repeat(20)}bolt${")".repeat(20)}`, "12 levels"],
      ["(".repeat(500), "50 levels"],
      ["company:x ".repeat(99).trim(), null],
      [
        Array.from({ length: 250 }, (_, n) => `w${n}`)
          .join(" ")
          .slice(0, 1000),
        "can be looked for at once",
      ],
      [`tag:${Array.from({ length: 490 }, () => "a").join(",")}`, null],
      ["b".repeat(1000), null],
    ] as const) {
      const cost_ms = workOf();
      const { status, problem } = await raw(asked.people.ada, "GET", "/leads/search", { query });
      expect(status, query.slice(0, 40)).toBe(words === null ? 200 : 400);
      expect(problem.detail ?? "", query.slice(0, 40)).toContain(words ?? "");
      expect(cost_ms()).toBeLessThan(2000);
    }
  });
});

describe("strange text means itself", () => {
  const strange = [
    "%",
    "_",
    "100%",
    "a'b",
    '"',
    "\\",
    "'; drop table lead; --",
    "' or 1=1 --",
    ".*",
    "^(a+)+$",
    "[a-z]{99999}",
    "🦄",
    "\u202e‮עברית",
    "مرحبا",
    "e\u0301",
    "￿",
  ];
  test.each(strange)("%j is found where it stands, and nowhere else", async (text) => {
    const company = `Q${text}Q`;
    const { body } = await call(asked.people.ada, contract.leads.create, {
      external_id: `s-${text}`,
      company,
    });
    for (const [is, value] of [
      ["eq", company],
      ["contains", `Q${text}Q`],
      ["starts_with", `q${text}`],
    ] as const) {
      const found = await call(asked.people.ada, contract.leads.query, {
        rule: { field: "company", is, value },
        limit: 200,
      });
      expect(
        found.body.data.map((lead) => lead.id),
        is,
      ).toEqual([body.id]);
    }
  });

  test("a NUL is refused by its place, in a rule and in a query", async () => {
    for (const answer of [
      await raw(asked.people.ada, "POST", "/leads/query", {
        rule: { all: [{ field: "company", is: "eq", value: "a\u0000b" }] },
      }),
      await raw(asked.people.ada, "GET", "/leads/search", { query: "a\u0000b" }),
      await raw(asked.people.ada, "POST", "/leads/query", { rule: { words: "\ud800" } }),
    ]) {
      expect([answer.status, answer.problem.errors[0]?.code]).toEqual([422, "bad_character"]);
    }
  });
});
