import { sql } from "kysely";
import { type Ctx, json } from "../../kernel/db.ts";
import { newId } from "../../kernel/ids.ts";
import { visibleTo } from "./visible.sql.ts";

export interface TagRow {
  id: string;
  name: string;
  colour: string | null;
  leads: number;
}

/** Tags are one whatever their capitals; the first spelling stays. Answers the id of each key. */
export async function ensureTags(ctx: Ctx, names: Map<string, string>): Promise<Map<string, string>> {
  const wanted = [...names].map(([name_key, name]) => ({ id: newId(), name_key, name }));
  await sql`
    insert into tag (workspace_id, id, name, name_key)
    select ${ctx.workspace_id}, r.id, r.name, r.name_key
    from jsonb_to_recordset(${json(wanted)}) as r(id uuid, name text, name_key text)
    on conflict (workspace_id, name_key) do nothing`.execute(ctx.db);
  const rows = await ctx.db
    .selectFrom("tag")
    .select(["id", "name_key"])
    .where("workspace_id", "=", ctx.workspace_id)
    .where("name_key", "in", [...names.keys()])
    .execute();
  return new Map(rows.map((row) => [row.name_key, row.id]));
}

/** Answers only the pairs that are new. */
export async function insertLeadTags(
  ctx: Ctx,
  pairs: { lead_id: string; tag_id: string }[],
): Promise<{ lead_id: string; tag_id: string }[]> {
  const { rows } = await sql<{ lead_id: string; tag_id: string }>`
    insert into lead_tag (workspace_id, lead_id, tag_id)
    select ${ctx.workspace_id}, r.lead_id, r.tag_id
    from jsonb_to_recordset(${json(pairs)}) as r(lead_id uuid, tag_id uuid)
    on conflict do nothing
    returning lead_id, tag_id`.execute(ctx.db);
  return rows;
}

export async function deleteLeadTag(ctx: Ctx, lead_id: string, name_key: string): Promise<boolean> {
  const { rows } = await sql`
    delete from lead_tag using tag
    where lead_tag.workspace_id = ${ctx.workspace_id} and lead_tag.lead_id = ${lead_id}
      and tag.workspace_id = lead_tag.workspace_id and tag.id = lead_tag.tag_id and tag.name_key = ${name_key}
    returning lead_tag.tag_id`.execute(ctx.db);
  return rows.length > 0;
}

export async function selectTags(ctx: Ctx): Promise<TagRow[]> {
  const { rows } = await sql<TagRow>`
    select tag.id, tag.name, tag.colour, (
      select count(*) from lead_tag
      join lead on lead.workspace_id = lead_tag.workspace_id and lead.id = lead_tag.lead_id
      where lead_tag.workspace_id = tag.workspace_id and lead_tag.tag_id = tag.id and lead.hidden_at is null and ${visibleTo(ctx.actor)})::int as leads
    from tag
    where tag.workspace_id = ${ctx.workspace_id}
    order by tag.name_key`.execute(ctx.db);
  return rows;
}

export async function selectTag(
  ctx: Ctx,
  by: { id: string } | { name_key: string },
): Promise<{ id: string; name: string } | undefined> {
  return ctx.db
    .selectFrom("tag")
    .select(["id", "name"])
    .where("workspace_id", "=", ctx.workspace_id)
    .where("id" in by ? "id" : "name_key", "=", "id" in by ? by.id : by.name_key)
    .executeTakeFirst();
}

export async function updateTagRow(
  ctx: Ctx,
  id: string,
  set: { name?: string; name_key?: string; colour?: string | null },
): Promise<void> {
  if (Object.keys(set).length > 0) {
    await ctx.db
      .updateTable("tag")
      .set(set)
      .where("workspace_id", "=", ctx.workspace_id)
      .where("id", "=", id)
      .execute();
  }
}

/** Everything tagged with one is tagged with the other. */
export async function moveTag(ctx: Ctx, from: string, to: string): Promise<void> {
  await sql`
    insert into lead_tag (workspace_id, lead_id, tag_id)
    select workspace_id, lead_id, ${to} from lead_tag
    where workspace_id = ${ctx.workspace_id} and tag_id = ${from}
    on conflict do nothing`.execute(ctx.db);
}

export async function deleteTagRow(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.deleteFrom("tag").where("workspace_id", "=", ctx.workspace_id).where("id", "=", id).execute();
}
