// Import of generated leads with six custom fields, check and run, over HTTP against the real program in a process of its
// own. The floor, in the same run: plain COPY of the same file into an unlogged table of text columns, then one
// INSERT … SELECT … ON CONFLICT into the same indexed table. With BENCH_IMPORT_UNDO=1 the same leads are then imported with
// other names, and both imports are undone: against bare UPDATEs of the same rows.
import { createReadStream, createWriteStream, readFileSync, statSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Import } from "@bellwether/contracts/imports";
import { from as copyFrom } from "pg-copy-streams";
import { startProgram } from "../e2e/program.ts";
import { type Dataset, makeDataset } from "./dataset.ts";

const sizes = (process.env["BENCH_IMPORT_ROWS"] ?? "100000,1000000").split(",").map(Number);
const again = process.env["BENCH_IMPORT_AGAIN"] === "1";
const undo = process.env["BENCH_IMPORT_UNDO"] === "1";

const headers = [
  "Email",
  "First Name",
  "Last Name",
  "Phone",
  "Company",
  "External ID",
  "Industry",
  "Plan",
  "Seats",
  "Signed up",
  "Newsletter",
  "Website",
];
const columns = ["email", "first_name", "last_name", "phone", "company", "external_id"];
const custom = ["industry", "plan", "seats", "signed_up", "newsletter", "website"];

for (const rows of sizes) {
  const data = await makeDataset(0);
  try {
    const file = join(data.config.dataDir, "leads.csv");
    await generate(file, rows);
    const floor = await measureFloor(data, file);
    await data.owner.query("truncate lead cascade");
    await data.owner.query("vacuum full lead");
    await measureImport(data, file, rows, floor);
  } finally {
    await data.remove();
  }
}

async function measureImport(data: Dataset, file: string, rows: number, floor: number): Promise<void> {
  const environment = {
    DATABASE_URL: data.ownerUrl,
    BELLWETHER_RATE_LIMITS: "off",
    BELLWETHER_LOG_LEVEL: "error",
  };
  const program = await startProgram({ dataDir: data.config.dataDir, environment });
  try {
    const resting = peakMegabytes(program.pid);
    const memory: number[] = [];
    for (const name of again ? ["import", "the same again"] : ["import"]) {
      const { check, run, upload, result } = await importOnce(program.url, data.api_key, file, () =>
        memory.push(peakMegabytes(program.pid)),
      );
      const times = ((check + run) / floor).toFixed(2);
      print(
        `${name}, ${rows.toLocaleString("en")} rows`,
        check + run,
        `check ${check.toFixed(1)} + run ${run.toFixed(1)} (upload ${upload.toFixed(1)}); ${times} × floor, aim ≤ 1.3; ${JSON.stringify(result)}`,
      );
    }
    if (undo) await measureUndo(data, program.url, file, rows);
    process.stdout.write(
      `  peak memory of the Node process ${peakMegabytes(program.pid)} MB (idle ${resting}; after upload, check, run ${memory.join(", ")}), aim ≤ 250\n`,
    );
  } finally {
    await program.stop();
  }
}

async function measureUndo(data: Dataset, url: string, file: string, rows: number): Promise<void> {
  const call = caller(url, data.api_key);
  await generate(file, rows, 1);
  const other = await importOnce(url, data.api_key, file, () => {});
  print(`other names for ${rows.toLocaleString("en")} leads`, other.run, JSON.stringify(other.result));
  const { data: made } = await call<{ data: Import[] }>("GET", "/imports");
  const floors = ["first_name = 'Floor'", "deleted_at = now()"];
  for (const [at, name] of ["undo of what it overwrote", "undo of what it made"].entries()) {
    await idle(data);
    const bare = timer();
    await data.owner.query("begin");
    await data.owner.query(
      `update lead set ${floors[at] ?? ""}, updated_at = now(), revision = revision + 1 where workspace_id = $1 and deleted_at is null`,
      [data.workspace_id],
    );
    const floor = bare();
    await data.owner.query("rollback");
    await data.owner.query("vacuum lead");
    const elapsed = timer();
    const path = `/imports/${made[at]?.id ?? ""}`;
    await call("POST", `${path}/undo`);
    let { change } = await call("GET", path);
    while (change?.state === "undoing") {
      await sleep(50);
      ({ change } = await call("GET", path));
    }
    const seconds = elapsed();
    print(
      name,
      seconds,
      `${(seconds / floor).toFixed(2)} × a bare UPDATE (${floor.toFixed(1)} s); ${change?.state} ${JSON.stringify(change?.undone)}`,
    );
  }
}

/** Until nothing is left to be done behind what was measured before. */
async function idle(data: Dataset): Promise<void> {
  for (;;) {
    const { rows } = await data.owner.query(
      `select 1 where exists (select from graphile_worker._private_jobs)
         or exists (select from event e, event_reader r where (e.xid, e.id) > (r.xid, r.id) limit 1)`,
    );
    if (rows.length === 0) break;
    await sleep(200);
  }
  await data.owner.query("vacuum analyze lead");
}

function caller(url: string, key: string) {
  return async <T = Import>(
    method: string,
    path: string,
    body?: string | ReadableStream,
    type = "application/json",
  ): Promise<T> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body, duplex: "half" }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  };
}

async function importOnce(url: string, key: string, file: string, phaseDone: () => void) {
  const call = caller(url, key);
  const upload = timer();
  const draft = await call(
    "POST",
    "/imports?file_name=leads.csv",
    Readable.toWeb(createReadStream(file)),
    "text/csv",
  );
  const uploaded = upload();
  phaseDone();
  const mapping = draft.columns.map(({ index, suggestion }) =>
    suggestion === null ? { index, skip: true } : { index, ...suggestion },
  );
  const until = async (state: string): Promise<Import> => {
    for (;;) {
      const now = await call("GET", `/imports/${draft.id}`);
      if (now.state === state) return now;
      if (now.state === "failed") throw new Error(now.failure ?? "failed");
      await sleep(50);
    }
  };
  const check = timer();
  await call("PUT", `/imports/${draft.id}/mapping`, JSON.stringify({ columns: mapping, options: {} }));
  const checked = await until("checked");
  if (checked.check?.invalid !== 0) throw new Error(JSON.stringify(checked.check));
  const checkSeconds = check();
  phaseDone();
  const run = timer();
  await call("POST", `/imports/${draft.id}/run`);
  const done = await until("done");
  phaseDone();
  return { upload: uploaded, check: checkSeconds, run: run(), result: done.result };
}

async function measureFloor(data: Dataset, file: string): Promise<number> {
  const { owner, workspace_id } = data;
  const names = [...columns, ...custom];
  await owner.query(`create unlogged table floor (${names.map((name) => `${name} text`).join(", ")})`);
  const elapsed = timer();
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 18 }),
    owner.query(copyFrom("copy floor from stdin (format csv, header)")),
  );
  const copied = elapsed();
  await owner.query(
    `insert into lead (workspace_id, id, stage, created_by, attributes, ${columns.join(", ")})
     select $1, uuidv7(), 'new', '{"kind":"import","id":null,"name":"leads.csv"}',
       jsonb_build_object('industry', industry, 'plan', plan, 'seats', seats::numeric, 'signed_up', signed_up, 'newsletter', newsletter = 'yes', 'website', website), ${columns.join(", ")}
     from floor
     on conflict (workspace_id, email) where deleted_at is null and email is not null do update set first_name = excluded.first_name`,
    [workspace_id],
  );
  const seconds = elapsed();
  await owner.query("drop table floor");
  print("floor: COPY, INSERT … ON CONFLICT", seconds, `COPY ${copied.toFixed(1)}`);
  return seconds;
}

async function generate(file: string, rows: number, shift = 0): Promise<void> {
  const out = createWriteStream(file);
  const first = ["Ann", "Bob", "José", "Zoë", "Wei", "Łukasz", "Omar", "Siobhán"];
  const last = ["Núñez", "Krüger", "Smith", "O’Brien", "Okafor", "Li", "Żółć"];
  const industry = ["SaaS", "Retail", '"Health, care"', "Finance"];
  let text = `${headers.join(",")}\n`;
  for (let n = 0; n < rows; n += 1) {
    const day = `${2015 + (n % 10)}-${String(1 + (n % 12)).padStart(2, "0")}-${String(1 + (n % 28)).padStart(2, "0")}`;
    text += `lead${n}@example${n % 997}.com,${first[(n + shift) % 8]},${last[n % 7]},+1415${2_000_000 + (n % 7_999_999)},"${last[n % 7]} & Co, Ltd ${n % 5000}",c-${n},${industry[n % 4]},${["free", "pro", "team"][n % 3]},${n % 500},${day},${n % 2 ? "yes" : "no"},https://example${n % 997}.com/${n}\n`;
    if (text.length > 1_000_000) {
      if (!out.write(text)) await once(out, "drain");
      text = "";
    }
  }
  out.end(text);
  await once(out, "close");
  process.stdout.write(`${rows.toLocaleString("en")} rows, ${Math.round(statSync(file).size / 1e6)} MB\n`);
}

function timer(): () => number {
  const started = performance.now();
  return () => (performance.now() - started) / 1000;
}

function peakMegabytes(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}

function print(name: string, seconds: number, more: string): void {
  process.stdout.write(`${name.padEnd(38)} ${seconds.toFixed(1).padStart(6)} s  ${more}\n`);
}
