/**
 * Which leads may be one person. Every lead has a few keys (a number, a mailbox, a name at a company); leads that share
 * one are looked at closer, and pairs that are alike enough are kept. Nothing is compared with everything: a key that
 * more than `shared_max` leads have (the switchboard's number, a department called Info) says nothing, and suggests none.
 */
import { type RawBuilder, sql } from "kysely";
import type { DuplicateReason } from "@bellwether/contracts/duplicates";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { byKeys } from "../changes/index.ts";

const shared_max = 50;
/** Names less alike than this are two people's: “John Smith” and “Jane Smith” are 0.47. */
const name_likeness_min = 0.5;

/** How sure each reason makes, of 1; several add up. A number may be a family's or a firm's. */
const sure = { same_address: 0.95, same_phone: 0.85, similar_name: 0.9 } as const satisfies Record<
  DuplicateReason,
  number
>;
/** What alike names add to another reason where the companies differ or are unknown. */
const sure_of_name = 0.5;

/**
 * Compares these leads with all others again, after they changed, came or went. One at a time in a workspace: of two that
 * ran at once, neither would see the keys of the other's leads.
 */
export async function compareLeads(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('duplicates ' || ${ctx.workspace_id}, 0))`.execute(
    ctx.db,
  );
  await byKeys(ctx);
  await refreshKeys(ctx, lead_ids);
  await refreshPairs(ctx, lead_ids);
}

/**
 * A number, a mailbox, and for near names two keys at the company: the last name, and both initials in either order.
 * (`not in`, since it is hashed whatever joins are switched off; nothing in it is null.)
 */
async function refreshKeys(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    with wanted as materialized (
      select lead.id as lead_id, k.kind::smallint as kind, hashtextextended(k.value, k.kind) as key
      from lead
      cross join lateral (
        select app.company_key(lead.company) as company, app.folded(trim(lead.first_name)) as first, app.folded(trim(lead.last_name)) as last
        offset 0
      ) folded
      cross join lateral (values
        (1, lead.phone),
        (1, nullif(lead.whatsapp_id, lead.phone)),
        (2, app.mailbox(lead.email)),
        (3, folded.company || ' ' || last),
        (4, folded.company || ' ' || least(left(first, 1), left(last, 1)) || greatest(left(first, 1), left(last, 1)))
      ) k(kind, value)
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[]) and lead.deleted_at is null
        and k.value is not null and (k.kind <> 4 or (first <> '' and last <> ''))
    ), gone as (
      delete from lead_key
      using (
        select had.*
        from unnest(${lead_ids}::uuid[]) changed(id) cross join lateral (${keysOf(ctx)}) had
        where (lead_id, kind, key) not in (select lead_id, kind, key from wanted)
        offset 0
      ) had
      where lead_key.workspace_id = ${ctx.workspace_id} and lead_key.lead_id = had.lead_id
        and lead_key.kind = had.kind and lead_key.key = had.key
    )
    insert into lead_key (workspace_id, kind, key, lead_id)
    select ${ctx.workspace_id}, kind, key, lead_id
    from wanted
    on conflict do nothing`.execute(ctx.db);
}

async function refreshPairs(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    with candidates as materialized (
      select distinct least(mine.lead_id, partner.id) as lead_a, greatest(mine.lead_id, partner.id) as lead_b
      from unnest(${lead_ids}::uuid[]) changed(id)
      cross join lateral (${keysOf(ctx)}) mine
      cross join lateral (
        select array_agg(lead_id) as ids
        from (
          select lead_id
          from lead_key
          where workspace_id = ${ctx.workspace_id} and kind = mine.kind and key = mine.key
          limit ${shared_max + 1}) sharing
      ) shared
      cross join unnest(shared.ids) partner(id)
      where cardinality(shared.ids) <= ${shared_max} and partner.id <> mine.lead_id
    ), judged as materialized (${judged(ctx)}),
    gone as (
      delete from duplicate_pair
      where workspace_id = ${ctx.workspace_id} and state = 'suggested'
        and (lead_a = any(${lead_ids}::uuid[]) or lead_b = any(${lead_ids}::uuid[]))
        and (lead_a, lead_b) not in (select lead_a, lead_b from judged)
    )
    insert into duplicate_pair (workspace_id, id, lead_a, lead_b, reasons, likeness, state, found_at)
    select ${ctx.workspace_id}, uuidv7(), lead_a, lead_b, reasons, likeness, 'suggested', ${now()}::timestamptz
    from judged
    order by lead_a, lead_b
    on conflict (workspace_id, lead_a, lead_b) do update set reasons = excluded.reasons, likeness = excluded.likeness
    where (duplicate_pair.reasons, duplicate_pair.likeness) is distinct from (excluded.reasons, excluded.likeness)`.execute(
    ctx.db,
  );
}

/** Of the candidates those with a reason, and how sure it makes. Keys are hashes: what counts are the values. */
function judged(ctx: Ctx): RawBuilder<unknown> {
  return sql`
    select lead_a, lead_b, reasons, round((1
        - (1 - case when same_address then ${sql.lit(sure.same_address)} else 0 end)
        * (1 - case when same_phone then ${sql.lit(sure.same_phone)} else 0 end)
        * (1 - coalesce(name, 0) * case when same_company then ${sql.lit(sure.similar_name)} else ${sql.lit(sure_of_name)} end)
      )::numeric, 2)::real as likeness
    from (
      select *, array_remove(array[
          case when same_address then 'same_address' end,
          case when same_phone then 'same_phone' end,
          case when same_company and name >= ${sql.lit(name_likeness_min)} then 'similar_name' end], null) as reasons
      from (
        select candidates.*,
          coalesce(app.mailbox(a.email) = app.mailbox(b.email), false) as same_address,
          coalesce(a.phone in (b.phone, b.whatsapp_id), false) or coalesce(a.whatsapp_id in (b.phone, b.whatsapp_id), false) as same_phone,
          coalesce(app.company_key(a.company) = app.company_key(b.company), false) as same_company,
          app.name_likeness(a.first_name, a.last_name, b.first_name, b.last_name) as name
        from candidates
        cross join lateral (${leadOf(ctx, sql`lead_a`)}) a
        cross join lateral (${leadOf(ctx, sql`lead_b`)}) b
        offset 0
      ) compared
    ) reasoned
    where reasons <> '{}'`;
}

/** Looked up for each pair. Joined without statistics, each lead of the workspace was held against each pair. */
function leadOf(ctx: Ctx, id: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select * from lead where lead.workspace_id = ${ctx.workspace_id} and lead.id = ${id} and lead.deleted_at is null offset 0`;
}

/** Of the lead `changed`, looked up as it comes: else, without statistics, an index of the workspace is read whole. */
function keysOf(ctx: Ctx): RawBuilder<unknown> {
  return sql`select lead_id, kind, key from lead_key where workspace_id = ${ctx.workspace_id} and lead_id = changed.id offset 0`;
}
