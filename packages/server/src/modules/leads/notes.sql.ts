import { sql } from "kysely";
import type { ActorRef } from "@bellwether/contracts/common";
import { type Ctx, json } from "../../kernel/db.ts";

export interface NoteRow {
  id: string;
  lead_id: string;
  body: string;
  author: ActorRef;
  created_at: Date;
  updated_at: Date | null;
}

export async function insertNote(
  ctx: Ctx,
  note: { id: string; lead_id: string; body: string; author: ActorRef },
): Promise<NoteRow | undefined> {
  const { rows } = await sql<NoteRow>`
    insert into note (workspace_id, id, lead_id, body, author)
    values (${ctx.workspace_id}, ${note.id}, ${note.lead_id}, ${note.body}, ${json(note.author)})
    returning id, lead_id, body, author, created_at, updated_at`.execute(ctx.db);
  return rows[0];
}

export async function selectNotes(
  ctx: Ctx,
  lead_ids: string[],
  page: { before: string | null; limit: number },
): Promise<NoteRow[]> {
  const { rows } = await sql<NoteRow>`
    select id, lead_id, body, author, created_at, updated_at
    from note
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[]) and (${page.before}::uuid is null or id < ${page.before}::uuid)
    order by id desc
    limit ${page.limit}`.execute(ctx.db);
  return rows;
}

export async function selectNote(ctx: Ctx, lead_ids: string[], id: string): Promise<NoteRow | undefined> {
  const { rows } = await sql<NoteRow>`
    select id, lead_id, body, author, created_at, updated_at
    from note
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[]) and id = ${id}
    for update`.execute(ctx.db);
  return rows[0];
}

export async function updateNoteBody(ctx: Ctx, id: string, body: string): Promise<NoteRow | undefined> {
  const { rows } = await sql<NoteRow>`
    update note set body = ${body}, updated_at = now()
    where workspace_id = ${ctx.workspace_id} and id = ${id}
    returning id, lead_id, body, author, created_at, updated_at`.execute(ctx.db);
  return rows[0];
}

export async function deleteNoteRow(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.deleteFrom("note").where("workspace_id", "=", ctx.workspace_id).where("id", "=", id).execute();
}
