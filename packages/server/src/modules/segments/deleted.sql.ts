/** Segments that were deleted and can still come back. */
import { sql } from "kysely";
import type { Ctx, Database } from "../../kernel/db.ts";
import { segmentColumns } from "./segments.sql.ts";
import { SegmentRow } from "./record.ts";

/** Locked. */
export async function selectDeleted(ctx: Ctx, id: string): Promise<SegmentRow | null> {
  const { rows } = await sql`
    select ${segmentColumns} from segment
    where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid and deleted_at is not null
    for update`.execute(ctx.db);
  return rows[0] === undefined ? null : SegmentRow.parse(rows[0]);
}

export async function selectAllDeleted(ctx: Ctx) {
  const { rows } = await sql<Pick<SegmentRow, "id" | "name" | "type"> & { deleted_at: Date }>`
    select id, name, type, deleted_at from segment
    where workspace_id = ${ctx.workspace_id} and deleted_at is not null
    order by deleted_at desc, id desc
    limit 200`.execute(ctx.db);
  return rows;
}

/** Time moves nobody in what nobody sees. */
export async function markDeleted(ctx: Ctx, id: string, at: Date): Promise<void> {
  await sql`
    update segment set deleted_at = ${at}::timestamptz where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid`.execute(
    ctx.db,
  );
  await sql`
    update segment_set set moves = null where workspace_id = ${ctx.workspace_id} and segment_id = ${id}::uuid`.execute(
    ctx.db,
  );
}

export async function unmarkDeleted(
  ctx: Ctx,
  { id, name, refresh }: Pick<SegmentRow, "id" | "name" | "refresh">,
  at: Date,
): Promise<void> {
  await sql`
    update segment
    set deleted_at = null, name = ${name}, name_key = app.folded(${name}), refresh = ${refresh}, updated_at = ${at}::timestamptz, version = version + 1
    where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid`.execute(ctx.db);
}

/** For good; their members are deleted later. Answers how many segments. */
export async function deleteExpired(ctx: Ctx, before: Date): Promise<number> {
  const { rows } = await sql`
    with gone as (
      delete from segment where workspace_id = ${ctx.workspace_id} and deleted_at < ${before}::timestamptz
      returning id
    ), dropped as (
      update segment_set s set state = 'dropped' from gone
      where s.workspace_id = ${ctx.workspace_id} and s.segment_id = gone.id
    )
    select id from gone`.execute(ctx.db);
  return rows.length;
}

export async function selectExpiredWorkspaces(db: Database, before: Date): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`
      select distinct workspace_id from segment where deleted_at < ${before}::timestamptz`.execute(tx);
    return rows.map((row) => row.workspace_id);
  });
}
