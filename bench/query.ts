// What HTTP, the rule compiler and shaping add to bare SQL, over everyday filters and sorts of 1,000,000 leads.
// The floor of each is hand-written SQL for the same page, on one connection of the same database in the same run.
import pg from "pg";
import { silent } from "../packages/server/src/kernel/log.ts";
import { startServer } from "../packages/server/src/server.ts";
import { makeDataset } from "./dataset.ts";

const leads = Number(process.env["BENCH_LEADS"] ?? 1_000_000);
const rounds = 60;
const limit = 50;

interface Case {
  name: string;
  query: object;
  /** What a person would write by hand after `from lead l where l.workspace_id = $1 and l.deleted_at is null`. */
  sql: string;
}
const newest = "order by l.created_at desc, l.id desc";
const cases: Case[] = [
  { name: "newest first", query: {}, sql: newest },
  {
    name: "by last name",
    query: { sort: [{ field: "last_name", direction: "asc" }] },
    sql: "and l.last_name is not null order by l.last_name, l.id",
  },
  {
    name: "by last change, oldest first",
    query: { sort: [{ field: "updated_at", direction: "asc" }] },
    sql: "order by l.updated_at, l.id",
  },
  {
    name: "stage is Qualified",
    query: { rule: { field: "stage", is: "eq", value: "qualified" } },
    sql: `and l.stage = 'qualified' ${newest}`,
  },
  {
    name: "e-mail is …",
    query: { rule: { field: "email", is: "eq", value: "person777@example.org" } },
    sql: `and l.email = 'person777@example.org' ${newest}`,
  },
  {
    name: "company is …, by name",
    query: {
      rule: { field: "company", is: "eq", value: "Company 77" },
      sort: [{ field: "last_name", direction: "asc" }],
    },
    sql: "and l.company = 'Company 77' order by l.last_name, l.id",
  },
  {
    name: "industry is SaaS (1 in 8)",
    query: { rule: { field: "attributes.industry", is: "eq", value: "SaaS" } },
    sql: `and l.attributes @> '{"industry":"SaaS"}' ${newest}`,
  },
  {
    name: "industry is Rockets (1 in 50,000)",
    query: { rule: { field: "attributes.industry", is: "eq", value: "Rockets" } },
    sql: `and l.attributes @> '{"industry":"Rockets"}' ${newest}`,
  },
  {
    name: "three conditions",
    query: {
      rule: {
        all: [
          { field: "attributes.plan", is: "eq", value: "pro" },
          { field: "stage", is: "in", value: ["new", "contacted"] },
          { field: "attributes.seats", is: "gt", value: 900 },
        ],
      },
    },
    sql: `and l.attributes @> '{"plan":"pro"}' and l.stage in ('new','contacted') and (l.attributes->>'seats')::float8 > 900 ${newest}`,
  },
  {
    name: "created in the last week",
    query: { rule: { field: "created_at", is: "in_last", value: "7d" } },
    sql: `and l.created_at >= now() - interval '7 days' ${newest}`,
  },
  {
    name: "words: name and company",
    query: { q: "name777 company" },
    sql: `and exists (select from lead_search s where s.workspace_id = l.workspace_id and s.lead_id = l.id and s.words like '%name777%' and s.words like '%company%') ${newest}`,
  },
  {
    name: "phone as typed",
    query: { q: "+49 (30) 10000777" },
    sql: `and l.phone = '+493010000777' ${newest}`,
  },
  {
    name: "no such value, no index",
    query: { rule: { field: "attributes.seats", is: "gt", value: 5000 } },
    sql: "",
  },
];

const data = await makeDataset(leads);
const port = 3900 + Math.floor(Math.random() * 90);
const server = await startServer({
  config: { ...data.config, port, host: "127.0.0.1" },
  appUrl: data.appUrl,
  ownerUrl: data.ownerUrl,
  log: silent,
  serve: true,
  work: false,
});
// As bellwether_app in its scan role: the rights under which the program searches, without what it adds.
const bare = new pg.Client({ connectionString: data.appUrl });
await bare.connect();
await bare.query("set role bellwether_scan");
try {
  process.stdout.write(`${leads.toLocaleString("en")} leads, ${rounds} rounds; p50 and p95 in ms\n`);
  process.stdout.write(
    `${"".padEnd(36)}${"bare SQL".padStart(16)}${"over HTTP".padStart(18)}${"added p50".padStart(11)}\n`,
  );
  const added: number[] = [];
  for (const each of cases) {
    const http = await measure(() => ask(each.query));
    const floor =
      each.sql === ""
        ? null
        : await measure(() =>
            bare.query(
              `select l.* from lead l where l.workspace_id = $1 and l.deleted_at is null ${each.sql} limit ${limit}`,
              [data.workspace_id],
            ),
          );
    const more = floor === null ? null : http.p50 - floor.p50;
    if (more !== null) {
      added.push(more);
    }
    const shown = floor === null ? "–" : `${floor.p50.toFixed(1)} / ${floor.p95.toFixed(1)}`;
    process.stdout.write(
      `${each.name.padEnd(36)}${shown.padStart(16)}${`${http.p50.toFixed(1)} / ${http.p95.toFixed(1)}`.padStart(18)}${(more?.toFixed(1) ?? "").padStart(11)}\n`,
    );
  }
  const median = added.toSorted((a, b) => a - b)[Math.floor(added.length / 2)] ?? 0;
  process.stdout.write(
    `HTTP, compiler and shaping add ${median.toFixed(1)} ms at the median (aim ≤ 4): ${median <= 4 ? "met" : "MISSED"}\n`,
  );
} finally {
  await bare.end();
  await server.stop();
  await data.remove();
}

async function ask(query: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/leads/query`, {
    method: "POST",
    headers: { authorization: `Bearer ${data.api_key}`, "content-type": "application/json" },
    body: JSON.stringify({ limit, ...query }),
  });
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  await answer.arrayBuffer();
}

async function measure(work: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: sorted[Math.floor(rounds * 0.5)] ?? 0, p95: sorted[Math.floor(rounds * 0.95)] ?? 0 };
}
