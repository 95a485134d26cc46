import { sql } from "kysely";
import type { Database } from "./db.ts";
import type { Log } from "./log.ts";

const every_ms = 60 * 60 * 1000;

/** What the program does by the clock, hourly and at the start: partitions for the coming months, old answers forgotten. */
export function startMaintenance(db: Database, log: Log) {
  const run = () =>
    maintain(db).catch((error: unknown) =>
      log.error({ error }, "maintenance failed and will be tried again in an hour"),
    );
  void run();
  const timer = setInterval(() => void run(), every_ms);
  return { stop: () => clearInterval(timer) };
}

async function maintain(db: Database): Promise<void> {
  await db.global(async (tx) => {
    await sql`select app.ensure_event_partition((now() + make_interval(months => n))::date) from generate_series(0, 2) n`.execute(
      tx,
    );
    await sql`select app.forget_answers()`.execute(tx);
  });
}
