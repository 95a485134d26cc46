import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { createApp } from "./kernel/app.ts";
import type { Config } from "./kernel/config.ts";
import { Database, openPool } from "./kernel/db.ts";
import { startWorker } from "./kernel/jobs.ts";
import { Doorbell, LiveStream } from "./kernel/live.ts";
import type { Log } from "./kernel/log.ts";
import { createMailer, type Mailer } from "./kernel/mail.ts";
import type { Module } from "./kernel/module.ts";
import { startReaders } from "./kernel/readers.ts";
import { serveReference } from "./kernel/reference.ts";
import { serveWeb } from "./kernel/web.ts";
import { startMaintenance, startPulse } from "./kernel/maintenance.ts";
import { modules } from "./modules.ts";
import { listFields } from "./modules/fields/index.ts";
import { createAccounts, createAuthenticator, type Passwords } from "./modules/identity/index.ts";
import { visibleLeads } from "./modules/leads/index.ts";

export interface ServerOptions {
  config: Config;
  appUrl: string;
  ownerUrl: string;
  log: Log;
  serve: boolean;
  work: boolean;
}

/** The parts of a running Bellwether; tests use them without a port. */
export interface Program {
  db: Database;
  /** For jobs and reactions, which use COPY and may hold connections for long. */
  jobsDb: Database;
  app: FastifyInstance;
  live: LiveStream;
  mailer: Mailer;
  modules: Module[];
}

export async function createProgram(options: {
  config: Config;
  appUrl: string;
  log: Log;
  web?: boolean;
  passwords?: Passwords;
}): Promise<Program> {
  const { config, appUrl, log, passwords } = options;
  const db = new Database(appUrl, { pipeline: true });
  const jobsDb = new Database(appUrl, { max: 12, application: "bellwether work" });
  const mailer = createMailer(config);
  const accounts = createAccounts(db, config, passwords);
  const live = new LiveStream(db, (actor, ids) => visibleLeads(db, actor, ids), log);
  const all = modules({ accounts, live, db, config });
  const authenticate = createAuthenticator(db, accounts);
  const app = await createApp({
    config,
    log,
    endpoints: all.flatMap((module) => module.endpoints),
    serving: { db, mailer, authenticate },
  });
  serveReference(app, { authenticate, fieldsOf: (actor) => db.tenant(actor, (ctx) => listFields(ctx)) });
  await serveWeb(app, { db, web: options.web !== false });
  return { db, jobsDb, app, live, mailer, modules: all };
}

/** Serves, works, or both, until stopped. */
export async function startServer(
  options: ServerOptions,
): Promise<{ address: string; stop(): Promise<void> }> {
  const { config, appUrl, ownerUrl, log } = options;
  const program = await createProgram(options);
  const { db, jobsDb, app, live } = program;
  const doorbell = new Doorbell(appUrl, log);
  await doorbell.start();
  const stops: (() => Promise<void>)[] = [() => doorbell.stop(), () => jobsDb.close(), () => db.close()];
  if (options.work) {
    const ownerPool = openPool(ownerUrl, { max: 7, application: "bellwether jobs" });
    const jobs = [...program.modules.flatMap((module) => module.jobs), ...program.mailer.jobs];
    const worker = await startWorker(jobs, jobsDb, ownerPool, log);
    const readers = startReaders(
      jobsDb,
      program.modules.flatMap((module) => module.reactions),
      doorbell.onRing,
      log,
    );
    const upkeep = startMaintenance(jobsDb, program.modules, log);
    const pulse = startPulse(jobsDb, program.modules, log);
    stops.unshift(async () => {
      await Promise.all([upkeep.stop(), pulse.stop(), readers.stop(), worker.stop()]);
      await ownerPool.end();
    });
  }
  let address = "";
  if (options.serve) {
    doorbell.onRing(live.ring);
    await app.listen({ port: config.port, host: config.host });
    address = addressOf(app);
    stops.unshift(async () => {
      live.stop();
      await app.close();
    });
  }
  return {
    address,
    async stop() {
      for (const stop of stops) {
        // oxlint-disable-next-line no-await-in-loop -- in this order: requests, work, then what they stand on
        await stop();
      }
    },
  };
}

function addressOf(app: FastifyInstance): string {
  const address: AddressInfo | string | null = app.server.address();
  return typeof address === "object" && address !== null ? `http://localhost:${address.port}` : "";
}
