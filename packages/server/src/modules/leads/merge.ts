/** Two leads that are one person: the other's values, tags, points and history join this one's, and it goes out of sight. */
import type { MergeChoices, MergeInput, MergePreview } from "@bellwether/contracts/duplicates";
import type { Field } from "@bellwether/contracts/fields";
import { type Lead, tiers } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { FieldError } from "@bellwether/contracts/problems";
import type { FieldValue } from "@bellwether/contracts/values";
import type { Ctx } from "../../kernel/db.ts";
import { emitMany } from "../../kernel/events.ts";
import { joinReported } from "../../kernel/reported.ts";
import { invalid, problem } from "../../kernel/problems.ts";
import { listFields } from "../fields/index.ts";
import { mirrorsOf } from "../rules/index.ts";
import { listStages } from "../stages/index.ts";
import { heldError, moveWay } from "./judge-move.ts";
import { missingLead, refuseChanged, showLead } from "./leads.ts";
import { copyTags, countHistory, joinStat, mergedIds, retireLead } from "./merge.sql.ts";
import { tagKey } from "./tagging.ts";
import {
  applyValues,
  type Changes,
  columnNames,
  hasIdentifier,
  type LeadState,
  type LeadValues,
  uniqueClaims,
} from "./values.ts";
import { claimUnique, lockLeads, updateLeads } from "./write.sql.ts";

/** One thing that a merge changed, as its change set keeps it for the undo. */
export interface MergeCell {
  lead_id: string;
  /** A field; or `tags` (the tags that joined), `stat` (points and when it was last seen), `merged_into` (of the other). */
  field: string;
  old: unknown;
  new: unknown;
}

export async function previewMerge(ctx: Ctx, input: MergeInput): Promise<MergePreview> {
  refuseItself(input);
  const lead = await showLead(ctx, input);
  const other = await showLead(ctx, { id: input.other_id });
  const { after, fields } = planMerge(
    await listFields(ctx, "too"),
    await listStages(ctx),
    stateOf(lead),
    stateOf(other),
    input.choices,
  );
  const known = new Set(lead.tags.map(tagKey));
  const tags = other.tags.filter((tag) => !known.has(tagKey(tag)));
  const score = lead.score + other.score;
  const seen = [lead.last_seen_at, other.last_seen_at].filter((time) => time !== null).toSorted();
  const history = await countHistory(ctx, await mergedIds(ctx, [other.id]));
  return {
    lead: {
      ...lead,
      ...after.columns,
      attributes: after.attributes,
      tags: [...lead.tags, ...tags].toSorted((a, b) => (tagKey(a) < tagKey(b) ? -1 : 1)),
      score,
      tier: tierOf(score),
      last_seen_at: seen.at(-1) ?? null,
    },
    fields,
    joins: { ...history, tags },
  };
}

/** Answers what it changed, for the change set of this id. */
export async function mergeLeads(ctx: Ctx, input: MergeInput, change_set_id: string): Promise<MergeCell[]> {
  const { lead, other } = await lockBoth(ctx, input);
  const known = await listFields(ctx, "too");
  const { after, changes } = planMerge(known, await listStages(ctx), lead, other, input.choices);
  await retireLead(ctx, other.id, lead.id);
  await updateLeads(ctx, [after], mirrorsOf(known), { how: moveWay(ctx.actor), change_set_id });
  await claimAll(ctx, known, [after]);
  const tag_ids = await copyTags(ctx, other.id, lead.id);
  // In the order in which reported events lock the two, so that neither waits for the other in a circle.
  await joinReported(ctx, other.id, lead.id);
  const stat = await joinStat(ctx, other.id, lead.id);
  await tellMerge(ctx, { lead, other, changes, change_set_id });
  const cell = (lead_id: string, field: string, old: unknown, now: unknown) => ({
    lead_id,
    field,
    old,
    new: now,
  });
  return [
    ...Object.entries(changes).map(([field, { from, to }]) => cell(lead.id, field, from, to)),
    ...(tag_ids.length === 0 ? [] : [cell(lead.id, "tags", null, tag_ids)]),
    ...(stat === null ? [] : [cell(lead.id, "stat", null, stat)]),
    cell(other.id, "merged_into", null, lead.id),
  ];
}

/** Both as they are now; changes that the caller hasn't seen are refused, since they chose by what they saw. */
async function lockBoth(ctx: Ctx, input: MergeInput): Promise<{ lead: LeadState; other: LeadState }> {
  refuseItself(input);
  const found = new Map(
    (await lockLeads(ctx, "id", [input.id, input.other_id])).map((each) => [each.id, each]),
  );
  const lead = found.get(input.id);
  const other = found.get(input.other_id);
  if (lead === undefined || other === undefined) {
    throw await missingLead(ctx, lead === undefined ? input.id : input.other_id);
  }
  await refuseChanged(ctx, lead);
  if (input.other_revision !== undefined && input.other_revision !== other.revision) {
    throw problem("changed_meanwhile", {
      say: "Somebody changed the other lead after you opened it. Look at their change, then decide.",
      also: { current: await showLead(ctx, other) },
    });
  }
  return { lead, other };
}

function refuseItself(input: MergeInput): void {
  if (input.id === input.other_id) {
    throw invalid([
      { path: "other_id", code: "same_lead", message: "A lead can't be merged with itself. Choose another." },
    ]);
  }
}

interface Plan {
  after: LeadState;
  changes: Changes;
  /** Where both have a value and they differ. */
  fields: MergePreview["fields"];
}

function planMerge(
  known: Field[],
  stages: Stage[],
  lead: LeadState,
  other: LeadState,
  choices: MergeChoices,
): Plan {
  const mine = valuesOf(lead);
  const theirs = valuesOf(other);
  const custom = known.map((field) => `attributes.${field.key}`);
  const names = new Set([...mine.keys(), ...theirs.keys(), ...custom]);
  // Why a lead was lost goes with its stage.
  names.delete("lost_reason");
  const holder = stages.find((stage) => stage.key === lead.columns.stage && stage.kind !== "open");
  const errors: FieldError[] = Object.keys(choices)
    .filter((name) => !names.has(name))
    .map((name) => ({
      path: `choices.${name}`,
      code: "unknown_field",
      message: `There is no field “${name}” to choose.`,
    }));
  for (const name of ["stage", "owner_id"]) {
    if (holder !== undefined && choices[name] === "other" && mine.get(name) !== theirs.get(name)) {
      errors.push({ ...heldError(name, holder), path: `choices.${name}` });
    }
  }
  const taken: LeadValues = { columns: {}, attributes: new Map() };
  const fields: Plan["fields"] = [];
  for (const name of names) {
    const one = mine.get(name) ?? null;
    const two = theirs.get(name) ?? null;
    const held = holder !== undefined && (name === "stage" || name === "owner_id");
    const side = held ? "this" : (choices[name] ?? (one === null ? "other" : "this"));
    if (one !== null && two !== null && JSON.stringify(one) !== JSON.stringify(two)) {
      fields.push({ field: name, this: one, other: two, taken: side });
    }
    putValue(taken, name, side === "this" ? one : two);
    if (name === "stage" && side === "other") {
      putValue(taken, "lost_reason", theirs.get("lost_reason") ?? null);
    }
  }
  const result = applyValues(lead, taken);
  if (errors.length === 0 && !hasIdentifier(result.after.columns)) {
    errors.push({
      path: "choices",
      code: "identifier_required",
      message: "A lead keeps at least one of e-mail, phone, WhatsApp id and external id. Choose one of them.",
    });
  }
  if (errors.length > 0) {
    throw invalid(errors);
  }
  return { ...result, fields };
}

/** A lead's values by field: columns by their name, custom ones as `attributes.<key>`. */
export function valuesOf(lead: LeadState): Map<string, FieldValue> {
  const columns = columnNames.map((name): [string, FieldValue] => [name, lead.columns[name]]);
  const attributes = Object.entries(lead.attributes).map(([key, value]): [string, FieldValue] => [
    `attributes.${key}`,
    valueOf(value),
  ]);
  return new Map([...columns, ...attributes]);
}

export function putValue(values: LeadValues, name: string, value: FieldValue): void {
  if (name.startsWith("attributes.")) {
    values.attributes.set(name.slice("attributes.".length), value);
  } else {
    Object.assign(values.columns, { [name]: value });
  }
}

/** As the database gives it back. */
export function valueOf(value: unknown): FieldValue {
  if (Array.isArray(value)) {
    return value.map(String);
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function stateOf(lead: Lead): LeadState {
  const { id, attributes, revision, ...columns } = lead;
  return { id, attributes, revision, columns };
}

function tierOf(score: number): Lead["tier"] {
  return score >= tiers.hot ? "hot" : score >= tiers.warm ? "warm" : "cold";
}

/** Makes the leads' values of unique fields theirs. Only when somebody else was faster is one not free. */
export async function claimAll(ctx: Ctx, fields: Field[], leads: LeadState[]): Promise<void> {
  const [held] = await claimUnique(
    ctx,
    leads.map((lead) => lead.id),
    leads.flatMap((lead) =>
      uniqueClaims(fields, lead.attributes).map((claim) => ({ ...claim, lead_id: lead.id })),
    ),
  );
  if (held !== undefined) {
    throw problem("not_in_state", {
      say: `Another lead was given “${held.value}” at the same moment. Nothing was changed; try again.`,
    });
  }
}

/** On both timelines; readers that follow leads hear of both. */
async function tellMerge(
  ctx: Ctx,
  merge: { lead: LeadState; other: LeadState; changes: Changes; change_set_id: string },
): Promise<void> {
  const { lead, other, change_set_id } = merge;
  const { owner_id, ...changes } = merge.changes;
  await emitMany(ctx, [
    {
      name: "lead.merged",
      lead_id: lead.id,
      subject_id: other.id,
      data: { from: other.id, changes, change_set_id },
    },
    {
      name: "lead.merged",
      lead_id: other.id,
      subject_id: lead.id,
      data: { into: lead.id, change_set_id },
    },
    ...(owner_id === undefined
      ? []
      : [{ name: "lead.assigned", lead_id: lead.id, data: { ...owner_id, change_set_id } }]),
  ]);
}
