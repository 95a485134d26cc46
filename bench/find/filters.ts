// Everyday filters and sorts, each with the SQL that somebody who knows the tables well would write for the same page.
import { byHand, inTurns, judge, ms, page, say, type Asked } from "./asking.ts";

interface Filter {
  name: string;
  query: object;
  /** After `from lead l where l.workspace_id = … and l.deleted_at is null`. */
  sql: string;
}

const newest = "order by l.created_at desc, l.id desc";
const asc = (field: string) => ({ sort: [{ field, direction: "asc" }] });
const is = (field: string, value: unknown) => ({ field, is: Array.isArray(value) ? "in" : "eq", value });
const worded = (word: string) =>
  `exists (select from lead_search s where s.workspace_id = l.workspace_id and s.lead_id = l.id and s.words like '%${word}%')`;
const tagged = (tag: string) =>
  `l.id in (select lt.lead_id from lead_tag lt join tag t on t.workspace_id = lt.workspace_id and t.id = lt.tag_id where lt.workspace_id = l.workspace_id and t.name_key = '${tag}')`;

const filters: Filter[] = [
  { name: "newest first", query: {}, sql: newest },
  {
    name: "by last name",
    query: asc("last_name"),
    sql: "and l.last_name is not null order by l.last_name, l.id",
  },
  { name: "by last change, oldest first", query: asc("updated_at"), sql: "order by l.updated_at, l.id" },
  {
    name: "stage is Qualified (1 in 10)",
    query: { rule: is("stage", "qualified") },
    sql: `and l.stage = 'qualified' ${newest}`,
  },
  {
    name: "stage is one of two, by company",
    query: { rule: is("stage", ["qualified", "lost"]), ...asc("company") },
    sql: "and l.stage in ('qualified', 'lost') and l.company is not null order by l.company, l.id",
  },
  {
    name: "e-mail is …",
    query: { rule: is("email", "rosa.schmithe5001@aurora-logistics.example") },
    sql: `and l.email = 'rosa.schmithe5001@aurora-logistics.example' ${newest}`,
  },
  {
    name: "company is …, by name",
    query: { rule: is("company", "Granite Design 77"), ...asc("last_name") },
    sql: "and l.company = 'Granite Design 77' order by l.last_name, l.id",
  },
  {
    name: "no such company",
    query: { rule: is("company", "Nobody & Sons") },
    sql: `and l.company = 'Nobody & Sons' ${newest}`,
  },
  {
    name: "country is DE (1 in 6, no index)",
    query: { rule: is("country", "DE") },
    sql: `and l.country = 'DE' ${newest}`,
  },
  {
    name: "city is … (1 in 997, no index)",
    query: { rule: is("city", "City 77") },
    sql: `and l.city = 'City 77' ${newest}`,
  },
  {
    name: "industry is SaaS (1 in 8)",
    query: { rule: is("attributes.industry", "SaaS") },
    sql: `and l.t1 = 'SaaS' ${newest}`,
  },
  {
    name: "industry is Rockets (1 in 50,000)",
    query: { rule: is("attributes.industry", "Rockets") },
    sql: `and l.t1 = 'Rockets' ${newest}`,
  },
  {
    name: "industry is none there is",
    query: { rule: is("attributes.industry", "Whaling") },
    sql: `and l.t1 = 'Whaling' ${newest}`,
  },
  {
    name: "seats above 990 (1 in 100)",
    query: { rule: { field: "attributes.seats", is: "gt", value: 990 } },
    sql: `and l.n1 > 990 ${newest}`,
  },
  {
    name: "seats above 5,000 (none)",
    query: { rule: { field: "attributes.seats", is: "gt", value: 5000 } },
    sql: `and l.n1 > 5000 ${newest}`,
  },
  {
    name: "qualified, by revenue, highest first",
    query: {
      rule: is("stage", "qualified"),
      sort: [{ field: "attributes.revenue", direction: "desc" }],
    },
    sql: "and l.stage = 'qualified' and l.n4 is not null order by l.n4 desc, l.id desc",
  },
  {
    name: "renewal in June, paying, by renewal",
    query: {
      rule: {
        all: [
          { field: "attributes.renewal", is: "between", value: ["2026-06-01", "2026-06-30"] },
          is("attributes.paying", true),
        ],
      },
      ...asc("attributes.renewal"),
    },
    sql: "and l.n2 between '2026-06-01'::date - '1970-01-01'::date and '2026-06-30'::date - '1970-01-01'::date and l.n3 = 1 order by l.n2, l.id",
  },
  {
    name: "by plan, then renewal, latest first",
    query: {
      sort: [
        { field: "attributes.plan", direction: "asc" },
        { field: "attributes.renewal", direction: "desc" },
      ],
    },
    sql: "and l.t2 = 'free' order by l.n2 desc, l.id desc",
  },
  {
    name: "three conditions",
    query: {
      rule: {
        all: [
          is("attributes.plan", "pro"),
          is("stage", ["new", "contacted"]),
          { field: "attributes.seats", is: "gt", value: 900 },
        ],
      },
    },
    sql: `and l.t2 = 'pro' and l.stage in ('new', 'contacted') and l.n1 > 900 ${newest}`,
  },
  {
    name: "campaign is … (1 in 356, not fast)",
    query: { rule: is("attributes.campaign", "spring campaign 17") },
    sql: `and l.attributes @> '{"campaign": "spring campaign 17"}' ${newest}`,
  },
  {
    name: "employees above 6,000 (none, not fast)",
    query: { rule: { field: "attributes.employees", is: "gt", value: 6000 } },
    sql: `and (l.attributes ->> 'employees')::float8 > 6000 ${newest}`,
  },
  {
    name: "tag is press (1 in 50,000)",
    query: { rule: { field: "tags", is: "any_of", value: ["press"] } },
    sql: `and ${tagged("press")} ${newest}`,
  },
  {
    name: "words: surname and company",
    query: { q: "lindnanstein granite" },
    sql: `and l.id in (select s.lead_id from lead_search s where s.workspace_id = l.workspace_id and s.words like '%lindnanstein%' and s.words like '%granite%') ${newest}`,
  },
  {
    name: "words: nordic (1 in 25), not lost",
    query: { q: "nordic -stage:lost" },
    sql: `and l.stage <> 'lost' and ${worded("nordic")} ${newest}`,
  },
  {
    name: "phone as typed",
    query: { q: "+49 (30) 10000777" },
    sql: `and l.phone = '+493010000777' ${newest}`,
  },
  {
    name: "nested: any of, none of",
    query: {
      rule: {
        all: [
          {
            any: [
              is("attributes.industry", ["SaaS", "Media"]),
              { field: "attributes.revenue", is: "gte", value: 1_000_000 },
            ],
          },
          { not: { any: [is("stage", "lost"), { field: "tags", is: "any_of", value: ["newsletter"] }] } },
        ],
      },
    },
    sql: `and (l.t1 in ('SaaS', 'Media') or l.n4 >= 1000000) and l.stage <> 'lost' and not ${tagged("newsletter")} ${newest}`,
  },
];

export async function measureFilters(on: Asked, rounds: number): Promise<void> {
  say(
    `\n${"p50 / p95 in ms".padEnd(42)}${"by hand".padStart(16)}${"over HTTP".padStart(16)}${"with count".padStart(16)}`,
  );
  const over: string[] = [];
  const slow: string[] = [];
  const counted: number[] = [];
  for (const { name, query, sql } of filters) {
    await page(on, query);
    const once = await (async () => {
      await byHand(on, sql);
      const started = performance.now();
      await byHand(on, sql);
      return performance.now() - started;
    })();
    // What takes a second by hand needs no sixty rounds to be told apart.
    const turns = once > 1000 ? 5 : once > 200 ? 15 : rounds;
    const [hand, ours, count] = await inTurns(turns, [
      () => byHand(on, sql),
      () => page(on, query),
      () => page(on, { ...query, count: "estimate" }),
    ]);
    if (hand === undefined || ours === undefined || count === undefined) {
      throw new Error("not measured");
    }
    const { looked_at } = await page(on, query);
    const ratio = ours.p95 / hand.p95;
    const fine = ours.p95 <= 2 * hand.p95 + 4;
    const cells = [hand, ours, count].map((each) => `${ms(each.p50)} / ${ms(each.p95)}`.padStart(16));
    say(
      `${name.padEnd(42)}${cells.join("")}  ${fine ? "" : `${ratio.toFixed(1)} ×`}${looked_at === undefined ? "" : " short"}`,
    );
    if (!fine) {
      over.push(`${name} ${ratio.toFixed(1)} ×`);
    }
    if (ours.max > 150) {
      slow.push(`${name} ${ms(ours.max)} ms`);
    }
    counted.push(count.p95);
  }
  const listed = (names: string[]) => (names.length === 0 ? "" : `: ${names.join("; ")}`);
  judge(
    `p95 over HTTP ≤ 2 × by hand + 4 ms in ${filters.length - over.length} of ${filters.length} filters${listed(over)}`,
    over.length === 0,
  );
  judge(`no filter's page above 150 ms${listed(slow)}`, slow.length === 0);
  judge(
    `a count with every page: slowest filter's p95 ${ms(Math.max(...counted))} ms (aim ≤ 100)`,
    Math.max(...counted) <= 100,
  );
}
