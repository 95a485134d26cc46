/** A part of an import's undo: overwritten cells get back what they had, new leads go to the bin. */
import { type RawBuilder, sql } from "kysely";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { counted, identifiers, keepCounts, markUndone, moveBack, visibleTo } from "../leads/index.ts";
import { alsoSet, type Sql } from "../rules/index.ts";
import { writtenMirrors } from "../fields/index.ts";
import { type Cell, cellOf } from "./cells.sql.ts";
import { leaveJoined, segment_prefix, tag_prefix } from "./imported.sql.ts";
import type { ImportedRow } from "./record.ts";

export interface Looked {
  /** As PostgreSQL writes an array. */
  lead_ids: string;
  looked_at: number;
  /** The last lead looked at; null at the end. */
  last: string | null;
}

/** Locks the next leads of which cells were overwritten, in the order of their ids. */
export async function lockOverwritten(ctx: Ctx, set: ImportedRow, limit: number): Promise<Looked> {
  return locked(
    ctx,
    sql`
      select distinct lead_id as id
      from lead_change
      where workspace_id = ${ctx.workspace_id} and change_set_id = ${set.id} ${behind(set, sql`lead_id`)}
      order by lead_id
      limit ${limit}`,
  );
}

/** The same of the leads that it made. Their ids are of the time of its run: without an index on the import, these are few others. */
export async function lockMade(
  ctx: Ctx,
  set: ImportedRow,
  limit: number,
  within: { from: string; to: string },
): Promise<Looked> {
  return locked(
    ctx,
    sql`
      select id
      from lead
      where workspace_id = ${ctx.workspace_id} and import_id = ${set.id} and deleted_at is null
        and id >= ${within.from}::uuid and id < ${within.to}::uuid ${behind(set, sql`id`)}
      order by id
      limit ${limit}`,
  );
}

function behind(set: ImportedRow, id: RawBuilder<unknown>): RawBuilder<unknown> {
  return set.undo_after === null ? sql`` : sql`and ${id} > ${set.undo_after}::uuid`;
}

/** A statement of its own, since what the next one reads beside the rows must not be older than the locks. */
async function locked(ctx: Ctx, ids: RawBuilder<unknown>): Promise<Looked> {
  const { rows } = await sql<Looked>`
    with part as materialized (${ids}), locked as materialized (
      select lead.id
      from part join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = part.id
      where ${visibleTo(ctx.actor)}
      order by lead.id
      for no key update of lead
    )
    select array(select id from locked)::text as lead_ids, (select count(*) from part)::int as looked_at,
      (select max(id::text) from part) as last`.execute(ctx.db);
  const [row] = rows;
  if (row === undefined) {
    throw new Error("locking leads answered nothing");
  }
  return row;
}

const attribute_prefix = "attributes.";
const isAttribute = (field: string) => field.startsWith(attribute_prefix);
const keyOf = (field: string) => field.slice(attribute_prefix.length);

/** Of the cells of a lead, `j.cells`, what one was before and after; null where there was no value. */
const before = (field: string) => sql`nullif(j.cells -> ${field}::text -> 0, 'null')`;
const after = (field: string) => sql`nullif(j.cells -> ${field}::text -> 1, 'null')`;

/**
 * Gives locked leads back what they had, each in one update and with one event, and takes the tags off them that the
 * import gave. Answers how many leads are wholly as they were; the others keep what somebody edited since.
 */
export async function restoreOverwritten(ctx: Ctx, set: ImportedRow, lead_ids: string): Promise<number> {
  const { fields, unique } = set.edit;
  const plain = fields.filter((field) => field !== "stage");
  if (plain.length < fields.length) {
    await moveThemBack(ctx, set, lead_ids);
  }
  await leaveJoined(ctx, set.id, lead_ids);
  // Only the slots of what it may have overwritten; asked in each transaction, since a field may be made fast meanwhile.
  const mirrors = (await writtenMirrors(ctx)).filter(({ key }) => fields.includes(attribute_prefix + key));
  const slots = alsoSet(mirrors, (key) => {
    const field = attribute_prefix + key;
    return sql`(case when ${field}::text = any(j.ok) then ${before(field)} #>> '{}' else lead.attributes ->> ${key}::text end)`;
  });
  const { rows } = await sql<{ restored: number }>`
    with cells as materialized (
      select lead_id as id, coalesce(jsonb_object_agg(field, jsonb_build_array(old, new)) filter (where not starts_with(field, ${tag_prefix}) and not starts_with(field, ${segment_prefix})), '{}') as cells
      from lead_change
      where workspace_id = ${ctx.workspace_id} and change_set_id = ${set.id} and lead_id = any(${lead_ids}::uuid[])
      group by lead_id
    ), judged as materialized (
      select lead.id, j.cells, 
        array_remove(array[${sql.join(plain.map((field) => verdict(field, unique.includes(field))))}]::text[], null) as ok,
        num_nonnulls(${sql.join([sql`null::int`, ...fields.map(isBack)])}) as back
      from cells j join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = j.id
    ), untagged as (${untag(ctx, set, lead_ids)}),
    changed as (
      update lead set ${assignments(plain)} updated_at = now(), revision = lead.revision + 1${slots}
      from judged j
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = j.id
        and (cardinality(j.ok) > 0 or exists (select from untagged u where u.lead_id = j.id))
      returning lead.id, j.cells, j.ok, ${counted}
    ), ${keepCounts(ctx, "changed")}, told as (
      insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
      select ${ctx.workspace_id}, uuidv7(), c.id, ${set.id}, 'lead.updated', now(), ${json(actorRef(ctx.actor))},
        ${mark(set)} || jsonb_build_object('changes', (
          select jsonb_object_agg(f, jsonb_build_object('from', c.cells -> f -> 1, 'to', c.cells -> f -> 0)) from unnest(c.ok) f))
      from changed c where cardinality(c.ok) > 0
    ), told_of_tags as (
      insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
      select ${ctx.workspace_id}, uuidv7(), u.lead_id, u.tag_id, 'tag.removed', now(), ${json(actorRef(ctx.actor))},
        ${mark(set)} || jsonb_build_object('tag', t.name)
      from untagged u join tag t on t.workspace_id = ${ctx.workspace_id} and t.id = u.tag_id
    )
    select count(*)::int as restored
    from judged j
    where cardinality(j.ok) + j.back = (select count(*) from jsonb_object_keys(j.cells))`.execute(ctx.db);
  await claimAgain(ctx, unique.map(keyOf), lead_ids);
  return rows[0]?.restored ?? 0;
}

function mark(set: ImportedRow): RawBuilder<unknown> {
  return sql`jsonb_build_object('change_set_id', ${set.id}::text, 'undo', true)`;
}

/** Leads that haven't moved since go back to the stage they came from; also out of a final one, which holds their owner. */
async function moveThemBack(ctx: Ctx, set: ImportedRow, lead_ids: string): Promise<void> {
  const { rows } = await sql<{ lead_ids: string }>`
    select array(
      select lead.id
      from lead join stage_move m on m.workspace_id = lead.workspace_id and m.lead_id = lead.id and m.change_set_id = ${set.id}
      join stage s on s.workspace_id = m.workspace_id and s.key = m.from_stage and s.removed_at is null
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[]) and m.moved_at = lead.stage_since and m.to_stage = lead.stage
    )::text as lead_ids`.execute(ctx.db);
  await sql`
    with back as (${moveBack(ctx, { change_set_id: set.id }, rows[0]?.lead_ids ?? "{}")}), ${markUndone(ctx, { change_set_id: set.id }, "back")}
    insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
    select ${ctx.workspace_id}, uuidv7(), id, ${set.id}, 'stage.changed', now(), ${json(actorRef(ctx.actor))},
      ${mark(set)} || jsonb_build_object('from', was, 'to', is_now, 'how', 'import')
    from back`.execute(ctx.db);
}

/** 1 where the cell is as it was before the import already: moved back, or put back by hand. */
function isBack(field: string): RawBuilder<unknown> {
  const cell = cellFor(field, false);
  return sql`case when j.cells ? ${field}::text and ${cell.valueOf("lead")} is not distinct from ${before(field)} then 1 end`;
}

function cellFor(field: string, unique: boolean): Cell {
  return isAttribute(field)
    ? cellOf({ kind: "attribute", key: keyOf(field), value: null, unique })
    : cellOf({ kind: "column", column: field, value: null });
}

/** The field's name where its cell is given back: it is still what the import made it, and what it was is nobody else's. */
function verdict(field: string, unique: boolean): RawBuilder<unknown> {
  const cell = cellFor(field, unique);
  const identifies = identifiers.some((each) => each === field);
  return sql`case when j.cells ? ${field}::text and ${cell.valueOf("lead")} is not distinct from ${after(field)}
    and (${before(field)} is null or ${cell.free(before(field))}) ${identifies ? sql`and (${before(field)} is not null or ${identifiedBeside()})` : sql``}
    then ${field}::text end`;
}

/** Whether the lead keeps an e-mail, phone or id that the undo doesn't take. */
function identifiedBeside(): Sql {
  return sql`(${sql.join(
    identifiers.map(
      (each) =>
        sql`(${sql.ref(`lead.${each}`)} is not null and coalesce(j.cells -> ${sql.lit(each)} -> 0, '0') <> 'null')`,
    ),
    sql` or `,
  )})`;
}

function assignments(fields: string[]): RawBuilder<unknown> {
  const columns = fields
    .filter((field) => !isAttribute(field))
    .map((field) => {
      const cell = cellFor(field, false);
      const to = sql`(case when ${field}::text = any(j.ok) then ${before(field)} else ${cell.valueOf("lead")} end)`;
      return sql`${cell.assign?.(to)},`;
    });
  const own = (rest: RawBuilder<unknown>) =>
    sql`from unnest(j.ok) f where starts_with(f, ${attribute_prefix}) and j.cells -> f -> 0 ${rest}`;
  const attributes = sql`attributes = (lead.attributes - array(select substr(f, ${attribute_prefix.length + 1}) ${own(sql`= 'null'`)}))
    || coalesce((select jsonb_object_agg(substr(f, ${attribute_prefix.length + 1}), j.cells -> f -> 0) ${own(sql`<> 'null'`)}), '{}'),`;
  return sql.join([...columns, ...(fields.some(isAttribute) ? [attributes] : [])], sql` `);
}

function untag(ctx: Ctx, set: ImportedRow, lead_ids: string): RawBuilder<unknown> {
  return sql`
      delete from lead_tag t using lead_change c
      where c.workspace_id = ${ctx.workspace_id} and c.change_set_id = ${set.id} and c.lead_id = any(${lead_ids}::uuid[]) and starts_with(c.field, ${tag_prefix})
        and t.workspace_id = ${ctx.workspace_id} and t.lead_id = c.lead_id
        and t.tag_id = case when starts_with(c.field, ${tag_prefix}) then (c.new #>> '{}')::uuid end
      returning t.lead_id, t.tag_id`;
}

/** Unique values are claimed as they are now. One that was just given to another lead violates the key. */
async function claimAgain(ctx: Ctx, keys: string[], lead_ids: string): Promise<void> {
  if (keys.length === 0) {
    return;
  }
  const claims = sql`
    select lead.id, key, lower(lead.attributes ->> key) as value
    from lead cross join unnest(${keys}::text[]) key
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[])`;
  await sql`
    delete from lead_unique u using (${claims}) c
    where u.workspace_id = ${ctx.workspace_id} and u.lead_id = c.id and u.field_key = c.key and u.value is distinct from c.value`.execute(
    ctx.db,
  );
  await sql`
    insert into lead_unique (workspace_id, field_key, value, lead_id)
    select ${ctx.workspace_id}, c.key, c.value, c.id
    from (${claims}) c
    where c.value is not null and not exists (
      select from lead_unique u
      where u.workspace_id = ${ctx.workspace_id} and u.field_key = c.key and u.value = c.value and u.lead_id = c.id)`.execute(
    ctx.db,
  );
}

/**
 * Puts locked leads into the bin, but not those of which anything else is recorded than the import, and what was undone
 * by now. An import's events name it as who did it, other changes' events name the change.
 */
export async function binUnedited(ctx: Ctx, set: ImportedRow, lead_ids: string): Promise<number> {
  const undone = sql`array(
    select s.id::text from change_set s where s.workspace_id = ${ctx.workspace_id} and (s.state = 'undone' or s.id = ${set.id}))`;
  const { rows } = await sql<{ binned: number }>`
    with binned as (
      update lead set deleted_at = now(), updated_at = now(), revision = lead.revision + 1
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[]) and not exists (
        select from event e
        where e.workspace_id = ${ctx.workspace_id} and e.lead_id = lead.id and e.actor ->> 'kind' <> 'system'
          and coalesce(e.data ->> 'change_set_id', e.actor ->> 'id', '') <> all(${undone}))
      returning lead.id, ${counted}
    ), ${keepCounts(ctx, "binned")}, freed as (
      delete from lead_unique using binned
      where lead_unique.workspace_id = ${ctx.workspace_id} and lead_unique.lead_id = binned.id
    ), told as (
      insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
      select ${ctx.workspace_id}, uuidv7(), id, ${set.id}, 'lead.deleted', now(), ${json(actorRef(ctx.actor))}, ${mark(set)}
      from binned
    )
    select count(*)::int as binned from binned`.execute(ctx.db);
  return rows[0]?.binned ?? 0;
}
