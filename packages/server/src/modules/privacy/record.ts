/** Everything that is recorded about a lead, as one JSON document: what a person gets who asks what we know of them. */
import { standardFields } from "@bellwether/contracts/fields";
import type { Lead } from "@bellwether/contracts/leads";
import type { Actor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { notFound } from "../../kernel/problems.ts";
import { selectCells } from "../changes/index.ts";
import { listFields } from "../fields/index.ts";
import {
  mergedIds,
  type NoteRow,
  selectAnywhere,
  selectNotes,
  selectTimeline,
  type TimelineRow,
} from "../leads/index.ts";
import { selectSegmentsOf } from "../segments/index.ts";

const page_size = 500;

export async function recordOf(
  db: Database,
  actor: Actor,
  id: string,
): Promise<{ file_name: string; text: AsyncGenerator<string> }> {
  const { lead, merged, labels, ids } = await db.tenant(actor, async (ctx) => {
    const [found] = await selectAnywhere(ctx, [id]);
    if (found === undefined) {
      throw notFound("lead");
    }
    const all = await mergedIds(ctx, [id]);
    const others = await selectAnywhere(
      ctx,
      all.filter((each) => each !== id),
    );
    await emit(ctx, "lead.exported", { lead_id: id });
    return { lead: found, merged: others, labels: await labelsOf(ctx), ids: all };
  });
  const name = [lead.first_name, lead.last_name].filter(Boolean).join(" ") || lead.id;
  return {
    file_name: `${name.replace(/[^\p{L}\p{N} ._-]/gu, "_")}.json`,
    text: pieces(db, actor, { lead, merged, labels, ids }),
  };
}

interface Known {
  lead: Lead;
  merged: Lead[];
  labels: Map<string, string>;
  ids: string[];
}

/** Page after page, in a transaction each: a timeline of a hundred thousand entries is held nowhere. */
async function* pieces(db: Database, actor: Actor, known: Known): AsyncGenerator<string> {
  const { lead, merged, labels, ids } = known;
  yield `{"exported_at":${JSON.stringify(now().toISOString())},\n"lead":${JSON.stringify(lead)},\n`;
  yield `"fields":${JSON.stringify(fieldsOf(lead, labels))},\n`;
  yield `"merged_into_it":${JSON.stringify(merged.map((each) => ({ ...each, fields: fieldsOf(each, labels) })))},\n`;
  yield* list("notes", notePages(db, actor, ids));
  yield ",\n";
  yield* list("timeline", timelinePages(db, actor, ids));
  const cells = await db.tenant(actor, (ctx) => selectCells(ctx, ids));
  yield `,\n"bulk_changes":${JSON.stringify(cells)}`;
  const segments = await db.tenant(actor, (ctx) => selectSegmentsOf(ctx, lead.id));
  yield `,\n"segments":${JSON.stringify(segments)}}\n`;
}

async function* list(name: string, pages: AsyncGenerator<unknown[]>): AsyncGenerator<string> {
  yield `"${name}":[`;
  let before = "";
  for await (const page of pages) {
    for (const item of page) {
      yield `${before}\n${JSON.stringify(item)}`;
      before = ",";
    }
  }
  yield "]";
}

async function* notePages(db: Database, actor: Actor, ids: string[]): AsyncGenerator<unknown[]> {
  yield* pagesOf<NoteRow>((last) =>
    db.tenant(actor, (ctx) => selectNotes(ctx, ids, { before: last?.id ?? null, limit: page_size })),
  );
}

async function* timelinePages(db: Database, actor: Actor, ids: string[]): AsyncGenerator<unknown[]> {
  const pages = pagesOf<TimelineRow>((before) =>
    db.tenant(actor, (ctx) => selectTimeline(ctx, ids, { before, names: null, limit: page_size })),
  );
  for await (const page of pages) {
    yield page.map(({ name, at, actor: by, data }) => ({ name, occurred_at: at, actor: by, data }));
  }
}

async function* pagesOf<T>(read: (last: T | null) => Promise<T[]>): AsyncGenerator<T[]> {
  let last: T | null = null;
  do {
    // oxlint-disable-next-line no-await-in-loop -- page after page
    const page: T[] = await read(last);
    yield page;
    last = page.length < page_size ? null : (page.at(-1) ?? null);
  } while (last !== null);
}

async function labelsOf(ctx: Ctx): Promise<Map<string, string>> {
  const custom = await listFields(ctx, "too");
  return new Map([
    ...standardFields.map(({ key, label }): [string, string] => [key, label]),
    ...custom.map(({ key, label }): [string, string] => [`attributes.${key}`, label]),
  ]);
}

/** Under the words that the screen has for them. */
function fieldsOf(lead: Lead, labels: Map<string, string>) {
  const { attributes, ...standard } = lead;
  return [
    ...Object.entries(standard),
    ...Object.entries(attributes).map(([key, value]) => [`attributes.${key}`, value] as const),
  ].flatMap(([field, value]) => {
    const label = labels.get(field);
    return label === undefined || value === null ? [] : [{ field, label, value }];
  });
}
