/** A part of a bulk change: what differs is locked, written, and recorded, by set. */
import { type RawBuilder, sql } from "kysely";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { writtenMirrors } from "../fields/index.ts";
import { counted, held, keepCounts, moveColumns, recordMoves, visibleTo } from "../leads/index.ts";
import { alsoSet, type Mirror } from "../rules/index.ts";
import { type Cell, cellOf, differs, refusalOf } from "./cells.sql.ts";
import { enterSet, keepSize, leaveSet } from "./members.sql.ts";
import type { ChangeRow, Edit } from "./record.ts";

export interface Locked {
  /** As PostgreSQL writes an array. */
  lead_ids: string;
  locked: number;
  seen: number;
  refused: { code: string; count: number; samples: string[] }[];
  gone_samples: string[];
}

/**
 * For statements over a few thousand ids of a table whose statistics may be older than its rows: a plan that reads the
 * whole table, or the whole workspace, would be chosen again for every part.
 */
export async function byKeys(ctx: Ctx): Promise<void> {
  await sql`set local enable_seqscan = off`.execute(ctx.db);
  await sql`set local enable_hashjoin = off`.execute(ctx.db);
  await sql`set local enable_mergejoin = off`.execute(ctx.db);
}

/**
 * Locks the leads that would change, always in the order of their ids: no deadlocks between bulk changes. A statement
 * of its own, since what the next one reads beside the row must not be older than the lock.
 */
export async function lockDiffering(ctx: Ctx, edit: Edit, lead_ids: string): Promise<Locked> {
  const cell = cellOf(edit);
  const visible = visibleTo(ctx.actor);
  const { rows } = await sql<Locked>`
    with seen as materialized (
      select lead.id, ${differs(cell)} as differs, ${refusalOf(cell)} as refusal
      from lead
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[]) and ${visible}
    ), locked as materialized (
      select lead.id
      from lead
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(array(select id from seen where differs and refusal is null))
        and ${visible} and ${differs(cell)} and ${refusalOf(cell)} is null
      order by lead.id
      for no key update
    )
    select array(select id from locked)::text as lead_ids,
      (select count(*) from locked)::int as locked,
      (select count(*) from seen)::int as seen,
      coalesce((
        select jsonb_agg(jsonb_build_object('code', refusal, 'count', count, 'samples', samples))
        from (
          select refusal, count(*) as count, (array_agg(id::text))[1:5] as samples
          from seen where differs and refusal is not null group by refusal
        ) refused), '[]') as refused,
      array(select gone::text from (select unnest(${lead_ids}::uuid[]) as gone except select id from seen limit 5) missing) as gone_samples`.execute(
    ctx.db,
  );
  const [row] = rows;
  if (row === undefined) {
    throw new Error("locking leads answered nothing");
  }
  return row;
}

/** Writes the locked ones, each with its record and its event. Answers how many there were. */
export async function writeLocked(ctx: Ctx, set: ChangeRow, lead_ids: string): Promise<number> {
  const cell = cellOf(set.edit);
  const mirrors = await mirrorsOfEdit(ctx, set.edit);
  return written(ctx, set, change(ctx, set.edit, cell, mirrors, lead_ids));
}

/**
 * Owners that differ from lead to lead; `how`: by which rule. Looked up for each lead instead of joined: without hash
 * joins (`byKeys`) and statistics the planner would compare each lead with each of these.
 */
export async function writeOwners(
  ctx: Ctx,
  set: ChangeRow,
  gifts: { lead_id: string; owner_id: string | null; how: string | null }[],
): Promise<number> {
  const owners = json(Object.fromEntries(gifts.map(({ lead_id, owner_id }) => [lead_id, owner_id])));
  const rules = json(Object.fromEntries(gifts.map(({ lead_id, how }) => [lead_id, how])));
  const owner = sql`(${owners} ->> lead.id::text)::uuid`;
  return written(
    ctx,
    set,
    sql`
    update lead set owner_id = ${owner}, updated_at = now(), revision = lead.revision + 1
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${gifts.map((gift) => gift.lead_id)}::uuid[])
      and lead.owner_id is distinct from ${owner}
    returning lead.id, to_jsonb(old.owner_id) as was, to_jsonb(new.owner_id) as is_now, ${rules} ->> lead.id::text as how, ${counted}`,
  );
}

async function written(ctx: Ctx, set: ChangeRow, changed: RawBuilder<unknown>): Promise<number> {
  const { field } = cellOf(set.edit);
  const { rows } = await sql<{ changed: number }>`
    with changed as (${changed}),
    ${beside(ctx, set.edit, "done")}
    recorded as (
      insert into lead_change (workspace_id, change_set_id, lead_id, field, old, new)
      select ${ctx.workspace_id}, ${set.id}, id, ${field}, to_jsonb(was), to_jsonb(is_now)
      from changed
    ), ${told(ctx, set)}${countsOf(ctx, set.edit)}
    select count(*)::int as changed from changed`.execute(ctx.db);
  return rows[0]?.changed ?? 0;
}

/** Of edits that change where leads are counted. */
export function countsOf(ctx: Ctx, edit: Edit): RawBuilder<unknown> {
  const counts =
    edit.kind === "stage" ||
    edit.kind === "bin" ||
    edit.kind === "assign" ||
    (edit.kind === "column" && (edit.column === "owner_id" || edit.column === "stage"));
  return counts ? sql`, ${keepCounts(ctx, "changed")}` : sql``;
}

function told(ctx: Ctx, set: ChangeRow): RawBuilder<unknown> {
  const { edit } = set;
  return edit.kind === "stage"
    ? recordMoves(ctx, "changed", { how: wayOf(edit), change_set_id: set.id })
    : sql`told as (${events(ctx, set, "done")})`;
}

function wayOf(edit: Edit & { kind: "stage" }) {
  return edit.removes === null ? "bulk" : "stage_removed";
}

/** Asked in each transaction that writes: a field may be made fast while a change goes on. */
export async function mirrorsOfEdit(ctx: Ctx, edit: Edit): Promise<Mirror[]> {
  return edit.kind === "attribute"
    ? (await writtenMirrors(ctx)).filter((mirror) => mirror.key === edit.key)
    : [];
}

/** The cell's assignment, and that of its slot where its field is fast. */
export function assignment(cell: Cell, mirrors: Mirror[], to: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${cell.assign?.(to)}${alsoSet(mirrors, () => sql`(${to} #>> '{}')`)}`;
}

function change(ctx: Ctx, edit: Edit, cell: Cell, mirrors: Mirror[], lead_ids: string): RawBuilder<unknown> {
  if (edit.kind === "tag") {
    return edit.add
      ? addTag(ctx, edit, sql`select id from unnest(${lead_ids}::uuid[]) id`)
      : removeTag(ctx, edit, sql`select id from unnest(${lead_ids}::uuid[]) id`);
  }
  if (edit.kind === "segment") {
    const ids = sql`select id from unnest(${lead_ids}::uuid[]) id order by id`;
    return edit.add ? enterSet(ctx, edit, ids) : leaveSet(ctx, edit, ids);
  }
  if (edit.kind === "stage") {
    return sql`
    update lead set stage = ${edit.stage}, stage_since = now(), lost_reason = ${edit.reason}, updated_at = now(), revision = lead.revision + 1,
      ${held(sql`${edit.stage}::text`, sql`lead.owner_id`, sql`${edit.final}::boolean`)}
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[])
    returning ${moveColumns}, ${counted}`;
  }
  return sql`
    update lead set ${assignment(cell, mirrors, cell.becomes)}, updated_at = now(), revision = lead.revision + 1
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[])
    returning lead.id, ${cell.valueOf("old")} as was, ${cell.valueOf("new")} as is_now, ${counted}`;
}

/** `ids`: a query of lead ids. What isn't written because it is there already isn't answered. */
export function addTag(
  ctx: Ctx,
  edit: Edit & { kind: "tag" },
  ids: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    insert into lead_tag (workspace_id, lead_id, tag_id)
    select ${ctx.workspace_id}, wanted.id, ${edit.tag_id}
    from (${ids}) wanted
    on conflict do nothing
    returning lead_id as id, null::jsonb as was, to_jsonb(tag_id::text) as is_now`;
}

/** By key, as `leaveSet` says. */
export function removeTag(
  ctx: Ctx,
  edit: Edit & { kind: "tag" },
  ids: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    delete from lead_tag
    where workspace_id = ${ctx.workspace_id} and tag_id = ${edit.tag_id} and lead_id = any(array(${ids}))
    returning lead_id as id, to_jsonb(tag_id::text) as was, null::jsonb as is_now`;
}

/** What else follows from the change of these leads. */
export function beside(ctx: Ctx, edit: Edit, way: "done" | "undone"): RawBuilder<unknown> {
  if (edit.kind === "tag") {
    return touched(ctx);
  }
  if (edit.kind === "segment") {
    return sql`${keepSize(ctx, edit, "changed", edit.add === (way === "done"))},`;
  }
  if (way === "undone") {
    return sql``;
  }
  const unique = edit.kind === "attribute" && edit.unique;
  if (edit.kind !== "bin" && !unique) {
    return sql``;
  }
  return sql`freed as (
      delete from lead_unique using changed
      where lead_unique.workspace_id = ${ctx.workspace_id} and lead_unique.lead_id = changed.id
        ${unique ? sql`and lead_unique.field_key = ${edit.key}` : sql``}
    ),`;
}

/** The lead counts as changed where the change is beside its row. */
function touched(ctx: Ctx): RawBuilder<unknown> {
  return sql`touched as (
      update lead set updated_at = now(), revision = lead.revision + 1
      from changed
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = changed.id
    ),`;
}

/** One event for each of `changed`: the same that the change of one lead by hand would have made, with the change set. */
export function events(ctx: Ctx, set: ChangeRow, way: "done" | "undone"): RawBuilder<unknown> {
  const { name, subject_id, data } = eventOf(set, way);
  const all = sql`${data} || jsonb_build_object('change_set_id', ${set.id}::text) ${way === "undone" ? sql`|| '{"undo": true}'` : sql``}`;
  return sql`
      insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
      select ${ctx.workspace_id}, uuidv7(), id, ${subject_id}::uuid, ${name}, now(), ${json(actorRef(ctx.actor))}, ${all}
      from changed`;
}

function eventOf(set: ChangeRow, way: "done" | "undone") {
  const { edit } = set;
  const own = { subject_id: set.id };
  if (edit.kind === "bin") {
    return { ...own, name: way === "done" ? "lead.deleted" : "lead.restored", data: sql`'{}'::jsonb` };
  }
  if (edit.kind === "tag") {
    const name = edit.add === (way === "done") ? "tag.added" : "tag.removed";
    return { name, subject_id: edit.tag_id, data: sql`jsonb_build_object('tag', ${edit.tag}::text)` };
  }
  if (edit.kind === "segment") {
    const name = edit.add === (way === "done") ? "segment.entered" : "segment.left";
    const data = sql`jsonb_build_object('segment', ${edit.name}::text, 'how', 'bulk')`;
    return { name, subject_id: edit.segment_id, data };
  }
  if (edit.kind === "assign" && way === "done") {
    const by = sql`case when how is null then '{}'::jsonb else jsonb_build_object('how', how) end`;
    const data = sql`jsonb_build_object('from', was, 'to', is_now) || ${by}`;
    return { ...own, name: "lead.assigned", data };
  }
  if (edit.kind === "assign" || (edit.kind === "column" && edit.column === "owner_id")) {
    return { ...own, name: "lead.assigned", data: sql`jsonb_build_object('from', was, 'to', is_now)` };
  }
  if (edit.kind === "stage") {
    const data = sql`jsonb_build_object('from', was #>> '{}', 'to', is_now #>> '{}', 'how', ${wayOf(edit)}::text)`;
    return { ...own, name: "stage.changed", data };
  }
  const field = cellOf(edit).field;
  return {
    ...own,
    name: "lead.updated",
    data: sql`jsonb_build_object('changes', jsonb_build_object(${field}::text, jsonb_build_object('from', was, 'to', is_now)))`,
  };
}
