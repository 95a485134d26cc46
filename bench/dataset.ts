import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Config, readConfig } from "../packages/server/src/kernel/config.ts";
import { Database } from "../packages/server/src/kernel/db.ts";
import { startEmbedded } from "../packages/server/src/kernel/embedded.ts";
import { appUrl, migrate } from "../packages/server/src/kernel/migrate.ts";
import { createAccounts, createWorkspaceByHand } from "../packages/server/src/modules/identity/index.ts";
import { fill } from "./filling.ts";

export interface Dataset {
  config: Config;
  ownerUrl: string;
  appUrl: string;
  /** Of the same database: whom no policy applies to. */
  superuserUrl: string;
  owner: pg.Client;
  workspace_id: string;
  api_key: string;
  remove(): Promise<void>;
}

/**
 * A database of its own in the temporary folder, with one workspace of `leads` believable leads, made by PostgreSQL.
 * With BENCH_KEEP=folder it is made there, stays, and is taken as it is the next time.
 */
export async function makeDataset(leads: number): Promise<Dataset> {
  const kept = process.env["BENCH_KEEP"];
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), "bellwether-bench-"));
  mkdirSync(dataDir, { recursive: true });
  const config = readConfig({
    BELLWETHER_DATA: dataDir,
    BELLWETHER_RATE_LIMITS: "off",
    BELLWETHER_LOG_LEVEL: "silent",
  });
  const note = join(dataDir, "bench.json");
  if (!existsSync(note)) {
    writeFileSync(note, JSON.stringify(await makeFilled(config, leads)));
  }
  const made = readFilled(note, leads);
  const postgres = await startEmbedded(config);
  await migrate(postgres.ownerUrl, config);
  const url = appUrl(postgres.ownerUrl, config);
  const owner = new pg.Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  return {
    config,
    ownerUrl: postgres.ownerUrl,
    appUrl: url,
    superuserUrl: superuserOf(postgres.adminUrl),
    owner,
    workspace_id: made.workspace_id,
    api_key: made.api_key,
    async remove() {
      await owner.end();
      await postgres.stop();
      if (kept === undefined) {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  };
}

function superuserOf(adminUrl: string): string {
  return adminUrl.replace(/\/postgres$/, "/bellwether");
}

interface Filled {
  leads: number;
  workspace_id: string;
  api_key: string;
}

function readFilled(note: string, leads: number): Filled {
  const filled = JSON.parse(readFileSync(note, "utf8")) as Filled;
  if (filled.leads !== leads) {
    throw new Error(`BENCH_KEEP holds ${filled.leads} leads, not ${leads}.`);
  }
  return filled;
}

/** Filled by a PostgreSQL that spares itself what a crash would need; it is measured by one that doesn't. */
const careless = {
  fsync: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "16GB",
  autovacuum: "off",
};

async function makeFilled(config: Config, leads: number): Promise<Filled> {
  const postgres = await startEmbedded(config, careless);
  await migrate(postgres.ownerUrl, config);
  const db = new Database(appUrl(postgres.ownerUrl, config), { max: 2 });
  const made = await createWorkspaceByHand(db, createAccounts(db, config), {
    name: "Bench",
    time_zone: "Europe/Berlin",
    person: "Bench",
    email: "bench@example.com",
    password: "correct horse battery",
  });
  await db.close();
  const owner = new pg.Client({ connectionString: superuserOf(postgres.adminUrl) });
  await owner.connect();
  const { rows } = await owner.query<{ id: string }>("select id from member where workspace_id = $1", [
    made.workspace_id,
  ]);
  const started = performance.now();
  await fill(owner, { workspace_id: made.workspace_id, member_id: rows[0]?.id ?? "" }, leads);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${leads.toLocaleString("en")} leads made in ${seconds} s\n`);
  await owner.end();
  await postgres.stop();
  return { leads, ...made };
}
