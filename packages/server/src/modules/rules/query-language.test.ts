import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { call, useProgram } from "../../kernel/testing/program.ts";
import { ruleLeads } from "../../kernel/testing/rule-leads.ts";

const { leads } = contract;
/** What people type into the search box, asked of the same leads as the rules. */
useProgram();
let asked: Awaited<ReturnType<typeof ruleLeads>>;
beforeAll(async () => {
  asked = await ruleLeads();
});

describe("the query language", () => {
  test.each([
    ["number>0", "a b"],
    ["number>=2", "b"],
    ["-number>0", "c none"],
    ["number:2", "b"],
    ["attributes.number:2", "b"],
    ["choice:pro", "b c"],
    ["choice:free,pro -tag:vip", "c"],
    ["tag:VIP", "a b"],
    ["-tag:vip", "c none"],
    ["tag:none", "none"],
    ["company:none", "none"],
    ["company:any", "a b c"],
    ['company:"Cargo"', "c"],
    ["company:Car*", "c"],
    ["company:*arg*", "c"],
    ["date>2026-03-28", "b c"],
    ["datetime:2026-03-29", "b"],
    ["stage:new", "c none"],
    ["stage:lost,contacted", "a b"],
    ["owner:none", "b c none"],
    ['text:"Blue moon"', "a"],
    ["arzte", "a"],
    ["ärzte gmbh", "a"],
    ['"rzte gm"', "a"],
    ["-cargo", "a b none"],
    ["number>0 -bolt", "a"],
    ["", "a b c none"],
    ["   ", "a b c none"],
    ["100%", "b"],
    ["_", "b"],
    ["nubmer:1", "unknown_field"],
    ["number:many", "bad_query"],
    ["yes_no:yes", "a"],
    ["company:'; drop table lead; --", ""],
  ])("%s → %s", async (query, expected) => {
    const found = await asked.searched(query);
    expect(found).toBe(expected);
  });

  test("what can't be compared is told in the words of who typed it, once", async () => {
    const told = async (query: string) => (await call(asked.people.ada, leads.search, { query })).problem;
    expect((await told("choice>pro")).detail).toBe(
      "“>” compares numbers and dates, and “choice” is neither. Write choice: and a value.",
    );
    expect((await told("company>=a")).detail).toMatch(/^“>=” compares numbers and dates/);
    expect((await told("created<7x")).detail).toBe(
      "“7x” is no length of time. Write one such as 7d, 12h, 30m or 4w.",
    );
    const { detail, errors } = await told("created>soon");
    expect(detail).toMatch(/^Created “soon”: give a date such as 2026-03-15/);
    expect(detail.endsWith(errors?.[0]?.message ?? "?")).toBe(true);
  });

  test("nothing typed ends in an error of ours", async () => {
    for (const query of [
      '"',
      '""',
      "-",
      "--",
      ":",
      "a:",
      "company:",
      "company:*",
      "company:**",
      "-company:",
      '-"',
      ">5",
      "company>",
      "\\",
      "%",
      "(",
      "((a or b",
      "a".repeat(1000),
      "🦄",
      "\u202e",
      "' or 1=1 --",
    ]) {
      const { status } = await call(asked.people.ada, leads.search, { query });
      expect([200, 400], query).toContain(status);
    }
  });

  test("who may not see fields of another workspace can't name them", async () => {
    expect((await call(asked.people.rival, leads.search, { query: "number>0" })).problem.code).toBe(
      "unknown_field",
    );
  });
});
