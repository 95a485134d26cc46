import type { Nothing } from "@bellwether/contracts/common";
import { may } from "@bellwether/contracts/permissions";
import type { View, ViewIn, ViewPatch } from "@bellwether/contracts/views";
import { actorRef, demand } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import { type Ctx, violated } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { notFound, ProblemError, problem } from "../../kernel/problems.ts";
import { checkColumns, checkKept, checkQuery } from "../leads/index.ts";
import { listStages } from "../stages/index.ts";
import { standardViews } from "./defaults.ts";
import {
  countViews,
  deleteViewRow,
  insertView,
  saveViewOrder,
  selectView,
  selectViewOrder,
  selectViews,
  updateViewRow,
  type ViewRow,
} from "./views.sql.ts";

const views_max = 200;

/** In the order I gave them; else everybody's first, then mine in the order I made them, then those shared with me by name. */
export async function listViews(ctx: Ctx): Promise<View[]> {
  const order = new Map((await selectViewOrder(ctx)).map((id, place) => [id, place]));
  const views = standardViews(await listStages(ctx));
  for (const row of await selectViews(ctx)) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    views.push(await toView(ctx, row));
  }
  return views.toSorted((a, b) => (order.get(a.id) ?? order.size) - (order.get(b.id) ?? order.size));
}

/** What can't be seen is passed over without a word: it may be gone since, or private now. */
export async function orderViews(ctx: Ctx, { view_ids }: { view_ids: string[] }): Promise<View[]> {
  const seen = new Set((await listViews(ctx)).map((view) => view.id));
  await saveViewOrder(
    ctx,
    [...new Set(view_ids)].filter((id) => seen.has(id)),
    now(),
  );
  return listViews(ctx);
}

export async function showView(ctx: Ctx, input: { id: string }): Promise<View> {
  const standard = standardViews(await listStages(ctx)).find((view) => view.id === input.id);
  return standard ?? toView(ctx, await findView(ctx, input.id));
}

export async function createView(ctx: Ctx, input: ViewIn): Promise<View> {
  demandSharing(ctx, input.shared);
  await checkView(ctx, input, null);
  if ((await countViews(ctx)) >= views_max) {
    throw problem("not_in_state", {
      say: `You have ${views_max} views. Delete one that you no longer need.`,
    });
  }
  const id = newId();
  await named(input.name, insertView(ctx, { id, ...input, made_by: actorRef(ctx.actor), at: now() }));
  await emit(ctx, "view.created", { subject_id: id }, { name: input.name, shared: input.shared });
  return showView(ctx, { id });
}

/** What is given is held to the same rules as a new view; what isn't, may be broken until somebody repairs it. */
export async function updateView(ctx: Ctx, input: ViewPatch & { id: string }): Promise<View> {
  const { id, ...patch } = input;
  const row = await changeable(ctx, id);
  demandSharing(ctx, patch.shared ?? row.shared);
  await checkView(ctx, patch, row);
  await named(patch.name ?? row.name, updateViewRow(ctx, id, patch, now()));
  await emit(ctx, "view.updated", { subject_id: id }, { name: row.name, changes: changesOf(row, patch) });
  return showView(ctx, { id });
}

export async function deleteView(ctx: Ctx, input: { id: string }): Promise<Nothing> {
  const row = await changeable(ctx, input.id);
  await deleteViewRow(ctx, row.id);
  await emit(ctx, "view.deleted", { subject_id: row.id }, { name: row.name, shared: row.shared });
  return {};
}

async function checkView(ctx: Ctx, view: ViewPatch, before: ViewRow | null): Promise<void> {
  const { rule, q, sort, columns, card_fields } = view;
  const query = { rule: rule ?? undefined, q };
  await checkQuery(ctx, { ...query, sort });
  await checkKept(ctx, query, { rule: before?.rule ?? undefined, q: before?.q });
  await checkColumns(ctx, columns?.map((column) => column.field) ?? []);
  await checkColumns(ctx, card_fields ?? []);
}

function demandSharing(ctx: Ctx, shared: boolean): void {
  if (shared) {
    demand(
      ctx.actor,
      "views:share",
      "Views for everybody are made by managers. Keep it for yourself, or ask a manager.",
    );
  }
}

/** Where somebody else's private view looks like none. */
async function findView(ctx: Ctx, id: string): Promise<ViewRow> {
  const row = await selectView(ctx, id);
  if (row === null) {
    throw notFound("view");
  }
  return row;
}

async function changeable(ctx: Ctx, id: string): Promise<ViewRow> {
  const standard = standardViews(await listStages(ctx)).find((view) => view.id === id);
  if (standard !== undefined) {
    throw problem("not_in_state", {
      say: `“${standard.name}” is in every workspace and stays as it is. Save it under a name of your own.`,
    });
  }
  const row = await findView(ctx, id);
  if (!mayChange(ctx, row)) {
    throw problem("forbidden", {
      say: `“${row.name}” is ${row.made_by.name}'s. Save it under a name of your own, or ask an admin to change it.`,
    });
  }
  return row;
}

function mayChange(ctx: Ctx, row: ViewRow): boolean {
  const allowed = !row.shared || may(ctx.actor.role, "views:share");
  return allowed && (isMine(ctx, row) || may(ctx.actor.role, "settings:write"));
}

function isMine(ctx: Ctx, row: ViewRow): boolean {
  return row.maker_id === ctx.actor.id;
}

async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw violated(error) === "view_by_maker"
      ? problem("name_taken", { say: `You have a view called “${name}” already. Choose another name.` })
      : error;
  }
}

function changesOf(row: ViewRow, patch: ViewPatch): Record<string, { from: unknown; to: unknown }> {
  const before = new Map<string, unknown>(Object.entries(row));
  return Object.fromEntries(
    Object.entries(patch)
      .filter(([key, to]) => JSON.stringify(before.get(key)) !== JSON.stringify(to))
      .map(([key, to]) => [key, { from: before.get(key) ?? null, to }]),
  );
}

async function toView(ctx: Ctx, row: ViewRow): Promise<View> {
  const { id, name, shared, rule, q, sort, columns, layout, card_fields } = row;
  return {
    id,
    name,
    shared,
    rule,
    q,
    sort,
    columns,
    layout,
    card_fields,
    standard: false,
    mine: isMine(ctx, row),
    may_change: mayChange(ctx, row),
    made_by: row.made_by.name,
    broken: await whyBroken(ctx, row),
    updated_at: row.updated_at.toISOString(),
  };
}

/** Fields are deleted and choices renamed after a view was saved, and who looks may see less than who saved. */
async function whyBroken(ctx: Ctx, row: ViewRow): Promise<string | null> {
  try {
    await checkQuery(ctx, { rule: row.rule ?? undefined, q: row.q, sort: row.sort });
    return null;
  } catch (error) {
    if (error instanceof ProblemError) {
      return error.message;
    }
    throw error;
  }
}
