import type { Nothing } from "@bellwether/contracts/common";
import sanitize from "sanitize-html";
import type { Note } from "@bellwether/contracts/leads";
import { may } from "@bellwether/contracts/permissions";
import { actorRef } from "../../kernel/access.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { invalid, notFound, problem } from "../../kernel/problems.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { showLead } from "./leads.ts";
import { mergedIds } from "./merge.sql.ts";
import {
  deleteNoteRow,
  insertNote,
  type NoteRow,
  selectNote,
  selectNotes,
  updateNoteBody,
} from "./notes.sql.ts";

export async function listNotes(ctx: Ctx, input: { id: string; limit: number; cursor?: string | undefined }) {
  const lead = await showLead(ctx, input);
  const before = input.cursor === undefined ? null : decodeCursor(input.cursor, `notes:${lead.id}`).id;
  const rows = await selectNotes(ctx, await mergedIds(ctx, [lead.id]), { before, limit: input.limit + 1 });
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  return {
    data: page.map((row) => toNote({ ...row, lead_id: lead.id })),
    next_cursor: more ? encodeCursor({ of: `notes:${lead.id}`, id: last.id }) : null,
  };
}

export async function addNote(ctx: Ctx, input: { id: string; body: string }): Promise<Note> {
  const lead = await showLead(ctx, input);
  const body = clean(input.body);
  const note = await insertNote(ctx, { id: newId(), lead_id: lead.id, body, author: actorRef(ctx.actor) });
  if (note === undefined) {
    throw new Error("a note was not written");
  }
  await emit(
    ctx,
    "note.added",
    { lead_id: lead.id, subject_id: note.id },
    { text: plain(body), mentions: mentions(body) },
  );
  return toNote(note);
}

export async function editNote(
  ctx: Ctx,
  input: { id: string; note_id: string; body: string },
): Promise<Note> {
  const before = await noteOf(ctx, input);
  if (before.author.id !== ctx.actor.id) {
    throw problem("forbidden", { say: `${before.author.name} wrote this note, so only they can edit it.` });
  }
  const body = clean(input.body);
  const after = await updateNoteBody(ctx, before.id, body);
  await emit(
    ctx,
    "note.edited",
    { lead_id: input.id, subject_id: before.id },
    { from: plain(before.body), to: plain(body), mentions: mentions(body) },
  );
  return toNote(after === undefined ? before : { ...after, lead_id: before.lead_id });
}

export async function deleteNote(ctx: Ctx, input: { id: string; note_id: string }): Promise<Nothing> {
  const note = await noteOf(ctx, input);
  if (note.author.id !== ctx.actor.id && !may(ctx.actor.role, "leads:delete")) {
    throw problem("forbidden", {
      say: `${note.author.name} wrote this note. They or a manager can delete it.`,
    });
  }
  await deleteNoteRow(ctx, note.id);
  await emit(ctx, "note.deleted", { lead_id: input.id, subject_id: note.id }, { text: plain(note.body) });
  return {};
}

async function noteOf(ctx: Ctx, input: { id: string; note_id: string }): Promise<NoteRow> {
  const lead = await showLead(ctx, input);
  const note = await selectNote(ctx, await mergedIds(ctx, [lead.id]), input.note_id);
  if (note === undefined) {
    throw notFound("note");
  }
  return { ...note, lead_id: lead.id };
}

/** Formatting, links and mentions; nothing that runs, loads or looks like our own page. */
function clean(body: string): string {
  const html = sanitize(body, {
    allowedTags: [
      "p",
      "br",
      "b",
      "strong",
      "i",
      "em",
      "u",
      "s",
      "ul",
      "ol",
      "li",
      "a",
      "code",
      "pre",
      "blockquote",
      "span",
    ],
    allowedAttributes: { a: ["href", "rel", "target"], span: ["data-member"] },
    allowedSchemes: ["http", "https", "mailto", "tel"],
    transformTags: {
      a: sanitize.simpleTransform("a", { rel: "noopener noreferrer nofollow", target: "_blank" }),
    },
  }).trim();
  if (plain(html) === "") {
    throw invalid([{ path: "body", code: "required", message: "Write something first." }]);
  }
  return html;
}

function plain(html: string): string {
  return sanitize(html.replace(/<(br|\/p|\/li)\s*\/?>/gi, " "), { allowedTags: [], allowedAttributes: {} })
    .trim()
    .slice(0, 500);
}

function mentions(html: string): string[] {
  return [...html.matchAll(/data-member="([0-9a-f-]{36})"/g)].flatMap((match) => match[1] ?? []);
}

function toNote(row: NoteRow): Note {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at?.toISOString() ?? null,
  };
}
