import pg from "pg";
import { inject } from "vitest";
import { randomToken } from "../ids.ts";
import { testWorker } from "../config.ts";
import { appUrl } from "../migrate.ts";

export const template = "bellwether_template";

/** With a password in the owner's URL the secret isn't used; it is here for the type. */
export const testSecrets = {
  databaseAppUrl: undefined,
  secret: "only for tests: signs nothing that matters",
};

/** Of each worker, since a transaction holds back the event log of every database of its cluster. */
export interface TestCluster {
  /** The superuser. */
  adminUrl: string;
  /** The owner of the template, and of every clone. */
  ownerUrl: string;
}

export function testCluster(): TestCluster {
  const cluster = inject("clusters")[testWorker() - 1];
  if (cluster === undefined) {
    throw new Error(`the test run made no PostgreSQL for worker ${testWorker()}`);
  }
  return cluster;
}

export interface TestDatabase {
  appUrl: string;
  ownerUrl: string;
  /** Ends what is still connected, and drops it. */
  drop(): Promise<void>;
}

/** A fresh, migrated database (or a blank one), cloned in some 50 ms. The caller drops it, in `afterAll`. */
export async function testDatabase(options: { blank?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomToken(9).toLowerCase().replaceAll("-", "_")}`;
  // wal_log copies the template's few MB without the two checkpoints that file_copy waits for.
  await asAdmin(
    `create database ${name} template ${options.blank === true ? "template0" : template} owner bellwether_owner strategy wal_log`,
  );
  const url = new URL(testCluster().ownerUrl);
  url.pathname = `/${name}`;
  return {
    ownerUrl: url.href,
    appUrl: appUrl(url.href, testSecrets),
    drop: () => asAdmin(`drop database if exists ${name} with (force)`),
  };
}

async function asAdmin(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: testCluster().adminUrl });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
