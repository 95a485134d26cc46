import { ActorRef } from "@bellwether/contracts/common";
import { Sort } from "@bellwether/contracts/leads";
import { Rule } from "@bellwether/contracts/rule";
import { ViewColumn, type ViewIn, ViewLayout, type ViewPatch } from "@bellwether/contracts/views";
import { type RawBuilder, sql } from "kysely";
import * as z from "zod";
import { type Ctx, json } from "../../kernel/db.ts";
import { redact } from "../../kernel/redact.ts";
import type { Traces } from "../leads/index.ts";

const ViewRow = z.object({
  id: z.string(),
  maker_id: z.string().nullable(),
  made_by: ActorRef,
  name: z.string(),
  shared: z.boolean(),
  rule: Rule.nullable(),
  q: z.string(),
  sort: z.array(Sort),
  columns: z.array(ViewColumn),
  layout: ViewLayout,
  card_fields: z.array(z.string()).nullable(),
  updated_at: z.date(),
});
export type ViewRow = z.infer<typeof ViewRow>;

const columns = sql.raw(
  "id, maker_id, made_by, name, shared, rule, q, sort, columns, layout, card_fields, updated_at",
);

/** Somebody else's private view is nobody's business, an admin's neither. */
function open(ctx: Ctx): RawBuilder<unknown> {
  return sql`workspace_id = ${ctx.workspace_id} and (shared or maker_id = ${ctx.actor.id}::uuid)`;
}

export async function selectViews(ctx: Ctx): Promise<ViewRow[]> {
  const { rows } = await sql`
    select ${columns} from view
    where ${open(ctx)}
    order by (maker_id = ${ctx.actor.id}::uuid) is true desc, case when maker_id = ${ctx.actor.id}::uuid then position end, name_key, id`.execute(
    ctx.db,
  );
  return ViewRow.array().parse(rows);
}

export async function selectView(ctx: Ctx, id: string): Promise<ViewRow | null> {
  if (!z.uuid().safeParse(id).success) {
    return null;
  }
  const { rows } = await sql`select ${columns} from view where ${open(ctx)} and id = ${id}::uuid`.execute(
    ctx.db,
  );
  return rows[0] === undefined ? null : ViewRow.parse(rows[0]);
}

export async function countViews(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    select count(*)::int as made from view where workspace_id = ${ctx.workspace_id} and maker_id = ${ctx.actor.id}::uuid`.execute(
    ctx.db,
  );
  return rows[0]?.made ?? 0;
}

export async function insertView(
  ctx: Ctx,
  view: ViewIn & { id: string; made_by: ActorRef; at: Date },
): Promise<void> {
  await sql`
    insert into view (workspace_id, id, maker_id, made_by, name, name_key, shared, rule, q, sort, columns, layout, card_fields, position, created_at, updated_at)
    select ${ctx.workspace_id}::uuid, ${view.id}::uuid, ${ctx.actor.id}::uuid, ${json(view.made_by)}, ${view.name}, ${nameKey(view.name)}, ${view.shared},
           ${nullable(view.rule)}, ${view.q}, ${json(view.sort)}, ${json(view.columns)}, ${view.layout}, ${view.card_fields}::text[], coalesce(max(position), 0) + 1, ${view.at}::timestamptz, ${view.at}::timestamptz
    from view
    where workspace_id = ${ctx.workspace_id} and maker_id = ${ctx.actor.id}::uuid`.execute(ctx.db);
}

export async function updateViewRow(ctx: Ctx, id: string, patch: ViewPatch, at: Date): Promise<void> {
  const { name, shared, rule, q, sort, columns: shown, layout, card_fields } = patch;
  const sets = [
    sql`updated_at = ${at}::timestamptz`,
    ...(name === undefined ? [] : [sql`name = ${name}, name_key = ${nameKey(name)}`]),
    ...(shared === undefined ? [] : [sql`shared = ${shared}`]),
    ...(rule === undefined ? [] : [sql`rule = ${nullable(rule)}`]),
    ...(q === undefined ? [] : [sql`q = ${q}`]),
    ...(sort === undefined ? [] : [sql`sort = ${json(sort)}`]),
    ...(shown === undefined ? [] : [sql`columns = ${json(shown)}`]),
    ...(layout === undefined ? [] : [sql`layout = ${layout}`]),
    ...(card_fields === undefined ? [] : [sql`card_fields = ${card_fields}::text[]`]),
  ];
  await sql`update view set ${sql.join(sets)} where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid`.execute(
    ctx.db,
  );
}

export async function deleteViewRow(ctx: Ctx, id: string): Promise<void> {
  await sql`delete from view where workspace_id = ${ctx.workspace_id} and id = ${id}::uuid`.execute(ctx.db);
}

export async function selectViewOrder(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ view_ids: string[] }>`
    select view_ids from view_order
    where workspace_id = ${ctx.workspace_id} and of_id = ${ctx.actor.id}::uuid`.execute(ctx.db);
  return rows[0]?.view_ids ?? [];
}

export async function saveViewOrder(ctx: Ctx, view_ids: string[], at: Date): Promise<void> {
  await sql`
    insert into view_order (workspace_id, of_id, view_ids, updated_at)
    values (${ctx.workspace_id}::uuid, ${ctx.actor.id}::uuid, ${view_ids}::text[], ${at}::timestamptz)
    on conflict (workspace_id, of_id) do update set view_ids = excluded.view_ids, updated_at = excluded.updated_at`.execute(
    ctx.db,
  );
}

function nameKey(name: string): string {
  return name.toLowerCase();
}

function nullable(rule: Rule | null): RawBuilder<unknown> {
  return rule === null ? sql`null::jsonb` : json(rule);
}

/** Addresses that somebody filtered by. Names are one of a kind, so what stands in their place is too. */
export async function forgetInViews(ctx: Ctx, { addresses }: Traces): Promise<void> {
  const mark = sql`'[erased ' || right(t.id::text, 6) || ']'`;
  await redact(ctx, "view", { text: ["name", "name_key", "q"], json: ["rule"], mark }, addresses);
}
