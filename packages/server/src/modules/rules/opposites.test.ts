import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { fieldTypes, type FieldType } from "@bellwether/contracts/fields";
import { family, type Operator, operatorsOf, type Rule } from "@bellwether/contracts/rule";
import { call, raw, useProgram } from "../../kernel/testing/program.ts";
import { ruleLeads } from "../../kernel/testing/rule-leads.ts";

useProgram();
const { leads } = contract;
let asked: Awaited<ReturnType<typeof ruleLeads>>;
beforeAll(async () => {
  asked = await ruleLeads();
});

const valueOf: Record<FieldType, fc.Arbitrary<string | number | boolean>> = {
  text: fc.constantFrom("blue", "Blue moon", "", "%", "_", "x"),
  url: fc.constantFrom("https://a.example", "example", ""),
  number: fc.oneof(fc.constantFrom(1, 2, -3, 0), fc.double({ noNaN: true, noDefaultInfinity: true })),
  money: fc.constantFrom(10.5, 20, 0, -1e300, 1e-300),
  date: fc.constantFrom("2026-03-28", "2026-03-29", "0001-01-01", "9999-12-31"),
  datetime: fc.constantFrom("2026-03-29", "2026-03-28T23:00:00Z", "9999-12-31T23:59:59.999Z", "0001-01-01"),
  yes_no: fc.boolean(),
  choice: fc.constantFrom("free", "pro", "max"),
  choices: fc.constantFrom("x", "y", "z"),
};

const condition = fc.constantFrom(...fieldTypes).chain((type) => {
  const kind = family[type];
  const known: readonly Operator[] = kind === undefined ? [] : operatorsOf[kind];
  return fc
    .constantFrom(...known)
    .chain((is) => value(type, is).map((each): Rule => ({ field: `attributes.${type}`, is, ...each })));
});

function value(
  type: FieldType,
  is: Operator,
): fc.Arbitrary<{ value?: string | number | boolean | (string | number | boolean)[] }> {
  const one = valueOf[type];
  switch (is) {
    case "set":
    case "unset":
      return fc.constant({});
    case "in_last":
    case "not_in_last":
      return fc.constantFrom("1d", "12h", "9999w", "1m").map((each) => ({ value: each }));
    case "between":
      return fc.array(one, { minLength: 2, maxLength: 2 }).map((each) => ({ value: each }));
    case "in":
    case "not_in":
    case "any_of":
    case "all_of":
    case "none_of":
      return fc.array(one, { minLength: 1, maxLength: 3 }).map((each) => ({ value: each }));
    default:
      return one.map((each) => ({ value: each }));
  }
}

const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    condition,
    fc.array(tie("rule"), { maxLength: 3 }).map((all): Rule => ({ all })),
    fc.array(tie("rule"), { maxLength: 3 }).map((any): Rule => ({ any })),
    tie("rule").map((not): Rule => ({ not })),
  ),
}));

test("a rule and its opposite part the leads: none is in both, none in neither", async () => {
  await fc.assert(
    fc.asyncProperty(rule, async (each) => {
      const names = (text: string) => text.split(" ").filter((name) => name !== "");
      const within = names(await asked.matching(each));
      const without = names(await asked.matching({ not: each }));
      expect([...within, ...without].toSorted((x, y) => x.localeCompare(y))).toEqual(["a", "b", "c", "none"]);
    }),
    { numRuns: 60 },
  );
});

test("whatever is sent as a rule or a query is answered, never with an error of ours", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue({ maxDepth: 3 }),
      fc.string({ unit: "binary", maxLength: 40 }),
      async (json, text) => {
        const { status } = await raw(
          asked.people.ada,
          "POST",
          "/leads/query",
          JSON.stringify({ rule: json }),
        );
        expect([200, 400, 422]).toContain(status);
        const { status: found } = await call(asked.people.ada, leads.search, { query: text });
        expect([200, 400, 422]).toContain(found);
      },
    ),
    { numRuns: 60 },
  );
});
