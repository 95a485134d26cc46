import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { type Embedded, startEmbedded } from "../embedded.ts";
import { migrate } from "../migrate.ts";
import { template, type TestCluster, testSecrets } from "./database.ts";

declare module "vitest" {
  export interface ProvidedContext {
    clusters: TestCluster[];
  }
}

const PREFIX = "bellwether-test-";

/**
 * One PostgreSQL for each worker, in the system's temporary folder, with a
 * template that is migrated once; each test file clones it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const workers = Math.max(1, project.config.maxWorkers);
  const clusters = await Promise.all(Array.from({ length: workers }, () => startCluster()));
  project.provide(
    "clusters",
    clusters.map(({ adminUrl, ownerUrl }) => ({ adminUrl, ownerUrl })),
  );
  return async () => {
    await Promise.all(clusters.map((cluster) => cluster.stop()));
  };
}

async function startCluster(): Promise<Embedded> {
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(dataDir, "test-run.pid"), String(process.pid));
  // Tests may lose everything in a power cut, and are twice as fast for it.
  const postgres = await startEmbedded(
    { dataDir },
    {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      shared_buffers: "128MB",
      max_connections: "200",
      // Whether it comes by in the seconds that a test's tables live would be chance: for plans, and for the log's horizon.
      autovacuum: "off",
    },
  );
  await makeTemplate(postgres.adminUrl, postgres.ownerUrl);
  return {
    ...postgres,
    stop: async () => {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(adminUrl: string, ownerUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`create database ${template} owner bellwether_owner`);
    await migrate(withDatabase(ownerUrl, template), testSecrets);
  } finally {
    await admin.end();
  }
}

function withDatabase(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
}

/** A run that was killed leaves its PostgreSQL running; the next run ends it. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const dataDir = join(tmpdir(), name);
    if (!isAlive(numberIn(join(dataDir, "test-run.pid")))) {
      const postmaster = numberIn(join(dataDir, "postgres", "postmaster.pid"));
      if (isAlive(postmaster)) {
        const left = await startEmbedded({ dataDir });
        await left.stop();
      }
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}

function numberIn(file: string): number {
  try {
    return Number(readFileSync(file, "utf8").split("\n")[0]);
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
