/** Leads out of the bin, by set: what another lead was given meanwhile stands in the way of one alone. */
import type { RestoreResult } from "@bellwether/contracts/bin";
import type { Field } from "@bellwether/contracts/fields";
import type { Ctx } from "../../kernel/db.ts";
import { violated } from "../../kernel/db.ts";
import { emitMany } from "../../kernel/events.ts";
import { problem } from "../../kernel/problems.ts";
import { type KnownField, listFields } from "../fields/index.ts";
import { mirrorsOf } from "../rules/index.ts";
import { lockBinned, unbinLeads } from "./bin.sql.ts";
import { identifierNames } from "./leads.ts";
import { leaveRemovedStages } from "./moves.sql.ts";
import { moveWay } from "./judge-move.ts";
import { selectLeads } from "./rows.sql.ts";
import {
  applyValues,
  type Changes,
  hasIdentifier,
  identifiers,
  type LeadState,
  uniqueClaims,
} from "./values.ts";
import { type Claim, claimUnique, selectClaims, selectOwners, updateLeads } from "./write.sql.ts";

interface Step {
  id: string;
  after: LeadState;
  changes: Changes;
  errors: RestoreResult["errors"];
}

/** A value that only one lead can have. */
interface Own {
  /** `email`, or `attributes.<key>` */
  path: string;
  label: string;
  value: string;
}

/** Those of these that are in the bin; `without` names what may be dropped where another lead has it by now. */
export async function restore(ctx: Ctx, ids: string[], without: string[]): Promise<RestoreResult[]> {
  const leads = await lockBinned(ctx, ids);
  const fields = await listFields(ctx, "too");
  const steps = judge(leads, fields, new Set(without), await holdersOf(ctx, leads, fields));
  const back = steps.filter((step) => step.errors.length === 0);
  if (back.length > 0) {
    await bringBack(ctx, back, fields);
  }
  return steps.map(({ id, errors }) => ({
    id,
    status: errors.length === 0 ? "restored" : "refused",
    errors,
  }));
}

async function bringBack(ctx: Ctx, back: Step[], fields: KnownField[]): Promise<void> {
  const ids = back.map((step) => step.id);
  const changed = back.filter((step) => Object.keys(step.changes).length > 0);
  if (changed.length > 0) {
    await updateLeads(
      ctx,
      changed.map((step) => step.after),
      mirrorsOf(fields),
      { how: moveWay(ctx.actor) },
    );
  }
  try {
    await unbinLeads(ctx, ids);
  } catch (error) {
    throw violated(error) === null ? error : tooLate();
  }
  await leaveRemovedStages(ctx, ids);
  const claims = back.flatMap((step) => claimsOf(step.after, fields));
  if ((await claimUnique(ctx, ids, claims)).length > 0) {
    throw tooLate();
  }
  await emitMany(ctx, [
    ...changed.map(({ id, changes }) => ({ name: "lead.updated", lead_id: id, data: { changes } })),
    ...back.map(({ id, changes }) => {
      const without = Object.keys(changes);
      return { name: "lead.restored", lead_id: id, data: without.length === 0 ? {} : { without } };
    }),
  ]);
}

function tooLate() {
  return problem("not_in_state", {
    say: "Another lead was given the same address at this moment. Nothing was restored; try again.",
  });
}

type Holders = Map<string, { lead_id: string; name: string | undefined }>;

/** In the order given: of two that had the same address, the first gets it back. */
function judge(leads: LeadState[], fields: Field[], without: Set<string>, holders: Holders): Step[] {
  return leads.map((lead) => {
    const taken = ownValues(lead, fields).filter((own) => holders.has(keyOf(own)));
    const dropped = taken.filter(({ path }) => without.has(path)).map(({ path }) => path);
    const { after, changes } = applyValues(lead, {
      columns: Object.fromEntries(
        identifiers.filter((each) => dropped.includes(each)).map((each) => [each, null]),
      ),
      attributes: new Map(
        fields.flatMap(({ key }) => (dropped.includes(`attributes.${key}`) ? [[key, null]] : [])),
      ),
    });
    const errors = taken.filter(({ path }) => !without.has(path)).map((own) => inTheWay(own, holders));
    if (errors.length === 0 && !hasIdentifier(after.columns)) {
      const message =
        "Nothing would be left to know it by: no e-mail, phone, WhatsApp number or external id. Change the other lead first.";
      errors.push({ path: "", code: "identifier_required", message, lead_id: null });
    }
    if (errors.length === 0) {
      for (const own of ownValues(after, fields)) {
        holders.set(keyOf(own), { lead_id: lead.id, name: "another of these" });
      }
    }
    return { id: lead.id, after, changes, errors };
  });
}

function ownValues(lead: LeadState, fields: Field[]): Own[] {
  const columns = identifiers.flatMap((path): Own[] => {
    const value = lead.columns[path];
    return value === null ? [] : [{ path, label: identifierNames[path], value }];
  });
  const claims = claimsOf(lead, fields).map(({ field_key, value }) => ({
    path: `attributes.${field_key}`,
    label: fields.find((field) => field.key === field_key)?.label ?? field_key,
    value,
  }));
  return [...columns, ...claims];
}

function claimsOf(lead: LeadState, fields: Field[]): Claim[] {
  return uniqueClaims(fields, lead.attributes).map((claim) => ({ ...claim, lead_id: lead.id }));
}

function keyOf({ path, value }: Pick<Own, "path" | "value">): string {
  return `${path}:${value}`;
}

/** Who has by now what these had, with a name where the caller may see them. */
async function holdersOf(ctx: Ctx, leads: LeadState[], fields: Field[]): Promise<Holders> {
  const owned = await selectOwners(
    ctx,
    leads.map((lead) => lead.columns),
  );
  const claims = leads.flatMap((lead) => claimsOf(lead, fields));
  const held = claims.length === 0 ? [] : await selectClaims(ctx, claims);
  const all = [
    ...owned.map(({ identifier, value, lead_id }) => ({ path: identifier, value, lead_id })),
    ...held.map(({ field_key, value, lead_id }) => ({ path: `attributes.${field_key}`, value, lead_id })),
  ];
  const seen = await selectLeads(ctx, [...new Set(all.map(({ lead_id }) => lead_id))]);
  const names = new Map(
    seen.map((lead) => [
      lead.id,
      [lead.first_name, lead.last_name].filter(Boolean).join(" ") || lead.company || "another lead",
    ]),
  );
  return new Map(all.map(({ lead_id, ...own }) => [keyOf(own), { lead_id, name: names.get(lead_id) }]));
}

function inTheWay(own: Own, holders: Holders): RestoreResult["errors"][number] {
  const { lead_id = "", name } = holders.get(keyOf(own)) ?? {};
  return {
    path: own.path,
    code: own.path.startsWith("attributes.") ? "not_unique" : "lead_exists",
    message: `The ${own.label} ${own.value} belongs to ${name ?? "a lead that you can't see"} by now.`,
    lead_id: name === undefined ? null : lead_id,
  };
}
