/** An import as a change set: the same id, opened when it runs, and every cell that it overwrites recorded by its chunks. */
import { type RawBuilder, sql } from "kysely";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { columns } from "./changes.sql.ts";
import { AnyRow, type ImportEdit } from "./record.ts";

export interface Written {
  created: number;
  updated: number;
  unchanged: number;
}

/** Again for an import that failed half-way and runs once more: what it overwrote before stays recorded. */
export async function openImport(
  ctx: Ctx,
  set: { id: string; summary: string; asked: unknown; edit: ImportEdit; total: number },
): Promise<void> {
  await sql`
    insert into change_set (workspace_id, id, state, kind, summary, asked, edit, actor, total, made_by)
    values (${ctx.workspace_id}, ${set.id}, 'running', 'import', ${set.summary}, ${json(set.asked)}, ${json(set.edit)},
            ${json(ctx.actor)}, ${set.total}, ${json(actorRef(ctx.actor))})
    on conflict (workspace_id, id) do update set state = 'running', edit = excluded.edit || '{"uncounted": true}', total = excluded.total, done = 0,
      changed = 0, unchanged = 0, failure = null, finished_at = null`.execute(ctx.db);
}

/** With the chunk that wrote them. */
export async function countImported(ctx: Ctx, id: string, rows: number, written: Written): Promise<void> {
  await sql`
    update change_set set done = done + ${rows}, changed = changed + ${written.created + written.updated}, unchanged = unchanged + ${written.unchanged}
    where workspace_id = ${ctx.workspace_id} and id = ${id} and state = 'running'`.execute(ctx.db);
}

export async function closeImport(ctx: Ctx, id: string, failure: string | null): Promise<void> {
  await sql`
    update change_set set state = ${failure === null ? "done" : "failed"}, failure = ${failure}, finished_at = now()
    where workspace_id = ${ctx.workspace_id} and id = ${id} and state = 'running'`.execute(ctx.db);
}

export async function selectOfImports(ctx: Ctx, import_ids: string[]): Promise<AnyRow[]> {
  const { rows } = await sql`
    select ${columns} from change_set
    where workspace_id = ${ctx.workspace_id} and id = any(${import_ids}::uuid[])`.execute(ctx.db);
  return AnyRow.array().parse(rows);
}

/** A field of lead_change for a tag: an import may give a lead many. */
export const tag_prefix = "tag:";

/**
 * For the statement of a chunk that updates leads: records what it overwrote. `changed`: a query of `id` and
 * `changes`, `{field: {from, to}}`. A cell overwritten by two runs of an import keeps what it was before the first.
 */
export function recordOverwritten(ctx: Ctx, id: string, changed: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    insert into lead_change (workspace_id, change_set_id, lead_id, field, old, new)
    select ${ctx.workspace_id}, ${id}, c.id, cell.key, nullif(cell.value -> 'from', 'null'), nullif(cell.value -> 'to', 'null')
    from (${changed}) c, jsonb_each(c.changes) cell
    on conflict (workspace_id, change_set_id, lead_id, field) do update set new = excluded.new`;
}

/** The same for tags. `tagged`: a query of `lead_id` and `tag_id`, of leads that were there before the import. */
export function recordTagged(ctx: Ctx, id: string, tagged: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    insert into lead_change (workspace_id, change_set_id, lead_id, field, new)
    select ${ctx.workspace_id}, ${id}, t.lead_id, ${tag_prefix} || t.tag_id::text, to_jsonb(t.tag_id::text)
    from (${tagged}) t
    on conflict do nothing`;
}
