import { sql } from "kysely";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { Ctx } from "../../kernel/db.ts";

const columns = sql.raw("key, name, colour, kind, position, target_days, required_fields");

export async function insertStages(ctx: Ctx, stages: Stage[]): Promise<void> {
  await ctx.db
    .insertInto("stage")
    .values(stages.map((stage) => ({ workspace_id: ctx.workspace_id, ...stage })))
    .execute();
}

/** `lock`: nobody else changes the list until the transaction ends; leads move on meanwhile. */
export async function selectStages(ctx: Ctx, lock?: "lock") {
  const { rows } = await sql`
    select ${columns} from stage
    where workspace_id = ${ctx.workspace_id} and removed_at is null
    order by position, key
    ${lock === undefined ? sql`` : sql`for no key update`}`.execute(ctx.db);
  return rows;
}

/** Waits for whoever holds the stage (`holdStages`), and keeps leads from entering until the transaction ends. */
export async function closeToLeads(ctx: Ctx, key: string): Promise<void> {
  await sql`
    select key from stage where workspace_id = ${ctx.workspace_id} and key = ${key} for update`.execute(
    ctx.db,
  );
}

/**
 * Of these, the stages that exist, which then can't be removed until the transaction ends. Whoever puts leads into
 * a stage calls it first; removing waits, and finds the leads.
 */
export async function holdStages(ctx: Ctx, keys: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select key from stage
    where workspace_id = ${ctx.workspace_id} and removed_at is null and key = any(${keys}::text[])
    order by key
    for key share`.execute(ctx.db);
  return new Set(rows.map((row) => row.key));
}

/** Keys of removed stages stay taken. */
export async function selectKeys(ctx: Ctx): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select key from stage where workspace_id = ${ctx.workspace_id}`.execute(ctx.db);
  return new Set(rows.map((row) => row.key));
}

export type StageChanges = Partial<Omit<Stage, "key" | "position">>;
export async function updateStageRow(ctx: Ctx, key: string, changes: StageChanges): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  await ctx.db
    .updateTable("stage")
    .set(changes)
    .where("workspace_id", "=", ctx.workspace_id)
    .where("key", "=", key)
    .execute();
}

export async function updateStageOrder(ctx: Ctx, keys: string[]): Promise<void> {
  await sql`
    update stage set position = o.position - 1
    from unnest(${keys}::text[]) with ordinality as o(key, position)
    where stage.workspace_id = ${ctx.workspace_id} and stage.key = o.key`.execute(ctx.db);
}

/** The row stays for what still names the stage: leads in the bin, moves, an undo. */
export async function markRemoved(ctx: Ctx, key: string, moved_to: string | null): Promise<void> {
  await sql`
    update stage set removed_at = now(), moved_to = ${moved_to}
    where workspace_id = ${ctx.workspace_id} and key = ${key}`.execute(ctx.db);
}

/** Null when the stage was not removed, or never was. */
export async function unmarkRemoved(ctx: Ctx, key: string, name: string): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    update stage set removed_at = null, moved_to = null, name = ${name}
    where workspace_id = ${ctx.workspace_id} and key = ${key} and removed_at is not null
    returning name`.execute(ctx.db);
  return rows[0]?.name ?? null;
}

export async function selectRemovedName(ctx: Ctx, key: string): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    select name from stage
    where workspace_id = ${ctx.workspace_id} and key = ${key} and removed_at is not null`.execute(ctx.db);
  return rows[0]?.name ?? null;
}

/** In the bin or not: those there come back to it. */
export async function stageIsUsed(ctx: Ctx, key: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from lead where workspace_id = ${ctx.workspace_id} and stage = ${key}) as used`.execute(
    ctx.db,
  );
  return rows[0]?.used === true;
}

export async function selectLostReasons(ctx: Ctx): Promise<string[] | null> {
  const row = await ctx.db
    .selectFrom("lost_reason_list")
    .select("reasons")
    .where("workspace_id", "=", ctx.workspace_id)
    .executeTakeFirst();
  return row?.reasons ?? null;
}

export async function upsertLostReasons(ctx: Ctx, reasons: string[]): Promise<void> {
  await sql`
    insert into lost_reason_list (workspace_id, reasons) values (${ctx.workspace_id}, ${reasons}::text[])
    on conflict (workspace_id) do update set reasons = excluded.reasons`.execute(ctx.db);
}
