import { sql } from "kysely";
import type { ActorRef } from "@bellwether/contracts/common";
import { isReported } from "@bellwether/contracts/event-names";
import { actorRef } from "./access.ts";
import { now } from "./clock.ts";
import type { Ctx, Database, Tx } from "./db.ts";
import { newId } from "./ids.ts";
import { redact } from "./redact.ts";

export interface EventSubject {
  lead_id?: string;
  subject_id?: string;
}

/** A fact as readers get it. */
export interface LoggedEvent {
  workspace_id: string;
  id: string;
  lead_id: string | null;
  subject_id: string | null;
  name: string;
  occurred_at: Date;
  actor: ActorRef;
  data: Record<string, unknown>;
  xid: string;
}

/** Of interest to who reads the audit log, and to nobody else. */
export const confidentialNames = /^(audit|export|report)\.|^member\.(signed|sign_in|password|session)/;

/** Writes a fact in the caller's transaction; readers hear of it when that commits. */
export async function emit(
  ctx: Ctx,
  name: string,
  subject: EventSubject,
  data: Record<string, unknown> = {},
): Promise<void> {
  await emitMany(ctx, [{ name, ...subject, data }]);
}

/** The same for many facts, in one statement. */
export async function emitMany(
  ctx: Ctx,
  events: (EventSubject & { name: string; data: Record<string, unknown> })[],
): Promise<void> {
  if (events.length === 0) {
    return;
  }
  const rows = events.map((event) => ({
    id: newId(),
    lead_id: event.lead_id ?? null,
    subject_id: event.subject_id ?? null,
    name: event.name,
    data: event.data,
  }));
  await sql`
    insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, ip, data)
    select ${ctx.workspace_id}::uuid, r.id, r.lead_id, r.subject_id, r.name, ${now()}::timestamptz, ${JSON.stringify(actorRef(ctx.actor))}::jsonb, ${ctx.actor.ip ?? null}, r.data
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, lead_id uuid, subject_id uuid, name text, data jsonb)`.execute(
    ctx.db,
  );
  await ringDoorbell(ctx.db);
}

/**
 * Forgets what happened to these leads. Readers that haven't come so far never hear of it, which is as it should be. Who
 * asked for what in words that hold one of the addresses is still told, without them.
 */
export async function eraseEvents(ctx: Ctx, lead_ids: string[], addresses: string[]): Promise<void> {
  await sql`
    with forgotten as (
      delete from lead_event where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])
    )
    delete from event
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])`.execute(ctx.db);
  await redact(ctx, "event", { json: ["data"], only: sql`t.lead_id is null` }, addresses);
}

export const doorbell = "bellwether_events";

/** NOTIFY without content: readers look for themselves. PostgreSQL sends it once a transaction, on commit. */
export async function ringDoorbell(db: Tx): Promise<void> {
  await sql`select pg_notify(${doorbell}, '')`.execute(db);
}

export interface EventCursor {
  xid: string;
  id: string;
}
const zero_id = "00000000-0000-0000-0000-000000000000";

/** A cursor at this moment: what commits from now on lies behind it. */
export async function currentCursor(db: Database): Promise<EventCursor> {
  return db.acrossWorkspaces(async (tx) => ({ xid: await horizon(tx), id: zero_id }));
}

/**
 * The next events after the cursor, of all workspaces, in commit-safe order. Sequence numbers commit out of order, so
 * only what lies below the horizon of running transactions is taken. The horizon is read first and passed as a value.
 */
export async function readEvents(db: Database, after: EventCursor, limit = 1000): Promise<LoggedEvent[]> {
  return db.acrossWorkspaces(async (tx) => {
    const below = await horizon(tx);
    const { rows } = await sql<LoggedEvent>`
      select workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data, xid::text
      from event
      where (xid, id) > (${after.xid}::xid8, ${after.id}::uuid) and xid < ${below}::xid8
      -- The columns, not the text that is answered: as text 10000 comes before 9999, and no index has that order.
      order by event.xid, event.id
      limit ${limit}`.execute(tx);
    return rows;
  });
}

async function horizon(tx: Tx): Promise<string> {
  const { rows } = await sql<{
    xid: string;
  }>`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`.execute(tx);
  return rows[0]?.xid ?? "0";
}

/** Among the names that a reaction hears: whatever was reported, by whichever name. */
export const reported = "(reported)";

export function hears(names: readonly string[], name: string): boolean {
  return names.includes(name) || (names.includes(reported) && isReported(name));
}

/** What a module does because of events: idempotent, and by set on the whole batch of one workspace. */
export interface Reaction {
  /** Names the cursor; never rename it. */
  reader: string;
  names: readonly string[];
  react: (ctx: Ctx, events: LoggedEvent[]) => Promise<void>;
  /** May take seconds for a batch: such follow in a lane of their own, so that the others needn't wait. */
  slow?: boolean;
}

export function reaction(reader: string, names: readonly string[], react: Reaction["react"]): Reaction {
  return { reader, names, react };
}
