import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { stopwatch } from "./clock.ts";
import { childEnvironment, SetupError } from "./config.ts";
import type { Config } from "./config.ts";
import { accountFor, binariesFor, createCluster, passwordsOf, reachablePath } from "./postgres/install.ts";
import type { Account, Binaries } from "./postgres/install.ts";
import { settingsFor } from "./postgres/settings.ts";

/** A PostgreSQL that lives in the data folder. */
export interface Embedded {
  /** Role `bellwether_owner` on database `bellwether`: from here on all is as with a server given by DATABASE_URL. */
  ownerUrl: string;
  /** The superuser on database `postgres`; for tests, which make databases. */
  adminUrl: string;
  /** Lets go of it; the last Bellwether to let go stops it. */
  stop(): Promise<void>;
}

interface Cluster {
  folder: string;
  log: string;
  account: Account;
  binaries: Binaries;
  settings: Record<string, string>;
}

interface Running {
  pid: number;
  port: number;
}

// Every Bellwether on this data folder holds this lock, shared, as long as it lives.
const IN_USE = 6_294_001;
const PREPARING = 6_294_002;
const START_SECONDS = 120;
const STOP_SECONDS = 60;
// After kill -9 of PostgreSQL its processes may outlive it by a moment, and a new one refuses to start meanwhile.
const TRIES = 8;

/**
 * Starts PostgreSQL in the data folder, or joins the one that runs there: a
 * second Bellwether's, or one whose Bellwether was killed. It need not know
 * which, because the last one out stops it.
 */
export async function startEmbedded(
  config: Pick<Config, "dataDir">,
  extra: Record<string, string> = {},
): Promise<Embedded> {
  const cluster = await prepare(config.dataDir, extra);
  const elapsed = stopwatch();
  const failures = { count: 0 };
  let alive: (() => boolean) | undefined;
  while (elapsed() < START_SECONDS * 1000) {
    const running = runningServer(cluster.folder);
    if (running === null && alive?.() !== true) {
      if (alive !== undefined) {
        await countFailure(cluster, failures);
      }
      alive = spawnServer(cluster, await freePort());
    }
    if (running !== null) {
      const client = await enter(cluster, running);
      if (client !== null) {
        return holding(cluster, running, client);
      }
    }
    await sleep(20);
  }
  throw new SetupError(
    `PostgreSQL in ${cluster.folder} did not answer within ${START_SECONDS} seconds; what it says is in ${cluster.log}.`,
  );
}

async function prepare(dataDir: string, extra: Record<string, string>): Promise<Cluster> {
  const folder = join(dataDir, "postgres");
  const log = join(dataDir, "logs", "postgres.log");
  mkdirSync(join(dataDir, "logs"), { recursive: true });
  const account = accountFor(folder);
  const binaries = await binariesFor(account);
  const settings = { ...settingsFor(), ...extra };
  await createCluster(folder, account, binaries, { sync: settings["fsync"] !== "off" });
  return { folder, log, account, binaries, settings };
}

/** Who holds the folder, by the file PostgreSQL keeps there; a file left by the dead is removed. */
function runningServer(folder: string): Running | null {
  const file = join(folder, "postmaster.pid");
  const lines = readIfThere(file)?.split("\n") ?? [];
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0) {
    return null;
  }
  if (!isPostgres(pid)) {
    // After a reboot the number may be another program's, which would make PostgreSQL refuse to start.
    rmSync(file, { force: true });
    return null;
  }
  return { pid, port: Number.isInteger(port) ? port : 0 };
}

function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) {
      return false;
    }
  }
  const command = readIfThere(`/proc/${pid}/cmdline`);
  // Elsewhere than on Linux there is no such file, and a living process is taken for PostgreSQL.
  return command === null ? process.platform !== "linux" : command.includes("postgres");
}

function spawnServer(cluster: Cluster, port: number): () => boolean {
  const output = openLog(cluster.log);
  const settings = Object.entries(cluster.settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(
    cluster.binaries.postgres,
    ["-D", reachablePath(cluster.folder, cluster.account), "-p", String(port), ...settings],
    {
      cwd: cluster.folder,
      env: childEnvironment({ LC_ALL: "C" }),
      stdio: ["ignore", output, output],
      // Its own session: Ctrl-C in the terminal reaches every process of ours, and the database must outlive the server.
      detached: true,
      ...cluster.account,
    },
  );
  closeSync(output);
  let alive = true;
  child.on("error", () => (alive = false));
  child.on("exit", () => (alive = false));
  child.unref();
  return () => alive;
}

/** A connection that marks the database as in use; null when it isn't ready, or is just being stopped. */
async function enter(cluster: Cluster, running: Running): Promise<pg.Client | null> {
  if (running.port === 0) {
    return null;
  }
  const client = new pg.Client({
    connectionString: urls(cluster, running).adminUrl,
    application_name: "bellwether keeper",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query("select pg_try_advisory_lock_shared($1) as held", [IN_USE]);
    if (rows[0]?.held === true) {
      await ensureOwner(client, cluster);
      return client;
    }
  } catch (error) {
    if (!isPassing(error)) {
      throw error;
    }
  }
  await client.end().catch(() => undefined);
  return null;
}

function isPassing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = error instanceof Error ? error.message : "";
  return (
    ["ECONNREFUSED", "ECONNRESET", "EPIPE", "57P01", "57P02", "57P03"].includes(code) ||
    text.includes("terminated unexpectedly")
  );
}

async function ensureOwner(client: pg.Client, cluster: Cluster): Promise<void> {
  const { rows } = await client.query(
    "select exists (select from pg_roles where rolname = 'bellwether_owner') as role, exists (select from pg_database where datname = 'bellwether') as database",
  );
  if (rows[0]?.role === true && rows[0]?.database === true) {
    return;
  }
  await client.query("select pg_advisory_lock($1)", [PREPARING]);
  try {
    const password = client.escapeLiteral(passwordsOf(cluster.folder).owner);
    await unlessDone(
      client,
      `create role bellwether_owner login createrole nosuperuser password ${password}`,
    );
    await unlessDone(client, "create database bellwether owner bellwether_owner");
  } finally {
    await client.query("select pg_advisory_unlock($1)", [PREPARING]);
  }
}

async function unlessDone(client: pg.Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    // duplicate_object, duplicate_database: a neighbour did it while we waited for the lock.
    if (!(error instanceof pg.DatabaseError && (error.code === "42710" || error.code === "42P04"))) {
      throw error;
    }
  }
}

function holding(cluster: Cluster, running: Running, first: pg.Client): Embedded {
  let keeper: pg.Client | null = first;
  let stopping = false;
  const keep = (client: pg.Client): void => {
    keeper = client;
    client.on("end", () => {
      keeper = null;
      void restore();
    });
  };
  // PostgreSQL restarts its processes after a crash of one by itself. Were it killed whole, it is started
  // again on the same port, so that the pools, which know only that address, find it again.
  const restore = async (): Promise<void> => {
    while (!stopping && keeper === null) {
      await sleep(500, undefined, { ref: false });
      const found = runningServer(cluster.folder);
      if (found === null && !stopping) {
        spawnServer(cluster, running.port);
      }
      const client = found === null ? null : await enter(cluster, found).catch(() => null);
      if (client !== null) {
        keep(client);
      }
    }
  };
  keep(first);
  return {
    ...urls(cluster, running),
    stop: async () => {
      if (stopping) {
        return;
      }
      stopping = true;
      await letGo(cluster, keeper);
    },
  };
}

async function letGo(cluster: Cluster, keeper: pg.Client | null): Promise<void> {
  const last = keeper !== null && (await isLast(keeper));
  const running = runningServer(cluster.folder);
  if (last && running !== null) {
    // SIGINT is PostgreSQL's “fast” shutdown: open transactions roll back, everything committed is on disk.
    process.kill(running.pid, "SIGINT");
    const elapsed = stopwatch();
    while (runningServer(cluster.folder) !== null && elapsed() < STOP_SECONDS * 1000) {
      await sleep(20);
    }
  }
  await keeper?.end().catch(() => undefined);
}

async function isLast(keeper: pg.Client): Promise<boolean> {
  try {
    await keeper.query("select pg_advisory_unlock_shared($1)", [IN_USE]);
    const { rows } = await keeper.query("select pg_try_advisory_lock($1) as alone", [IN_USE]);
    return rows[0]?.alone === true;
  } catch {
    return false;
  }
}

function urls(cluster: Cluster, running: Running): { ownerUrl: string; adminUrl: string } {
  const { superuser, owner } = passwordsOf(cluster.folder);
  const server = `127.0.0.1:${running.port}`;
  return {
    ownerUrl: `postgresql://bellwether_owner:${owner}@${server}/bellwether`,
    adminUrl: `postgresql://postgres:${superuser}@${server}/postgres`,
  };
}

async function countFailure(cluster: Cluster, failures: { count: number }): Promise<void> {
  failures.count += 1;
  if (failures.count >= TRIES) {
    const words = readIfThere(cluster.log)?.trimEnd().split("\n") ?? [];
    const last =
      words.findLast((line) => /FATAL|PANIC|could not|error/i.test(line)) ??
      words.at(-1) ??
      "nothing was said";
    throw new SetupError(
      `PostgreSQL could not start in ${cluster.folder}: ${last.replace(/^.*?(FATAL|PANIC): */, "")} (more in ${cluster.log}).`,
    );
  }
  await sleep(250);
}

function openLog(file: string): number {
  // Nobody rotates it, so it starts anew once it has grown past 20 MB.
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 20_000_000) {
    truncateSync(file);
  }
  return openSync(file, "a", 0o600);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
