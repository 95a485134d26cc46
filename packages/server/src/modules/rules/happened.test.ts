import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { countIs, type Happened } from "@bellwether/contracts/happened";
import type { Lead } from "@bellwether/contracts/leads";
import { parseQuery } from "@bellwether/contracts/query-language";
import { printQuery } from "@bellwether/contracts/query-print";
import type { Rule } from "@bellwether/contracts/rule";
import { clock, now } from "../../kernel/clock.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { Catalogue } from "./catalogue.ts";
import { meets } from "./evaluate.ts";
import { type MemoryEvent, meetsHappened } from "./happened.ts";

/** What happened to leads has one meaning too: as SQL, in memory, and as query text. */
useProgram();
let people: Cast;
let catalogue: Catalogue;
const known: { lead: Lead; events: MemoryEvent[] }[] = [];
/** Two days after the hour that spring has one less of. */
const t0 = "2026-03-31T10:00:00.000Z";

const names = ["viewed", "order placed", "shop.cart", "shop.order", "shop/x"];
const values: unknown[] = [1, 2.5, "2.5", "", "pro", "Ärzte", true, null, ["pro", "x"], {}, [], { a: 1 }];
const times = ["2026-03-28", "2026-03-29T01:30:00Z", "2026-02-30", "2026-03-29T03:00:00+02:00"];
const hours = [0, 1, 12, 23, 24, 36, 47, 48, 49, 72, 24 * 7, 24 * 7 + 1, 24 * 14, 24 * 40];

beforeAll(async () => {
  people = await cast();
  clock.freeze(t0);
  const { ada } = people;
  const ids: string[] = [];
  for (let n = 0; n < 9; n++) {
    const { body } = await call(ada, contract.leads.create, { email: `l${n}@example.com` });
    ids.push(body.id);
  }
  let seed = 7;
  const next = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const sent = ids.slice(0, 8).flatMap((lead_id, n) =>
    Array.from({ length: n * 3 }, () => ({
      lead_id,
      name: names[next(names.length)],
      occurred_at: new Date(Date.parse(t0) - (hours[next(hours.length)] ?? 0) * 3_600_000).toISOString(),
      properties: {
        plan: values[next(values.length)],
        at: times[next(times.length)],
        ...(next(2) === 0 ? { "a b": next(4) } : {}),
      },
    })),
  );
  const answer = await call(ada, contract.events.record, { events: sent });
  if (answer.body.data.some((each) => each.status !== "accepted")) {
    throw new Error("not all events were accepted");
  }
  for (const id of ids.slice(4, 7)) {
    await call(ada, contract.leads.addTag, { id, tag: "Seen" });
    await call(ada, contract.leads.notes.create, { id, body: "Called" });
  }
  // Merged, and into what was merged.
  for (const [id, other_id] of [
    [ids[1], ids[2]],
    [ids[3], ids[1]],
  ]) {
    await call(ada, contract.duplicates.merge, { id: id ?? "", other_id: other_id ?? "" });
  }
  await settle();
  await asImported([ids[2], ids[5], ids[8]], ids);
  for (const lead of (await call(ada, contract.leads.list, { limit: 200 })).body.data) {
    const { body } = await call(ada, contract.leads.timeline, { id: lead.id, limit: 200 });
    known.push({ lead, events: body.data });
  }
  catalogue = new Catalogue([], {
    workspace_id: people.workspace_id,
    masked: false,
    time_zone: "Europe/Berlin",
    default_country: null,
  });
});
afterAll(() => clock.release());

/** Of leads that an import made the log has no beginning: one that was merged, one to whom much happened, one to whom nothing. */
async function asImported(some: (string | undefined)[], all: string[]): Promise<void> {
  const began = `$2::timestamptz - array_position($1::uuid[], id) * interval '13 hours'`;
  await the().ownerPool.query(`update lead set created_at = ${began} where id = any($1)`, [all, t0]);
  await the().ownerPool.query(
    "update event set occurred_at = lead.created_at from lead where lead.id = event.lead_id and event.name = 'lead.created'",
  );
  await the().ownerPool.query(
    "update lead set import_id = uuidv7(), source = case when id = ($1::uuid[])[1] then 'pro' end where id = any($1::uuid[])",
    [some],
  );
  await the().ownerPool.query("delete from event where name = 'lead.created' and lead_id = any($1)", [some]);
}

const name = fc.constantFrom(
  "viewed",
  "order placed",
  "shop.cart",
  "shop.order",
  "shop/x",
  "shop.*",
  "s*",
  "never",
  "note.added",
  "tag.added",
  "tag.*",
  "n*",
  "lead.created",
  "lead.created",
  "lead.*",
  "l*",
);
const asked = fc.constantFrom<Rule[]>(
  { field: "source", is: "eq", value: "Pro" },
  { field: "source", is: "set" },
  { field: "import_id", is: "unset" },
  { field: "plan", is: "eq", value: "pro" },
  { field: "plan", is: "ne", value: 2.5 },
  { field: "plan", is: "in", value: ["2.5", "pro"] },
  { field: "plan", is: "all_of", value: ["pro", "x"] },
  { field: "plan", is: "contains", value: "arz" },
  { field: "plan", is: "starts_with", value: "P" },
  { field: "plan", is: "set" },
  { field: "plan", is: "unset" },
  { field: "plan", is: "gte", value: 2.5 },
  { field: "plan", is: "lt", value: "2.5" },
  { field: "plan", is: "eq", value: true },
  { field: "a b", is: "between", value: [1, 2] },
  { field: "at", is: "gt", value: "2026-03-28" },
  { field: "at", is: "lte", value: "2026-03-28" },
  { field: "at", is: "between", value: ["2026-03-29", "2026-03-29T01:00:00Z"] },
  { field: "none such", is: "not_contains", value: "x" },
);
const where = fc.oneof(
  asked,
  fc.array(asked, { maxLength: 2 }).map((all): Rule => ({ all })),
  fc.array(asked, { maxLength: 2 }).map((any): Rule => ({ any })),
  asked.map((not): Rule => ({ not })),
);
const day = fc.constantFrom(
  "2026-03-17",
  "2026-03-24",
  "2026-03-29",
  "2026-03-30T09:00:00Z",
  "yesterday",
  "last_week",
  "this_month",
  "2_days_ago",
);
const within = fc.oneof(
  fc.constantFrom("2d", "7d", "24h", "2w", "5w").map((last) => ({ last })),
  fc.constantFrom("7d", "2w").map((last) => ({ last, until: "2d" })),
  day.map((from) => ({ from })),
  day.map((to) => ({ to })),
  fc.tuple(day, day).map(([from, to]) => ({ from, to })),
);
const often = fc.record({ is: fc.constantFrom(...countIs), value: fc.constantFrom(0, 1, 2, 3, 5) });
const happened: fc.Arbitrary<Happened> = fc
  .record(
    { event: name, did: fc.boolean(), count: often, within, where, which: fc.constantFrom("first", "last") },
    { requiredKeys: ["event"] },
  )
  .map(({ which, count, ...rest }): Happened => {
    const ofAll = which !== undefined && rest.within !== undefined;
    return { ...rest, ...(ofAll ? { which } : count === undefined ? {} : { count }) };
  });
const rule: fc.Arbitrary<Rule> = fc.oneof(
  { arbitrary: happened, weight: 4 },
  fc.array(happened, { maxLength: 3 }).map((all): Rule => ({ all })),
  fc.array(happened, { maxLength: 3 }).map((any): Rule => ({ any })),
  happened.map((not): Rule => ({ not })),
);

function expected(of: Rule): string[] {
  const scope = { catalogue, now: now(), member_id: people.ada.member_id, words: () => false };
  const meet = (lead: Lead, events: MemoryEvent[]) =>
    meets(of, lead, { ...scope, happened: (each) => meetsHappened(each, events, scope) });
  return known.flatMap(({ lead, events }) => (meet(lead, events) ? [lead.email ?? ""] : [])).toSorted();
}

async function found(query: object): Promise<string[]> {
  const { body, status, problem } = await raw<{ data: Lead[]; count: { value: number } }>(
    people.ada,
    "POST",
    "/leads/query",
    { limit: 200, count: "exact", ...query },
  );
  expect([status, problem.detail]).toEqual([200, undefined]);
  expect(body.count.value).toBe(body.data.length);
  return body.data.map((lead) => lead.email ?? "").toSorted();
}

describe("one rule, one meaning", () => {
  test("there is something to be asked", () => {
    expect(known).toHaveLength(7);
    expect(Math.max(...known.map((each) => each.events.length))).toBeGreaterThan(20);
    // Also of those that an import made, and of the two that were merged.
    const beginnings = known.flatMap((each) => each.events).filter((each) => each.name === "lead.created");
    expect(beginnings).toHaveLength(9);
  });

  test("SQL finds the leads that the evaluator says meet it", async () => {
    await fc.assert(
      fc.asyncProperty(rule, async (each) => {
        expect(await found({ rule: each })).toEqual(expected(each));
      }),
      { numRuns: 200 },
    );
  }, 180_000);

  test("a rule printed as a query and read back means the same", () => {
    fc.assert(
      fc.property(rule, (each) => {
        const text = printQuery(each, catalogue);
        expect(expected(parseQuery(text, catalogue)), text).toEqual(expected(each));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the query language", () => {
  test.each<[string, Rule]>([
    ["did:page.viewed", { event: "page.viewed", did: true }],
    ["-did:page.viewed", { event: "page.viewed", did: false }],
    [
      "did:pricing.viewed>=3/14d",
      { event: "pricing.viewed", did: true, count: { is: "gte", value: 3 }, within: { last: "14d" } },
    ],
    ["opened<30d", { event: "email.opened", did: true, within: { last: "30d" } }],
    ["clicked>14d", { event: "email.clicked", did: false, within: { last: "14d" } }],
    ["-opened<30d", { event: "email.opened", did: false, within: { last: "30d" } }],
    ['did:"order placed"=0', { event: "order placed", did: true, count: { is: "eq", value: 0 } }],
    ["did:shop.*/7d-2d", { event: "shop.*", did: true, within: { last: "7d", until: "2d" } }],
    [
      "did_first:signup/2026-01-01..2026-03-31",
      { event: "signup", did: true, within: { from: "2026-01-01", to: "2026-03-31" }, which: "first" },
    ],
    [
      "did:x/..today (stage:new)",
      {
        all: [
          { event: "x", did: true, within: { to: "today" } },
          { field: "stage", is: "eq", value: "new" },
        ],
      },
    ],
    [
      'did:page.viewed[url:*"/pricing"* seconds>30 OR "utm source":"a]b"]>2',
      {
        event: "page.viewed",
        did: true,
        count: { is: "gt", value: 2 },
        where: {
          any: [
            {
              all: [
                { field: "url", is: "contains", value: "/pricing" },
                { field: "seconds", is: "gt", value: "30" },
              ],
            },
            { field: "utm source", is: "eq", value: "a]b" },
          ],
        },
      },
    ],
  ])("%s", (text, wanted) => {
    expect(parseQuery(text, catalogue)).toEqual(wanted);
  });

  test.each([
    ["tag:vip did:", 8, 12, "has no event"],
    ["did:x[url:a", 5, 6, "never closed"],
    ["did:x/soon", 5, 10, "comes a time"],
    ["did:a:b", 0, 6, "goes on in a way"],
    ["did:x[words]", 5, 12, "properties"],
    ["stage:new did:x[amount>]", 16, 23, "has no value"],
    ["did:x/2026-13-01..", 0, 18, "is no date"],
  ])("%s is refused by its place", async (query, from, to, words) => {
    const { status, problem } = await raw(people.ada, "GET", "/leads/search", { query });
    expect([status, problem]).toMatchObject([400, { code: "bad_query", at: { from, to } }]);
    expect(problem.detail).toContain(words);
  });
});

test.each<[unknown, string, string]>([
  [{ event: "" }, "rule.event", "Name an event"],
  [{ event: "a*b" }, "rule.event", "Name an event"],
  [{ event: "segment.entered" }, "rule.event", "the segment itself"],
  [{ event: "x", did: 1 }, "rule.did", "true or false"],
  [{ event: "x", count: { is: "ne", value: 1 } }, "rule.count", "one of gte"],
  [{ event: "x", count: { is: "gte", value: 1.5 } }, "rule.count", "whole number"],
  [{ event: "x", within: { last: "soon" } }, "rule.within", "such as 7d"],
  [{ event: "x", within: { last: "7d", until: "7d" } }, "rule.within", "less than 7d"],
  [{ event: "x", within: { last: "7d", from: "2026-01-01" } }, "rule.within", "When is"],
  [{ event: "x", within: {} }, "rule.within", "When is"],
  [{ all: [{ event: "x", within: { from: "soon" } }] }, "rule.all[0].within", "is no date"],
  [{ event: "x", which: "first" }, "rule.which", "give “within”"],
  [{ event: "x", since: "7d" }, "rule.since", "no “since”"],
  [{ event: "x", where: { words: "y" } }, "rule.where", "its properties"],
  [{ event: "x", where: { event: "y" } }, "rule.where", "its properties"],
  [
    { event: "x", where: { all: [{ field: "p", is: "gt", value: "much" }] } },
    "rule.where.all[0].value",
    "give a number",
  ],
  [{ event: "x", where: { field: "p", is: "in_last", value: "7d" } }, "rule.where.is", "Use one of contains"],
])("%j is refused by its place", async (each, path, words) => {
  const { status, problem } = await raw(people.ada, "POST", "/leads/query", { rule: each });
  expect([status, problem.errors?.[0]?.path], problem.detail).toEqual([400, path]);
  expect(problem.detail).toContain(words);
});
