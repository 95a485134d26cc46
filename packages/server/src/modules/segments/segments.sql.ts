/** Segments themselves. */
import type { Rule } from "@bellwether/contracts/rule";
import { sql } from "kysely";
import * as z from "zod";
import { type Ctx, json } from "../../kernel/db.ts";
import { redact } from "../../kernel/redact.ts";
import { type Traces, visibleTo } from "../leads/index.ts";
import { type Pace, SegmentRow } from "./record.ts";
import { moved } from "./judge.sql.ts";

export const segmentColumns = sql.raw(
  "id, name, description, type, state, rule, everyone, refresh, version, set_id, made_by, created_at, updated_at, built_at, was_dynamic",
);

export async function selectSegments(ctx: Ctx): Promise<SegmentRow[]> {
  const { rows } = await sql`
    select ${segmentColumns} from segment where workspace_id = ${ctx.workspace_id} and deleted_at is null order by name_key, id`.execute(
    ctx.db,
  );
  return SegmentRow.array().parse(rows);
}

/** Locked: until the transaction ends nobody else changes it. */
export async function selectSegment(ctx: Ctx, id: string, lock?: "lock"): Promise<SegmentRow | null> {
  const { rows } = await sql`
    select ${segmentColumns} from segment
    where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid and deleted_at is null ${lock === undefined ? sql`` : sql`for update`}`.execute(
    ctx.db,
  );
  return rows[0] === undefined ? null : SegmentRow.parse(rows[0]);
}

export async function insertSegment(
  ctx: Ctx,
  segment: Omit<SegmentRow, "version" | "built_at" | "created_at" | "updated_at" | "was_dynamic"> & {
    at: Date;
  },
): Promise<void> {
  const { at } = segment;
  await sql`
    insert into segment (workspace_id, id, name, name_key, description, type, state, rule, everyone, refresh, set_id, made_by, created_at, updated_at)
    values (${ctx.workspace_id}, ${segment.id}, ${segment.name}, app.folded(${segment.name}), ${segment.description}, ${segment.type}, ${segment.state},
      ${nullable(segment.rule)}, ${segment.everyone}, ${segment.refresh}, ${segment.set_id}, ${json(segment.made_by)}, ${at}::timestamptz, ${at}::timestamptz)`.execute(
    ctx.db,
  );
}

type Changeable =
  | "name"
  | "description"
  | "type"
  | "state"
  | "rule"
  | "everyone"
  | "refresh"
  | "set_id"
  | "was_dynamic";
export type SegmentChanges = { [K in Changeable]?: SegmentRow[K] | undefined };

export async function updateSegmentRow(
  ctx: Ctx,
  id: string,
  changes: SegmentChanges,
  at: Date,
): Promise<void> {
  const { name, description, type, state, rule, everyone, refresh, set_id, was_dynamic } = changes;
  const sets = [
    sql`updated_at = ${at}::timestamptz`,
    sql`version = version + 1`,
    ...(name === undefined ? [] : [sql`name = ${name}, name_key = app.folded(${name})`]),
    ...(description === undefined ? [] : [sql`description = ${description}`]),
    ...(type === undefined ? [] : [sql`type = ${type}`]),
    ...(state === undefined ? [] : [sql`state = ${state}`]),
    ...(rule === undefined ? [] : [sql`rule = ${nullable(rule)}`]),
    ...(everyone === undefined ? [] : [sql`everyone = ${everyone}`]),
    ...(refresh === undefined ? [] : [sql`refresh = ${refresh}`]),
    ...(set_id === undefined ? [] : [sql`set_id = ${set_id}::uuid`]),
    ...(was_dynamic === undefined
      ? []
      : [sql`was_dynamic = ${was_dynamic === null ? sql`null` : json(was_dynamic)}`]),
  ];
  await sql`
    update segment set ${sql.join(sets)} where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid`.execute(
    ctx.db,
  );
}

export async function serveSet(ctx: Ctx, id: string, set_id: string): Promise<void> {
  await sql`
    update segment set set_id = ${set_id}::uuid where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid`.execute(
    ctx.db,
  );
}

function nullable(rule: Rule | null) {
  return rule === null ? sql`null::jsonb` : json(rule);
}

export interface Standing {
  segment_id: string;
  /** Of the set that serves; null where none does. */
  size: number | null;
  building: { looked_at: number; of: number; started_at: Date } | null;
}

/** How many members segments have that the actor may see, and how far new ones are found. */
export async function selectStandings(ctx: Ctx, segment_ids: string[]): Promise<Map<string, Standing>> {
  const seen =
    ctx.actor.own_only === null
      ? sql`serving.size`
      : sql`(select count(*)::int
          from segment_member m join lead on lead.workspace_id = m.workspace_id and lead.id = m.lead_id
          where m.workspace_id = ${ctx.workspace_id} and m.set_id = serving.id and ${visibleTo(ctx.actor)})`;
  const { rows } = await sql<Standing>`
    select segment.id as segment_id, ${seen} as size,
      case when building.id is not null then jsonb_build_object('looked_at', building.looked_at, 'started_at', building.started_at,
        'of', ${allLeads(ctx)}) end as building
    from segment
    left join segment_set serving on serving.workspace_id = segment.workspace_id and serving.id = segment.set_id
    left join segment_set building on building.workspace_id = segment.workspace_id and building.segment_id = segment.id and building.state = 'building'
    where segment.workspace_id = ${ctx.workspace_id} and segment.id = any(${segment_ids}::uuid[])`.execute(
    ctx.db,
  );
  return new Map(rows.map((row) => [row.segment_id, row]));
}

/** About how many there are. */
function allLeads(ctx: Ctx) {
  return sql`(select coalesce(sum(leads), 0)::int from (
    select leads from lead_count where workspace_id = ${ctx.workspace_id}
    union all select leads from lead_count_change where workspace_id = ${ctx.workspace_id}) counts)`;
}

/** Of those whose members are being found, the share of leads that was looked at. */
export async function selectShares(ctx: Ctx): Promise<Map<string, number>> {
  const { rows } = await sql<{ segment_id: string; share: number }>`
    select segment_id, least(1, looked_at::float8 / greatest(1, ${allLeads(ctx)})) as share
    from segment_set
    where workspace_id = ${ctx.workspace_id} and state = 'building'`.execute(ctx.db);
  return new Map(rows.map((row) => [row.segment_id, row.share]));
}

/** For a change of pace alone: the members stay as they are. */
export async function updateMoves(ctx: Ctx, segment_id: string, moves: Pace | null): Promise<void> {
  await sql`
    update segment_set set moves = ${moves}
    where workspace_id = ${ctx.workspace_id} and segment_id = ${segment_id}::uuid and state <> 'dropped'`.execute(
    ctx.db,
  );
}

const NamingView = z.object({
  id: z.string(),
  name: z.string(),
  q: z.string(),
  seen: z.boolean(),
  by_rule: z.boolean(),
});
export type NamingView = z.infer<typeof NamingView>;

/** Views that name it in their rule, and those that name any in their query; `seen`: by the actor. */
export async function selectNamingViews(ctx: Ctx, id: string): Promise<NamingView[]> {
  const { rows } = await sql`
    select id, name, q, (shared or maker_id is not distinct from ${ctx.actor.id}::uuid) as seen,
      coalesce(position(${id}::text in rule::text) > 0, false) as by_rule
    from view
    where workspace_id = ${ctx.workspace_id} and (q ilike '%segment:%' or position(${id}::text in rule::text) > 0)
    order by name_key, id`.execute(ctx.db);
  return NamingView.array().parse(rows);
}

/** Rules of assignment that name it. */
export async function selectNamingRules(ctx: Ctx, id: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from assignment_rule
    where workspace_id = ${ctx.workspace_id} and position(${id}::text in condition::text) > 0
    order by position`.execute(ctx.db);
  return rows;
}

const Naming = z.object({ q: z.string(), named: z.array(z.string()) });

/** Whatever names segments but themselves, with the ids in its rule. */
export async function selectNamings(ctx: Ctx): Promise<z.infer<typeof Naming>[]> {
  const { rows } = await sql`
    select q, array(select distinct match[1] from regexp_matches(rule, '"segment": "([0-9a-f-]{36})"', 'g') match) as named
    from (
      select q, coalesce(rule::text, '') as rule from view where workspace_id = ${ctx.workspace_id}
      union all
      select '', coalesce(condition::text, '') from assignment_rule where workspace_id = ${ctx.workspace_id}
    ) users
    where q ilike '%segment:%' or rule like '%"segment": %'`.execute(ctx.db);
  return Naming.array().parse(rows);
}

/** Who came and went since a day, by segment. */
export async function selectRecent(
  ctx: Ctx,
  from: string,
): Promise<Map<string, { entered: number; left: number }>> {
  const { rows } = await sql<{ segment_id: string; entered: number; left: number }>`
    select segment_id, sum(entered)::int as entered, sum(left_again)::int as left
    from segment_day where workspace_id = ${ctx.workspace_id} and day >= ${from}::date
    group by segment_id`.execute(ctx.db);
  return new Map(rows.map(({ segment_id, entered, left }) => [segment_id, { entered, left }]));
}

const Day = z.object({ day: z.string(), entered: z.number(), left: z.number(), size: z.number() });
export type Day = z.infer<typeof Day>;

/** Days on which somebody came or went, and the last one before them. */
export async function selectDays(ctx: Ctx, segment_id: string, from: string): Promise<Day[]> {
  const { rows } = await sql`
    select day, entered, left_again as left, size
    from segment_day
    where workspace_id = ${ctx.workspace_id} and segment_id = ${segment_id}::uuid and day >= coalesce((
      select max(day) from segment_day
      where workspace_id = ${ctx.workspace_id} and segment_id = ${segment_id}::uuid and day < ${from}::date), ${from}::date)
    order by day`.execute(ctx.db);
  return Day.array().parse(rows);
}

/** Addresses that a rule asks for, and members that are erased for good. */
export async function forgetInSegments(ctx: Ctx, { lead_ids, addresses }: Traces): Promise<void> {
  await sql`
    with left_again as (
      delete from segment_member where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])
      returning set_id, lead_id
    ), entered as (
      select null::uuid as set_id, null::uuid as lead_id where false
    ), away as (
      delete from segment_away where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])
    ), ${moved(ctx, "bin")}`.execute(ctx.db);
  const mark = sql`'[erased ' || right(t.id::text, 6) || ']'`;
  await redact(
    ctx,
    "segment",
    { text: ["name", "name_key", "description"], json: ["rule", "was_dynamic"], mark },
    addresses,
  );
  await redact(ctx, "segment_set", { json: ["rule"], mark }, addresses);
}
