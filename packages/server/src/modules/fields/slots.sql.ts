/** Which fast field has which spare column of lead, and how far it is filled or emptied. */
import { type RawBuilder, sql } from "kysely";
import type { Ctx, Database } from "../../kernel/db.ts";
import type { Mirror, Slot } from "../rules/index.ts";

const slots = { t: "t1 t2 t3 t4 t5 t6 t7 t8".split(" "), n: "n1 n2 n3 n4 n5 n6 n7 n8".split(" ") };
export type SlotKind = keyof typeof slots;

/** Whoever gives out slots, or counts fields, is alone in the workspace until the transaction ends. */
export async function lockFields(ctx: Ctx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`fields:${ctx.workspace_id}`}, 0))`.execute(
    ctx.db,
  );
}

/** The next free one; one that is still being emptied is not free. */
export async function freeSlot(ctx: Ctx, kind: SlotKind): Promise<string | null> {
  const { rows } = await sql<{ slot: string }>`
    select s.slot from unnest(${slots[kind]}::text[]) as s(slot)
    where not exists (select from field where workspace_id = ${ctx.workspace_id} and field.slot = s.slot)
    order by s.slot
    limit 1`.execute(ctx.db);
  return rows[0]?.slot ?? null;
}

/** Its job begins again from the first lead. */
export async function setSlot(ctx: Ctx, key: string, slot: Slot | null): Promise<void> {
  await changeSlot(
    ctx,
    key,
    sql`slot = ${slot?.column ?? null}, slot_state = ${slot?.state ?? null}, slot_after = null, slot_done = 0, slot_total = null`,
  );
}

/** What a job has to do with a field's slot. */
export interface SlotWork extends Mirror {
  state: Slot["state"];
  /** The last lead that was looked at; null before the first. */
  after: string | null;
  total: number | null;
}

/** Null where there is nothing to do. Locked, so that of two workers one waits and goes on where the other was. */
export async function lockSlotWork(ctx: Ctx, key: string): Promise<SlotWork | null> {
  const { rows } = await sql<SlotWork>`
    select key, type, slot as column, slot_state as state, slot_after as after, slot_total as total
    from field
    where workspace_id = ${ctx.workspace_id} and key = ${key} and slot_state in ('filling', 'clearing')
    for no key update`.execute(ctx.db);
  return rows[0] ?? null;
}

export async function beginSlotWork(ctx: Ctx, key: string, total: number): Promise<void> {
  await changeSlot(ctx, key, sql`slot_total = ${total}`);
}

export async function advanceSlotWork(ctx: Ctx, key: string, after: string, done: number): Promise<void> {
  await changeSlot(ctx, key, sql`slot_after = ${after}::uuid, slot_done = slot_done + ${done}::int`);
}

/** What was filled may be read, what was emptied is free. */
export async function finishSlotWork(ctx: Ctx, work: SlotWork): Promise<void> {
  await setSlot(ctx, work.key, work.state === "filling" ? { column: work.column, state: "ready" } : null);
}

async function changeSlot(ctx: Ctx, key: string, change: RawBuilder<unknown>): Promise<void> {
  await sql`update field set ${change} where workspace_id = ${ctx.workspace_id} and key = ${key}`.execute(
    ctx.db,
  );
}

/** The column of a field that is being deleted. */
export async function fieldSlot(ctx: Ctx, key: string): Promise<string | null> {
  const { rows } = await sql<{ slot: string | null }>`
    select slot from field where workspace_id = ${ctx.workspace_id} and key = ${key}`.execute(ctx.db);
  return rows[0]?.slot ?? null;
}

/** Fields whose slots are to be written now: to be asked in the transaction that writes. */
export async function writtenMirrors(ctx: Ctx): Promise<Mirror[]> {
  const { rows } = await sql<Mirror>`
    select key, type, slot as column
    from field
    where workspace_id = ${ctx.workspace_id} and slot_state in ('filling', 'ready')
    order by slot`.execute(ctx.db);
  return rows;
}

/** Fields of all workspaces that a job is to prepare, and has not begun with. */
export async function selectUnprepared(db: Database): Promise<{ workspace_id: string; key: string }[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string; key: string }>`
      select workspace_id, key from field where slot_state in ('filling', 'clearing') and slot_total is null and deleted_at is null`.execute(
      tx,
    );
    return rows;
  });
}
