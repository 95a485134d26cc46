/** What is kept of leads, to be counted, and to be erased for good. */
import type { Lead } from "@bellwether/contracts/leads";
import { sql } from "kysely";
import type { Ctx, Database } from "../../kernel/db.ts";
import { counted, keepCounts } from "./counts.sql.ts";
import { jsonObject, leadMembers, time } from "./rows.sql.ts";
import { binnedFor, visibleTo } from "./visible.sql.ts";

export interface Erased {
  id: string;
  name: string | null;
  /** By whatever it is known: e-mail, phone, WhatsApp number, external id. */
  addresses: string[];
  in_bin: boolean;
}

/** Of these, those that are there, in the bin or not, locked in the order of their ids. */
export async function lockForErasure(ctx: Ctx, ids: string[]): Promise<Erased[]> {
  const { rows } = await sql<Erased>`
    select lead.id, nullif(concat_ws(' ', lead.first_name, lead.last_name), '') as name,
      array_remove(array[lead.email, lead.phone, lead.whatsapp_id, lead.external_id, lead.anonymous_id], null) as addresses,
      lead.deleted_at is not null as in_bin
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${ids}::uuid[])
      and (${visibleTo(ctx.actor)} or ${binnedFor(ctx.actor)})
    order by lead.id
    for update of lead`.execute(ctx.db);
  return rows;
}

/** Some of those that were put into the bin before this time, and that nobody is at. */
export async function lockExpired(ctx: Ctx, before: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select lead.id
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and ${binnedFor(ctx.actor)} and lead.deleted_at < ${before}::timestamptz
    order by lead.deleted_at, lead.id
    limit ${limit}
    for update of lead skip locked`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** Workspaces with something in the bin from before this time. */
export async function selectExpiredWorkspaces(db: Database, before: Date): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`
      select workspace_id from workspace
      where exists (
        select from lead
        where lead.workspace_id = workspace.workspace_id and lead.deleted_at < ${before}::timestamptz)
      order by workspace_id`.execute(tx);
    return rows.map((row) => row.workspace_id);
  });
}

/** As the API shows them, in the bin and merged ones too: for who asks what is known of a person. */
export async function selectAnywhere(
  ctx: Ctx,
  ids: string[],
): Promise<(Lead & { deleted_at: string | null })[]> {
  const members = [
    ...Object.entries(leadMembers),
    ["created_by", sql`lead.created_by`] as const,
    ["deleted_at", time(sql`lead.deleted_at`)] as const,
  ];
  const { rows } = await sql<{ lead: Lead & { deleted_at: string | null } }>`
    select ${jsonObject(members)} as lead
    from lead
    left join lead_stat stat on stat.workspace_id = lead.workspace_id and stat.lead_id = lead.id
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${ids}::uuid[])
      and (${visibleTo(ctx.actor)} or lead.deleted_at is not null)
    order by lead.id`.execute(ctx.db);
  return rows.map((row) => row.lead);
}

export async function countKept(
  ctx: Ctx,
  ids: string[],
): Promise<{ notes: number; tags: number; events: number }> {
  const those = (table: "note" | "lead_tag" | "event") =>
    sql`(select count(*) from ${sql.table(table)} t where t.workspace_id = ${ctx.workspace_id} and t.lead_id = any(${ids}::uuid[]))::int`;
  const { rows } = await sql<{ notes: number; tags: number; events: number }>`
    select ${those("note")} as notes, ${those("lead_tag")} as tags, ${those("event")} as events`.execute(
    ctx.db,
  );
  return rows[0] ?? { notes: 0, tags: 0, events: 0 };
}

/** Every address that these leads have or had, but for what is another one's by now. */
export async function selectAddresses(ctx: Ctx, ids: string[]): Promise<string[]> {
  const theirs = sql`workspace_id = ${ctx.workspace_id}`;
  const before = sql.join(
    ["email", "phone", "whatsapp_id"].flatMap((name) =>
      ["from", "to"].map((way) => sql`data #>> ${`{changes,${name},${way}}`}::text[]`),
    ),
  );
  const anothers = sql.join(
    ["email", "phone", "whatsapp_id"].map(
      (name) =>
        sql`exists (select from lead where ${theirs} and deleted_at is null and id <> all(${ids}::uuid[]) and ${sql.ref(name)} = address)`,
    ),
    sql` or `,
  );
  const { rows } = await sql<{ address: string }>`
    select distinct address
    from (
      select unnest(array[email, phone, whatsapp_id]) as address from lead where ${theirs} and id = any(${ids}::uuid[])
      union all
      select unnest(array[${before}]) from event where ${theirs} and lead_id = any(${ids}::uuid[]) and name = 'lead.updated'
    ) known
    where address is not null and not (${anothers})`.execute(ctx.db);
  return rows.map((row) => row.address);
}

/** The imports that made or changed them. */
export async function selectImportsOf(ctx: Ctx, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select import_id::text as id from lead
    where workspace_id = ${ctx.workspace_id} and id = any(${ids}::uuid[]) and import_id is not null
    union
    select actor ->> 'id' from event
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${ids}::uuid[]) and actor ->> 'kind' = 'import'`.execute(
    ctx.db,
  );
  return rows.map((row) => row.id);
}

/** With them go their search text, claims, tags and notes, by their foreign keys. */
export async function deleteLeads(ctx: Ctx, ids: string[]): Promise<void> {
  await sql`
    with erased as (
      delete from lead where workspace_id = ${ctx.workspace_id} and id = any(${ids}::uuid[])
      returning ${counted}
    ), ${keepCounts(ctx, "erased")}
    select 1`.execute(ctx.db);
}
