/** Kept counts: how many leads stand in each stage, by owner. Read without looking at a lead. */
import { type RawBuilder, sql } from "kysely";
import type { Ctx, Database } from "../../kernel/db.ts";

type Raw = RawBuilder<unknown>;
const nobody = sql`'00000000-0000-0000-0000-000000000000'::uuid`;
const counts = (row: string) =>
  sql`(${sql.ref(`${row}.id`)} is not null and ${sql.ref(`${row}.deleted_at`)} is null and ${sql.ref(`${row}.hidden_at`)} is null)`;

/** In the `returning` of every statement that makes, moves, assigns, bins, hides or deletes leads: what `keepCounts` reads. */
export const counted: Raw = sql`old.stage as stage_before, old.owner_id as owner_before, ${counts("old")} as counted_before,
  new.stage as stage_after, new.owner_id as owner_after, ${counts("new")} as counted_after`;

/** A common table expression: what the statement before it, called so, changed of the counts. */
export function keepCounts(ctx: Ctx, written: string): Raw {
  const rows = sql.ref(written);
  return sql`${sql.ref(`${written}_counted`)} as (
      insert into lead_count_change (workspace_id, id, stage, owner_id, leads)
      select ${ctx.workspace_id}::uuid, uuidv7(), stage, coalesce(owner_id, ${nobody}), sum(leads)
      from (
        select stage_before as stage, owner_before as owner_id, -1 as leads from ${rows} where counted_before
        union all
        select stage_after, owner_after, 1 from ${rows} where counted_after
      ) differences
      group by stage, owner_id
      having sum(leads) <> 0
    )`;
}

export interface KeptCounts {
  stages: Map<string, number>;
  /** How many differences had to be added up: above some thousands it is time to fold them. */
  unfolded: number;
}

/** Exactly the leads that the actor may see. */
export async function selectCounts(ctx: Ctx): Promise<KeptCounts> {
  const own = ctx.actor.own_only;
  const visible = own === null ? sql`true` : sql`owner_id in (${nobody}, ${own}::uuid)`;
  const { rows } = await sql<{ stage: string; leads: number; unfolded: number }>`
    select stage, sum(leads)::int as leads, sum(unfolded)::int as unfolded
    from (
      select stage, owner_id, leads, 0 as unfolded from lead_count where workspace_id = ${ctx.workspace_id}
      union all
      select stage, owner_id, leads, 1 from lead_count_change where workspace_id = ${ctx.workspace_id}
    ) kept
    where ${visible}
    group by stage`.execute(ctx.db);
  return {
    stages: new Map(rows.map((row) => [row.stage, row.leads])),
    unfolded: rows.reduce((sum, row) => sum + row.unfolded, 0),
  };
}

/** How many leads in open stages each member owns, hidden ones aside; and nobody, under null. */
export async function selectOpenByOwner(ctx: Ctx): Promise<Map<string | null, number>> {
  const { rows } = await sql<{ owner_id: string | null; leads: number }>`
    select nullif(owner_id, ${nobody}) as owner_id, sum(leads)::int as leads
    from (
      select stage, owner_id, leads from lead_count where workspace_id = ${ctx.workspace_id}
      union all
      select stage, owner_id, leads from lead_count_change where workspace_id = ${ctx.workspace_id}
    ) kept
    join stage on stage.workspace_id = ${ctx.workspace_id} and stage.key = kept.stage and not stage.final
    group by owner_id`.execute(ctx.db);
  return new Map(rows.map((row) => [row.owner_id, row.leads]));
}

/** Folds the differences in; readers see the same before and after. Of two at once each folds what it deletes. */
export async function foldCounts(ctx: Ctx): Promise<void> {
  await sql`
    with folded as (
      delete from lead_count_change where workspace_id = ${ctx.workspace_id}
      returning stage, owner_id, leads
    )
    insert into lead_count (workspace_id, stage, owner_id, leads)
    select ${ctx.workspace_id}::uuid, stage, owner_id, sum(leads) from folded group by stage, owner_id
    on conflict (workspace_id, stage, owner_id) do update set leads = lead_count.leads + excluded.leads`.execute(
    ctx.db,
  );
  await sql`delete from lead_count where workspace_id = ${ctx.workspace_id} and leads = 0`.execute(ctx.db);
}

export interface Drift {
  stage: string;
  owner_id: string;
  leads: number;
}

/** Counts every lead again. What the kept counts lacked is added and answered: nothing, unless a statement forgot them. */
export async function recount(ctx: Ctx): Promise<Drift[]> {
  const { rows } = await sql<Drift>`
    with drift as (
      select stage, owner_id, sum(leads) as leads
      from (
        select stage, coalesce(owner_id, ${nobody}) as owner_id, count(*) as leads
        from lead
        where workspace_id = ${ctx.workspace_id} and deleted_at is null and hidden_at is null
        group by 1, 2
        union all
        select stage, owner_id, -leads from lead_count where workspace_id = ${ctx.workspace_id}
        union all
        select stage, owner_id, -leads from lead_count_change where workspace_id = ${ctx.workspace_id}
      ) both_ways
      group by stage, owner_id
      having sum(leads) <> 0
    ), repaired as (
      insert into lead_count_change (workspace_id, id, stage, owner_id, leads)
      select ${ctx.workspace_id}::uuid, uuidv7(), stage, owner_id, leads from drift
    )
    select stage, owner_id, leads::int as leads from drift`.execute(ctx.db);
  return rows;
}

/** Where there is something to fold, in every workspace. */
export async function selectUnfolded(db: Database): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`
      select distinct workspace_id from lead_count_change`.execute(tx);
    return rows.map((row) => row.workspace_id);
  });
}

export async function selectWorkspaces(db: Database): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`select workspace_id from workspace`.execute(tx);
    return rows.map((row) => row.workspace_id);
  });
}
