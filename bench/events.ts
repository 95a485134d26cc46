// What events cost, with ten of them for each lead. First what rules cost to count against SQL written by hand, and the
// first page of a lead with a hundred thousand. Then intake over HTTP, each answer after its commit, with readers and
// segments that follow beside it: batches of a thousand against the same insert with its roll-up sent straight to
// PostgreSQL, single events against an endpoint of the same server that does nothing. Last, kill -9 under load: nothing
// that was answered may be lost or doubled.
import pg from "pg";
import type { Rule } from "@bellwether/contracts/rule";
import { freePort } from "../e2e/program.ts";
import { systemActor } from "../packages/server/src/kernel/access.ts";
import { type Ctx, scan } from "../packages/server/src/kernel/db.ts";
import { route } from "../packages/server/src/kernel/http.ts";
import { Doorbell } from "../packages/server/src/kernel/live.ts";
import { silent } from "../packages/server/src/kernel/log.ts";
import { startReaders } from "../packages/server/src/kernel/readers.ts";
import { createAccounts, createAuthenticator } from "../packages/server/src/modules/identity/index.ts";
import { matchingLeads } from "../packages/server/src/modules/leads/index.ts";
import { buildAll } from "../packages/server/src/modules/segments/build.ts";
import { createProgram } from "../packages/server/src/server.ts";
import { makeDataset } from "./dataset.ts";
import { killed } from "./events/killed.ts";
import { print, round } from "./events/telling.ts";
import { type Load, loading, type Told } from "./load.ts";

const leads = Number(process.env["BENCH_LEADS"] ?? 100_000);
const seconds = Number(process.env["BENCH_SECONDS"] ?? 10);
const batch = 1_000;
const verdict = (ratio: number, aim: number, least: boolean) =>
  `${ratio.toFixed(2)} (aim ${least ? "≥" : "≤"} ${aim}: ${(least ? ratio >= aim : ratio <= aim) ? "met" : "MISSED"})`;

// `node bench/events.ts killed` is the last part alone, `intake` the two before it.
if (process.argv[2] === "killed") {
  await killed();
  process.exit();
}
const data = await makeDataset(leads);
const program = await createProgram({ config: data.config, appUrl: data.appUrl, log: silent, web: false });
const { db, jobsDb, app } = program;
const accounts = createAccounts(db, data.config);
const recording = program.modules
  .flatMap((module) => module.endpoints)
  .find((endpoint) => endpoint.name === "events.record");
if (recording === undefined) {
  throw new Error("there is no endpoint events.record");
}
// The same but for what it does.
const accepted = { event_id: null, status: "accepted", id: null, lead_id: null, errors: [] };
route(
  app,
  { ...recording, name: "bench.nothing", path: "/api/v1/nothing", run: async () => ({ data: [accepted] }) },
  {
    db,
    config: data.config,
    mailer: program.mailer,
    authenticate: createAuthenticator(db, accounts),
    spend: async () => {},
  },
);
const doorbell = new Doorbell(data.appUrl, silent);
await doorbell.start();
const address = await app.listen({ port: await freePort(), host: "127.0.0.1" });
const bare = new pg.Client({ connectionString: data.appUrl, options: "-c jit=off" });
await bare.connect();
const lead_ids = await idsOf();
const busiest = await fill(lead_ids[0] ?? "");
// What was there before is nobody's to read.
await data.owner.query(
  "update event_reader set (xid, id) = (select xid, id from event order by xid desc, id desc limit 1)",
);
const reactions = program.modules.flatMap((module) => module.reactions);
const readers = startReaders(jobsDb, reactions, doorbell.onRing, silent);
try {
  const chosen = await segments();
  if (process.argv[2] !== "intake") {
    await counting(chosen);
    await timeline();
  }
  await batches();
  await singles();
} finally {
  await readers.stop();
  await doorbell.stop();
  await app.close();
  await bare.end();
  await jobsDb.close();
  await db.close();
  await data.remove();
}
await killed();

async function idsOf(): Promise<string[]> {
  const { rows } = await data.owner.query<{ id: string }>(
    "select id from lead where workspace_id = $1 and deleted_at is null order by random() limit 20000",
    [data.workspace_id],
  );
  return rows.map((row) => row.id);
}

async function batches(): Promise<void> {
  await bareRate(); // what it reads is in memory then, for both
  const before = await bareRate();
  const told = await spawned({ at_once: 2, events: batch, ids: false }, "/api/v1/events");
  const floor = (before + (await bareRate())) / 2;
  print("events a second in batches of 1,000: bare / over HTTP", `${round(floor)} / ${round(told.events)}`);
  print("  ratio", verdict(told.events / floor, 0.5, true));
}

/** Events a second, over two connections. */
async function bareRate(): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let written = 0;
  await Promise.all(
    [1, 2].map(async () => {
      const client = new pg.Client({ connectionString: data.appUrl });
      await client.connect();
      await client.query("select set_config('app.workspace', $1, false)", [data.workspace_id]);
      while (performance.now() < until) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, on each connection
        await insertBare(client);
        written += batch;
      }
      await client.end();
    }),
  );
  return written / seconds;
}

/** The same rows by hand: one statement, and what it rolls up. */
async function insertBare(client: pg.Client): Promise<void> {
  const some = Array.from({ length: batch }, () => lead_ids[Math.floor(Math.random() * lead_ids.length)]);
  await client.query(
    `with told as (
       insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
       select $1, uuidv7(), lead_id, name, now(), '{"kind": "key", "id": null, "name": "bare"}', data
       from unnest($2::uuid[], $3::text[], $4::jsonb[]) s(lead_id, name, data)
       returning lead_id, name, occurred_at
     )
     insert into lead_event (workspace_id, lead_id, name, first_at, last_at, count)
     select $1, lead_id, name, min(occurred_at), max(occurred_at), count(*) from told group by lead_id, name order by lead_id, name
     on conflict (workspace_id, lead_id, name) do update set count = lead_event.count + excluded.count,
       first_at = least(lead_event.first_at, excluded.first_at), last_at = greatest(lead_event.last_at, excluded.last_at)`,
    [
      data.workspace_id,
      some,
      some.map((_, n) => (n % 2 === 0 ? "page.viewed" : "email.opened")),
      some.map((_, n) => JSON.stringify({ url: `https://example.com/${n % 50}`, seconds: n })),
    ],
  );
}

async function singles(): Promise<void> {
  const nothing = await spawned({ at_once: 64, events: 1, ids: false }, "/api/v1/nothing");
  const told = await spawned({ at_once: 64, events: 1, ids: false }, "/api/v1/events");
  const again = await spawned({ at_once: 64, events: 1, ids: false }, "/api/v1/nothing");
  const floor = (nothing.requests + again.requests) / 2;
  print("single events a second: nothing / events", `${round(floor)} / ${round(told.requests)}`);
  print("  ratio", verdict(told.requests / floor, 0.6, true));
  if (nothing.failed + told.failed + again.failed > 0) {
    throw new Error("some requests failed");
  }
}

/** Ten events a lead over a year, by PostgreSQL; one lead did most. A kept dataset has them already. */
async function fill(busiest_of_new: string): Promise<string> {
  const kept = await data.owner.query<{ lead_id: string }>(
    "select lead_id from lead_event where name = 'rare'",
  );
  if (kept.rows.length === 0) {
    await data.owner.query(
      `insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
       select $1, uuidv7(), l.id, (array['page.viewed', 'email.opened', 'email.clicked', 'order placed'])[1 + (l.n + e) % 4],
         now() - make_interval(mins => ((l.n * 7919 + e * 104729) % 525600)::int), '{"kind": "system", "id": null, "name": "bench"}',
         jsonb_build_object('url', '/p' || (l.n + e) % 40, 'amount', (l.n * e) % 500)
       from (select id, row_number() over (order by id) as n from lead where workspace_id = $1) l, generate_series(1, 10) e`,
      [data.workspace_id],
    );
    await data.owner.query(
      `insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
       select $1, uuidv7(), $2, case when n % 1000 = 0 then 'rare' else 'page.viewed' end, now() - make_interval(mins => n),
         '{"kind": "system", "id": null, "name": "bench"}', '{}'
       from generate_series(1, 100000) n`,
      [data.workspace_id, busiest_of_new],
    );
    await data.owner.query(
      `insert into lead_event (workspace_id, lead_id, name, first_at, last_at, count)
       select workspace_id, lead_id, name, min(occurred_at), max(occurred_at), count(*)
       from event where workspace_id = $1 and lead_id is not null and name in ('page.viewed', 'email.opened', 'email.clicked', 'order placed', 'rare')
       group by 1, 2, 3`,
      [data.workspace_id],
    );
    for (const table of ["event", "lead_event", "lead"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await data.owner.query(`vacuum analyze ${table}`);
    }
  }
  const { rows } = await data.owner.query<{ n: string }>("select count(*) as n from event");
  print("leads / events", `${round(leads)} / ${round(Number(rows[0]?.n))}`);
  return kept.rows[0]?.lead_id ?? busiest_of_new;
}

/** One made of chosen leads, that a rule asks for, and five that follow what happens, as a workspace has them. */
async function segments(): Promise<string> {
  const following: Rule[] = [
    { event: "page.viewed", count: { is: "gte", value: 3 }, within: { last: "90d" } },
    { event: "email.opened", within: { last: "30d" } },
    { field: "attributes.industry", is: "eq", value: "SaaS" },
    { field: "stage", is: "in", value: ["new", "contacted"] },
    {
      all: [
        { field: "country", is: "eq", value: "DE" },
        { event: "order placed", did: false },
      ],
    },
  ];
  const chosen = await saved({ name: "Chosen", type: "static" });
  await data.owner.query(
    `insert into segment_member (workspace_id, set_id, lead_id, entered_at)
     select s.workspace_id, s.set_id, lead.id, now() from segment s, lead
     where s.id = $1 and lead.workspace_id = s.workspace_id and hashtext(lead.id::text) % 20 = 0 on conflict do nothing`,
    [chosen],
  );
  for (const [at, rule] of following.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- a handful
    await saved({ name: `Follows ${at}`, rule, state: "active" });
  }
  const actor = systemActor(data.workspace_id);
  await buildAll({ db: jobsDb, actor, log: silent, signal: new AbortController().signal });
  await data.owner.query("vacuum analyze segment_member");
  return chosen;
}

/** A kept dataset has it already. */
async function saved(segment: { name: string; [more: string]: unknown }): Promise<string> {
  const { rows } = await data.owner.query<{ id: string }>("select id from segment where name = $1", [
    segment.name,
  ]);
  if (rows[0] !== undefined) {
    return rows[0].id;
  }
  const answer = await fetch(`${address}/api/v1/segments`, {
    method: "POST",
    headers: { authorization: `Bearer ${data.api_key}`, "content-type": "application/json" },
    body: JSON.stringify(segment),
  });
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  return ((await answer.json()) as { id: string }).id;
}

async function counting(chosen: string): Promise<void> {
  const last = (days: number) => ({ within: { last: `${days}d` } });
  const rolled = (name: string, days: number) =>
    `exists (select from lead_event r where r.workspace_id = $1 and r.lead_id = lead.id and r.name = '${name}' and r.last_at >= now() - interval '${days} days')`;
  const grouped = (where: string, having: string) =>
    `lead.id in (select e.lead_id from event e where e.workspace_id = $1 and e.lead_id is not null and ${where} group by e.lead_id having ${having})`;
  const saas = 'lead.attributes @> \'{"industry": "SaaS"}\'';
  const asked: [name: string, rule: Rule, by_hand: string][] = [
    ["opened in 30 days", { event: "email.opened", ...last(30) }, rolled("email.opened", 30)],
    [
      "SaaS, score above 50",
      {
        all: [
          { field: "attributes.industry", is: "eq", value: "SaaS" },
          { field: "score", is: "gt", value: 50 },
        ],
      },
      `lead.t1 = 'SaaS' and exists (select from lead_stat s where s.workspace_id = $1 and s.lead_id = lead.id and s.score > 50)`,
    ],
    [
      "opened in 30 days, not clicked in 14, in three countries, in a segment",
      {
        all: [
          { event: "email.opened", ...last(30) },
          { event: "email.clicked", did: false, ...last(14) },
          { field: "country", is: "in", value: ["DE", "FR", "PL"] },
          { segment: chosen, member: true },
        ],
      },
      `${rolled("email.opened", 30)} and not ${rolled("email.clicked", 14)} and lead.country in ('DE', 'FR', 'PL')
       and exists (select from segment_member m where m.workspace_id = $1 and m.set_id = (select set_id from segment s where s.workspace_id = $1 and s.id = '${chosen}') and m.lead_id = lead.id)`,
    ],
    [
      "opened in 30 days, not clicked in 14",
      {
        all: [
          { event: "email.opened", ...last(30) },
          { event: "email.clicked", did: false, ...last(14) },
        ],
      },
      `${rolled("email.opened", 30)} and not ${rolled("email.clicked", 14)}`,
    ],
    [
      "SaaS, and opened in 30 days",
      {
        all: [
          { field: "attributes.industry", is: "eq", value: "SaaS" },
          { event: "email.opened", ...last(30) },
        ],
      },
      `${saas} and ${rolled("email.opened", 30)}`,
    ],
    [
      "viewed at least 3 times ever",
      { event: "page.viewed", count: { is: "gte", value: 3 } },
      "exists (select from lead_event r where r.workspace_id = $1 and r.lead_id = lead.id and r.name = 'page.viewed' and r.count >= 3)",
    ],
    [
      "viewed at least 2 times in 90 days",
      { event: "page.viewed", count: { is: "gte", value: 2 }, ...last(90) },
      grouped("e.name = 'page.viewed' and e.occurred_at >= now() - interval '90 days'", "count(*) >= 2"),
    ],
    [
      "ordered for more than 400 in 30 days",
      { event: "order placed", where: { field: "amount", is: "gt", value: 400 }, ...last(30) },
      `exists (select from event e where e.workspace_id = $1 and e.lead_id = lead.id and e.name = 'order placed'
         and e.occurred_at >= now() - interval '30 days' and (e.data ->> 'amount')::float8 > 400)`,
    ],
    [
      "first viewed within 60 days",
      { event: "page.viewed", which: "first", ...last(60) },
      "exists (select from lead_event r where r.workspace_id = $1 and r.lead_id = lead.id and r.name = 'page.viewed' and r.first_at >= now() - interval '60 days')",
    ],
    [
      "never ordered",
      { event: "order placed", did: false },
      "not exists (select from lead_event r where r.workspace_id = $1 and r.lead_id = lead.id and r.name = 'order placed')",
    ],
  ];
  const ratios: number[] = [];
  await bare.query("set role bellwether_scan");
  for (const [name, rule, by_hand] of asked) {
    const sql = `select count(*)::int as n from lead where workspace_id = $1 and deleted_at is null and hidden_at is null and ${by_hand}`;
    // oxlint-disable-next-line no-await-in-loop -- one after the other: they are measured
    const floor = await fastest(
      async () => (await bare.query<{ n: number }>(sql, [data.workspace_id])).rows[0]?.n,
    );
    // oxlint-disable-next-line no-await-in-loop -- as above
    const ours = await fastest(() => inside(async (ctx) => counted(ctx, rule)));
    // Time passes between the two, and with it somebody's thirtieth day.
    if (Math.abs((floor.result ?? 0) - (ours.result ?? 0)) > leads / 10_000) {
      throw new Error(`${name}: ${ours.result}, by hand ${floor.result}`);
    }
    ratios.push(ours.ms / floor.ms);
    print(
      `count of “${name}”: by hand / rule, ms`,
      `${floor.ms.toFixed(0)} / ${ours.ms.toFixed(0)} = ${(ours.ms / floor.ms).toFixed(2)} (${ours.result})`,
    );
  }
  print("  worst ratio", verdict(Math.max(...ratios), 1.3, false));
}

async function counted(ctx: Ctx, rule: Rule): Promise<number | undefined> {
  const condition = await matchingLeads(ctx, { rule });
  return scan(ctx, async () => {
    const { n } = await ctx.db
      .selectFrom("lead")
      .select(({ fn }) => fn.countAll<number>().as("n"))
      .where(condition)
      .executeTakeFirstOrThrow();
    return n;
  });
}

function inside<T>(work: (ctx: Ctx) => Promise<T>): Promise<T> {
  return db.tenant(systemActor(data.workspace_id), work, { timeout_ms: 0 });
}

async function timeline(): Promise<void> {
  const page = async (path: string) =>
    (await fastest(() => get(`/api/v1/leads/${busiest}/${path}`))).ms.toFixed(1);
  print("lead with 100,000 events over HTTP, ms: first page (SQL ≤ 10)", await page("timeline"));
  print("  one page of a rare kind", await page("timeline?names=rare"));
  print("  its groups", await page("events/groups"));
}

async function get(path: string): Promise<unknown> {
  const answer = await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${data.api_key}` } });
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  return answer.json();
}

/** A second's figures. */
async function spawned(of: Pick<Load, "at_once" | "events" | "ids">, path: string): Promise<Told> {
  const told = await loading({ ...of, url: `${address}${path}`, key: data.api_key, lead_ids, seconds });
  return { ...told, requests: told.requests / seconds, events: told.events / seconds };
}

async function fastest<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  let best = Number.POSITIVE_INFINITY;
  let result: T | undefined;
  for (let round_no = 0; round_no < 5; round_no++) {
    const started = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one after the other: they are measured
    result = await work();
    best = Math.min(best, performance.now() - started);
  }
  return { ms: best, result: result as T };
}
