/** What a merge writes and reads beside the lead's own values, and what lets both be found again. */
import { sql } from "kysely";
import { type Ctx, scan } from "../../kernel/db.ts";
import { counted, keepCounts } from "./counts.sql.ts";
import type { LeadState } from "./values.ts";
import { visibleTo } from "./visible.sql.ts";
import { selectStates } from "./write.sql.ts";

/**
 * These leads, which come first, and all that were merged into them, and into those. As a search: the rows of merged leads may be hidden
 * from somebody who sees the one they became, and their history is this one's now.
 */
export async function mergedIds(ctx: Ctx, lead_ids: string[]): Promise<string[]> {
  return scan(ctx, async () => {
    const { rows } = await sql<{ id: string }>`
      with recursive family as (
        select unnest(${lead_ids}::uuid[]) as id
        union
        select lead.id
        from family
        join lead on lead.workspace_id = ${ctx.workspace_id} and lead.merged_into = family.id
      )
      select id from family order by array_position(${lead_ids}::uuid[], id) nulls last`.execute(ctx.db);
    return rows.map((row) => row.id);
  });
}

/** The visible lead that this one became; undefined where it was not merged, or the caller may not see the other. */
export async function selectSurvivor(ctx: Ctx, lead_id: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    with recursive line as (
      select id, merged_into
      from lead
      where workspace_id = ${ctx.workspace_id} and id = ${lead_id} and merged_into is not null
      union
      select lead.id, lead.merged_into
      from line
      join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = line.merged_into
    )
    select lead.id
    from line
    join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = line.id
    where line.merged_into is null and ${visibleTo(ctx.actor)}`.execute(ctx.db);
  return rows[0]?.id;
}

/** Out of sight, its addresses and unique values free, and not in the bin. */
export async function retireLead(ctx: Ctx, lead_id: string, into: string): Promise<void> {
  await sql`
    with retired as (
      update lead set deleted_at = now(), merged_into = ${into}::uuid, updated_at = now(), revision = revision + 1
      where workspace_id = ${ctx.workspace_id} and id = ${lead_id}
      returning new.workspace_id, new.id, ${counted}
    ), ${keepCounts(ctx, "retired")}
    delete from lead_unique using retired
    where lead_unique.workspace_id = retired.workspace_id and lead_unique.lead_id = retired.id`.execute(
    ctx.db,
  );
}

export async function reviveLead(ctx: Ctx, lead_id: string): Promise<void> {
  await sql`
    with revived as (
      update lead set deleted_at = null, merged_into = null, updated_at = now(), revision = revision + 1
      where workspace_id = ${ctx.workspace_id} and id = ${lead_id}
      returning ${counted}
    ), ${keepCounts(ctx, "revived")}
    select 1`.execute(ctx.db);
}

export interface AnyLead extends LeadState {
  deleted: boolean;
  merged_into: string | null;
}

/** Leads in sight or not, locked until the transaction ends, always in the same order. */
export async function lockAnyLeads(ctx: Ctx, lead_ids: string[]): Promise<AnyLead[]> {
  const states = await selectStates(ctx, sql`lead.id = any(${lead_ids}::uuid[])`);
  const { rows } = await sql<Pick<AnyLead, "id" | "deleted" | "merged_into">>`
    select id, deleted_at is not null as deleted, merged_into
    from lead
    where workspace_id = ${ctx.workspace_id} and id = any(${lead_ids}::uuid[])`.execute(ctx.db);
  return states.flatMap((state) => {
    const where = rows.find((row) => row.id === state.id);
    return where === undefined ? [] : [{ ...state, ...where }];
  });
}

/** Tags one lead as another is. Answers the tags that it didn't have. */
export async function copyTags(ctx: Ctx, from: string, to: string): Promise<string[]> {
  const { rows } = await sql<{ tag_id: string }>`
    insert into lead_tag (workspace_id, lead_id, tag_id)
    select workspace_id, ${to}::uuid, tag_id
    from lead_tag
    where workspace_id = ${ctx.workspace_id} and lead_id = ${from}
    on conflict do nothing
    returning tag_id`.execute(ctx.db);
  return rows.map((row) => row.tag_id).toSorted();
}

export async function removeTags(ctx: Ctx, lead_id: string, tag_ids: string[]): Promise<void> {
  await sql`
    delete from lead_tag
    where workspace_id = ${ctx.workspace_id} and lead_id = ${lead_id} and tag_id = any(${tag_ids}::uuid[])`.execute(
    ctx.db,
  );
}

/** The points that a lead got from another, and the time that it was last seen before and after. */
export interface JoinedStat {
  points: number;
  seen_before: string | null;
  seen_after: string | null;
}

const utc = (column: string) =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Adds another lead's points, and takes over when it was last seen, if later. Null: the other has neither. */
export async function joinStat(ctx: Ctx, from: string, to: string): Promise<JoinedStat | null> {
  const { rows } = await sql<JoinedStat>`
    insert into lead_stat (workspace_id, lead_id, score, last_seen_at)
    select workspace_id, ${to}::uuid, score, last_seen_at
    from lead_stat
    where workspace_id = ${ctx.workspace_id} and lead_id = ${from} and (score <> 0 or last_seen_at is not null)
    on conflict (workspace_id, lead_id) do update
      set score = lead_stat.score + excluded.score, last_seen_at = greatest(lead_stat.last_seen_at, excluded.last_seen_at)
    returning new.score - coalesce(old.score, 0) as points, ${utc("old.last_seen_at")} as seen_before,
      ${utc("new.last_seen_at")} as seen_after`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Takes the points away again, and the time unless the lead was seen since. */
export async function partStat(ctx: Ctx, lead_id: string, stat: JoinedStat): Promise<void> {
  await sql`
    update lead_stat set score = score - ${stat.points}::int,
      last_seen_at = case when last_seen_at is not distinct from ${stat.seen_after}::timestamptz then ${stat.seen_before}::timestamptz
        else last_seen_at end
    where workspace_id = ${ctx.workspace_id} and lead_id = ${lead_id}`.execute(ctx.db);
}

/** How many notes and events these leads have. */
export async function countHistory(ctx: Ctx, lead_ids: string[]): Promise<{ notes: number; events: number }> {
  const { rows } = await sql<{ notes: number; events: number }>`
    select (select count(*) from note where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[]))::int as notes,
      (select count(*) from event where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[]))::int as events`.execute(
    ctx.db,
  );
  return rows[0] ?? { notes: 0, events: 0 };
}

/** Takes the values from the tale of merges and their undoing that these leads were part of; for who erases them. */
export async function forgetMerges(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    update event e set data = e.data - 'changes'
    from (
      select distinct (data ->> 'into')::uuid as lead_id, lead_id as other_id
      from event
      where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])
        and name in ('lead.merged', 'lead.unmerged') and data ? 'into'
    ) merged
    where e.workspace_id = ${ctx.workspace_id} and e.lead_id = merged.lead_id and e.subject_id = merged.other_id
      and e.name in ('lead.merged', 'lead.unmerged')`.execute(ctx.db);
}
