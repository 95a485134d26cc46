import { builtInEvents, isReported, usualEvents } from "@bellwether/contracts/event-names";
import {
  type EventGroup,
  type EventIn,
  type EventName,
  type EventSettings,
  event_names_max,
} from "@bellwether/contracts/events";
import type { TimelineEvent } from "@bellwether/contracts/leads";
import { actorRef } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { invalid, notFound } from "../../kernel/problems.ts";
import { mergedIds, showLead } from "../leads/index.ts";
import {
  type NameRow,
  saveKeepMonths,
  saveName,
  selectGroups,
  selectKeepMonths,
  selectNames,
} from "./events.sql.ts";
import { recordSubmissions } from "./record.ts";

/** By hand, of one lead. */
export async function addEvent(
  ctx: Ctx,
  { id, ...event }: Pick<EventIn, "event_id" | "name" | "occurred_at" | "properties"> & { id: string },
): Promise<TimelineEvent> {
  const lead = await showLead(ctx, { id });
  const occurred_at = event.occurred_at ?? now().toISOString();
  const [[result] = []] = await recordSubmissions(ctx, [
    { actor: ctx.actor, events: [{ ...event, occurred_at, lead_id: lead.id }], create_leads: false },
  ]);
  if (result === undefined || result.id === null) {
    throw invalid(result?.errors ?? []);
  }
  return {
    id: result.id,
    name: event.name,
    occurred_at: new Date(occurred_at).toISOString(),
    actor: actorRef(ctx.actor),
    data: event.properties ?? {},
  };
}

export async function listGroups(ctx: Ctx, input: { id: string }): Promise<{ data: EventGroup[] }> {
  const lead = await showLead(ctx, input);
  const labels = new Map((await selectNames(ctx)).map((row) => [row.name, row.label]));
  const groups = await selectGroups(ctx, await mergedIds(ctx, [lead.id]), Object.keys(builtInEvents));
  const data = groups.map(({ name, count, first_at, last_at }) => ({
    name,
    label: labelOf(name, labels.get(name) ?? null),
    count,
    first_at: first_at.toISOString(),
    last_at: last_at.toISOString(),
  }));
  return { data: data.toSorted((a, b) => b.last_at.localeCompare(a.last_at)) };
}

/** Those that were sent, those that are usual, and what the product tells by itself. */
export async function listNames(ctx: Ctx): Promise<{ data: EventName[]; names_max: number }> {
  const rows = await selectNames(ctx);
  const saved = new Map(rows.map((row) => [row.name, row]));
  const known = [...Object.keys(usualEvents), ...Object.keys(builtInEvents)];
  const names = [...saved.keys(), ...known.filter((name) => !saved.has(name))];
  return { data: names.map((name) => toName(name, saved.get(name))), names_max: event_names_max };
}

export async function updateName(
  ctx: Ctx,
  input: { name: string; label?: string | null | undefined; hidden?: boolean | undefined },
): Promise<EventName> {
  const find = async () => (await listNames(ctx)).data.find((each) => each.name === input.name);
  const row = (await selectNames(ctx)).find((each) => each.name === input.name);
  const before = await find();
  if (before === undefined) {
    throw notFound("event name");
  }
  const label = input.label === undefined ? (row?.label ?? null) : input.label;
  await saveName(ctx, { name: input.name, label, hidden: input.hidden ?? before.hidden });
  const after = await find();
  if (after === undefined) {
    throw new Error("a name that was just saved is not there");
  }
  if (after.label !== before.label || after.hidden !== before.hidden) {
    const changes = {
      ...(after.label === before.label ? {} : { label: { from: before.label, to: after.label } }),
      ...(after.hidden === before.hidden ? {} : { hidden: { from: before.hidden, to: after.hidden } }),
    };
    await emit(ctx, "event.updated", {}, { name: input.name, changes });
  }
  return after;
}

export async function showSettings(ctx: Ctx): Promise<EventSettings> {
  return { keep_months: await selectKeepMonths(ctx) };
}

export async function saveSettings(ctx: Ctx, { keep_months }: EventSettings): Promise<EventSettings> {
  const from = await selectKeepMonths(ctx);
  if (from !== keep_months) {
    await saveKeepMonths(ctx, keep_months);
    await emit(ctx, "events.settings_changed", {}, { changes: { keep_months: { from, to: keep_months } } });
  }
  return { keep_months };
}

function labelOf(name: string, label: string | null): string {
  return label ?? builtInEvents[name] ?? usualEvents[name] ?? name;
}

function toName(name: string, row: NameRow | undefined): EventName {
  const sent = row !== undefined && row.count > 0;
  return {
    name,
    label: labelOf(name, row?.label ?? null),
    kind: !isReported(name) ? "built_in" : sent || usualEvents[name] === undefined ? "reported" : "usual",
    hidden: row?.hidden ?? false,
    count: isReported(name) ? (row?.count ?? 0) : null,
    first_seen_at: row?.first_seen_at?.toISOString() ?? null,
    last_seen_at: row?.last_seen_at?.toISOString() ?? null,
    properties: row?.properties ?? [],
  };
}
