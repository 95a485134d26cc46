// What else is promised of the list: throughput, search as you type, leads found soon, and what row-level security costs.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import {
  api,
  inTurns,
  judge,
  milliseconds,
  ms,
  page,
  say,
  timesOf,
  type Asked,
  type Page,
} from "./asking.ts";

const connections = 8;
const newest = "order by l.created_at desc, l.id desc limit 50";
const everyday = [
  { query: {}, sql: newest },
  {
    query: { sort: [{ field: "last_name", direction: "asc" }] },
    sql: "and l.last_name is not null order by l.last_name, l.id limit 50",
  },
  {
    query: { rule: { field: "stage", is: "eq", value: "qualified" } },
    sql: `and l.stage = 'qualified' ${newest}`,
  },
  {
    query: { rule: { field: "attributes.industry", is: "eq", value: "SaaS" } },
    sql: `and l.attributes @> '{"industry": "SaaS"}' ${newest}`,
  },
];

/** Pages in a second: everyday ones by eight clients at once, each asking for the next as soon as it has one. */
export async function measureThroughput(on: Asked, appUrl: string, seconds: number): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: appUrl });
      await client.connect();
      await client.query("set role bellwether_scan");
      return client;
    }),
  );
  const bare = (client: number, n: number) =>
    clients[client]?.query(
      `select l.* from lead l where l.workspace_id = '${on.workspace_id}' and l.deleted_at is null ${everyday[n % everyday.length]?.sql}`,
    );
  const http = (_client: number, n: number) => page(on, everyday[n % everyday.length]?.query ?? {});
  const rates = { bare: 0, http: 0 };
  // Twice each in turns; the better half, since what disturbs only slows.
  for (let turn = 0; turn < 2; turn++) {
    rates.bare = Math.max(rates.bare, await rateOf(bare, seconds));
    rates.http = Math.max(rates.http, await rateOf(http, seconds));
  }
  await Promise.all(clients.map((client) => client.end()));
  const share = rates.http / rates.bare;
  say(
    `\n${Math.round(rates.http)} pages/s over HTTP at ${connections} connections, ${Math.round(rates.bare)} by bare SQL`,
  );
  judge(
    `page throughput ${(share * 100).toFixed(0)} % of bare SQL's at ${connections} connections (aim ≥ 40 %)`,
    share >= 0.4,
  );
}

async function rateOf(
  work: (client: number, n: number) => Promise<unknown> | undefined,
  seconds: number,
): Promise<number> {
  let done = 0;
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async (_, client) => {
      while (performance.now() < until) {
        await work(client, done);
        done += 1;
      }
    }),
  );
  return done / seconds;
}

/** Each prefix of three to ten letters of real names, companies and e-mails, as somebody types it. */
export async function measureTyping(on: Asked, owner: pg.Client, people: number): Promise<void> {
  const { rows } = await owner.query<{ words: string[] }>(
    `select array[last_name, company, email, first_name || ' ' || last_name] as words
     from lead where workspace_id = $1 and external_id = any($2)`,
    [on.workspace_id, Array.from({ length: people }, (_, n) => `crm-${2 + 2 * ((n * 7919) % 40_000)}`)],
  );
  const typed = rows.flatMap(({ words }) =>
    words.flatMap((word) => [3, 4, 5, 6, 7, 8, 9, 10].map((letters) => word.slice(0, letters).trim())),
  );
  const times: { prefix: string; took: number; short: boolean }[] = [];
  for (const prefix of new Set(typed)) {
    let got: Page | undefined;
    const took = await milliseconds(async () => {
      got = await api<Page>(on, "GET", `/leads/search?limit=50&query=${encodeURIComponent(prefix)}`);
    });
    times.push({ prefix, took, short: got?.looked_at !== undefined });
  }
  const slowest = times.toSorted((a, b) => b.took - a.took).slice(0, 8);
  const { p50, p95, max } = timesOf(times.map((each) => each.took));
  say(
    `\nsearch as you type, ${times.length} prefixes: p50 ${ms(p50)}, p95 ${ms(p95)}, max ${ms(max)} ms; ${times.filter((each) => each.short).length} short`,
  );
  say(`  slowest: ${slowest.map(({ prefix, took }) => `${prefix} ${ms(took)}`).join(", ")}`);
  judge(`search as you type p95 ${ms(p95)} ms (aim ≤ 60)`, p95 <= 60);
}

interface Import {
  id: string;
  state: string;
  failure: string | null;
  columns: { index: number; suggestion: object | null }[];
}

/** How long after an import says that it is done its leads are found by words. */
export async function measureFound(on: Asked, rows: number): Promise<void> {
  const run = Math.floor(performance.timeOrigin).toString(36);
  const lines = Array.from(
    { length: rows },
    (_, n) => `find${run}n${n}@new.example,Fresh${run}n${n},Newcomers`,
  );
  const draft = await api<Import>(
    on,
    "POST",
    "/imports?file_name=new.csv",
    `Email,Last Name,Company\n${lines.join("\n")}\n`,
  );
  const until = async (state: string) => {
    for (let now = draft; now.state !== state; now = await api<Import>(on, "GET", `/imports/${draft.id}`)) {
      if (now.state === "failed") {
        throw new Error(now.failure ?? "failed");
      }
      await sleep(20);
    }
  };
  const columns = draft.columns.map(({ index, suggestion }) => ({ index, ...suggestion }));
  await api(on, "PUT", `/imports/${draft.id}/mapping`, { columns, options: {} });
  await until("checked");
  await api(on, "POST", `/imports/${draft.id}/run`);
  await until("done");
  const found = await untilFound(on, `fresh${run}n${rows - 1}`);
  judge(
    `a lead of an import of ${rows.toLocaleString("en")} is found by words ${(found / 1000).toFixed(1)} s after (aim ≤ 5)`,
    found <= 5000,
  );
  await api(on, "POST", "/leads", { email: `one${run}@new.example`, last_name: `Alone${run}` });
  const single = await untilFound(on, `alone${run}`);
  judge(
    `a single new lead is found by words ${(single / 1000).toFixed(1)} s after (aim ≤ 5)`,
    single <= 5000,
  );
}

async function untilFound(on: Asked, word: string): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < 60_000) {
    if ((await page(on, { q: word, limit: 1 })).data.length > 0) {
      return performance.now() - started;
    }
    await sleep(50);
  }
  return Number.POSITIVE_INFINITY;
}

/** The same statements as the role with policies and as the superuser, whom none applies to. */
export async function measurePolicies(
  on: Asked,
  appUrl: string,
  adminUrl: string,
  rounds: number,
): Promise<void> {
  const [app, admin] = [appUrl, adminUrl].map((url) => new pg.Client({ connectionString: url }));
  if (app === undefined || admin === undefined) {
    throw new Error("no clients");
  }
  await Promise.all([app.connect(), admin.connect()]);
  await app.query(`set app.workspace = '${on.workspace_id}'`);
  const ids = (await page(on, {})).data.map((lead) => lead.id);
  const statements = {
    "a page by its index": {
      name: "page",
      text: `select lead.id, lead.email, lead.last_name, lead.company, lead.attributes from lead
             where lead.workspace_id = $1 and lead.deleted_at is null order by lead.created_at desc, lead.id desc limit 50`,
      values: [on.workspace_id],
    },
    "fifty leads by id": {
      name: "rows",
      text: `select lead.*, stat.score from unnest($2::uuid[]) with ordinality as wanted(id, place)
             join lead on lead.workspace_id = $1 and lead.id = wanted.id
             left join lead_stat stat on stat.workspace_id = lead.workspace_id and stat.lead_id = lead.id
             where lead.deleted_at is null order by wanted.place`,
      values: [on.workspace_id, ids],
    },
  };
  for (const [name, statement] of Object.entries(statements)) {
    const [under, without] = await inTurns(rounds, [
      () => app.query(statement),
      () => admin.query(statement),
    ]);
    const more = (under?.p50 ?? 0) / (without?.p50 ?? 1) - 1;
    judge(
      `row-level security, ${name}: p50 ${under?.p50.toFixed(2)} ms, ${without?.p50.toFixed(2)} without it, ${(more * 100).toFixed(1)} % more (aim ≤ 5)`,
      more <= 0.05,
    );
  }
  await Promise.all([app.end(), admin.end()]);
}
