import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Lead } from "@bellwether/contracts/leads";
import { parseQuery } from "@bellwether/contracts/query-language";
import { printQuery } from "@bellwether/contracts/query-print";
import { family, operatorsOf, type Rule } from "@bellwether/contracts/rule";
import { now } from "../../kernel/clock.ts";
import { call, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { ruleLeads } from "../../kernel/testing/rule-leads.ts";
import { Catalogue } from "./catalogue.ts";
import { meets } from "./evaluate.ts";
import { folded } from "./folding.ts";

/** One rule has one meaning: as SQL, in memory, and as query text. Random rules over leads with every type of field. */
useProgram();
let asked: Awaited<ReturnType<typeof ruleLeads>>;
let leads: Lead[];
let catalogue: Catalogue;
// Read from attributes, and from the slots of fields that are fast.
const ways = ["attributes", "slots"] as const;
async function read(way: (typeof ways)[number]): Promise<void> {
  for (const key of ["text", "url", "number", "money", "date", "datetime", "yes_no", "choice"]) {
    await call(asked.people.ada, contract.fields.update, { key, fast: way === "slots" });
  }
  await settle();
  const { rows } = await the().ownerPool.query("select from field where slot_state = 'ready'");
  expect(rows).toHaveLength(way === "slots" ? 8 : 0);
}
beforeAll(async () => {
  asked = await ruleLeads();
  await the().ownerPool.query(
    `insert into lead_stat (workspace_id, lead_id, score)
     select workspace_id, id, (array[1, 20, 99])[n % 4] from (
       select workspace_id, id, row_number() over (order by id) as n from lead where workspace_id = $1) numbered
     where n % 4 > 0`,
    [asked.people.workspace_id],
  );
  leads = (await call(asked.people.ada, contract.leads.list, { limit: 200 })).body.data;
  const fields = (await call(asked.people.ada, contract.fields.list, {})).body.data;
  catalogue = new Catalogue(fields, {
    workspace_id: asked.people.workspace_id,
    masked: false,
    time_zone: "Europe/Berlin",
    default_country: null,
  });
});

const values: Record<string, fc.Arbitrary<string | number | boolean>> = {
  text: fc.constantFrom(
    "Blue moon",
    "blue",
    "red",
    "Cargo",
    "Ärzte GmbH",
    "_",
    "%",
    "any",
    "a,b",
    'say "hi"',
    "x..y",
    "nothing here",
    "+49",
  ),
  number: fc.constantFrom(-3, 0, 1, 2, 10.5, 20, 99),
  time: fc.constantFrom(
    "2026-03-28",
    "2026-03-29",
    "2026-03-28T23:00:00Z",
    "today",
    "this_week",
    "last_year",
    "this_year",
    "tomorrow",
    "next_month",
    "4_days_ago",
    "in_1_day",
  ),
  yes_no: fc.boolean(),
  choice: fc.constantFrom("free", "pro", "max"),
  choices: fc.constantFrom("x", "y", "z"),
  tags: fc.constantFrom("VIP", "north", "South", "no such tag"),
  stage: fc.constantFrom("new", "lost", "contacted"),
  member: fc.constant("me"),
};
const fieldNames: [string, string][] = [
  ["attributes.text", "text"],
  ["attributes.url", "text"],
  ["company", "text"],
  ["external_id", "text"],
  ["attributes.number", "number"],
  ["attributes.money", "number"],
  ["score", "number"],
  ["qualification", "number"],
  ["attributes.date", "time"],
  ["attributes.datetime", "time"],
  ["created_at", "time"],
  ["last_seen_at", "time"],
  ["attributes.yes_no", "yes_no"],
  ["attributes.choice", "choice"],
  ["attributes.choices", "choices"],
  ["tags", "tags"],
  ["stage", "stage"],
  ["owner_id", "member"],
];
const condition: fc.Arbitrary<Rule> = fc.constantFrom(...fieldNames).chain(([field, kind]) =>
  fc.constantFrom(...operatorsOf[kind as keyof typeof operatorsOf]).chain((is): fc.Arbitrary<Rule> => {
    const value = values[kind] ?? fc.constant("");
    if (is === "set" || is === "unset") {
      return fc.constant({ field, is });
    }
    if (is === "in_last" || is === "not_in_last") {
      return fc.constantFrom("7d", "12h", "52w").map((each): Rule => ({ field, is, value: each }));
    }
    if (is === "between") {
      return fc.tuple(value, value).map((both): Rule => ({ field, is, value: both }));
    }
    const list = is === "in" || is === "not_in" || is.endsWith("_of");
    return list
      ? fc.array(value, { minLength: 2, maxLength: 3 }).map((each): Rule => ({ field, is, value: each }))
      : value.map((each): Rule => ({ field, is, value: each }));
  }),
);
const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    condition,
    fc.array(tie("rule"), { maxLength: 3 }).map((all): Rule => ({ all })),
    fc.array(tie("rule"), { maxLength: 3 }).map((any): Rule => ({ any })),
    tie("rule").map((not): Rule => ({ not })),
  ),
}));

/** Those on the page, of which there must be as many as are counted: a count asks in ways of its own. */
async function found(query: object): Promise<string[]> {
  const { body, status, problem } = await raw<{ data: Lead[]; count: { value: number } }>(
    asked.people.ada,
    "POST",
    "/leads/query",
    { limit: 200, count: "exact", ...query },
  );
  if (status !== 200) {
    throw new Error(problem.detail);
  }
  expect(body.count.value).toBe(body.data.length);
  return body.data.map((lead) => lead.id).toSorted((a, b) => a.localeCompare(b));
}

function expected(of: Rule): string[] {
  const scope = { catalogue, now: now(), member_id: asked.people.ada.member_id, words: () => false };
  return leads
    .flatMap((lead) => (meets(of, lead, scope) ? [lead.id] : []))
    .toSorted((a, b) => a.localeCompare(b));
}

describe("one rule, one meaning", () => {
  test.each(ways)(
    "SQL finds the leads that the evaluator says meet it, by %s",
    async (way) => {
      await read(way);
      await fc.assert(
        fc.asyncProperty(rule, async (each) => {
          expect(await found({ rule: each })).toEqual(expected(each));
        }),
        { numRuns: 150 },
      );
    },
    60_000,
  );

  test("a rule printed as a query and read back means the same", () => {
    fc.assert(
      fc.property(rule, (each) => {
        const text = printQuery(each, catalogue);
        expect(expected(parseQuery(text, catalogue)), text).toEqual(expected(each));
      }),
      { numRuns: 1000 },
    );
  });

  test("case and accents are folded alike, letter by letter", async () => {
    const blocks: [number, number][] = [
      [0x41, 0x148],
      [0x14c, 0x17e],
      [0x386, 0x3ce],
      [0x400, 0x45f],
      [0x5d0, 0x5ea],
      [0x620, 0x64a],
      [0x904, 0x939],
      [0x3041, 0x30fe],
      [0x4e00, 0x4eff],
      [0xac00, 0xad00],
      [0x1f600, 0x1f640],
    ];
    const letters = blocks
      .flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n)),
      )
      .filter((letter) => /[\p{L}\p{Emoji}]/u.test(letter) && !/[ªµºĲĳĿŀĸ©®]/.test(letter));
    const texts = [...letters, "e\u0301", "Straße ŁÓDŹ", "É".normalize("NFD"), "한글", "ÆØÅ"];
    const { rows } = await the().ownerPool.query<{ text: string; folded: string }>(
      "select text, app.folded(text) as folded from unnest($1::text[]) text",
      [texts],
    );
    expect(rows.length).toBeGreaterThan(1000);
    expect(rows.filter((row) => folded(row.text) !== row.folded)).toEqual([]);
  });

  test("every family of operators is asked", () => {
    expect(new Set(fieldNames.map(([, kind]) => kind))).toEqual(new Set(Object.values(family)));
  });
});

describe("the query language's shape", () => {
  test.each([
    [
      "stage:new OR stage:lost",
      {
        any: [
          { field: "stage", is: "eq", value: "new" },
          { field: "stage", is: "eq", value: "lost" },
        ],
      },
    ],
    [
      "tag:vip (stage:new OR -stage:lost)",
      {
        all: [
          { field: "tags", is: "any_of", value: ["vip"] },
          {
            any: [
              { field: "stage", is: "eq", value: "new" },
              { field: "stage", is: "ne", value: "lost" },
            ],
          },
        ],
      },
    ],
    [
      'number:1..5 "free words"',
      { all: [{ field: "attributes.number", is: "between", value: [1, 5] }, { words: "free words" }] },
    ],
    ["created<30d", { field: "created_at", is: "in_last", value: "30d" }],
    ["tag:a+b", { field: "tags", is: "all_of", value: ["a", "b"] }],
    ["-(tag:a acme)", { not: { all: [{ field: "tags", is: "any_of", value: ["a"] }, { words: "acme" }] } }],
    ["", { all: [] }],
  ])("%s", (text, wanted) => {
    expect(parseQuery(text, catalogue)).toEqual(wanted);
  });

  test("says where it stands what can't be understood", async () => {
    const { problem, status } = await raw(asked.people.ada, "GET", "/leads/search", {
      query: "tag:vip nubmer:1",
    });
    expect(status).toBe(400);
    expect(problem).toMatchObject({
      code: "unknown_field",
      nearest: "attributes.number",
      at: { from: 8, to: 14 },
    });
    expect(
      (await raw(asked.people.ada, "GET", "/leads/search", { query: "(tag:vip" })).problem,
    ).toMatchObject({ code: "bad_query", at: { from: 0, to: 1 } });
  });

  test("words may stand anywhere in a rule", async () => {
    expect(await asked.searched("cargo OR bolt")).toBe("b c");
    expect(await asked.searched("tag:vip -(bolt)")).toBe("a");
    expect(await asked.searched("(cargo OR tag:north) -owner:none")).toBe("a");
  });
});
