/** Moves of leads as SQL: what a move writes into the lead, and the record that goes with it. */
import { type RawBuilder, sql } from "kysely";
import { ActorRef } from "@bellwether/contracts/common";
import { type Move, MoveWay } from "@bellwether/contracts/pipeline";
import * as z from "zod";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { counted, keepCounts } from "./counts.sql.ts";
import type { Sql } from "../rules/index.ts";
import type { Required } from "./judge-move.ts";

type Raw = RawBuilder<unknown>;

/**
 * What stands beside stage and owner in `lead`, to be set by whoever sets one of them: the database refuses to have one
 * changed without these (see lead_held). `final` is the new stage's.
 */
export function held(stage: Raw, owner_id: Raw, final: Raw): Raw {
  return sql`final = ${final}, held_stage = case when ${final} then ${stage} end, held_owner = case when ${final} then ${owner_id} end`;
}

/** Of an `update lead … returning`: what `recordMoves` reads. */
export const moveColumns = sql`new.id, old.stage as was, new.stage as is_now, old.stage_since as was_since, old.lost_reason as was_reason,
    new.stage_since as moved_at, new.lost_reason as reason`;

export interface MoveBy {
  how: MoveWay;
  change_set_id?: string;
  subject_id?: string;
  actor?: unknown;
}

/** Two common table expressions: rows of `moved` (made by `moveColumns`) become moves and events. */
export function recordMoves(ctx: Ctx, moved: string, by: MoveBy): Raw {
  const actor = json(by.actor ?? actorRef(ctx.actor));
  const change_set_id = by.change_set_id ?? null;
  const also =
    change_set_id === null ? sql`` : sql`|| jsonb_build_object('change_set_id', ${change_set_id}::text)`;
  return sql`kept_moves as (
      insert into stage_move (workspace_id, lead_id, moved_at, id, from_stage, to_stage, actor, how, reason, spent_seconds, was_since, was_reason, change_set_id)
      select ${ctx.workspace_id}::uuid, id, moved_at, uuidv7(), was, is_now, ${actor}, ${by.how}::text, reason,
        greatest(0, extract(epoch from moved_at - was_since))::float8, was_since, was_reason, ${change_set_id}::uuid
      from ${sql.ref(moved)} where was <> is_now
    ), told_moves as (
      insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, ip, data)
      select ${ctx.workspace_id}::uuid, uuidv7(), id, ${by.subject_id ?? change_set_id}::uuid, 'stage.changed', moved_at, ${actor}, ${ctx.actor.ip ?? null},
        jsonb_build_object('from', was, 'to', is_now, 'reason', reason, 'how', ${by.how}::text,
          'spent_seconds', greatest(0, round(extract(epoch from moved_at - was_since)))) ${also}
      from ${sql.ref(moved)} where was <> is_now
    )`;
}

/** The moves of a change set, or one. */
export type WhichMoves = { change_set_id: string } | { id: string };

function among(which: WhichMoves): Raw {
  return "id" in which ? sql`m.id = ${which.id}` : sql`m.change_set_id = ${which.change_set_id}`;
}

/** Leads get back exactly what moves took: the stage, since when, and why; in and out of final stages. */
export function moveBack(ctx: Ctx, which: WhichMoves, lead_ids: string): Raw {
  return sql`
    update lead set stage = m.from_stage, stage_since = m.was_since, lost_reason = m.was_reason, updated_at = now(), revision = lead.revision + 1,
      ${held(sql`m.from_stage`, sql`lead.owner_id`, sql`s.final`)}
    from stage_move m join stage s on s.workspace_id = m.workspace_id and s.key = m.from_stage
    where m.workspace_id = ${ctx.workspace_id} and ${among(which)} and m.lead_id = any(${lead_ids}::uuid[])
      and lead.workspace_id = ${ctx.workspace_id} and lead.id = m.lead_id
    returning lead.id, to_jsonb(m.to_stage) as was, to_jsonb(m.from_stage) as is_now, ${counted}`;
}

/** Two common table expressions: the moves of those that went back stay, marked, and the counts follow. */
export function markUndone(ctx: Ctx, which: WhichMoves, back: string): Raw {
  return sql`marked as (
      update stage_move m set undone = true from ${sql.ref(back)} back
      where m.workspace_id = ${ctx.workspace_id} and ${among(which)} and m.lead_id = back.id
    ), ${keepCounts(ctx, back)}`;
}

/** The same of one lead, unless it has moved since. */
export async function takeBackMove(ctx: Ctx, which: WhichMoves, lead_id: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select lead.id from lead
    join stage_move m on m.workspace_id = lead.workspace_id and m.lead_id = lead.id and ${among(which)}
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = ${lead_id} and lead.stage = m.to_stage and lead.stage_since = m.moved_at`.execute(
    ctx.db,
  );
  if (rows.length > 0) {
    await sql`
      with back as (${moveBack(ctx, which, `{${lead_id}}`)}), ${markUndone(ctx, which, "back")}
      select 1`.execute(ctx.db);
  }
}

/**
 * Leads that come out of the bin into a stage that was removed meanwhile follow the others to where they went, or begin
 * anew.
 */
export async function leaveRemovedStages(ctx: Ctx, lead_ids: string[] | string): Promise<void> {
  const next = sql`coalesce(
      (select n.key from stage n where n.workspace_id = gone.workspace_id and n.key = gone.moved_to and n.removed_at is null),
      (select b.key from stage b where b.workspace_id = gone.workspace_id and b.kind = 'open' and b.removed_at is null order by b.position, b.key limit 1))`;
  await sql`
    with moved as (
      update lead set stage = t.key, stage_since = now(), lost_reason = case when t.kind = 'lost' then format('The stage “%s” was removed', gone.name) end,
        ${held(sql`t.key`, sql`lead.owner_id`, sql`t.final`)}
      from stage gone join stage t on t.workspace_id = gone.workspace_id and t.key = ${next}
      where gone.workspace_id = ${ctx.workspace_id} and gone.removed_at is not null and gone.key = lead.stage
        and lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[])
      returning ${moveColumns}, ${counted}
    ), ${recordMoves(ctx, "moved", { how: "stage_removed" })}, ${keepCounts(ctx, "moved")}
    select 1`.execute(ctx.db);
}

/** Whether row `lead` (by any name) lacks something that a stage asks for. */
export function lacks(row: string, required: readonly Required[]): Sql {
  return required.length === 0
    ? sql`false`
    : sql`(${sql.join(
        required.map(({ name, key }) =>
          key === null
            ? sql`${sql.ref(`${row}.${name}`)} is null`
            : sql`not (${sql.ref(`${row}.attributes`)} ? ${key}::text)`,
        ),
        sql` or `,
      )})`;
}

/** Not those in the bin, which come back to where they were. */
export async function countInStage(ctx: Ctx, stage: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from lead
    where workspace_id = ${ctx.workspace_id} and stage = ${stage} and deleted_at is null`.execute(ctx.db);
  return rows[0]?.count ?? 0;
}

const MoveRow = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  at: z.string(),
  moved_at: z.date(),
  actor: ActorRef,
  how: MoveWay,
  reason: z.string().nullable(),
  spent_seconds: z.number(),
  undone: z.boolean(),
});

/** Newest first; `at` is the exact time, for the cursor. The caller has seen that the lead is visible. */
export async function selectMoves(
  ctx: Ctx,
  lead_id: string,
  page: { before: { at: string; id: string } | null; limit: number },
): Promise<(Move & { at: string })[]> {
  const { before } = page;
  const { rows } = await sql`
    select id, from_stage as "from", to_stage as "to", moved_at::text as at, moved_at, actor, how, reason, spent_seconds, undone
    from stage_move
    where workspace_id = ${ctx.workspace_id} and lead_id = ${lead_id}
      ${before === null ? sql`` : sql`and (moved_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`}
    order by moved_at desc, id desc
    limit ${page.limit}`.execute(ctx.db);
  return MoveRow.array()
    .parse(rows)
    .map((row) => ({ ...row, moved_at: row.moved_at.toISOString() }));
}

const LastMove = z.object({
  id: z.string(),
  from: z.string(),
  actor: ActorRef,
  how: MoveWay,
  moved_at: z.date(),
  was_reason: z.string().nullable(),
  /** Made by a change to many leads, which is undone as a whole. */
  of_many: z.boolean(),
});

/** The move that brought a lead to where it stands; null where none did, or it was set back there by an undo. */
export async function selectLastMove(ctx: Ctx, lead_id: string): Promise<z.infer<typeof LastMove> | null> {
  const { rows } = await sql`
    select m.id, m.from_stage as "from", m.actor, m.how, m.moved_at, m.was_reason, m.change_set_id is not null as of_many
    from lead join stage_move m on m.workspace_id = lead.workspace_id and m.lead_id = lead.id
      and m.moved_at = lead.stage_since and m.to_stage = lead.stage and not m.undone
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = ${lead_id}
    order by m.id desc
    limit 1`.execute(ctx.db);
  return rows[0] === undefined ? null : LastMove.parse(rows[0]);
}

/** Where a lead came from at its last move that was not undone. */
export async function selectCameFrom(ctx: Ctx, lead_id: string): Promise<string | null> {
  const { rows } = await sql<{ from_stage: string }>`
    select from_stage from stage_move
    where workspace_id = ${ctx.workspace_id} and lead_id = ${lead_id} and not undone
    order by moved_at desc, id desc
    limit 1`.execute(ctx.db);
  return rows[0]?.from_stage ?? null;
}
