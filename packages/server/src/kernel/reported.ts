import { type RawBuilder, sql } from "kysely";
import type { ActorRef } from "@bellwether/contracts/common";
import { ownEvents } from "@bellwether/contracts/event-names";
import { now } from "./clock.ts";
import { type Ctx, prepared } from "./db.ts";
import { ringDoorbell } from "./events.ts";

/** An event that somebody reports of a lead, as the log keeps it. */
export interface Reported {
  id: string;
  lead_id: string;
  name: string;
  occurred_at: Date;
  actor: ActorRef;
  ip: string | null;
  /** As JSON. */
  data: string;
  /** Of the sender's own id; null where there is none. */
  key: string | null;
}

/**
 * Writes reported events, and with them what is rolled up by lead and name, in one statement. What carries a key that
 * was seen before is left out. Rows go in the order of keys, then of leads, so that no two callers wait for each other in
 * a circle. `seen` is what somebody else keeps of it in the same statement, from `told` of lead_id, name, occurred_at and
 * by, which is the kind of actor. Answers the ids of those that are new.
 */
export async function recordReported(
  ctx: Ctx,
  events: Reported[],
  seen: RawBuilder<unknown>,
): Promise<Set<string>> {
  const by = events.map(({ actor, ip }) => JSON.stringify({ actor, ip }));
  const actors = [...new Set(by)];
  const place = new Map(actors.map((actor, index) => [actor, index + 1]));
  const query = sql<{ id: string }>`
    with sent as materialized (
      select s.id, s.lead_id, s.name, s.occurred_at, s.data, s.key, (${actors}::text[])[s.actor]::jsonb as by
      from unnest(
        ${events.map((event) => event.id)}::uuid[],
        ${events.map((event) => event.lead_id)}::uuid[],
        ${events.map((event) => event.name)}::text[],
        ${events.map((event) => event.occurred_at.toISOString())}::timestamptz[],
        ${by.map((actor) => place.get(actor) ?? 1)}::int[],
        ${events.map((event) => event.data)}::jsonb[],
        ${events.map((event) => event.key)}::uuid[]
      ) as s(id, lead_id, name, occurred_at, actor, data, key)
    ), unseen as (
      insert into event_seen (workspace_id, key, id, lead_id, seen_at)
      select ${ctx.workspace_id}::uuid, key, id, lead_id, ${now()}::timestamptz
      from sent
      where key is not null
      order by key
      on conflict do nothing
      returning id
    ), told as (
      insert into event (workspace_id, id, lead_id, name, occurred_at, actor, ip, data)
      select ${ctx.workspace_id}::uuid, id, lead_id, name, occurred_at, by -> 'actor', by ->> 'ip', data
      from sent
      where key is null or id in (select id from unseen)
      returning id, lead_id, name, occurred_at, actor ->> 'kind' as by
    ), rolled as (
      insert into lead_event (workspace_id, lead_id, name, first_at, last_at, count)
      select ${ctx.workspace_id}::uuid, lead_id, name, min(occurred_at), max(occurred_at), count(*)
      from told
      group by lead_id, name
      order by lead_id, name
      on conflict (workspace_id, lead_id, name) do update set count = lead_event.count + excluded.count,
        first_at = least(lead_event.first_at, excluded.first_at), last_at = greatest(lead_event.last_at, excluded.last_at)
    ), ${seen}
    select id from told`;
  const rows = await prepared(ctx, query);
  await ringDoorbell(ctx.db);
  return new Set(rows.map((row) => row.id));
}

/** What is recorded under these keys. */
export async function selectSeen(
  ctx: Ctx,
  keys: string[],
): Promise<Map<string, { id: string; lead_id: string }>> {
  const { rows } = await sql<{ key: string; id: string; lead_id: string }>`
    select key, id, lead_id
    from event_seen
    where workspace_id = ${ctx.workspace_id} and key = any(${keys}::uuid[])`.execute(ctx.db);
  return new Map(rows.map((row) => [row.key, row]));
}

/** Another lead's events count for this one too, from a merge on. */
export async function joinReported(ctx: Ctx, from: string, to: string): Promise<void> {
  await sql`
    insert into lead_event (workspace_id, lead_id, name, first_at, last_at, count)
    select workspace_id, ${to}::uuid, name, first_at, last_at, count
    from lead_event
    where workspace_id = ${ctx.workspace_id} and lead_id = ${from}
    order by name
    on conflict (workspace_id, lead_id, name) do update set count = lead_event.count + excluded.count,
      first_at = least(lead_event.first_at, excluded.first_at), last_at = greatest(lead_event.last_at, excluded.last_at)`.execute(
    ctx.db,
  );
}

/**
 * Takes another lead's events from this one again. Where its first or last was the other's, its own is looked for in the
 * log, among the events of all that are still merged into it; what was deleted from the log by its age leaves the time as it is.
 */
export async function partReported(ctx: Ctx, lead_ids: string[], from: string): Promise<void> {
  const [lead_id] = lead_ids;
  await sql`
    with own as (
      select mine.name, mine.count - theirs.count as count,
        case when mine.first_at = theirs.first_at then coalesce((
          select min(e.occurred_at) from event e
          where e.workspace_id = ${ctx.workspace_id} and e.lead_id = any(${lead_ids}::uuid[]) and e.name = mine.name), mine.first_at) else mine.first_at end as first_at,
        case when mine.last_at = theirs.last_at then coalesce((
          select max(e.occurred_at) from event e
          where e.workspace_id = ${ctx.workspace_id} and e.lead_id = any(${lead_ids}::uuid[]) and e.name = mine.name), mine.last_at) else mine.last_at end as last_at
      from lead_event mine
      join lead_event theirs on theirs.workspace_id = mine.workspace_id and theirs.name = mine.name and theirs.lead_id = ${from}::uuid
      where mine.workspace_id = ${ctx.workspace_id} and mine.lead_id = ${lead_id}::uuid
    ), gone as (
      delete from lead_event using own
      where lead_event.workspace_id = ${ctx.workspace_id} and lead_event.lead_id = ${lead_id}::uuid and lead_event.name = own.name and own.count <= 0
    )
    update lead_event set count = own.count, first_at = own.first_at, last_at = own.last_at
    from own
    where lead_event.workspace_id = ${ctx.workspace_id} and lead_event.lead_id = ${lead_id}::uuid and lead_event.name = own.name and own.count > 0`.execute(
    ctx.db,
  );
}

/** What was reported of leads that are erased, also what came in while they were. */
export async function eraseReported(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    with forgotten as (
      delete from lead_event where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])
    )
    delete from event
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])
      and not (name ~ ${ownEvents.source})`.execute(ctx.db);
}
