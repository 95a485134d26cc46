import type { FastifyReply } from "fastify";
import pg from "pg";
import { type LiveEvent, type LiveMany, live_singly_max } from "@bellwether/contracts/live";
import type { Actor } from "./access.ts";
import type { Database } from "./db.ts";
import { confidentialNames, currentCursor, doorbell, type LoggedEvent, readEvents } from "./events.ts";
import type { Log } from "./log.ts";

/** Which of these leads the actor may see: the one question the stream can't answer without knowing leads. */
export type VisibleLeads = (actor: Actor, lead_ids: string[]) => Promise<Set<string>>;

interface Listener {
  actor: Actor;
  send: (events: LiveEvent[], many: LiveMany | null) => void;
  end: () => void;
}

/** What changes what somebody may see: streams end after it, and the browsers come back with the rights they have then. */
const rights = new Set(["member.role_changed", "member.removed", "workspace.updated", "key.revoked"]);
/** A ring may come while an older transaction still holds the horizon back, and nobody rings when that ends. */
const look_again_ms = 1000;
/** Readers are told so often at most: at once after a silence, gathered when it is fast. */
const pace_ms = 100;
const batch_max = 2000;
/** Whoever reads so much slower than we write comes back later, and looks anew. */
const unread_bytes_max = 1_000_000;

/** Listens for the doorbell on a connection of its own, reconnecting when it breaks. */
export class Doorbell {
  readonly #url: string;
  readonly #rings = new Set<() => void>();
  readonly #log: Log;
  #client: pg.Client | null = null;
  #stopped = false;

  constructor(appUrl: string, log: Log) {
    this.#url = appUrl;
    this.#log = log;
  }

  readonly onRing = (ring: () => void): (() => void) => {
    this.#rings.add(ring);
    return () => this.#rings.delete(ring);
  };

  async start(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, application_name: "bellwether doorbell" });
    this.#client = client;
    client.on("notification", () => {
      for (const ring of this.#rings) {
        ring();
      }
    });
    client.on("error", (error) => {
      this.#log.warn({ error }, "the doorbell's connection broke and is opened again");
    });
    client.on("end", () => {
      if (!this.#stopped) {
        setTimeout(
          () =>
            void this.start().catch((error: unknown) =>
              this.#log.warn({ error }, "the doorbell can't connect yet"),
            ),
          1000,
        );
      }
    });
    await client.connect();
    await client.query(`listen ${doorbell}`);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#client?.end();
  }
}

/** What happens, to everybody who looks and may see it, as server-sent events; many events leave as one write. */
export class LiveStream {
  readonly #db: Database;
  readonly #visible: VisibleLeads;
  readonly #log: Log;
  readonly #listeners = new Set<Listener>();
  #busy: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #cursor: { xid: string; id: string } | null = null;
  #pause: NodeJS.Timeout | null = null;

  constructor(db: Database, visible: VisibleLeads, log: Log) {
    this.#db = db;
    this.#visible = visible;
    this.#log = log;
  }

  /** Holds the answer open until the reader goes away. */
  async serve(actor: Actor, reply: FastifyReply): Promise<void> {
    reply.hijack();
    // Before the answer begins: what happens once the reader knows that they listen is not missed.
    const cursor = await currentCursor(this.#db);
    if (reply.raw.destroyed) {
      return;
    }
    reply.raw.writeHead(200, {
      ...Object.fromEntries(
        Object.entries(reply.getHeaders()).filter(
          (entry): entry is [string, string] => typeof entry[1] === "string",
        ),
      ),
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // A proxy that buffers would hold events back.
      "x-accel-buffering": "no",
    });
    reply.raw.write("retry: 2000\n\n");
    const listener: Listener = {
      actor,
      send: (events, many) => {
        reply.raw.write(
          (many === null ? "" : `event: many\ndata: ${JSON.stringify(many)}\n\n`) +
            events.map((event) => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
        );
        if (reply.raw.writableLength > unread_bytes_max) reply.raw.destroy();
      },
      end: () => reply.raw.end(),
    };
    const alive = setInterval(() => reply.raw.write(": alive\n\n"), 20_000);
    this.#listeners.add(listener);
    reply.raw.on("close", () => {
      clearInterval(alive);
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#cursor = null;
        clearInterval(this.#timer ?? undefined);
        this.#timer = null;
      }
    });
    reply.raw.on("close", () => this.#replies.delete(reply));
    this.#replies.add(reply);
    this.#cursor ??= cursor;
    this.#timer ??= setInterval(this.ring, look_again_ms);
  }
  readonly #replies = new Set<FastifyReply>();

  /** Called on each ring; rings that come while it works are answered by one more look. */
  readonly ring = (): void => {
    if (this.#listeners.size === 0) {
      return;
    }
    if (this.#busy !== null || this.#pause !== null) {
      this.#again = true;
      return;
    }
    this.#busy = this.#deliver()
      .catch((error: unknown) => this.#log.warn({ error }, "the live stream could not read events"))
      .finally(() => {
        this.#busy = null;
        this.#goOn();
      });
  };

  #goOn(): void {
    if (this.#again && this.#busy === null && this.#pause === null) {
      this.#again = false;
      this.ring();
    }
  }

  #rest(): void {
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#goOn();
    }, pace_ms);
  }

  stop(): void {
    clearTimeout(this.#pause ?? undefined);
    for (const reply of this.#replies) {
      reply.raw.end();
    }
  }

  async #deliver(): Promise<void> {
    if (this.#cursor === null) {
      return;
    }
    const events = await readEvents(this.#db, this.#cursor, batch_max);
    const last = events.at(-1);
    if (last === undefined) {
      return;
    }
    this.#rest();
    this.#cursor = { xid: last.xid, id: last.id };
    this.#again = this.#again || events.length === batch_max;
    const visible = this.#visibleOnce(events);
    for (const listener of this.#listeners) {
      const theirs = events.filter(
        (event) => event.workspace_id === listener.actor.workspace_id && !confidentialNames.test(event.name),
      );
      const turn = theirs.findIndex((event) => rights.has(event.name));
      const told = turn === -1 ? theirs : theirs.slice(0, turn + 1);
      if (told.length > 0) {
        // oxlint-disable-next-line no-await-in-loop -- one connection is enough for all who listen
        const seen = await visible(listener.actor);
        const shown = told.filter((event) => event.lead_id === null || (seen?.has(event.lead_id) ?? true));
        if (shown.length > 0) listener.send(...gathered(shown));
      }
      if (turn !== -1) {
        listener.end();
      }
    }
  }

  /** Asked once for all who see the same leads; null: all of them. */
  #visibleOnce(events: LoggedEvent[]): (actor: Actor) => Promise<Set<string> | null> {
    const known = new Map<string, Promise<Set<string>>>();
    return async (actor) => {
      if (actor.own_only === null) return null;
      const key = `${actor.workspace_id} ${actor.own_only}`;
      const asked =
        known.get(key) ??
        this.#visible(actor, [
          ...new Set(
            events.flatMap((event) =>
              event.lead_id !== null && event.workspace_id === actor.workspace_id ? [event.lead_id] : [],
            ),
          ),
        ]);
      known.set(key, asked);
      return asked;
    };
  }
}

/** The latest one by one, and how many there were before them. */
function gathered(events: LoggedEvent[]): [LiveEvent[], LiveMany | null] {
  const singly = events.slice(-live_singly_max).map(toLive);
  const rest = events.slice(0, -live_singly_max);
  const last = rest.at(-1);
  if (last === undefined) return [singly, null];
  const names: Record<string, number> = {};
  for (const { name } of rest) names[name] = (names[name] ?? 0) + 1;
  return [singly, { count: rest.length, names, occurred_at: last.occurred_at.toISOString() }];
}

function toLive(event: LoggedEvent): LiveEvent {
  return {
    id: event.id,
    name: event.name,
    lead_id: event.lead_id,
    subject_id: event.subject_id,
    actor: event.actor,
    occurred_at: event.occurred_at.toISOString(),
  };
}
