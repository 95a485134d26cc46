import { sql } from "kysely";
import type { Refused } from "@bellwether/contracts/changes";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { AnyRow, type Edit } from "./record.ts";

export const columns = sql.raw(
  "id, state, kind, summary, edit, total, done, changed, unchanged, refused, next_part, undo_after, restored, kept, failure, made_by, created_at, finished_at, undone_by, undone_at",
);

/** Without leads yet; done, should there turn out to be none. */
export async function insertChangeSet(
  ctx: Ctx,
  set: { id: string; kind: string; summary: string; asked: unknown; edit: Edit },
): Promise<void> {
  await sql`
    insert into change_set (workspace_id, id, state, kind, summary, asked, edit, actor, total, made_by, finished_at)
    values (${ctx.workspace_id}, ${set.id}, 'done', ${set.kind}, ${set.summary}, ${json(set.asked)}, ${json(set.edit)},
            ${json(ctx.actor)}, 0, ${json(actorRef(ctx.actor))}, now())`.execute(ctx.db);
}

export async function openChangeSet(ctx: Ctx, id: string, total: number): Promise<void> {
  await sql`
    update change_set set state = 'running', total = ${total}, finished_at = null
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

export async function insertParts(
  ctx: Ctx,
  id: string,
  parts: { part: number; lead_ids: string }[],
): Promise<void> {
  await sql`
    insert into change_part (workspace_id, change_set_id, part, lead_ids)
    select ${ctx.workspace_id}, ${id}, p.part, p.lead_ids::uuid[]
    from unnest(${parts.map(({ part }) => part)}::int[], ${parts.map(({ lead_ids }) => lead_ids)}::text[]) p(part, lead_ids)`.execute(
    ctx.db,
  );
}

/** The lead ids of a part, as PostgreSQL writes them: they only go back to it. */
export async function selectPart(
  ctx: Ctx,
  id: string,
  part: number,
): Promise<{ lead_ids: string; leads: number } | undefined> {
  const { rows } = await sql<{ lead_ids: string; leads: number }>`
    select lead_ids::text as lead_ids, cardinality(lead_ids) as leads
    from change_part
    where workspace_id = ${ctx.workspace_id} and change_set_id = ${id} and part = ${part}`.execute(ctx.db);
  return rows[0];
}

export async function deleteParts(ctx: Ctx, id: string): Promise<void> {
  await sql`
    delete from change_part
    where workspace_id = ${ctx.workspace_id} and change_set_id = ${id}`.execute(ctx.db);
}

export async function selectChangeSet(ctx: Ctx, id: string, lock?: "lock"): Promise<AnyRow | null> {
  const { rows } = await sql`
    select ${columns}
    from change_set
    where workspace_id = ${ctx.workspace_id} and id = ${id}
    ${lock === undefined ? sql`` : sql`for update`}`.execute(ctx.db);
  return rows[0] === undefined ? null : AnyRow.parse(rows[0]);
}

export async function selectChangeSets(ctx: Ctx, before: string | null, limit: number): Promise<AnyRow[]> {
  const { rows } = await sql`
    select ${columns}
    from change_set
    where workspace_id = ${ctx.workspace_id} ${before === null ? sql`` : sql`and id < ${before}::uuid`}
    order by id desc
    limit ${limit}`.execute(ctx.db);
  return AnyRow.array().parse(rows);
}

export interface Advance {
  done: number;
  changed: number;
  unchanged: number;
  refused: Refused[];
}

/** Commits with its part; the caller has the row locked. */
export async function advanceChangeSet(ctx: Ctx, id: string, by: Advance): Promise<void> {
  await sql`
    update change_set set next_part = next_part + 1, done = done + ${by.done}, changed = changed + ${by.changed},
      unchanged = unchanged + ${by.unchanged}, refused = ${json(by.refused)}
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

export async function advanceUndo(
  ctx: Ctx,
  id: string,
  by: { after: string; restored: number; kept: number },
): Promise<void> {
  await sql`
    update change_set set undo_after = ${by.after}::uuid, restored = restored + ${by.restored}, kept = kept + ${by.kept}
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

/** An undo goes on with what the change made, from the first lead. */
export async function turnUndo(ctx: Ctx, id: string): Promise<void> {
  await sql`
    update change_set set next_part = next_part + 1, undo_after = '00000000-0000-0000-0000-000000000000'
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

export async function closeChangeSet(ctx: Ctx, id: string, state: "done" | "undone"): Promise<void> {
  const at = sql.ref(state === "done" ? "finished_at" : "undone_at");
  await sql`
    update change_set set state = ${state}, ${at} = now()
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

export async function failChangeSet(ctx: Ctx, id: string, failure: string): Promise<void> {
  await sql`
    update change_set set state = 'failed', failure = ${failure}, finished_at = coalesce(finished_at, now())
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

/** For its undo, in the name of who asks for it. */
export async function reopenChangeSet(ctx: Ctx, id: string): Promise<void> {
  await sql`
    update change_set set state = 'undoing', failure = null, actor = ${json(ctx.actor)}, undone_by = ${json(actorRef(ctx.actor))}
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}
