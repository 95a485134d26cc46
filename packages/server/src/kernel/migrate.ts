import { createHash, createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Logger as WorkerLogger, runMigrations } from "graphile-worker";
import pg from "pg";
import { SetupError } from "./config.ts";
import type { Config } from "./config.ts";

type Secrets = Pick<Config, "databaseAppUrl" | "secret">;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

const FOLDER = join(import.meta.dirname, "..", "..", "migrations");
const MIGRATING = 6_294_003;
const APP = "bellwether_app";
const SCAN = "bellwether_scan";
const MAJOR_LEAST = 18;

/**
 * Brings the database to this program's form; does nothing where it is there.
 * Processes that start together wait for the first.
 * @returns the names of the migrations that were applied now
 */
export async function migrate(ownerUrl: string, config: Secrets, folder: string = FOLDER): Promise<string[]> {
  const client = await connect(ownerUrl);
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATING]);
    const known = migrationsIn(folder);
    const pending = await pendingOf(client, known);
    if (pending.length > 0) {
      await ensureRoles(client, ownerUrl, config);
    }
    // Before our own, whose functions call the queue's; always, because it comes with a package of its own age.
    await migrateQueue(ownerUrl);
    for (const migration of pending) {
      await apply(client, migration);
    }
    await checkAppRole(appUrl(ownerUrl, config));
    return pending.map(({ name }) => name);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * The connection the server works with: role `bellwether_app`, which owns
 * nothing and bypasses nothing. Its password follows from the owner's, so every
 * process on the same DATABASE_URL knows it and nobody has to keep it.
 */
export function appUrl(ownerUrl: string, config: Secrets): string {
  if (config.databaseAppUrl !== undefined) {
    return config.databaseAppUrl;
  }
  const url = new URL(ownerUrl);
  const key = url.password === "" ? config.secret : decodeURIComponent(url.password);
  url.password = createHmac("sha256", key).update(APP).digest("base64url");
  url.username = APP;
  return url.href;
}

async function connect(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "bellwether migrate" });
  client.on("error", () => undefined);
  const { host } = new URL(ownerUrl);
  try {
    await client.connect();
  } catch (error) {
    throw new SetupError(
      `The database at ${host} can't be reached (${error instanceof Error && error.message !== "" ? error.message : "connection refused"}): check that it runs, and the name and password in DATABASE_URL.`,
    );
  }
  const { rows } = await client.query("select current_setting('server_version_num')::int / 10000 as major");
  if (Number(rows[0]?.major) < MAJOR_LEAST) {
    await client.end();
    throw new SetupError(
      `The server at ${host} is PostgreSQL ${rows[0]?.major}, and Bellwether needs ${MAJOR_LEAST} or later: upgrade it, or leave DATABASE_URL empty to use the one that comes with Bellwether.`,
    );
  }
  return client;
}

function migrationsIn(folder: string): Migration[] {
  const files = readdirSync(folder).filter((file) => /^\d{4}_\w+\.sql$/.test(file));
  return files.toSorted().map((file) => {
    const sql = readFileSync(join(folder, file), "utf8");
    return {
      name: file.replace(/\.sql$/, ""),
      sql,
      checksum: createHash("sha256").update(sql).digest("hex"),
    };
  });
}

async function pendingOf(client: pg.Client, known: Migration[]): Promise<Migration[]> {
  await client.query(
    "create table if not exists public.migration (name text primary key, applied_at timestamptz not null default now(), checksum text not null)",
  );
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from public.migration order by name",
  );
  for (const row of rows) {
    const file = known.find(({ name }) => name === row.name);
    if (file === undefined) {
      throw new SetupError(
        `The database is newer than this Bellwether (it has had migration ${row.name}): start the version that made it, or a later one.`,
      );
    }
    if (file.checksum !== row.checksum) {
      throw new SetupError(
        `Migration ${row.name} was changed after this database had it: put the file back as it was, and write the change as a new migration.`,
      );
    }
  }
  const done = new Set(rows.map(({ name }) => name));
  const pending = known.filter(({ name }) => !done.has(name));
  const last = rows.at(-1)?.name ?? "";
  const late = pending.find(({ name }) => name < last);
  if (late !== undefined) {
    throw new SetupError(
      `Migration ${late.name} comes before ${last}, which this database has had already: give it a later number.`,
    );
  }
  return pending;
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query("begin");
    await client.query(migration.sql);
    await client.query("insert into public.migration (name, checksum) values ($1, $2)", [
      migration.name,
      migration.checksum,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    if (error instanceof pg.DatabaseError) {
      const line =
        error.position === undefined
          ? ""
          : ` at line ${migration.sql.slice(0, Number(error.position)).split("\n").length}`;
      throw new SetupError(
        `Migration ${migration.name} failed${line}, and was taken back: ${error.message}.`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Roles belong to the whole server, where other databases may be making the same ones at this moment. */
async function ensureRoles(client: pg.Client, ownerUrl: string, config: Secrets): Promise<void> {
  const url = new URL(appUrl(ownerUrl, config));
  if (decodeURIComponent(url.username) !== APP) {
    throw new SetupError(
      `DATABASE_APP_URL signs in as “${url.username}”, but rights are granted to ${APP}: use that name.`,
    );
  }
  const password = client.escapeLiteral(decodeURIComponent(url.password));
  await patiently(client, `create role ${SCAN} nologin noinherit`);
  const made = await patiently(
    client,
    `create role ${APP} login nobypassrls nocreatedb nocreaterole password ${password}`,
  );
  if (!made && !(await canSignIn(url.href))) {
    // The owner's password was changed, and with it the one that follows from it.
    await patiently(client, `alter role ${APP} login password ${password}`);
  }
  // Without inheritance: had the app the scan role's rights at all times, it would see every workspace's rows.
  await patiently(client, `grant ${SCAN} to ${APP} with inherit false, set true`);
}

/** @returns false when it was there already */
async function patiently(client: pg.Client, statement: string): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(statement);
      return true;
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? error.code : undefined;
      if (code === "42710" || code === "23505") {
        return false;
      }
      if (code === "42501") {
        throw new SetupError(
          `The database's owner in DATABASE_URL may not make roles: run “alter role … createrole” for it, or create ${APP} (login) and ${SCAN} (nologin) and “grant ${SCAN} to ${APP} with inherit false, set true” by hand.`,
        );
      }
      // XX000 “tuple concurrently updated”: two databases of one server granted at once.
      if (code !== "XX000" || tries === 10) {
        throw error;
      }
      await sleep(20 * tries);
    }
  }
}

async function canSignIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A role that could pass over row-level security would make every check of ours a decoration. */
async function checkAppRole(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "bellwether migrate" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(
      "select rolsuper or rolbypassrls as above, pg_has_role(current_user, $1, 'usage') as inherits from pg_roles where rolname = current_user",
      [SCAN],
    );
    if (rows[0]?.above === true || rows[0]?.inherits === true) {
      throw new SetupError(
        `The role ${APP} could read every workspace's data: run “alter role ${APP} nosuperuser nobypassrls” and “grant ${SCAN} to ${APP} with inherit false, set true”.`,
      );
    }
  } catch (error) {
    if (error instanceof pg.DatabaseError) {
      throw new SetupError(
        `The server's own role ${APP} can't sign in to the database (${error.message}): set DATABASE_APP_URL to its connection, or let the owner create roles.`,
        { cause: error },
      );
    }
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function migrateQueue(ownerUrl: string): Promise<void> {
  const quiet = new WorkerLogger(() => () => undefined);
  await runMigrations({ connectionString: ownerUrl, schema: "graphile_worker", logger: quiet });
}
