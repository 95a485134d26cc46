import type { ContractProcedure, InferSchemaInput, InferSchemaOutput } from "@orpc/contract";
import type { EndpointMeta } from "@bellwether/contracts/common";
import type { Problem } from "@bellwether/contracts/problems";
import type pg from "pg";
import { createHash } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { createProgram, type Program } from "../../server.ts";
import { clock } from "../clock.ts";
import { readConfig } from "../config.ts";
import { openPool } from "../db.ts";
import { runJobsOnce } from "../jobs.ts";
import { silent } from "../log.ts";
import { advanceReader } from "../readers.ts";
import { testDatabase } from "./database.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Who calls: the headers that say so. */
export interface Person {
  name: string;
  headers: Record<string, string>;
}
export const nobody: Person = { name: "nobody", headers: {} };

export interface TestProgram extends Program {
  ownerPool: pg.Pool;
  /** For connections of a test's own as bellwether_app. */
  appUrl: string;
  dataDir: string;
}

/** Scrypt costs 90 ms at every sign-up and sign-in, a third of the suite's work; the browser journeys keep to it. */
const quickPasswords: NonNullable<Parameters<typeof createProgram>[0]["passwords"]> = {
  hash: async (password) => quickHash(password),
  verify: async ({ hash, password }) => hash === quickHash(password),
};
function quickHash(password: string): string {
  return createHash("sha256").update(password).digest("hex");
}

let running: TestProgram | undefined;

/** The program of this test file: a database of its own, no port. Call `useProgram()` once at the top of the file. */
export function useProgram(environment: Record<string, string> = {}): () => TestProgram {
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await testDatabase();
    const dataDir = mkdtempSync(join(tmpdir(), "bellwether-data-"));
    const config = readConfig({
      BELLWETHER_DATA: dataDir,
      BELLWETHER_RATE_LIMITS: "off",
      BELLWETHER_SIGN_UP: "open",
      ...environment,
    });
    const program = await createProgram({
      config,
      appUrl: database.appUrl,
      log: silent,
      web: false,
      passwords: quickPasswords,
    });
    const ownerPool = openPool(database.ownerUrl, { max: 3, application: "bellwether test jobs" });
    running = { ...program, ownerPool, appUrl: database.appUrl, dataDir };
    drop = async () => {
      // The next file runs in this process too.
      clock.release();
      await program.app.close();
      await program.jobsDb.close();
      await program.db.close();
      await ownerPool.end();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    };
  });
  afterAll(() => drop());
  return the;
}

export function the(): TestProgram {
  if (running === undefined) {
    throw new Error("call useProgram() at the top of the test file");
  }
  return running;
}

export interface Answer<T> {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  /** As the contract promises; for a refusal look at `problem`. */
  body: T;
  problem: Problem;
}

type AnyProcedure = ContractProcedure<never, never, never, never>;
type In<P> =
  P extends ContractProcedure<infer I, infer _O, infer _E, infer _M>
    ? InferSchemaInput<I> extends undefined
      ? undefined
      : InferSchemaInput<I>
    : never;
type Out<P> =
  P extends ContractProcedure<infer _I, infer O, infer _E, infer _M> ? InferSchemaOutput<O> : never;

/** Calls an endpoint of the contract over HTTP, as this person. What the types forbid can be sent with `raw`. */
export async function call<P extends { "~orpc": unknown }>(
  who: Person,
  procedure: P,
  input?: In<P>,
  headers: Record<string, string> = {},
): Promise<Answer<Out<P>>> {
  const { route } = (procedure as unknown as AnyProcedure)["~orpc"] as {
    route: { method?: string; path?: string };
    meta: EndpointMeta;
  };
  const rest: Record<string, unknown> = { ...(input as Record<string, unknown> | undefined) };
  const path = (route.path ?? "").replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  return raw(who, route.method ?? "POST", path, rest, headers);
}

/** The same by method and path; a text is sent as it is. */
export async function raw<T>(
  who: Person,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const sendsQuery = method === "GET";
  const query = sendsQuery && typeof body === "object" ? (body as Record<string, string>) : {};
  const empty =
    sendsQuery ||
    body === undefined ||
    (typeof body === "object" && body !== null && Object.keys(body).length === 0);
  const answer = await the().app.inject({
    method: method as "GET",
    url: `/api/v1${path}`,
    query,
    headers: { ...(empty ? {} : { "content-type": "application/json" }), ...who.headers, ...headers },
    ...(empty
      ? {}
      : { payload: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  });
  const isJson = answer.headers["content-type"]?.includes("json") === true;
  const parsed: unknown = isJson ? answer.json() : answer.body;
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: parsed as T,
    problem: parsed as Problem,
  };
}

/**
 * Waits until the log's readers may see everything committed so far: the horizon is held back by every transaction of
 * the cluster, those of vacuums and of connections just closed too.
 */
export async function passHorizon(): Promise<void> {
  const { rows } = await the().ownerPool.query<{ now: string }>(
    "select pg_snapshot_xmax(pg_current_snapshot())::text as now",
  );
  const passed = "select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as passed";
  for (let tries = 0; tries < 2000; tries++) {
    if ((await the().ownerPool.query<{ passed: boolean }>(passed, [rows[0]?.now])).rows[0]?.passed === true) {
      return;
    }
    await sleep(10);
  }
  throw new Error("a transaction has been open for twenty seconds, so no reader can go on");
}

/** Runs what waits: reactions to events and due jobs, until nothing is left. No tenant is around them. */
export async function settle(): Promise<void> {
  const { jobsDb: db, modules, mailer, ownerPool } = the();
  const jobs = [...modules.flatMap((module) => module.jobs), ...mailer.jobs];
  const reactions = modules.flatMap((module) => module.reactions);
  for (let round = 0; round < 20; round++) {
    // To start a worker costs twenty statements, to see that it has nothing to do one.
    if (await jobsAreDue()) {
      await runJobsOnce(jobs, db, ownerPool, silent);
    }
    await passHorizon();
    let more = false;
    while (await advanceReader(db, ...reactions)) {
      more = true;
    }
    if (!more) {
      return;
    }
  }
}

async function jobsAreDue(): Promise<boolean> {
  const { rows } = await the().ownerPool.query<{ due: boolean }>(
    "select exists (select from graphile_worker._private_jobs where is_available and run_at <= now()) as due",
  );
  return rows[0]?.due === true;
}
