// What comparing all leads costs: the first build over 1,000,000 leads by the worker, and 1,000 changed leads. The floor
// is one INSERT … SELECT of the same keys into the same table, which compares nothing.
import { setTimeout as sleep } from "node:timers/promises";
import { makeDataset } from "./dataset.ts";
import { serverOn } from "./running.ts";

const leads = Number(process.env["BENCH_LEADS"] ?? 1_000_000);
const changed = 1_000;
const build_aim = 3;
const change_aim_seconds = 2;

const data = await makeDataset(leads);
try {
  await makeBelievable();
  const floor = await timed(insertKeys);
  const keys = await count("lead_key");
  await data.owner.query("truncate lead_key");
  // What else a worker finds to do at its start, such as search text, is done before.
  const before = await serverOn(data, { serve: false, work: true });
  await until("select where not exists (select from graphile_worker._private_jobs)");
  await before.stop();
  await data.owner.query(
    "insert into duplicate_build (workspace_id, after) values ($1, '00000000-0000-0000-0000-000000000000')",
    [data.workspace_id],
  );
  const server = await serverOn(data, { serve: false, work: true });
  try {
    const build = await timed(() => until("select from duplicate_build where finished_at is not null"));
    const pairs = await count("duplicate_pair");
    if ((await count("lead_key")) !== keys || pairs < leads / 100) {
      throw new Error(`${await count("lead_key")} keys of ${keys}, ${pairs} pairs`);
    }
    const ratio = build / floor;
    print(`${n(leads)} leads, ${n(keys)} keys, ${n(pairs)} pairs`);
    print(`keys alone, one statement   ${floor.toFixed(1)} s`);
    print(
      `first build, by parts       ${build.toFixed(1)} s, ${ratio.toFixed(2)} × (aim ≤ ${build_aim}): ${ratio <= build_aim ? "met" : "MISSED"}`,
    );
    const xid = await changeNames();
    const change = await timed(() =>
      until(`select from event_reader where name = 'duplicates.compare' and xid >= '${xid}'::xid8`),
    );
    print(
      `${n(changed)} leads changed         ${change.toFixed(2)} s until compared (aim ≤ ${change_aim_seconds}): ${change <= change_aim_seconds ? "met" : "MISSED"}`,
    );
  } finally {
    await server.stop();
  }
} finally {
  await data.remove();
}

/** Names as different as people's are, 50 a company; of each hundred one is there twice by its address, one by its name. */
async function makeBelievable(): Promise<void> {
  await data.owner.query(
    `update lead set
       last_name = initcap(translate(substr(md5((n % 60000)::text), 1, 7), '0123456789', 'aeiourstln')),
       first_name = (array['Ada','Ben','Cleo','Dara','Eli','Fay','Gus','Hana','Ian','Joy','Kurt','Lena','Mona','Nils','Olga','Paul'])[1 + n * 7 % 16],
       email = case when n % 100 = 1 then replace((select o.email from lead o where o.workspace_id = lead.workspace_id and o.id = twin), '@', '+again@') else email end
     from (
       select id as twin_of, row_number() over (order by id) as n, lag(id) over (order by id) as twin
       from lead) numbered
     where lead.workspace_id = $1 and lead.id = twin_of`,
    [data.workspace_id],
  );
  await data.owner.query(
    `update lead set first_name = twin.first_name, last_name = twin.last_name || 'a', company = twin.company || ' GmbH'
     from (
       select id as twin_of, row_number() over (order by id) as n, lag(first_name) over w as first_name,
         lag(last_name) over w as last_name, lag(company) over w as company
       from lead window w as (order by id)) twin
     where lead.workspace_id = $1 and lead.id = twin_of and n % 100 = 51`,
    [data.workspace_id],
  );
  await data.owner.query("vacuum analyze lead");
}

async function insertKeys(): Promise<void> {
  await data.owner.query(
    `insert into lead_key (workspace_id, kind, key, lead_id)
     select distinct lead.workspace_id, k.kind::smallint, hashtextextended(k.value, k.kind), lead.id
     from lead
     cross join lateral (
       select app.company_key(company) as company, app.folded(trim(first_name)) as first, app.folded(trim(last_name)) as last
       offset 0) f
     cross join lateral (values (1, phone), (1, whatsapp_id), (2, app.mailbox(email)), (3, f.company || ' ' || last),
       (4, f.company || ' ' || least(left(first, 1), left(last, 1)) || greatest(left(first, 1), left(last, 1)))) k(kind, value)
     where lead.workspace_id = $1 and k.value is not null`,
    [data.workspace_id],
  );
}

/** Answers the transaction that did. */
async function changeNames(): Promise<string> {
  const { rows } = await data.owner.query<{ id: string }>(
    "select id from lead where workspace_id = $1 order by md5(id::text) limit $2",
    [data.workspace_id, changed],
  );
  const ids = rows.map((row) => row.id);
  await data.owner.query("begin");
  await data.owner.query(
    "update lead set last_name = last_name || 'e' where workspace_id = $1 and id = any($2)",
    [data.workspace_id, ids],
  );
  await data.owner.query(
    `insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
     select $1, uuidv7(), unnest($2::uuid[]), 'lead.updated', now(), '{}', '{"changes": {"last_name": {}}}'`,
    [data.workspace_id, ids],
  );
  const { rows: last } = await data.owner.query<{ xid: string }>(
    "select pg_current_xact_id()::text as xid, pg_notify('bellwether_events', '')",
  );
  await data.owner.query("commit");
  return last[0]?.xid ?? "";
}

async function until(query: string): Promise<void> {
  while ((await data.owner.query(query)).rows.length === 0) {
    await sleep(20);
  }
}

async function count(table: string): Promise<number> {
  const { rows } = await data.owner.query<{ count: number }>(
    `select count(*)::int as count from ${table} where workspace_id = $1`,
    [data.workspace_id],
  );
  return rows[0]?.count ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function n(value: number): string {
  return value.toLocaleString("en");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
