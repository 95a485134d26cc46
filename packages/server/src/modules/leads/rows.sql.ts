import { sql } from "kysely";
import type { Lead } from "@bellwether/contracts/leads";
import type { Ctx } from "../../kernel/db.ts";
import { visibleTo } from "./visible.sql.ts";

const utc = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';

/** A lead as the API shows it, built by PostgreSQL: shaping rows in Node costs a third of a page's throughput. */
const leadJson = sql<Lead>`
  json_build_object(
    'id', lead.id, 'email', app.shown_email(lead.email), 'first_name', lead.first_name, 'last_name', lead.last_name,
    'company', lead.company, 'job_title', lead.job_title, 'phone', app.shown_phone(lead.phone),
    'whatsapp_id', app.shown_phone(lead.whatsapp_id), 'avatar_url', lead.avatar_url, 'owner_id', lead.owner_id, 'stage', lead.stage,
    'score', coalesce(stat.score, 0),
    'tier', case when stat.score >= 50 then 'hot' when stat.score >= 20 then 'warm' else 'cold' end,
    'qualification', lead.qualification, 'source', lead.source,
    'tags', array(
      select tag.name from lead_tag
      join tag on tag.workspace_id = lead_tag.workspace_id and tag.id = lead_tag.tag_id
      where lead_tag.workspace_id = lead.workspace_id and lead_tag.lead_id = lead.id
      order by tag.name_key),
    'country', lead.country, 'region', lead.region, 'city', lead.city, 'time_zone', lead.time_zone, 'language', lead.language,
    'external_id', lead.external_id, 'attributes', lead.attributes,
    'created_at', to_char(lead.created_at at time zone 'UTC', ${sql.lit(utc)}),
    'updated_at', to_char(lead.updated_at at time zone 'UTC', ${sql.lit(utc)}),
    'last_seen_at', to_char(stat.last_seen_at at time zone 'UTC', ${sql.lit(utc)}),
    'revision', lead.revision)`;

/** Visible leads, in the order of their ids' list. */
export async function selectLeads(ctx: Ctx, ids: string[]): Promise<Lead[]> {
  if (ids.length === 0) {
    return [];
  }
  const { rows } = await sql<{ lead: Lead }>`
    select ${leadJson} as lead
    from unnest(${ids}::uuid[]) with ordinality as wanted(id, place)
    join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = wanted.id
    left join lead_stat stat on stat.workspace_id = lead.workspace_id and stat.lead_id = lead.id
    where ${visibleTo(ctx.actor)}
    order by wanted.place`.execute(ctx.db);
  return rows.map((row) => row.lead);
}

/** Which of these the actor may see. */
export async function selectVisible(ctx: Ctx, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select lead.id from lead
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${ids}::uuid[]) and ${visibleTo(ctx.actor)}`.execute(ctx.db);
  return rows.map((row) => row.id);
}
