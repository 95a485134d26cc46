import { sql } from "kysely";
import { systemActor } from "./access.ts";
import type { Database } from "./db.ts";
import { type EventCursor, hears, type LoggedEvent, type Reaction, readEvents } from "./events.ts";
import type { Log } from "./log.ts";

const batch_max = 1000;

/** Lets one reaction catch up by a batch. True: there was something, and there may be more. */
export async function advanceReader(db: Database, reaction: Reaction): Promise<boolean> {
  const cursor = await cursorOf(db, reaction.reader);
  const events = await readEvents(db, cursor, batch_max);
  const last = events.at(-1);
  if (last === undefined) {
    return false;
  }
  const wanted = events.filter((event) => hears(reaction.names, event.name));
  for (const [workspace_id, theirs] of Map.groupBy(wanted, (event: LoggedEvent) => event.workspace_id)) {
    // Reactions are idempotent: a crash before the cursor moves means that the batch comes once more.
    await db.tenant(systemActor(workspace_id), (ctx) => reaction.react(ctx, theirs), { timeout_ms: 120_000 });
  }
  await moveCursor(db, reaction.reader, cursor, { xid: last.xid, id: last.id });
  return true;
}

/** Keeps every reaction up with the log: on each ring of the doorbell, and every second in case one was missed. */
export function startReaders(
  db: Database,
  reactions: readonly Reaction[],
  onRing: (ring: () => void) => () => void,
  log: Log,
) {
  let stopped = false;
  let wake: () => void = () => {};
  let rung = false;
  const off = onRing(() => {
    rung = true;
    wake();
  });
  const loop = async () => {
    while (!stopped) {
      rung = false;
      let more = false;
      for (const reaction of reactions) {
        more = (await advance(reaction)) || more;
      }
      if (!more && !rung && !stopped) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 1000);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
  };
  const advance = async (reaction: Reaction) => {
    try {
      return await advanceReader(db, reaction);
    } catch (error) {
      if (!stopped) {
        log.error({ error, reader: reaction.reader }, "a reaction to events failed and will be tried again");
      }
      return false;
    }
  };
  const running = loop();
  return {
    async stop() {
      stopped = true;
      off();
      wake();
      await running;
    },
  };
}

async function cursorOf(db: Database, reader: string): Promise<EventCursor> {
  return db.global(async (tx) => {
    const { rows } = await sql<EventCursor>`
      insert into event_reader (name, xid, id)
      values (${reader}, '0', '00000000-0000-0000-0000-000000000000')
      on conflict (name) do update set name = excluded.name
      returning xid::text, id`.execute(tx);
    const [row] = rows;
    if (row === undefined) {
      throw new Error(`no cursor for ${reader}`);
    }
    return row;
  });
}

/** Only from where it was read: of two processes that took the same batch, the second changes nothing. */
async function moveCursor(db: Database, reader: string, from: EventCursor, to: EventCursor): Promise<void> {
  await db.global((tx) =>
    sql`
      update event_reader
      set xid = ${to.xid}::xid8, id = ${to.id}, updated_at = now()
      where name = ${reader} and xid = ${from.xid}::xid8 and id = ${from.id}`.execute(tx),
  );
}
