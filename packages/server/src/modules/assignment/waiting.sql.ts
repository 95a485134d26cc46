/** Leads that wait for somebody of their rule, as SQL. */
import { waiting_max } from "@bellwether/contracts/assignment";
import { sql } from "kysely";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";

/** Who waits already goes on waiting. The caller has the rules locked; from now on they are looked at. */
export async function insertWaiting(
  ctx: Ctx,
  waiting: readonly { lead_id: string; rule_id: string }[],
): Promise<void> {
  const at = now();
  await sql`
    insert into assignment_wait (workspace_id, lead_id, rule_id, since)
    select ${ctx.workspace_id}::uuid, lead_id, rule_id, ${at}::timestamptz
    from unnest(${waiting.map((each) => each.lead_id)}::uuid[], ${waiting.map((each) => each.rule_id)}::uuid[]) as w(lead_id, rule_id)
    on conflict do nothing`.execute(ctx.db);
  await sql`
    update assignment_rule set look_at = ${at}::timestamptz
    where workspace_id = ${ctx.workspace_id} and id = any(${waiting.map((each) => each.rule_id)}::uuid[]) and look_at is null`.execute(
    ctx.db,
  );
}

/** Those with a rule for which leads wait and somebody may be there by now. */
export async function selectDueWorkspaces(db: Database): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`
      select distinct workspace_id from assignment_rule
      where look_at <= ${now()}::timestamptz and enabled`.execute(tx);
    return rows.map((row) => row.workspace_id);
  });
}

export async function selectDueRule(ctx: Ctx): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from assignment_rule
    where workspace_id = ${ctx.workspace_id} and look_at <= ${now()}::timestamptz and enabled
    order by look_at, id
    limit 1`.execute(ctx.db);
  return rows[0]?.id ?? null;
}

/** The next in the order they came; `had_owner`: somebody had it since, so it is nobody's business here any more. */
export async function selectWaiting(
  ctx: Ctx,
  rule_id: string,
  limit: number,
): Promise<{ lead_id: string; had_owner: boolean }[]> {
  const { rows } = await sql<{ lead_id: string; had_owner: boolean }>`
    select w.lead_id, exists (
        select from event e
        where e.workspace_id = w.workspace_id and e.lead_id = w.lead_id and e.name = 'lead.assigned' and e.occurred_at >= w.since) as had_owner
    from assignment_wait w
    where w.workspace_id = ${ctx.workspace_id} and w.rule_id = ${rule_id}
    order by w.lead_id
    limit ${limit}`.execute(ctx.db);
  return rows;
}

export async function deleteWaiting(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    delete from assignment_wait
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])`.execute(ctx.db);
}

/** `at` null: not again, if no lead waits. The caller has the rules locked, so that none begins to meanwhile. */
export async function updateLook(ctx: Ctx, rule_id: string, at: Date | null): Promise<void> {
  const waits = sql`exists (
    select from assignment_wait w where w.workspace_id = ${ctx.workspace_id} and w.rule_id = ${rule_id})`;
  await sql`
    update assignment_rule set look_at = ${at}::timestamptz
    where workspace_id = ${ctx.workspace_id} and id = ${rule_id} ${at === null ? sql`and not ${waits}` : sql``}`.execute(
    ctx.db,
  );
}

/** Somebody may be there sooner than was thought: rules or working hours changed. */
export async function lookNow(ctx: Ctx): Promise<void> {
  await sql`
    update assignment_rule set look_at = ${now()}::timestamptz
    where workspace_id = ${ctx.workspace_id} and look_at > ${now()}::timestamptz`.execute(ctx.db);
}

/** How many wait for each rule, counted up to a bound. Those whose owner came another way are out. */
export async function countWaiting(ctx: Ctx): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; waiting: number }>`
    select r.id, (
        select count(*)::int
        from (
          select from assignment_wait w join lead on lead.workspace_id = w.workspace_id and lead.id = w.lead_id
          where w.workspace_id = ${ctx.workspace_id} and w.rule_id = r.id
            and lead.owner_id is null and not lead.final and lead.deleted_at is null
          limit ${waiting_max}
        ) counted
      ) as waiting
    from assignment_rule r
    where r.workspace_id = ${ctx.workspace_id} and r.look_at is not null`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row.waiting]));
}
