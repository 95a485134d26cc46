/** The undo of a merge: both leads again, as they were, except for what was edited or given away since. */
import type { Field } from "@bellwether/contracts/fields";
import { type Ctx, violated } from "../../kernel/db.ts";
import { emitMany } from "../../kernel/events.ts";
import { problem } from "../../kernel/problems.ts";
import { partReported } from "../../kernel/reported.ts";
import { listFields } from "../fields/index.ts";
import { findMember } from "../identity/index.ts";
import { mirrorsOf } from "../rules/index.ts";
import { listStages } from "../stages/index.ts";
import { claimAll, type MergeCell, putValue, valueOf, valuesOf } from "./merge.ts";
import {
  type AnyLead,
  type JoinedStat,
  lockAnyLeads,
  mergedIds,
  partStat,
  removeTags,
  reviveLead,
} from "./merge.sql.ts";
import { leaveRemovedStages, takeBackMove } from "./moves.sql.ts";
import { moveWay } from "./judge-move.ts";
import {
  applyValues,
  type Changes,
  hasIdentifier,
  identifiers,
  type LeadState,
  type LeadValues,
  uniqueClaims,
} from "./values.ts";
import { selectClaims, selectOwners, updateLeads } from "./write.sql.ts";

export interface Merge {
  change_set_id: string;
  lead_id: string;
  other_id: string;
  cells: MergeCell[];
}

/** What was not put back: edited since, taken by another lead since, or (an owner, a field) no longer there. */
export interface Kept {
  lead_id: string;
  field: string;
  why: "edited" | "taken" | "gone";
}

export async function unmergeLeads(ctx: Ctx, merge: Merge): Promise<Kept[]> {
  const { lead, other } = await lockMerged(ctx, merge);
  const fields = await listFields(ctx, "too");
  const restored = await restoreLead(ctx, fields, { lead, other, cells: merge.cells });
  const revived = await withoutTaken(ctx, fields, { other, lead, restored: restored.after });
  if (!hasIdentifier(revived.after.columns)) {
    throw problem("not_in_state", {
      say: "The lead that was merged would come back without any e-mail, phone, WhatsApp id or external id, since other leads have them by now. Free one of them first.",
    });
  }
  if ("stage" in restored.changes) {
    await takeBackMove(ctx, { change_set_id: merge.change_set_id }, lead.id);
  }
  await putBack(ctx, fields, restored.after, revived.after);
  await partReported(ctx, await mergedIds(ctx, [lead.id]), other.id);
  await leaveRemovedStages(ctx, [lead.id, other.id]);
  await claimAll(ctx, fields, lead.deleted ? [revived.after] : [restored.after, revived.after]);
  for (const cell of merge.cells) {
    // oxlint-disable-next-line no-await-in-loop -- two at most
    await partBeside(ctx, lead.id, cell);
  }
  const kept = [...restored.kept, ...revived.kept];
  await tellUnmerge(ctx, merge, restored.changes, kept);
  return kept;
}

/** The lead that stayed first: it frees what the other takes back. */
async function putBack(ctx: Ctx, fields: Field[], lead: LeadState, other: LeadState): Promise<void> {
  try {
    await updateLeads(ctx, [lead], mirrorsOf(fields), { how: moveWay(ctx.actor) });
    await updateLeads(ctx, [other], mirrorsOf(fields), { how: moveWay(ctx.actor) });
    await reviveLead(ctx, other.id);
  } catch (error) {
    if (violated(error) === null) throw error;
    throw problem("not_in_state", {
      say: "Another lead was given one of their addresses at this moment. Nothing was undone; try again.",
    });
  }
}

async function lockMerged(ctx: Ctx, merge: Merge): Promise<{ lead: AnyLead; other: AnyLead }> {
  const found = new Map(
    (await lockAnyLeads(ctx, [merge.lead_id, merge.other_id])).map((each) => [each.id, each]),
  );
  const lead = found.get(merge.lead_id);
  const other = found.get(merge.other_id);
  if (lead === undefined || other === undefined) {
    throw problem("not_in_state", {
      say: "One of the two leads was erased for good, so there is nothing to part.",
    });
  }
  if (other.merged_into !== lead.id) {
    throw problem("not_in_state", { say: "These two leads are no longer one, so there is nothing to part." });
  }
  if (lead.merged_into !== null) {
    throw problem("not_in_state", {
      say: "The lead was itself merged into another one since. Undo that merge first.",
      also: { lead_id: lead.merged_into },
    });
  }
  return { lead, other };
}

/** The lead that stayed, with what it had before wherever it still has what the merge gave it. */
async function restoreLead(
  ctx: Ctx,
  fields: Field[],
  merge: { lead: AnyLead; other: AnyLead; cells: MergeCell[] },
): Promise<{ after: LeadState; changes: Changes; kept: Kept[] }> {
  const { lead, other, cells } = merge;
  const now = valuesOf(lead);
  const own = cells.filter((cell) => cell.lead_id === lead.id && !beside.has(cell.field));
  const unedited = own.filter(
    (cell) => JSON.stringify(now.get(cell.field) ?? null) === JSON.stringify(valueOf(cell.new)),
  );
  const kept: Kept[] = own
    .filter((cell) => !unedited.includes(cell))
    .map(({ field }) => ({ lead_id: lead.id, field, why: "edited" }));
  const blocked = await obstacles(ctx, fields, { lead, other, cells: unedited });
  const values: LeadValues = { columns: {}, attributes: new Map() };
  for (const { field, old } of unedited) {
    const why = blocked.get(field);
    if (why === undefined) {
      putValue(values, field, valueOf(old));
    } else {
      kept.push({ lead_id: lead.id, field, why });
    }
  }
  if (!hasIdentifier({ ...lead.columns, ...values.columns })) {
    // Its own address was taken off it since, so it keeps what it got: a lead without any couldn't be found again.
    for (const identifier of identifiers.filter((each) => each in values.columns)) {
      delete values.columns[identifier];
      kept.push({ lead_id: lead.id, field: identifier, why: "edited" });
    }
  }
  return { ...applyValues(lead, values), kept };
}

const beside = new Set(["tags", "stat"]);

/** Which fields can't have their old value again. */
async function obstacles(
  ctx: Ctx,
  fields: Field[],
  merge: { lead: AnyLead; other: AnyLead; cells: MergeCell[] },
): Promise<Map<string, Kept["why"]>> {
  const { lead, other, cells } = merge;
  const blocked = new Map<string, Kept["why"]>();
  const old = new Map(cells.map((cell) => [cell.field, valueOf(cell.old)]));
  const wanted: LeadState = {
    ...lead,
    columns: { ...lead.columns, ...Object.fromEntries([...old].filter(([field]) => !field.includes("."))) },
    attributes: Object.fromEntries(
      [...old].flatMap(([field, value]) =>
        field.includes(".") ? [[field.slice("attributes.".length), value]] : [],
      ),
    ),
  };
  const pair = new Set([lead.id, other.id]);
  for (const { identifier, lead_id } of await selectOwners(ctx, [wanted.columns])) {
    if (!pair.has(lead_id) && old.has(identifier)) {
      blocked.set(identifier, "taken");
    }
  }
  const claims = uniqueClaims(fields, wanted.attributes).map((claim) => ({ ...claim, lead_id: lead.id }));
  for (const { field_key, lead_id } of claims.length === 0 ? [] : await selectClaims(ctx, claims)) {
    if (!pair.has(lead_id)) {
      blocked.set(`attributes.${field_key}`, "taken");
    }
  }
  const owner = old.get("owner_id");
  if (typeof owner === "string" && (await findMember(ctx, owner)) === null) {
    blocked.set("owner_id", "gone");
  }
  const stage = (await listStages(ctx)).find((each) => each.key === lead.columns.stage);
  if (stage !== undefined && stage.kind !== "open" && !old.has("stage") && old.has("owner_id")) {
    // Won or lost since: its owner stays with it.
    blocked.set("owner_id", "edited");
  }
  const known = new Set(fields.map((field) => `attributes.${field.key}`));
  for (const field of old.keys()) {
    if (field.startsWith("attributes.") && !known.has(field)) {
      blocked.set(field, "gone");
    }
  }
  return blocked;
}

/** The other as it was, without the addresses and unique values that are somebody else's by now. */
async function withoutTaken(
  ctx: Ctx,
  fields: Field[],
  merge: { other: AnyLead; lead: AnyLead; restored: LeadState },
): Promise<{ after: LeadState; kept: Kept[] }> {
  const { other, lead, restored } = merge;
  const values: LeadValues = { columns: {}, attributes: new Map() };
  const kept: Kept[] = [];
  const drop = (field: string) => {
    putValue(values, field, null);
    kept.push({ lead_id: other.id, field, why: "taken" });
  };
  const owned = await selectOwners(ctx, [other.columns]);
  for (const identifier of identifiers) {
    const owner = owned.find((each) => each.identifier === identifier)?.lead_id;
    const given_back = owner === lead.id && restored.columns[identifier] !== other.columns[identifier];
    if (owner !== undefined && !given_back) {
      drop(identifier);
    }
  }
  const kept_claims = new Set(
    lead.deleted
      ? []
      : uniqueClaims(fields, restored.attributes).map((each) => `${each.field_key}:${each.value}`),
  );
  const claims = uniqueClaims(fields, other.attributes).map((claim) => ({ ...claim, lead_id: other.id }));
  const held = claims.length === 0 ? [] : await selectClaims(ctx, claims);
  for (const { field_key, value } of claims) {
    const holder = held.find((each) => each.field_key === field_key)?.lead_id;
    const third = holder !== undefined && holder !== lead.id;
    if (third || kept_claims.has(`${field_key}:${value}`)) {
      drop(`attributes.${field_key}`);
    }
  }
  return { after: applyValues(other, values).after, kept };
}

async function partBeside(ctx: Ctx, lead_id: string, cell: MergeCell): Promise<void> {
  if (cell.field === "tags" && Array.isArray(cell.new)) {
    await removeTags(ctx, lead_id, cell.new.map(String));
  } else if (cell.field === "stat") {
    await partStat(ctx, lead_id, readStat(cell.new));
  }
}

function readStat(value: unknown): JoinedStat {
  const stat = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  const time = (name: string) => {
    const given: unknown = stat.get(name);
    return typeof given === "string" ? given : null;
  };
  return {
    points: Number(stat.get("points") ?? 0),
    seen_before: time("seen_before"),
    seen_after: time("seen_after"),
  };
}

async function tellUnmerge(ctx: Ctx, merge: Merge, all: Changes, kept: Kept[]): Promise<void> {
  const { lead_id, other_id, change_set_id } = merge;
  const { owner_id, ...changes } = all;
  const told = { change_set_id, undo: true };
  const keptOf = (id: string) =>
    kept.filter((each) => each.lead_id === id).map(({ field, why }) => ({ field, why }));
  await emitMany(ctx, [
    {
      name: "lead.unmerged",
      lead_id,
      subject_id: other_id,
      data: { from: other_id, changes, kept: keptOf(lead_id), ...told },
    },
    {
      name: "lead.unmerged",
      lead_id: other_id,
      subject_id: lead_id,
      data: { into: lead_id, kept: keptOf(other_id), ...told },
    },
    ...(owner_id === undefined ? [] : [{ name: "lead.assigned", lead_id, data: { ...owner_id, ...told } }]),
  ]);
}
