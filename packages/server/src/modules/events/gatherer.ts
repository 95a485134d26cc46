import type { EventResult } from "@bellwether/contracts/events";
import type { Database } from "../../kernel/db.ts";
import { recordSubmissions, type Submission } from "./record.ts";

/** So many events go into one transaction, if that many wait. */
const batch_max = 1000;
/** While one batch commits, the next is written. */
const at_once = 2;

interface Waiting extends Submission {
  done: (results: EventResult[]) => void;
  failed: (error: unknown) => void;
}

/**
 * Single events that come at the same time are written together: nobody waits while nothing is being written, and
 * whatever arrives meanwhile is the next batch. Each request is answered when its events are committed.
 */
export class Gatherer {
  readonly #lines = new Map<string, { waiting: Waiting[]; running: number }>();

  record(db: Database, submission: Submission): Promise<EventResult[]> {
    const { actor } = submission;
    // Those who see the same leads go together.
    const key = `${actor.workspace_id}:${actor.own_only ?? ""}`;
    const line = this.#lines.get(key) ?? { waiting: [], running: 0 };
    this.#lines.set(key, line);
    return new Promise((done, failed) => {
      line.waiting.push({ ...submission, done, failed });
      this.#next(db, key);
    });
  }

  #next(db: Database, key: string): void {
    const line = this.#lines.get(key);
    if (line === undefined || line.running >= at_once) {
      return;
    }
    const batch = taken(line.waiting);
    if (batch.length === 0) {
      if (line.running === 0) this.#lines.delete(key);
      return;
    }
    line.running++;
    void write(db, batch).finally(() => {
      line.running--;
      this.#next(db, key);
    });
  }
}

function taken(waiting: Waiting[]): Waiting[] {
  let events = 0;
  const count = waiting.findIndex((each) => (events += each.events.length) > batch_max);
  return waiting.splice(0, count === -1 ? waiting.length : Math.max(1, count));
}

/** Should a batch fail, each of it is tried alone, so that nobody pays for what another sent. */
async function write(db: Database, batch: Waiting[]): Promise<void> {
  const [first] = batch;
  if (first === undefined) {
    return;
  }
  try {
    const results = await db.tenant(first.actor, (ctx) => recordSubmissions(ctx, batch));
    for (const [place, each] of batch.entries()) {
      each.done(results[place] ?? []);
    }
  } catch (error) {
    if (batch.length === 1) {
      first.failed(error);
      return;
    }
    for (const each of batch) {
      // oxlint-disable-next-line no-await-in-loop -- after a failure, in their order
      await write(db, [each]);
    }
  }
}
