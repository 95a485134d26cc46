import { type RawBuilder, sql } from "kysely";
import { type Lead, tiers } from "@bellwether/contracts/leads";
import { type Ctx, prepared } from "../../kernel/db.ts";
import { overdue } from "../rules/index.ts";
import { visibleTo } from "./visible.sql.ts";

const utc = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';

/** A moment as the API writes it. */
export const time = (column: RawBuilder<unknown>) =>
  sql`to_char(${column} at time zone 'UTC', ${sql.lit(utc)})`;

/** A lead's members as the API shows them, from `lead` and its `stat`. */
export const leadMembers = {
  id: sql`lead.id`,
  email: sql`app.shown_email(lead.email)`,
  first_name: sql`lead.first_name`,
  last_name: sql`lead.last_name`,
  company: sql`lead.company`,
  job_title: sql`lead.job_title`,
  phone: sql`app.shown_phone(lead.phone)`,
  whatsapp_id: sql`app.shown_phone(lead.whatsapp_id)`,
  avatar_url: sql`lead.avatar_url`,
  owner_id: sql`lead.owner_id`,
  stage: sql`lead.stage`,
  stage_since: time(sql`lead.stage_since`),
  lost_reason: sql`lead.lost_reason`,
  overdue,
  score: sql`coalesce(stat.score, 0)`,
  tier: sql`case when stat.score >= ${sql.lit(tiers.hot)} then 'hot' when stat.score >= ${sql.lit(tiers.warm)} then 'warm' else 'cold' end`,
  qualification: sql`lead.qualification`,
  source: sql`lead.source`,
  tags: sql`array(
      select tag.name from lead_tag
      join tag on tag.workspace_id = lead_tag.workspace_id and tag.id = lead_tag.tag_id
      where lead_tag.workspace_id = lead.workspace_id and lead_tag.lead_id = lead.id
      order by tag.name_key)`,
  country: sql`lead.country`,
  region: sql`lead.region`,
  city: sql`lead.city`,
  time_zone: sql`lead.time_zone`,
  language: sql`lead.language`,
  external_id: sql`lead.external_id`,
  anonymous_id: sql`lead.anonymous_id`,
  attributes: sql`lead.attributes`,
  created_at: time(sql`lead.created_at`),
  updated_at: time(sql`lead.updated_at`),
  last_seen_at: time(sql`stat.last_seen_at`),
  hidden: sql`(lead.hidden_at is not null)`,
  revision: sql`lead.revision`,
};

/** Built by PostgreSQL: shaping rows in Node costs a third of a page's throughput. */
export function jsonObject(
  members: (readonly [name: string, value: RawBuilder<unknown>])[],
): RawBuilder<unknown> {
  return sql`json_build_object(${sql.join(members.map(([name, value]) => sql`${sql.lit(name)}, ${value}`))})`;
}

const leadColumns = sql.join(
  Object.entries(leadMembers).map(([name, value]) => sql`${value} as ${sql.ref(name)}`),
);

/** Visible leads, in the order of their ids' list. */
export async function selectLeads(ctx: Ctx, ids: string[]): Promise<Lead[]> {
  if (ids.length === 0) {
    return [];
  }
  const query = sql<Lead>`
    select ${leadColumns}
    from unnest(${ids}::uuid[]) with ordinality as wanted(id, place)
    join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = wanted.id
    left join lead_stat stat on stat.workspace_id = lead.workspace_id and stat.lead_id = lead.id
    where ${visibleTo(ctx.actor)}
    order by wanted.place`;
  return prepared(ctx, query);
}

/** Which of these the actor may see. */
export async function selectVisible(ctx: Ctx, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select lead.id from lead
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${ids}::uuid[]) and ${visibleTo(ctx.actor)}`.execute(
    ctx.db,
  );
  return rows.map((row) => row.id);
}
