import { type CompiledQuery, Kysely, PostgresDialect, type RawBuilder, sql } from "kysely";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "./access.ts";
import { haste } from "./clock.ts";
import type { DB, JsonValue } from "./schema.gen.ts";

// 64-bit counts and sizes stay far below 2^53 here; as text they would have to be parsed at every use.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// A calendar date has no zone: it stays the text it is.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const poll_ms = 50;

/** A transaction: everything a verb or a query may do with the database. */
export type Tx = Kysely<DB>;
export type { DB };

/** What a verb works with: its transaction and who acts. */
export interface Ctx {
  db: Tx;
  actor: Actor;
  workspace_id: string;
  /** The caller's If-Match, for verbs on single records. */
  if_match: string | null;
  /** The connection under `db`, for COPY. */
  client: pg.ClientBase;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** SET LOCAL takes no parameters, and set_config() would not reach the workers of a distributed PostgreSQL: checked literals. */
function uuidLiteral(id: string): string {
  if (!uuid.test(id)) {
    throw new Error(`not a uuid: ${id}`);
  }
  return `'${id}'`;
}

export interface TransactionOptions {
  /** 0: no limit. Requests have one, so that a bad question can't hold a connection. */
  timeout_ms?: number;
  if_match?: string | null;
  /** Off: an acknowledged commit survives a crash of the database. Only counters and marks may turn it on. */
  async_commit?: boolean;
}

export class Database {
  readonly pool: pg.Pool;
  readonly #kyselys = new WeakMap<pg.PoolClient, Tx>();

  /**
   * With `pipeline` statements leave without waiting for the answers before them, which saves a request some six round
   * trips; COPY can't be used then.
   */
  constructor(appUrl: string, options: { max?: number; application?: string; pipeline?: boolean } = {}) {
    this.pool = openPool(appUrl, {
      max: options.max ?? 20,
      application: options.application ?? "bellwether",
      pipeline: options.pipeline ?? false,
    });
  }

  /** One transaction inside the actor's workspace, under row-level security. */
  async tenant<T>(
    actor: Actor,
    work: (ctx: Ctx) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const settings = [
      `set local app.workspace = ${uuidLiteral(actor.workspace_id)}`,
      actor.own_only === null ? null : `set local app.own = ${uuidLiteral(actor.own_only)}`,
      actor.masked ? "set local app.masked = 'on'" : null,
      `set local statement_timeout = ${Math.trunc(options.timeout_ms ?? 15_000)}`,
      options.async_commit === true ? "set local synchronous_commit = off" : null,
    ];
    return this.#transaction(settings, (db, client) =>
      work({ db, client, actor, workspace_id: actor.workspace_id, if_match: options.if_match ?? null }),
    );
  }

  /** A transaction without a workspace: accounts, sessions, the event readers' cursors. Tenant tables look empty here. */
  async global<T>(work: (db: Tx) => Promise<T>): Promise<T> {
    return this.#transaction([], (db) => work(db));
  }

  /** Reads across workspaces, nothing else: readers of the event log, a person's list of workspaces. */
  async acrossWorkspaces<T>(work: (db: Tx) => Promise<T>): Promise<T> {
    return this.#transaction(["set local transaction read only", "set local role bellwether_scan"], (db) =>
      work(db),
    );
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  async #transaction<T>(
    settings: (string | null)[],
    work: (db: Tx, client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await ahead(client, ["begin", ...settings.filter((line) => line !== null)].join("; "));
      const result = await work(this.#kysely(client), client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  #kysely(client: pg.PoolClient): Tx {
    const known = this.#kyselys.get(client);
    if (known !== undefined) {
      return known;
    }
    const bound = new Kysely<DB>({ dialect: new PostgresDialect({ pool: boundTo(client) }) });
    this.#kyselys.set(client, bound);
    return bound;
  }
}

/**
 * Sends a statement ahead of those that need it. Pipelined connections don't wait for its answer: statements run in
 * order, and should it fail, the transaction is aborted and with it everything that follows.
 */
async function ahead(client: pg.ClientBase, text: string): Promise<void> {
  const sent = client.query(text);
  if (client instanceof pg.Client && client.pipeline) {
    sent.catch(() => {});
  } else {
    await sent;
  }
}

/** A connection that breaks while idle (the database restarts) must not end the program: the next query opens another. */
export function openPool(
  url: string,
  options: { max: number; application: string; pipeline?: boolean },
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: options.application,
    connectionTimeoutMillis: 10_000,
    // Compiling a plan costs more than the short queries here take; and what a machine held that vanished must be free in
    // two minutes, not in the two hours that are usual.
    options: "-c jit=off -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10",
    pipeline: options.pipeline ?? false,
  });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** A pool of one connection that somebody else opened and will release. */
function boundTo(client: pg.PoolClient) {
  // Bound, not inherited: pg keeps which query is active on the very object that `query` is called on.
  const lent = { query: client.query.bind(client), release: () => {} };
  return { connect: async () => lent, end: async () => {} } as unknown as pg.Pool;
}

/**
 * Runs a search as bellwether_scan. Row-level security keeps jsonb, trigram and full-text indexes from being used
 * (their operators are not leakproof), so searches run without it: they must name the workspace themselves, and must
 * return ids or counts only. The rows are then read under row-level security by their ids.
 */
export async function scan<T>(ctx: Ctx, search: () => Promise<T>): Promise<T> {
  await ahead(ctx.client, "set local role bellwether_scan");
  const found = await search();
  await ahead(ctx.client, "set local role none");
  return found;
}

/**
 * Reads for at most so long: null when that was not enough. For what nearly always takes a moment, where nobody can tell
 * beforehand when it doesn't. Afterwards all is as before, settings made meanwhile too, so nothing may be written.
 */
export async function inTime<T>(ctx: Ctx, timeout_ms: number, read: () => Promise<T>): Promise<T | null> {
  await ahead(
    ctx.client,
    `savepoint reading; set local statement_timeout = ${Math.ceil(timeout_ms / haste.factor)}`,
  );
  try {
    return await read();
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === "57014") {
      return null;
    }
    throw error;
  } finally {
    await ahead(ctx.client, "rollback to savepoint reading; release savepoint reading");
  }
}

/**
 * One snapshot for everything that the transaction reads, and no writing. To be called first. Without a write it has no
 * transaction id, so however long it lasts, it holds no reader of the event log back.
 */
export async function readOneSnapshot(ctx: Ctx): Promise<void> {
  await sql`set transaction isolation level repeatable read, read only`.execute(ctx.db);
}

/**
 * What a query answers as COPY writes it, in pieces as they arrive: `csv` with \n after each row, or the text of its one
 * column, which must hold no control characters, a line each. Whoever stops before the end ends the connection, since
 * nothing else stops PostgreSQL from sending the rest.
 */
export async function* copyOut(
  ctx: Ctx,
  query: RawBuilder<unknown>,
  form: "csv" | "lines",
): AsyncGenerator<Buffer> {
  // Marks that such text can't hold: nothing is quoted or escaped then.
  const marks = form === "csv" ? "" : ", delimiter E'\\x01', quote E'\\x02', escape E'\\x02'";
  const rows = ctx.client.query(copyTo(`copy (${withLiterals(ctx, query)}) to stdout (format csv${marks})`));
  let whole = false;
  try {
    for await (const piece of rows) {
      yield piece as Buffer;
    }
    whole = true;
  } finally {
    if (!whole) {
      (ctx.client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    }
  }
}

/** COPY takes no parameters: each becomes a literal, written by the driver's own escaping. */
function withLiterals(ctx: Ctx, query: RawBuilder<unknown>): string {
  const { sql: text, parameters } = query.compile(ctx.db);
  return text.replace(/'(?:[^']|'')*'|\$(\d+)/g, (whole, number: string | undefined) =>
    number === undefined ? whole : literal(parameters[Number(number) - 1]),
  );
}

function literal(value: unknown): string {
  if (value === null || value === undefined) {
    return "null";
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => `"${String(item).replace(/["\\]/g, "\\$&")}"`);
    return pg.escapeLiteral(`{${items.join(",")}}`);
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return `(${value})`;
  }
  const text = value instanceof Date ? value.toISOString() : value;
  return pg.escapeLiteral(typeof text === "string" ? text : JSON.stringify(text));
}

/**
 * Waits until every transaction that had begun before this moment is over, whether or not it has written yet: what all
 * of them read has then passed, so nobody writes by it any more. Readers of the event log need less, see `readEvents`.
 */
export async function earlierOnesOver(db: Database, signal: AbortSignal): Promise<void> {
  const now = await db.pool.query<{ now: string }>("select clock_timestamp()::text as now");
  const since = now.rows[0]?.now;
  let earlier = true;
  while (earlier) {
    signal.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- waiting is what it does
    const { rows } = await db.pool.query<{ earlier: boolean }>(
      "select exists (select from pg_stat_activity where datname = current_database() and xact_start < $1) as earlier",
      [since],
    );
    earlier = rows[0]?.earlier ?? true;
    if (earlier) {
      // oxlint-disable-next-line no-await-in-loop -- waiting is what it does
      await sleep(poll_ms);
    }
  }
}

/** After a bulk write: merges the GIN indexes' pending lists and refreshes statistics, else the planner shuns them. */
export async function settleIndexes(db: Database, table: "lead" | "lead_search"): Promise<void> {
  const client = await db.pool.connect();
  try {
    await client.query(`vacuum (analyze, index_cleanup on) ${table}`);
  } finally {
    client.release();
  }
}

const names = new Map<string, string>();

/**
 * Runs a query whose text is always the same as a prepared statement: the connection parses and plans it once. For the
 * few that every request makes; a query whose best plan depends on its values is better planned each time.
 */
export async function prepared<T>(
  ctx: Pick<Ctx, "db" | "client">,
  query: { compile: (db: Tx) => CompiledQuery<T> },
): Promise<T[]> {
  const { sql: text, parameters } = query.compile(ctx.db);
  let name = names.get(text);
  if (name === undefined) {
    name = `q${names.size}`;
    names.set(text, name);
  }
  const { rows } = await ctx.client.query<T & pg.QueryResultRow>({ name, text, values: [...parameters] });
  return rows;
}

/** Builds `$1` for a jsonb parameter; pg would send an array as a PostgreSQL array. */
export function json(value: unknown) {
  return sql<JsonValue>`${JSON.stringify(value)}::jsonb`;
}

/** The name of the constraint or unique index that refused, or null when something else went wrong. */
export function violated(error: unknown): string | null {
  if (error instanceof pg.DatabaseError && (error.code === "23505" || error.code === "23503")) {
    return error.constraint ?? null;
  }
  return null;
}
