/** One chunk of staging into lead: what is new is inserted, what differs is updated and its changes logged, in one statement. */
import { type RawBuilder, sql } from "kysely";
import { type Ctx, json } from "../../kernel/db.ts";
import { counted, held, keepCounts, moveColumns, recordMoves } from "../leads/index.ts";
import {
  attributeAfter,
  changing,
  differs,
  isFinal,
  isLost,
  type MergeRules,
  stageAfter,
  stageKeys,
  valueAfter,
} from "./merge-rules.sql.ts";
import { type Identifier, identifiers, type Plan } from "./plan.ts";
import { how } from "./staging.ts";
import { type MembersOf, recordOverwritten } from "../changes/index.ts";
import { writtenMirrors } from "../fields/index.ts";
import { alsoInsert, alsoSet, type Mirror } from "../rules/index.ts";
import { knowLeads } from "./statistics.sql.ts";
import { matches, type Range, stagingTable } from "./staging.sql.ts";

export type Merge = {
  import_id: string;
  staging: string;
  plan: Plan;
  rules: MergeRules;
  mode: "create" | "update" | "both";
  /** For new leads alone, as the rules' begin and owner. */
  source: string | null;
  defaults: Record<string, unknown>;
  actor: unknown;
  /** The check found no lead that exists: rows are inserted without looking first; one that is there after all shows as a gap. */
  all_new: boolean;
  /** Tags in the rows with their ids, and those that every row gets. */
  tags: { names: string[]; ids: string[]; always: string[] };
  /** The static segment that all of them are put into. */
  segment: MembersOf | null;
};

export type ChunkCounts = {
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  duplicate: number;
};

/** Null: something changed between check and run, so that rows would be lost; mark the chunk again and retry. */
export async function mergeChunk(ctx: Ctx, merge: Merge, range: Range): Promise<ChunkCounts | null> {
  // Chosen once: statistics of a table that grows by 25,000 rows a second are always old, and a hash join over all of it is slow.
  await sql`set local enable_hashjoin = off`.execute(ctx.db);
  await sql`set local enable_mergejoin = off`.execute(ctx.db);
  // Asked for every chunk: a field may be made fast while an import runs.
  const mirrors = await writtenMirrors(ctx);
  const here = await countByHow(ctx, merge.staging, range);
  const counts: ChunkCounts = {
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: here.get(how.refused) ?? 0,
    duplicate: here.get(how.duplicate) ?? 0,
  };
  for (const identifier of merge.plan.match) {
    const rows = here.get(identifiers.indexOf(identifier)) ?? 0;
    if (rows === 0) continue;
    if (merge.all_new && merge.mode !== "update") {
      const inserted = await insertRows(ctx, merge, mirrors, identifier, range);
      if (inserted < rows) return null;
      counts.created += inserted;
    } else {
      await knowLeads(ctx);
      const done = await upsertRows(ctx, merge, mirrors, identifier, range);
      const refused =
        (merge.mode === "create" && done.known > 0) || (merge.mode === "update" && done.fresh > 0);
      if (refused || done.created < done.fresh) return null;
      counts.created += done.created;
      counts.updated += done.updated;
      counts.unchanged += done.known - done.updated;
    }
  }
  if (counts.rejected > 0) await insertRefusals(ctx, merge, range);
  return counts;
}

async function countByHow(ctx: Ctx, staging: string, range: Range): Promise<Map<number, number>> {
  const { rows } = await sql<{ how: number; count: number }>`
    select how, count(*) as count from ${stagingTable(staging)} where n > ${range.after} and n <= ${range.upto} group by how`.execute(
    ctx.db,
  );
  return new Map(rows.map((row) => [row.how, row.count]));
}

const within = (identifier: Identifier, range: Range) =>
  sql`s.how = ${sql.lit(identifiers.indexOf(identifier))} and s.n > ${range.after} and s.n <= ${range.upto}`;

async function insertRows(
  ctx: Ctx,
  merge: Merge,
  mirrors: Mirror[],
  identifier: Identifier,
  range: Range,
): Promise<number> {
  const { rows } = await sql<{ created: number }>`
    with inserted as (
      ${insertion(ctx, merge, mirrors)}
      from ${stagingTable(merge.staging)} s where ${within(identifier, range)} order by s.n
      on conflict do nothing returning ${counted}
    ), ${keepCounts(ctx, "inserted")}
    select count(*)::int as created from inserted`.execute(ctx.db);
  return rows[0]?.created ?? 0;
}

type Upserted = { known: number; fresh: number; created: number; updated: number };

async function upsertRows(
  ctx: Ctx,
  merge: Merge,
  mirrors: Mirror[],
  identifier: Identifier,
  range: Range,
): Promise<Upserted> {
  const { plan, rules, mode } = merge;
  // Only the file's own attributes change.
  const changed = mirrors.filter(({ key }) => plan.custom.some((field) => field.key === key));
  const columns = changing(plan).filter((column) => column !== identifier);
  const sets = columns.map((column) => sql`${sql.id(column)} = ${valueAfter(column, plan, rules)},`);
  const moves = plan.standard.includes("stage");
  // Events tell of moves in their own way; to an undo a stage is a value like the others.
  const overwritten = sql`
      select id, changes || case when was <> is_now then jsonb_build_object('stage', jsonb_build_object('from', was, 'to', is_now)) else '{}' end as changes
      from changed`;
  const { rows } = await sql<Upserted>`
    with found as materialized (
      select s.*, l.id as lead_id
      from ${stagingTable(merge.staging)} s left join lead l on ${matches(ctx, identifier)}
      where ${within(identifier, range)} order by s.n
    )
    ${
      mode === "update"
        ? sql``
        : sql`, inserted as (
      ${insertion(ctx, merge, mirrors)} from found s where s.lead_id is null order by s.n
      on conflict do nothing returning ${counted}
    ), ${keepCounts(ctx, "inserted")}`
    }
    ${
      mode === "create"
        ? sql``
        : sql`, changed as (
      update lead l set ${sql.join(sets, sql` `)} ${moves ? movesWith(plan, rules) : sql``} updated_at = now(), revision = l.revision + 1${alsoSet(changed, (key) => attributeAfter(key, rules))}
      from found s
      where l.workspace_id = ${ctx.workspace_id} and l.id = s.lead_id and (${differs(plan, rules)})
      returning ${moveColumns}, ${counted}, ${changes(plan, columns)} as changes
    ), ${keepCounts(ctx, "changed")}, ${recordMoves(ctx, "changed", { how: "import", change_set_id: merge.import_id, actor: merge.actor })}, logged as (
      insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
      select ${ctx.workspace_id}, uuidv7(), c.id, ${merge.import_id}, 'lead.updated', now(), ${json(merge.actor)}, jsonb_build_object('changes', c.changes)
      from changed c where c.changes <> '{}'
    ), recorded as (${recordOverwritten(ctx, merge.import_id, overwritten)}
    )`
    }
    select (select count(*) from found where lead_id is not null) as known,
           (select count(*) from found where lead_id is null) as fresh,
           ${mode === "update" ? sql`0` : sql`(select count(*) from inserted)`}::int as created,
           ${mode === "create" ? sql`0` : sql`(select count(*) from changed)`}::int as updated`.execute(
    ctx.db,
  );
  return rows[0] ?? { known: 0, fresh: 0, created: 0, updated: 0 };
}

/** What goes with a stage that may change, after the columns themselves. */
function movesWith(plan: Plan, rules: MergeRules): RawBuilder<unknown> {
  const stage = stageAfter(plan, rules);
  const owner_id = plan.standard.includes("owner_id") ? valueAfter("owner_id", plan, rules) : sql`l.owner_id`;
  const final = sql`(${stage} = any(${stageKeys(rules, isFinal)}))`;
  return sql`stage_since = case when ${stage} = l.stage then l.stage_since else now() end, ${held(stage, owner_id, final)},`;
}

function insertion(ctx: Ctx, merge: Merge, mirrors: Mirror[]): RawBuilder<unknown> {
  const { plan } = merge;
  const { rules } = merge;
  const placed = new Set(["stage", "lost_reason", "owner_id", "source"]);
  const plain = plan.standard.filter((column) => !placed.has(column));
  const or = (column: string, otherwise: RawBuilder<unknown>) =>
    plan.standard.includes(column) ? sql`coalesce(s.${sql.id(column)}, ${otherwise})` : otherwise;
  const attributes =
    plan.custom.length === 0
      ? json(merge.defaults)
      : sql`${json(merge.defaults)} || coalesce(s.attributes, '{}')`;
  const slots = alsoInsert(mirrors, (key) => newAttribute(merge, key));
  const stage = or("stage", sql`${rules.begin.stage}::text`);
  const owner_id = or("owner_id", sql`${rules.owner_id}::uuid`);
  const final = sql`(${stage} = any(${stageKeys(rules, isFinal)}))`;
  return sql`
    insert into lead (workspace_id, id, stage, owner_id, final, held_stage, held_owner, lost_reason, source, attributes, import_id, created_by${slots.columns}${sql.join(
      plain.map((column) => sql`, ${sql.id(column)}`),
      sql``,
    )})
    select ${ctx.workspace_id}, uuidv7(), ${stage}, ${owner_id},
           ${final}, case when ${final} then ${stage} end, case when ${final} then ${owner_id} end,
           case when ${stage} = any(${stageKeys(rules, isLost)}) then ${or("lost_reason", sql`${rules.lost_reason}::text`)} end,
           ${or("source", sql`${merge.source}::text`)},
           ${attributes}, ${merge.import_id}::uuid, ${json(merge.actor)}${slots.values}${sql.join(
             plain.map((column) => sql`, s.${sql.id(column)}`),
             sql``,
           )}`;
}

/** A new lead's attribute as text; without building the whole of its attributes for each. */
function newAttribute({ plan, defaults }: Merge, key: string): RawBuilder<unknown> {
  const otherwise = json(defaults);
  return plan.custom.some((field) => field.key === key)
    ? sql`coalesce(s.attributes ->> ${key}::text, ${otherwise} ->> ${key}::text)`
    : sql`(${otherwise} ->> ${key}::text)`;
}

/** `{field: {from, to}}` of what the update changed, as every change to a lead is logged. */
function changes(plan: Plan, columns: string[]): RawBuilder<unknown> {
  const one = (name: string, old: RawBuilder<unknown>, now: RawBuilder<unknown>) =>
    sql`case when ${old} is distinct from ${now} then jsonb_build_object(${sql.lit(name)}, jsonb_build_object('from', ${old}, 'to', ${now})) else '{}' end`;
  // A move is told of as such, with its reason.
  const standard = columns
    .filter((column) => column !== "attributes" && column !== "stage")
    .map((column) => {
      const told = one(column, sql`old.${sql.id(column)}`, sql`new.${sql.id(column)}`);
      return column === "lost_reason"
        ? sql`case when old.stage = new.stage then ${told} else '{}' end`
        : told;
    });
  const custom = plan.custom.map(({ key }) =>
    one(`attributes.${key}`, sql`old.attributes -> ${sql.lit(key)}`, sql`new.attributes -> ${sql.lit(key)}`),
  );
  const all = [...standard, ...custom];
  return all.length === 0 ? sql`'{}'::jsonb` : sql`(${sql.join(all, sql` || `)})`;
}

async function insertRefusals(ctx: Ctx, merge: Merge, range: Range): Promise<void> {
  await sql`
    insert into import_refusal (workspace_id, import_id, line, code, column_index, value)
    select ${ctx.workspace_id}, ${merge.import_id}, s.line, s.refusal ->> 'code', (s.refusal ->> 'column')::int, coalesce(s.refusal ->> 'value', '')
    from ${stagingTable(merge.staging)} s
    where s.how = ${sql.lit(how.refused)} and s.n > ${range.after} and s.n <= ${range.upto}
    on conflict (workspace_id, import_id, line) do nothing`.execute(ctx.db);
}
