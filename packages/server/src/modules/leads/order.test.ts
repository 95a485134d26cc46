import { contract } from "@bellwether/contracts";
import type { Lead, Sort } from "@bellwether/contracts/leads";
import type { Rule } from "@bellwether/contracts/rule";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Cast, cast } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, useProgram } from "../../kernel/testing/program.ts";
import * as z from "zod";
import { bounds } from "./walk.ts";

/** Leads sorted by anything, page by page, against a sort in memory of all of them. */
const the = useProgram();
const { leads, fields, views } = contract;

let people: Cast;
let all: Lead[];
const stages = ["new", "contacted", "qualifying", "qualified", "follow_up", "converted", "lost", "archived"];
const usual = { ...bounds };
afterEach(() => Object.assign(bounds, usual));

beforeAll(fill);
async function fill(): Promise<void> {
  people = await cast();
  const { ada, max, rep } = people;
  const custom = [
    ["plan", "choice", true],
    ["seats", "number", true],
    ["paying", "yes_no", true],
    ["city", "text", true],
    ["due", "date", true],
    ["at", "datetime", true],
    ["slow", "text", false],
    ["slow_plan", "choice", false],
    ["slow_seats", "money", false],
    ["many", "choices", false],
  ] as const;
  for (const [key, type, fast] of custom) {
    const options = type.startsWith("choice") ? ["pro", "free", "max"] : [];
    const more = type === "choices" ? {} : { fast };
    expect((await call(ada, fields.create, { key, label: key, type, options, ...more })).status).toBe(201);
  }
  const pick = <T>(n: number, by: number, from: readonly T[]) => from[Math.floor(n / by) % from.length];
  const made = Array.from({ length: 60 }, (_, n) => ({
    email: `p${n}@example.com`,
    ...given("company", pick(n, 1, ["Ärzte", "acme", "Zebra", null, "Acme"])),
    ...given("first_name", pick(n, 7, ["Ada", "bo", null])),
    ...given("qualification", pick(n, 3, [5, null, 90, 0])),
    stage: pick(n, 2, ["new", "follow_up", "contacted", "new"]) ?? "new",
    owner_id: pick(n, 5, [max.member_id, rep.member_id, null]) ?? null,
    attributes: Object.fromEntries([
      ...attribute("plan", pick(n, 1, ["free", "max", "pro", null])),
      ...attribute("seats", pick(n, 4, [1, -2.5, 10, null])),
      ...attribute("paying", pick(n, 2, [true, false, null])),
      ...attribute("city", pick(n, 6, ["Bonn", "aachen", "Öhringen", null])),
      ...attribute("due", pick(n, 3, ["2026-03-01", "1969-01-01", null])),
      ...attribute("at", pick(n, 5, ["2026-03-01T10:00:00.001Z", "2026-03-01T10:00:00Z", null])),
      ...attribute("slow", pick(n, 8, ["x", "Y", null])),
      ...attribute("slow_plan", pick(n, 2, ["max", "free", null])),
      ...attribute("slow_seats", pick(n, 3, [7, 8, null])),
    ]),
  }));
  const { body } = await call(ada, leads.batch, { leads: made });
  expect(body.data.map((each) => each.status)).toEqual(made.map(() => "created"));
  await the().ownerPool.query(
    `insert into lead_stat (workspace_id, lead_id, score, last_seen_at)
     select workspace_id, id, (array[0, 60, -50, 20])[1 + n % 4], case when n % 3 > 0 then '2026-03-01 10:00:00Z'::timestamptz + make_interval(hours => (n % 5)::int) end
     from (select workspace_id, id, row_number() over (order by id) as n from lead) numbered where n % 2 = 0`,
  );
  await settle();
  all = (await call(ada, leads.query, { limit: 200 })).body.data;
  expect(all).toHaveLength(60);
}

function given(name: string, value: unknown): object {
  return value === null || value === undefined ? {} : { [name]: value };
}
function attribute(key: string, value: unknown): [string, unknown][] {
  return value === null || value === undefined ? [] : [[key, value]];
}

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const collator = new Intl.Collator("und");
/** By the words of the product: a pipeline's order, people by name, choices as they were listed, everything else as it sorts. */
function compare(field: string, a: Lead, b: Lead): number {
  const at = (lead: Lead): string | number | null => {
    const value = Scalar.parse(
      field.startsWith("attributes.")
        ? (lead.attributes[field.slice(11)] ?? null)
        : new Map<string, unknown>(Object.entries(lead)).get(field),
    );
    if (value === null) return null;
    if (field === "stage") return stages.indexOf(String(value));
    if (field === "owner_id") return value === people.max.member_id ? "Max" : "Rep";
    if (field.endsWith("plan")) return ["pro", "free", "max"].indexOf(String(value));
    return typeof value === "boolean" ? Number(value) : value;
  };
  const [x, y] = [at(a), at(b)];
  // Addresses sort as bytes do.
  if (field === "email") return String(x) < String(y) ? -1 : Number(x !== y);
  if (x === null || y === null) return x === y ? 0 : x === null ? Infinity : -Infinity;
  return typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y));
}
function inOrder(sort: Sort[], among: Lead[]): string[] {
  const sorted = among.toSorted((a, b) => {
    for (const { field, direction } of sort) {
      const by = compare(field, a, b);
      // Missing values stand last either way.
      if (by !== 0) return Number.isFinite(by) && direction === "desc" ? -by : by;
    }
    return (sort.at(-1)?.direction ?? "desc") === "asc" ? (a.id < b.id ? -1 : 1) : a.id < b.id ? 1 : -1;
  });
  return sorted.map((lead) => lead.id);
}

async function pages(who: Person, query: { sort: Sort[]; rule?: Rule; q?: string }, limit: number) {
  const ids: string[] = [];
  const seen = new Set<string>();
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const { status, body, problem } = await call(who, leads.query, {
      ...query,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (status !== 200) throw new Error(problem.detail);
    ids.push(...body.data.map((lead) => lead.id));
    cursor = body.next_cursor;
    // Short pages may be many, but each leads on.
    expect(seen.has(cursor ?? "")).toBe(false);
    seen.add(cursor ?? "");
  }
  return ids;
}

const indexed = "created_at updated_at email company stage owner_id score qualification last_seen_at".split(
  " ",
);
const fast = "plan seats paying city due at".split(" ").map((key) => `attributes.${key}`);
const slow = [
  "first_name",
  "phone",
  "source",
  "attributes.slow",
  "attributes.slow_plan",
  "attributes.slow_seats",
];
const sortOf = (names: string[]) =>
  fc
    .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((field) =>
          fc.constantFrom<Sort>({ field, direction: "asc" }, { field, direction: "desc" }),
        ),
      ),
    );
const rules: [Rule, (lead: Lead) => boolean][] = [
  [{ all: [] }, () => true],
  [{ field: "stage", is: "eq", value: "follow_up" }, (lead) => lead.stage === "follow_up"],
  [{ field: "attributes.seats", is: "gt", value: 0 }, (lead) => Number(lead.attributes["seats"]) > 0],
  [{ field: "company", is: "contains", value: "acm" }, (lead) => lead.company?.toLowerCase() === "acme"],
];
const size = fc.integer({ min: 4, max: 25 });

describe("leads are sorted", () => {
  test("by any keys, either way, as in memory, page by page", async () => {
    await fc.assert(
      fc.asyncProperty(
        sortOf([...indexed, ...fast, ...slow]),
        fc.constantFrom(...rules),
        size,
        async (sort, [rule, meets], limit) => {
          expect(await pages(people.ada, { sort, rule }, limit)).toEqual(inOrder(sort, all.filter(meets)));
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  test("the same when a page looks at a few leads only, and groups are larger than it looks", async () => {
    Object.assign(bounds, { look_ahead: 9, first_look: 4, hits_max: 5, groups_few: 1 });
    await fc.assert(
      fc.asyncProperty(
        sortOf([...indexed, ...fast]),
        fc.constantFrom(...rules),
        size,
        async (sort, [rule, meets], limit) => {
          expect(await pages(people.ada, { sort, rule }, limit)).toEqual(inOrder(sort, all.filter(meets)));
        },
      ),
      { numRuns: 40 },
    );
  }, 240_000);

  test("for an agent who sees only their own, those", async () => {
    const { ada, rep } = people;
    await call(ada, contract.identity.workspace.update, { agents_see_own: true });
    Object.assign(bounds, { look_ahead: 7, first_look: 3, hits_max: 4 });
    const sort: Sort[] = [
      { field: "stage", direction: "desc" },
      { field: "company", direction: "asc" },
    ];
    const theirs = all.filter((lead) => lead.owner_id === null || lead.owner_id === rep.member_id);
    expect(await pages(rep, { sort }, 7)).toEqual(inOrder(sort, theirs));
    await call(ada, contract.identity.workspace.update, { agents_see_own: false });
  });
});

describe("what isn't sorted says why", () => {
  const sorted = (who: Person, ...sort: Sort[]) => call(who, leads.query, { sort });
  const by = (field: string): Sort => ({ field, direction: "asc" });

  test("fields of several values, unknown fields, and one field twice", async () => {
    const { ada } = people;
    expect((await sorted(ada, by("tags"))).problem).toMatchObject({ status: 400, code: "bad_query" });
    expect((await sorted(ada, by("attributes.many"))).problem.detail).toContain("several values");
    expect((await sorted(ada, by("attributes.citty"))).problem).toMatchObject({
      code: "unknown_field",
      nearest: "city",
    });
    expect((await sorted(ada, by("email"), by("email"))).problem.detail).toContain("twice");
    const four = ["email", "company", "stage", "score"];
    expect((await sorted(ada, ...four.map(by))).status).toBe(422);
    expect((await raw(ada, "GET", "/leads/search", { sort: four.join(",") })).status).toBe(400);
  });

  test("too many leads for a key without an index; fewer of them are sorted", async () => {
    Object.assign(bounds, { sorted_max: 20, small_max: 30 });
    const refused = await sorted(people.ada, by("attributes.slow"));
    expect(refused.problem).toMatchObject({ status: 400, errors: [{ code: "too_many_to_sort" }] });
    expect(refused.problem.detail).toContain("make it fast");
    const rule: Rule = { field: "stage", is: "eq", value: "follow_up" };
    const sort = [by("attributes.slow")];
    expect(await pages(people.ada, { sort, rule }, 4)).toEqual(
      inOrder(
        sort,
        all.filter((lead) => lead.stage === "follow_up"),
      ),
    );
  });

  test("a field deleted meanwhile: named, for a list, a cursor and a view", async () => {
    const { ada } = people;
    await call(ada, fields.create, { key: "gone", label: "Gone", type: "number" });
    const sort = [by("attributes.gone")];
    const first = await call(ada, leads.query, { sort, limit: 5 });
    const view = await call(ada, views.create, { name: "By gone", sort });
    await call(ada, fields.update, { key: "gone", archived: true });
    await call(ada, fields.remove, { key: "gone" });
    const next = await call(ada, leads.query, { sort, limit: 5, cursor: first.body.next_cursor ?? "" });
    expect(next.problem).toMatchObject({ status: 400, code: "unknown_field" });
    expect(next.problem.detail).toContain("attributes.gone");
    expect((await call(ada, views.show, { id: view.body.id })).body.broken).toContain("attributes.gone");
  });

  test("a cursor of another query, or made up", async () => {
    const { ada } = people;
    const sort = [by("score"), by("company")];
    const { body } = await call(ada, leads.query, { sort, limit: 5 });
    const of = JSON.parse(Buffer.from(body.next_cursor ?? "", "base64url").toString()).of;
    const id = all[0]?.id ?? "";
    const made = [
      { of, id, values: ["60'; --", "x"] },
      { of, id, values: ["60"] },
      { of, id, values: ["60", "x", "y"] },
      { of, id, values: ["99999999999999", "x"] },
      { of, id, values: ["60", "a\0b"] },
      { of, id: null, values: [] },
      { of: "other", id, values: ["60", "x"] },
      { of, id: "x", values: ["60", "x"] },
      [],
    ];
    for (const each of made) {
      const cursor = Buffer.from(JSON.stringify(each)).toString("base64url");
      const { problem } = await call(ada, leads.query, { sort, cursor });
      expect(problem, JSON.stringify(each)).toMatchObject({ status: 400, code: "bad_cursor" });
    }
    // Nothing secret stands in a cursor: a place that somebody made up is but a place.
    const anywhere = Buffer.from(JSON.stringify({ of, id, values: ["20", null] })).toString("base64url");
    expect((await call(ada, leads.query, { sort, cursor: anywhere })).status).toBe(200);
    const other = await call(ada, leads.query, { sort: [by("score")], cursor: body.next_cursor ?? "" });
    expect(other.problem.code).toBe("bad_cursor");
  });

  test("contact details that the caller doesn't see", async () => {
    const { ada, viewer } = people;
    await call(ada, contract.identity.workspace.update, { viewers_masked: true });
    expect((await sorted(viewer, by("email"))).status).toBe(403);
    await call(ada, contract.identity.workspace.update, { viewers_masked: false });
  });
});

test("Rival's list is sorted by their own leads alone", async () => {
  const sort: Sort[] = [
    { field: "stage", direction: "asc" },
    { field: "score", direction: "desc" },
  ];
  expect(await pages(people.rival, { sort }, 50)).toEqual([]);
});
