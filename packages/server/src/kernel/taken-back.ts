/** Reported events that are taken back, and put back: in the log, and in what is rolled up of it. */
import { sql } from "kysely";
import type { ActorRef } from "@bellwether/contracts/common";
import { ownEvents } from "@bellwether/contracts/event-names";
import { type Ctx, scan } from "./db.ts";
import { ringDoorbell } from "./events.ts";

/** An event as it stands in the log; what is kept of it when it is taken back. */
export interface Recorded {
  id: string;
  lead_id: string;
  name: string;
  /** To the microsecond. */
  at: string;
  actor: ActorRef;
  data: Record<string, unknown>;
}

const at = sql`to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** One of these leads' events, locked: whoever takes it back at the same time finds it gone. */
export async function lockRecorded(ctx: Ctx, lead_ids: string[], id: string): Promise<Recorded | undefined> {
  const { rows } = await sql<Recorded>`
    select id, lead_id, name, ${at} as at, actor, data
    from event
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[]) and id = ${id}::uuid
    for update`.execute(ctx.db);
  return rows[0];
}

/**
 * Takes an event out of the log, and out of what is rolled up of its lead and of those that it was merged into. Answers
 * those.
 */
export async function removeRecorded(ctx: Ctx, event: Recorded): Promise<Holder[]> {
  await sql`
    delete from event
    where workspace_id = ${ctx.workspace_id} and occurred_at = ${event.at}::timestamptz and id = ${event.id}::uuid`.execute(
    ctx.db,
  );
  const holders = await holdersOf(ctx, event.lead_id);
  // Whoever reports of them waits from here on, so what is counted next is the last word.
  await sql`
    select from lead_event
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${holders.map(({ lead_id }) => lead_id)}::uuid[]) and name = ${event.name}
    order by lead_id
    for update`.execute(ctx.db);
  for (const holder of holders) {
    // oxlint-disable-next-line no-await-in-loop -- one, but for merged leads
    await countDown(ctx, holder, event);
  }
  return holders;
}

export interface Holder {
  lead_id: string;
  /** Itself, and all that were merged into it. */
  family: string[];
}

/** A lead, and the line of those that it became, whose roll-ups count its events too. As a search: some may be hidden. */
async function holdersOf(ctx: Ctx, lead_id: string): Promise<Holder[]> {
  return scan(ctx, async () => {
    const { rows } = await sql<Holder>`
      with recursive line as (
        select id, merged_into from lead where workspace_id = ${ctx.workspace_id} and id = ${lead_id}::uuid
        union
        select lead.id, lead.merged_into
        from line join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = line.merged_into
      ), family as (
        select id as lead_id, id as part from line
        union
        select family.lead_id, lead.id
        from family join lead on lead.workspace_id = ${ctx.workspace_id} and lead.merged_into = family.part
      )
      select lead_id, array_agg(part) as family from family group by lead_id order by lead_id`.execute(
      ctx.db,
    );
    return rows;
  });
}

/** What the log no longer holds for its age leaves the time as it was known. */
async function countDown(ctx: Ctx, { lead_id, family }: Holder, { name, at: gone }: Recorded): Promise<void> {
  const left = (which: "min" | "max") => sql`(
    select ${sql.raw(which)}(e.occurred_at) from event e
    where e.workspace_id = ${ctx.workspace_id} and e.lead_id = any(${family}::uuid[]) and e.name = ${name})`;
  await sql`
    with emptied as (
      delete from lead_event
      where workspace_id = ${ctx.workspace_id} and lead_id = ${lead_id}::uuid and name = ${name} and count <= 1
    )
    update lead_event set count = count - 1,
      first_at = case when first_at = ${gone}::timestamptz then coalesce(${left("min")}, first_at) else first_at end,
      last_at = case when last_at = ${gone}::timestamptz then coalesce(${left("max")}, first_at) else last_at end
    where workspace_id = ${ctx.workspace_id} and lead_id = ${lead_id}::uuid and name = ${name} and count > 1`.execute(
    ctx.db,
  );
}

/** Puts an event back as it was. Answers the leads that it counts for; none: it is there already. */
export async function restoreRecorded(ctx: Ctx, event: Recorded): Promise<string[]> {
  const holders = (await holdersOf(ctx, event.lead_id)).map(({ lead_id }) => lead_id);
  const { rows } = await sql<{ id: string }>`
    with told as (
      insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
      values (${ctx.workspace_id}, ${event.id}::uuid, ${event.lead_id}::uuid, ${event.name}, ${event.at}::timestamptz,
        ${JSON.stringify(event.actor)}::jsonb, ${JSON.stringify(event.data)}::jsonb)
      on conflict do nothing
      returning id, occurred_at
    ), rolled as (
      insert into lead_event (workspace_id, lead_id, name, first_at, last_at, count)
      select ${ctx.workspace_id}::uuid, holder, ${event.name}, occurred_at, occurred_at, 1
      from told cross join unnest(${holders}::uuid[]) holder
      order by holder
      on conflict (workspace_id, lead_id, name) do update set count = lead_event.count + 1,
        first_at = least(lead_event.first_at, excluded.first_at), last_at = greatest(lead_event.last_at, excluded.last_at)
    )
    select id from told`.execute(ctx.db);
  await ringDoorbell(ctx.db);
  return rows.length > 0 ? holders : [];
}

/** What was last kept of an event of these leads when it was taken back. */
export async function selectTakenBack(
  ctx: Ctx,
  lead_ids: string[],
  id: string,
): Promise<Recorded | undefined> {
  const { rows } = await sql<Recorded>`
    select subject_id as id, lead_id, data ->> 'event' as name, data ->> 'at' as at, data -> 'by' as actor, data -> 'properties' as data
    from event
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[]) and name = 'event.removed' and subject_id = ${id}::uuid
    order by occurred_at desc, event.id desc
    limit 1`.execute(ctx.db);
  const [row] = rows;
  return row !== undefined && !ownEvents.test(row.name) ? row : undefined;
}
