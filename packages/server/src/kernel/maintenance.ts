import { sql } from "kysely";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./db.ts";
import type { Log } from "./log.ts";
import type { Module } from "./module.ts";

const every_ms = 60 * 60 * 1000;

/**
 * What the program does by the clock, hourly and at the start: partitions for the coming months, old answers forgotten,
 * and what the modules keep in order.
 */
export function startMaintenance(
  db: Database,
  modules: readonly Pick<Module, "name" | "upkeep">[],
  log: Log,
) {
  const stopping = new AbortController();
  const run = async () => {
    await maintain(db).catch(failed(log, "maintenance"));
    for (const { name, upkeep } of modules) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: nobody waits for it
      await upkeep?.(db, stopping.signal).catch(failed(log, `upkeep of ${name}`));
    }
  };
  let running = run();
  const timer = setInterval(() => {
    running = running.then(run);
  }, every_ms);
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}

const pulse_ms = 1000;

/** What time alone brings about, looked for every second; a look that takes longer delays the next one. */
export function startPulse(db: Database, modules: readonly Pick<Module, "name" | "pulse">[], log: Log) {
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      for (const { name, pulse } of modules) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await pulse?.(db, stopping.signal).catch((error: unknown) => {
          if (!stopping.signal.aborted) {
            log.error({ error }, `the pulse of ${name} failed and will be tried again`);
          }
        });
      }
      // oxlint-disable-next-line no-await-in-loop -- waiting is what it does
      await sleep(pulse_ms, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function failed(log: Log, what: string) {
  return (error: unknown) => log.error({ error }, `${what} failed and will be tried again in an hour`);
}

async function maintain(db: Database): Promise<void> {
  await db.global(async (tx) => {
    await sql`select app.ensure_event_partition((now() + make_interval(months => n))::date) from generate_series(0, 2) n`.execute(
      tx,
    );
    await sql`select app.forget_answers()`.execute(tx);
  });
}
