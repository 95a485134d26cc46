/** A merge as a change set: made at once, two leads, cell by cell. */
import { sql } from "kysely";
import type { Refused } from "@bellwether/contracts/changes";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import type { MergeCell } from "../leads/index.ts";
import type { MergeEdit } from "./record.ts";

export async function insertMerge(
  ctx: Ctx,
  merge: { id: string; summary: string; edit: MergeEdit; cells: MergeCell[] },
): Promise<void> {
  const { kind: asked_kind, ...asked } = merge.edit;
  await sql`
    insert into change_set (workspace_id, id, state, kind, summary, asked, edit, actor, total, done, changed, made_by, finished_at)
    values (${ctx.workspace_id}, ${merge.id}, 'done', ${asked_kind}, ${merge.summary}, ${json(asked)}, ${json(merge.edit)},
            ${json(ctx.actor)}, 2, 2, 2, ${json(actorRef(ctx.actor))}, now())`.execute(ctx.db);
  await sql`
    insert into lead_change (workspace_id, change_set_id, lead_id, field, old, new)
    select ${ctx.workspace_id}, ${merge.id}, r.lead_id, r.field, r.old, r.new
    from jsonb_to_recordset(${json(merge.cells)}) as r(lead_id uuid, field text, old jsonb, new jsonb)`.execute(
    ctx.db,
  );
}

export async function selectCells(ctx: Ctx, id: string): Promise<MergeCell[]> {
  const { rows } = await sql<MergeCell>`
    select lead_id, field, old, new
    from lead_change
    where workspace_id = ${ctx.workspace_id} and change_set_id = ${id}`.execute(ctx.db);
  return rows;
}

export async function closeUndoneMerge(
  ctx: Ctx,
  id: string,
  result: { restored: number; kept: number; refused: Refused[] },
): Promise<void> {
  await sql`
    update change_set set state = 'undone', undone_at = now(), undone_by = ${json(actorRef(ctx.actor))},
      restored = ${result.restored}, kept = ${result.kept}, refused = ${json(result.refused)}
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}
