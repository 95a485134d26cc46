/** Leads given to members by set. Who may get which is the caller's business, who has the leads locked. */
import { sql } from "kysely";
import { actorRef } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { ringDoorbell } from "../../kernel/events.ts";
import { counted, keepCounts } from "./counts.sql.ts";

export interface Gift {
  lead_id: string;
  owner_id: string;
  /** Said in the event: by which rule. */
  how: string;
}

/** Of these, the open ones without an owner, locked until the transaction ends, in the order of their ids. */
export async function lockOwnerless(ctx: Ctx, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from lead
    where workspace_id = ${ctx.workspace_id} and id = any(${ids}::uuid[]) and owner_id is null and not final and deleted_at is null
    order by id
    for no key update`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** Each with its event; who has the lead already keeps it without a word. */
export async function giveLeads(ctx: Ctx, gifts: Gift[]): Promise<void> {
  if (gifts.length === 0) return;
  // Looked up for each lead: joined, each lead may be compared with each gift where nothing is known of their number.
  const owners = json(Object.fromEntries(gifts.map(({ lead_id, owner_id }) => [lead_id, owner_id])));
  const rules = json(Object.fromEntries(gifts.map(({ lead_id, how }) => [lead_id, how])));
  const owner = sql`(${owners} ->> lead.id::text)::uuid`;
  await sql`
    with given as (
      update lead set owner_id = ${owner}, updated_at = now(), revision = lead.revision + 1
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${gifts.map((gift) => gift.lead_id)}::uuid[])
        and not lead.final and lead.owner_id is distinct from ${owner}
      returning lead.id, old.owner_id as was, new.owner_id as is_now, ${rules} ->> lead.id::text as how, ${counted}
    ), ${keepCounts(ctx, "given")}
    insert into event (workspace_id, id, lead_id, name, occurred_at, actor, ip, data)
    select ${ctx.workspace_id}::uuid, uuidv7(), id, 'lead.assigned', ${now()}::timestamptz, ${json(actorRef(ctx.actor))}, ${ctx.actor.ip ?? null},
      jsonb_build_object('from', was, 'to', is_now, 'how', how)
    from given`.execute(ctx.db);
  await ringDoorbell(ctx.db);
}

const recent_max = 2_000;

/** The newest open leads without an owner, of the last so many without one. */
export async function selectOwnerless(ctx: Ctx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
    from (
      select id, final, hidden_at from lead
      where workspace_id = ${ctx.workspace_id} and owner_id is null and deleted_at is null
      order by id desc
      limit ${recent_max}
    ) recent
    where not final and hidden_at is null
    order by id desc
    limit ${limit}`.execute(ctx.db);
  return rows.map((row) => row.id);
}
