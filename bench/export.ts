// Export of all leads with sixteen columns, six of them custom, over HTTP against the real program in a process of its own:
// from asking to the finished file. The floor, in the same run: COPY of the same columns of the same rows to a file.
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Export } from "@bellwether/contracts/exports";
import { to as copyTo } from "pg-copy-streams";
import { type Dataset, makeDataset } from "./dataset.ts";
import { programOn } from "./running.ts";

const leads = Number(process.env["BENCH_LEADS"] ?? 1_000_000);
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const aim = 0.6;

const standard = [
  "email",
  "first_name",
  "last_name",
  "company",
  "phone",
  "stage",
  "source",
  "country",
  "city",
];
const custom = ["industry", "seats", "plan", "renewal", "paying", "site"];
const columns = [...standard, ...custom.map((key) => `attributes.${key}`)];

const data = await makeDataset(leads);
try {
  const program = await programOn(data);
  try {
    const idle = peakMegabytes(program.pid);
    process.stdout.write(`${leads.toLocaleString("en")} leads, ${columns.length} columns, idle ${idle} MB\n`);
    const floors: number[] = [];
    const ours: Record<"csv" | "jsonl", number[]> = { csv: [], jsonl: [] };
    for (let round = 0; round < rounds; round++) {
      floors.push(await floor(data));
      for (const format of ["csv", "jsonl"] as const) {
        ours[format].push(await exported(program.url, format));
      }
    }
    const copied = Math.min(...floors);
    process.stdout.write(`COPY to a file            ${rate(copied)}\n`);
    for (const format of ["csv", "jsonl"] as const) {
      const share = copied / Math.min(...ours[format]);
      const verdict = format === "jsonl" ? "" : ` (aim ≥ ${aim * 100} %: ${share >= aim ? "met" : "MISSED"})`;
      process.stdout.write(
        `export as ${format.padEnd(6)}          ${rate(Math.min(...ours[format]))}, ${(share * 100).toFixed(0)} % of COPY${verdict}\n`,
      );
    }
    process.stdout.write(
      `memory at its peak        ${peakMegabytes(program.pid)} MB, ${peakMegabytes(program.pid) - idle} more than idle\n`,
    );
  } finally {
    await program.stop();
  }
} finally {
  await data.remove();
}

function rate(seconds: number): string {
  return `${seconds.toFixed(2)} s, ${Math.round(leads / seconds).toLocaleString("en")} leads/s`;
}

/** The same order as ours, the newest first. */
async function floor({ owner, workspace_id, config }: Dataset): Promise<number> {
  const cells = [...standard.map((name) => `l.${name}`), ...custom.map((key) => `l.attributes ->> '${key}'`)];
  const rows = copyTo(
    `copy (select ${cells.join(", ")} from lead l where l.workspace_id = '${workspace_id}' and l.deleted_at is null order by l.created_at desc, l.id desc) to stdout (format csv)`,
  );
  const started = performance.now();
  await pipeline(owner.query(rows), createWriteStream(join(config.dataDir, "floor.csv")));
  return (performance.now() - started) / 1000;
}

async function exported(url: string, format: "csv" | "jsonl"): Promise<number> {
  const started = performance.now();
  let one = await ask<Export>(`${url}/api/v1/exports`, { columns, format });
  while (one.state === "running") {
    await sleep(20);
    one = await ask<Export>(`${url}/api/v1/exports/${one.id}`);
  }
  if (one.rows !== leads) {
    throw new Error(`${one.state}: ${one.rows} rows instead of ${leads}; ${one.failure}`);
  }
  return (performance.now() - started) / 1000;
}

async function ask<T>(address: string, body?: object): Promise<T> {
  const answer = await fetch(address, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${data.api_key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  return (await answer.json()) as T;
}

function peakMegabytes(pid: number): number {
  return Math.round(
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024,
  );
}
