/** A part of an undo: what still is as the change left it gets back what it had. */
import { type RawBuilder, sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import { counted, leaveRemovedStages, markUndone, moveBack } from "../leads/index.ts";
import type { Mirror } from "../rules/index.ts";
import { addTag, assignment, beside, countsOf, events, mirrorsOfEdit, removeTag } from "./apply.sql.ts";
import { cellOf, reachable } from "./cells.sql.ts";
import { enterSet, leaveSet } from "./members.sql.ts";
import type { ChangeRow, Edit } from "./record.ts";

export interface LockedUndo {
  /** As PostgreSQL writes an array. */
  lead_ids: string;
  locked: number;
  looked_at: number;
  /** The last lead looked at; null at the end. */
  last: string | null;
}

/**
 * Locks, of the next leads that were changed, those to be restored, in the order of their ids: the value is still what
 * the change made it, and what it was is nobody else's by now.
 */
export async function lockUnedited(ctx: Ctx, set: ChangeRow, limit: number): Promise<LockedUndo> {
  const cell = cellOf(set.edit);
  const { rows } = await sql<LockedUndo>`
    with part as materialized (
      select lead_id, old, new
      from lead_change
      where workspace_id = ${ctx.workspace_id} and change_set_id = ${set.id} ${set.undo_after === null ? sql`` : sql`and lead_id > ${set.undo_after}::uuid`}
      order by lead_id
      limit ${limit}
    ), locked as materialized (
      select lead.id
      from part join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = part.lead_id
      where ${reachable(ctx, set.edit)} and ${notMovedSince(ctx, set)} and ${cell.valueOf("lead")} is not distinct from part.new and ${cell.free(sql`part.old`)}
      order by lead.id
      for no key update of lead
    )
    select array(select id from locked)::text as lead_ids,
      (select count(*) from locked)::int as locked,
      (select count(*) from part)::int as looked_at,
      (select max(lead_id::text) from part) as last`.execute(ctx.db);
  const [row] = rows;
  if (row === undefined) {
    throw new Error("locking leads answered nothing");
  }
  return row;
}

/** Gives the locked ones back what they had, each with its event. Answers how many there were. */
export async function restoreLocked(ctx: Ctx, set: ChangeRow, lead_ids: string): Promise<number> {
  const mirrors = await mirrorsOfEdit(ctx, set.edit);
  const { rows } = await sql<{ restored: number }>`
    with changed as (${restoration(ctx, set, mirrors, lead_ids)}),
    ${set.edit.kind === "stage" ? sql`${markUndone(ctx, { change_set_id: set.id }, "changed")},` : beside(ctx, set.edit, "undone")}
    told as (${events(ctx, set, "undone")})${set.edit.kind === "stage" ? sql`` : countsOf(ctx, set.edit)}
    select count(*)::int as restored from changed`.execute(ctx.db);
  if (claims(set.edit)) {
    await claimAgain(ctx, set.edit, lead_ids);
  }
  if (set.edit.kind === "bin") {
    await leaveRemovedStages(ctx, lead_ids);
  }
  return rows[0]?.restored ?? 0;
}

/** A lead that went away and came back has moved since, though its stage is the same. */
function notMovedSince(ctx: Ctx, set: ChangeRow): RawBuilder<unknown> {
  return set.edit.kind === "stage"
    ? sql`exists (
        select from stage_move m
        where m.workspace_id = ${ctx.workspace_id} and m.change_set_id = ${set.id} and m.lead_id = lead.id and m.moved_at = lead.stage_since)`
    : sql`true`;
}

function restoration(ctx: Ctx, set: ChangeRow, mirrors: Mirror[], lead_ids: string): RawBuilder<unknown> {
  const { edit } = set;
  const ids = sql`select id from unnest(${lead_ids}::uuid[]) id`;
  if (edit.kind === "tag") {
    return edit.add ? removeTag(ctx, edit, ids) : addTag(ctx, edit, ids);
  }
  if (edit.kind === "segment") {
    return edit.add ? leaveSet(ctx, edit, ids) : enterSet(ctx, edit, ids);
  }
  if (edit.kind === "stage") {
    return moveBack(ctx, { change_set_id: set.id }, lead_ids);
  }
  const cell = cellOf(edit);
  return sql`
    update lead set ${assignment(cell, mirrors, sql`c.old`)}, updated_at = now(), revision = lead.revision + 1
    from lead_change c
    where c.workspace_id = ${ctx.workspace_id} and c.change_set_id = ${set.id} and c.lead_id = any(${lead_ids}::uuid[])
      and c.field = ${cell.field} and lead.workspace_id = ${ctx.workspace_id} and lead.id = c.lead_id
    returning lead.id, c.new as was, c.old as is_now, ${counted}`;
}

function claims(edit: Edit): boolean {
  return edit.kind === "bin" || (edit.kind === "attribute" && edit.unique);
}

/** Values of unique fields are theirs again. One that was just given to another lead violates the key. */
async function claimAgain(ctx: Ctx, edit: Edit, lead_ids: string): Promise<void> {
  await sql`
    insert into lead_unique (workspace_id, field_key, value, lead_id)
    select lead.workspace_id, f.key, lower(lead.attributes ->> f.key), lead.id
    from lead join field f on f.workspace_id = lead.workspace_id and f.is_unique and f.deleted_at is null
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[])
      ${edit.kind === "attribute" ? sql`and f.key = ${edit.key}` : sql``}
      and jsonb_typeof(lead.attributes -> f.key) in ('string', 'number')`.execute(ctx.db);
}
