import { sql } from "kysely";
import { systemActor } from "./access.ts";
import type { Database } from "./db.ts";
import { type EventCursor, hears, type LoggedEvent, type Reaction, readEvents } from "./events.ts";
import type { Log } from "./log.ts";

const batch_max = 1000;
/** Whoever writes holds the horizon for all readers until it is done: the slow ones do little at a time. */
const slow_batch_max = 100;

/** Lets these reactions catch up by a batch. True: there was something, and there may be more. */
export async function advanceReader(db: Database, ...reactions: Reaction[]): Promise<boolean> {
  return advance(db, reactions, (_reaction, error) => {
    throw error;
  });
}

/** Lets each catch up by a batch, which those at one place in the log read once. True: somebody got on. */
async function advance(
  db: Database,
  reactions: readonly Reaction[],
  failed: (reaction: Reaction, error: unknown) => void,
): Promise<boolean> {
  const cursors = await cursorsOf(
    db,
    reactions.map((reaction) => reaction.reader),
  );
  const most = reactions.some((each) => each.slow === true) ? slow_batch_max : batch_max;
  let more = false;
  for (const from of cursors) {
    const events = await readEvents(db, from, most);
    const last = events.at(-1);
    if (last === undefined) {
      continue;
    }
    const passed: string[] = [];
    for (const reaction of reactions.filter((each) => from.readers.includes(each.reader))) {
      try {
        await react(db, reaction, events);
        passed.push(reaction.reader);
      } catch (error) {
        failed(reaction, error);
      }
    }
    if (passed.length > 0) {
      await moveCursor(db, passed, from, { xid: last.xid, id: last.id });
      more = true;
    }
  }
  return more;
}

async function react(db: Database, reaction: Reaction, events: readonly LoggedEvent[]): Promise<void> {
  const wanted = events.filter((event) => hears(reaction.names, event.name));
  for (const [workspace_id, theirs] of Map.groupBy(wanted, (event: LoggedEvent) => event.workspace_id)) {
    // Reactions are idempotent: a crash before the cursor moves means that the batch comes once more.
    await db.tenant(systemActor(workspace_id), (ctx) => reaction.react(ctx, theirs), { timeout_ms: 120_000 });
  }
}

/** Keeps every reaction up with the log: on each ring of the doorbell, and every second in case one was missed. */
export function startReaders(
  db: Database,
  reactions: readonly Reaction[],
  onRing: (ring: () => void) => () => void,
  log: Log,
) {
  let stopped = false;
  const wakes = new Set<() => void>();
  const off = onRing(() => wakes.forEach((wake) => wake()));
  const follow = async (lane: readonly Reaction[]) => {
    let rung = false;
    let wake: () => void = () => {};
    wakes.add(() => {
      rung = true;
      wake();
    });
    while (!stopped) {
      rung = false;
      const more = await advance(db, lane, failed).catch((error: unknown) => failed(null, error));
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
  const failed = (reaction: Reaction | null, error: unknown): false => {
    if (!stopped) {
      const reader = reaction?.reader ?? "all";
      log.error({ error, reader }, "a reaction to events failed and will be tried again");
    }
    return false;
  };
  const lanes = Object.values(Object.groupBy(reactions, (each) => (each.slow === true ? "slow" : "prompt")));
  const running = Promise.all(lanes.map(follow));
  return {
    async stop() {
      stopped = true;
      off();
      wakes.forEach((wake) => wake());
      await running;
    },
  };
}

/** Where the readers stand; a new one at the beginning. */
async function cursorsOf(db: Database, readers: string[]): Promise<(EventCursor & { readers: string[] })[]> {
  const standing = () =>
    db.global(async (tx) => {
      const { rows } = await sql<EventCursor & { readers: string[] }>`
        select xid::text, id, array_agg(name) as readers
        from event_reader
        where name = any(${readers})
        group by event_reader.xid, id`.execute(tx);
      return rows;
    });
  const found = await standing();
  if (found.flatMap((each) => each.readers).length === readers.length) {
    return found;
  }
  await db.global((tx) =>
    sql`
      insert into event_reader (name, xid, id)
      select name, '0', '00000000-0000-0000-0000-000000000000' from unnest(${readers}::text[]) name
      on conflict (name) do nothing`.execute(tx),
  );
  return standing();
}

/**
 * Only from where it was read: of two processes that took the same batch, the second changes nothing. Not waited for on
 * disk: lost in a crash of the database, it lets the batch come once more.
 */
async function moveCursor(
  db: Database,
  readers: string[],
  from: EventCursor,
  to: EventCursor,
): Promise<void> {
  await db.global((tx) =>
    sql`
      with soon as (select set_config('synchronous_commit', 'off', true))
      update event_reader
      set xid = ${to.xid}::xid8, id = ${to.id}, updated_at = now()
      from soon
      where name = any(${readers}) and xid = ${from.xid}::xid8 and id = ${from.id}`.execute(tx),
  );
}
