/** An import as a change set: the same id, opened when it runs, and every cell that it overwrites recorded by its chunks. */
import { type RawBuilder, sql } from "kysely";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { columns } from "./changes.sql.ts";
import { keepDay, type MembersOf } from "./members.sql.ts";
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

/** A field of lead_change for a segment that an import put a lead into. */
export const segment_prefix = "segment:";

/** The same for a static segment. `joined`: a query of `lead_id`, of leads that were there before the import. */
export function recordJoined(
  ctx: Ctx,
  id: string,
  { segment_id }: MembersOf,
  joined: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    insert into lead_change (workspace_id, change_set_id, lead_id, field, new)
    select ${ctx.workspace_id}, ${id}, j.lead_id, ${segment_prefix + segment_id}::text, to_jsonb(${segment_id}::text)
    from (${joined}) j
    on conflict do nothing`;
}

/** Takes those of these leads that an import put into a segment out of it again. */
export async function leaveJoined(ctx: Ctx, id: string, lead_ids: string): Promise<void> {
  await sql`
    with gone as (
      delete from segment_member m using lead_change c, segment s
      where c.workspace_id = ${ctx.workspace_id} and c.change_set_id = ${id} and c.lead_id = any(${lead_ids}::uuid[]) and starts_with(c.field, ${segment_prefix})
        and s.workspace_id = ${ctx.workspace_id} and s.id = (c.new #>> '{}')::uuid and s.type = 'static' and s.state <> 'retired'
        and m.workspace_id = ${ctx.workspace_id} and m.set_id = s.set_id and m.lead_id = c.lead_id
      returning m.lead_id, m.set_id, s.id as segment_id, s.name
    ), sums as (
      select segment_id, set_id, count(*)::int as left_again from gone group by segment_id, set_id
    ), sized as (
      update segment_set s set size = s.size - sums.left_again
      from sums where s.workspace_id = ${ctx.workspace_id} and s.id = sums.set_id
      returning s.segment_id, s.size, sums.left_again
    ), ${keepDay(ctx, sql`select segment_id, 0 as entered, left_again, size from sized`)}
    insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
    select ${ctx.workspace_id}, uuidv7(), lead_id, segment_id, 'segment.left', now(), ${json(actorRef(ctx.actor))},
      jsonb_build_object('segment', name, 'how', 'import', 'change_set_id', ${id}::text, 'undo', true)
    from gone`.execute(ctx.db);
}
