/** Sets of members, and the pass that one at a time may hold. */
import { Rule } from "@bellwether/contracts/rule";
import { sql } from "kysely";
import type { Ctx, Database } from "../../kernel/db.ts";
import { json } from "../../kernel/db.ts";
import { type Pace, SetRow } from "./record.ts";

/** Those of active segments that have a rule: what is kept up to date. Retired ones stay as they were. */
export async function selectSets(ctx: Ctx): Promise<SetRow[]> {
  const { rows } = await sql`
    select s.id, s.segment_id, segment.name, s.state, s.rule, s.moves, s.after, s.looked_at, s.started_at,
      nullif(segment.set_id, s.id) as before_id, segment.type = 'static' as once
    from segment_set s
    join segment on segment.workspace_id = s.workspace_id and segment.id = s.segment_id and segment.state = 'active' and segment.deleted_at is null
    where s.workspace_id = ${ctx.workspace_id} and s.state <> 'dropped' and s.rule is not null
    order by s.started_at, s.id`.execute(ctx.db);
  return SetRow.array().parse(rows);
}

/** Whether anybody could care about this workspace's leads at all. */
export async function hasSets(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql`
    select from segment_set where workspace_id = ${ctx.workspace_id} and state <> 'dropped' limit 1`.execute(
    ctx.db,
  );
  return rows.length > 0;
}

export interface Pass {
  passed_at: Date;
  passing_to: Date | null;
  after: string | null;
}

/** Locks the workspace's pass until the transaction ends; statements after it see what its last holder wrote. */
export async function lockPass(ctx: Ctx, at: Date): Promise<Pass> {
  await sql`
    insert into segment_pass (workspace_id, pace, passed_at)
    values (${ctx.workspace_id}, 'live', ${at}::timestamptz), (${ctx.workspace_id}, 'hourly', ${at}::timestamptz)
    on conflict do nothing`.execute(ctx.db);
  const { rows } = await sql<Pass>`
    select passed_at, passing_to, after
    from segment_pass
    where workspace_id = ${ctx.workspace_id} and pace = 'live'
    for update`.execute(ctx.db);
  return rows[0] ?? { passed_at: at, passing_to: null, after: null };
}

/** Of the pace; to be called with the live one locked. */
export async function selectPass(ctx: Ctx, pace: Pace): Promise<Pass | undefined> {
  const { rows } = await sql<Pass>`
    select passed_at, passing_to, after from segment_pass
    where workspace_id = ${ctx.workspace_id} and pace = ${pace}`.execute(ctx.db);
  return rows[0];
}

export async function updatePass(ctx: Ctx, pace: Pace, pass: Pass): Promise<void> {
  await sql`
    update segment_pass
    set passed_at = ${pass.passed_at}::timestamptz, passing_to = ${pass.passing_to}::timestamptz, after = ${pass.after}::uuid
    where workspace_id = ${ctx.workspace_id} and pace = ${pace}`.execute(ctx.db);
}

export interface NewSet {
  id: string;
  segment_id: string;
  rule: Rule | null;
  moves: Pace | null;
  state: "building" | "serving";
  at: Date;
}

/** The first that time moves begins now: nothing before it has to be made up for. */
export async function insertSet(ctx: Ctx, set: NewSet): Promise<void> {
  if (set.moves !== null) {
    await sql`
      update segment_pass set passed_at = greatest(passed_at, ${set.at}::timestamptz)
      where workspace_id = ${ctx.workspace_id} and pace = ${set.moves} and passing_to is null and not exists (
        select from segment_set where workspace_id = ${ctx.workspace_id} and moves = ${set.moves} and state <> 'dropped')`.execute(
      ctx.db,
    );
  }
  await sql`
    insert into segment_set (workspace_id, id, segment_id, state, rule, moves, started_at)
    values (${ctx.workspace_id}, ${set.id}, ${set.segment_id}, ${set.state}, ${set.rule === null ? null : json(set.rule)}, ${set.moves}, ${set.at}::timestamptz)`.execute(
    ctx.db,
  );
}

/** Sets of this segment in this state serve nobody any more; their members are deleted later. */
export async function dropSets(ctx: Ctx, segment_id: string, state: "building" | "serving"): Promise<void> {
  await sql`
    update segment_set set state = 'dropped'
    where workspace_id = ${ctx.workspace_id} and segment_id = ${segment_id} and state = ${state}`.execute(
    ctx.db,
  );
}

/** From here on it follows no rule. */
export async function freezeSet(ctx: Ctx, id: string): Promise<void> {
  await sql`
    update segment_set set rule = null, moves = null where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(
    ctx.db,
  );
}

/** By which rule a segment is being filled that has no members yet. */
export async function selectFilling(ctx: Ctx, segment_id: string): Promise<Rule | null> {
  const { rows } = await sql<{ rule: unknown }>`
    select rule from segment_set
    where workspace_id = ${ctx.workspace_id} and segment_id = ${segment_id}::uuid and state = 'building'`.execute(
    ctx.db,
  );
  return rows[0] === undefined ? null : Rule.parse(rows[0].rule);
}

/** Deletes some members of dropped sets, and the sets that have none left. Answers how many. */
export async function deleteDropped(ctx: Ctx, limit: number): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with dropped as (
      select m.set_id, m.lead_id
      from segment_member m
      where m.workspace_id = ${ctx.workspace_id} and m.set_id in (
        select id from segment_set where workspace_id = ${ctx.workspace_id} and state = 'dropped')
      limit ${limit}
    ), deleted as (
      delete from segment_member m using dropped d
      where m.workspace_id = ${ctx.workspace_id} and m.set_id = d.set_id and m.lead_id = d.lead_id
      returning m.lead_id
    )
    select count(*)::int as deleted from deleted`.execute(ctx.db);
  const deleted = rows[0]?.deleted ?? 0;
  if (deleted < limit) {
    await sql`
      with empty as (delete from segment_set where workspace_id = ${ctx.workspace_id} and state = 'dropped' returning id)
      delete from segment_away a using empty where a.workspace_id = ${ctx.workspace_id} and a.set_id = empty.id`.execute(
      ctx.db,
    );
  }
  return deleted;
}

/** Workspaces in which time may move somebody. */
export async function selectMovingWorkspaces(db: Database): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`
      select distinct workspace_id from segment_set where moves is not null and state <> 'dropped'`.execute(
      tx,
    );
    return rows.map((row) => row.workspace_id);
  });
}

/** Workspaces with members to be held against their rules. */
export async function selectKeptWorkspaces(db: Database): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`
      select distinct workspace_id from segment_set where state = 'serving' and rule is not null`.execute(tx);
    return rows.map((row) => row.workspace_id);
  });
}
