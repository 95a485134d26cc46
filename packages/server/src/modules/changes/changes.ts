/** Bulk changes as people handle them: previewed, started, shown, undone. */
import type { BulkInput, BulkPreview, ChangeSet } from "@bellwether/contracts/changes";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { Rule } from "@bellwether/contracts/rule";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { enqueue, type Job } from "../../kernel/jobs.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import { listFields } from "../fields/index.ts";
import { ensureTags, matchingLeads, tagKey } from "../leads/index.ts";
import { Catalogue, parseQuery, segmentsFor, type Sql } from "../rules/index.ts";
import { untaken } from "./assign.ts";
import { type ReadAction, readAction } from "./actions.ts";
import { insertChangeSet, reopenChangeSet, selectChangeSet, selectChangeSets } from "./changes.sql.ts";
import { countMatching, freezeMatching, theseLeads } from "./choose.sql.ts";
import { undoMerge } from "./merges.ts";
import { type Edit, isMerge, toChangeSet, undoable } from "./record.ts";

export type Work = Job<{ change_set_id: string }>;

/** Keeps which leads match at this moment, and has the work done in the background. */
export async function startBulk(ctx: Ctx, input: BulkInput, work: Work): Promise<ChangeSet> {
  const { edit, summary } = await madeReal(ctx, await readAction(ctx, input.action));
  const matching = await chosen(ctx, input);
  const { action, lead_ids, ...question } = input;
  const asked = { action, ...question, ...(lead_ids === undefined ? {} : { lead_ids: lead_ids.length }) };
  const id = newId();
  await begin(ctx, { id, kind: action.kind, summary, asked, edit }, matching, work);
  return showChange(ctx, { id });
}

/** Every lead of a stage that is being removed goes to another one, whatever that one asks for and this one holds. */
export async function moveAll(ctx: Ctx, input: { from: Stage; to: Stage }, work: Work): Promise<string> {
  const { from, to } = input;
  const id = newId();
  const summary = `Remove stage ${from.name}, its leads to ${to.name}`;
  const edit: Edit = {
    kind: "stage",
    stage: to.key,
    name: to.name,
    final: to.kind !== "open",
    reason: to.kind === "lost" ? `The stage “${from.name}” was removed` : null,
    required: [],
    removes: from.key,
  };
  const asked = { remove_stage: from.key, move_to: to.key };
  const rule: Rule = { field: "stage", is: "eq", value: from.key };
  const matching = await matchingLeads(ctx, { rule });
  await begin(ctx, { id, kind: "remove_stage", summary, asked, edit }, matching, work);
  return id;
}

interface NewChange {
  id: string;
  kind: string;
  /** In words, as the history of changes shows it. */
  summary: string;
  asked: unknown;
  edit: Edit;
}

/** For these leads as they match now. */
export async function begin(ctx: Ctx, change: NewChange, matching: Sql, work: Work): Promise<void> {
  const { id, summary, asked } = change;
  await insertChangeSet(ctx, change);
  const total = await freezeMatching(ctx, id, matching);
  if (total > 0) {
    await enqueue(ctx, work, { change_set_id: id }, { key: keyOf(id) });
  }
  await emit(ctx, "bulk.started", { subject_id: id }, { summary, total, asked });
}

export async function previewBulk(ctx: Ctx, input: BulkInput): Promise<BulkPreview> {
  const { edit } = await readAction(ctx, input.action);
  const also = edit.kind === "assign" ? await untaken(ctx) : [];
  return countMatching(ctx, edit, await chosen(ctx, input), also);
}

export async function showChange(ctx: Ctx, input: { id: string }): Promise<ChangeSet> {
  const row = await selectChangeSet(ctx, input.id);
  if (row === null) {
    throw notFound("change");
  }
  return toChangeSet(row);
}

export async function listChanges(ctx: Ctx, input: { limit: number; cursor?: string | undefined }) {
  const before = input.cursor === undefined ? null : Buffer.from(input.cursor, "base64url").toString();
  if (before !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(before)) {
    throw problem("bad_cursor", { say: "This cursor is not of the list of changes. Begin without one." });
  }
  const rows = await selectChangeSets(ctx, before, input.limit + 1);
  const page = rows.slice(0, input.limit);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  return {
    data: page.map(toChangeSet),
    next_cursor: last === undefined ? null : Buffer.from(last.id).toString("base64url"),
  };
}

/** Has it put back in the background, whoever made it; a merge at once. */
export async function undoChange(ctx: Ctx, input: { id: string }, work: Work): Promise<ChangeSet> {
  const row = await selectChangeSet(ctx, input.id, "lock");
  if (row === null) {
    throw notFound("change");
  }
  if (!undoable(row)) {
    const why = {
      running: "It is still being made. Undo it when it is done.",
      undoing: "It is being undone already.",
      undone: "It is undone already.",
      done: "It changed nothing, so there is nothing to undo.",
      failed: "It changed nothing before it failed, so there is nothing to undo.",
    };
    throw problem("not_in_state", {
      say: `“${row.summary}” can't be undone. ${why[row.state]}`,
      also: { state: row.state },
    });
  }
  if (isMerge(row)) {
    await undoMerge(ctx, row);
    return showChange(ctx, row);
  }
  await reopenChangeSet(ctx, row.id);
  await enqueue(ctx, work, { change_set_id: row.id }, { key: keyOf(row.id) });
  await emit(ctx, "bulk.undoing", { subject_id: row.id }, { summary: row.summary });
  return showChange(ctx, row);
}

function keyOf(id: string): string {
  return `changes:${id}`;
}

/** A tag to be added is made, so that the change knows it by its id however it may be renamed. */
async function madeReal(ctx: Ctx, read: ReadAction): Promise<ReadAction> {
  const { edit } = read;
  if (edit.kind !== "tag" || !edit.add) {
    return read;
  }
  const key = tagKey(edit.tag);
  const tag_id = (await ensureTags(ctx, new Map([[key, edit.tag]]))).get(key) ?? edit.tag_id;
  return { ...read, edit: { ...edit, tag_id } };
}

/** The leads it is about: these, or all that a question means. Everybody only where somebody says so. */
async function chosen(ctx: Ctx, input: Omit<BulkInput, "action">): Promise<Sql> {
  const { rule, q, lead_ids } = input;
  if (lead_ids !== undefined) {
    if (rule !== undefined || q !== undefined) {
      throw badChoice("Name leads by lead_ids, or ask for them by rule and q: not both.");
    }
    return theseLeads(ctx, lead_ids);
  }
  const catalogue = new Catalogue(await listFields(ctx), ctx.actor, await segmentsFor(ctx, { q }));
  const parsed = parseQuery(q ?? "", catalogue);
  if (rule === undefined && "all" in parsed && parsed.all.length === 0) {
    throw badChoice("Say which leads: by rule, q or lead_ids. All of them are the rule {“all”: []}.");
  }
  return matchingLeads(ctx, { ...(rule === undefined ? {} : { rule }), ...(q === undefined ? {} : { q }) });
}

function badChoice(say: string) {
  return problem("bad_query", { say, errors: [{ path: "rule", code: "which_leads", message: say }] });
}
