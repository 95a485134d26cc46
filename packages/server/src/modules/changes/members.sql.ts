/** Members of static segments, written by set: by bulk changes, and by hand in modules/segments. */
import { type RawBuilder, sql } from "kysely";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";

type Raw = RawBuilder<unknown>;

export interface MembersOf {
  segment_id: string;
  set_id: string;
}

/** One that bulk changes may be about, if it is static. */
export async function selectStaticSegment(ctx: Ctx, id: string) {
  const { rows } = await sql<{ name: string; type: string; state: string; set_id: string | null }>`
    select name, type, state, set_id from segment
    where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid and deleted_at is null`.execute(ctx.db);
  return rows[0] ?? null;
}

/** `ids`: a query of lead ids. Answers those that weren't in it. */
export function enterSet(ctx: Ctx, of: MembersOf, ids: Raw): Raw {
  return sql`
    insert into segment_member (workspace_id, set_id, lead_id, entered_at)
    select ${ctx.workspace_id}::uuid, ${of.set_id}::uuid, wanted.id, ${now()}::timestamptz
    from (${ids}) wanted
    on conflict do nothing
    returning lead_id as id, null::jsonb as was, to_jsonb(${of.segment_id}::text) as is_now`;
}

/**
 * Answers those that were in it. Each is looked up by its key: as a join, without hashes (`byKeys`) and with statistics that
 * don't know the set yet, every member would be compared with every id.
 */
export function leaveSet(ctx: Ctx, of: MembersOf, ids: Raw): Raw {
  return sql`
    delete from segment_member
    where workspace_id = ${ctx.workspace_id} and set_id = ${of.set_id}::uuid and lead_id = any(array(${ids}))
    returning lead_id as id, to_jsonb(${of.segment_id}::text) as was, null::jsonb as is_now`;
}

/** Common table expressions: the set's size, and the day's comings and goings, after the statement called so. */
export function keepSize(ctx: Ctx, of: MembersOf, written: string, entered: boolean): Raw {
  const rows = sql.ref(written);
  return sql`sized as (
      update segment_set set size = size + ${sql.lit(entered ? 1 : -1)} * (select count(*)::int from ${rows})
      where workspace_id = ${ctx.workspace_id} and id = ${of.set_id}::uuid and exists (select from ${rows})
      returning size
    ), ${keepDay(
      ctx,
      sql`select ${of.segment_id}::uuid as segment_id, ${entered ? sql`count(*)` : sql`0`} as entered, ${entered ? sql`0` : sql`count(*)`} as left_again, sized.size
        from ${rows} cross join sized group by sized.size`,
    )}`;
}

/** `moved`: a query of segment_id, entered, left_again and size. */
export function keepDay(ctx: Ctx, moved: Raw): Raw {
  return sql`days as (
      insert into segment_day as kept (workspace_id, segment_id, day, entered, left_again, size)
      select ${ctx.workspace_id}::uuid, moved.segment_id, ${today(ctx)}::date, moved.entered, moved.left_again, moved.size
      from (${moved}) moved
      on conflict (workspace_id, segment_id, day) do update
        set entered = kept.entered + excluded.entered, left_again = kept.left_again + excluded.left_again, size = excluded.size
    )`;
}

/** In the workspace's time zone. */
function today(ctx: Ctx): string {
  return Temporal.Instant.fromEpochMilliseconds(now().getTime())
    .toZonedDateTimeISO(ctx.actor.time_zone)
    .toPlainDate()
    .toString();
}
