import type { Nothing } from "@bellwether/contracts/common";
import type { Lead, LeadIn, LeadPatch } from "@bellwether/contracts/leads";
import { may } from "@bellwether/contracts/permissions";
import type { MoveWay } from "@bellwether/contracts/pipeline";
import type { FieldError } from "@bellwether/contracts/problems";
import type { Actor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { invalid, notFound, type ProblemError, problem } from "../../kernel/problems.ts";
import { listFields } from "../fields/index.ts";
import { holdOwners } from "../identity/index.ts";
import { listStages } from "../stages/index.ts";
import { selectSurvivor } from "./merge.sql.ts";
import { selectLeads } from "./rows.sql.ts";
import { type Outcome, type Save, saveLeads } from "./save.ts";
import { hasIdentifier, type LeadState, readLead, type ValueScope } from "./values.ts";
import { setHidden } from "./hidden.sql.ts";
import { binLead, lockLeads } from "./write.sql.ts";

export async function valueScope(ctx: Ctx): Promise<ValueScope> {
  const fields = await listFields(ctx);
  const stages = await listStages(ctx);
  return {
    fields,
    stages: new Map(stages.map((stage) => [stage.key, stage])),
    default_country: ctx.actor.default_country,
  };
}

export async function showLead(ctx: Ctx, input: { id: string }): Promise<Lead> {
  const [lead] = await selectLeads(ctx, [input.id]);
  if (lead === undefined) {
    throw await missingLead(ctx, input.id);
  }
  return lead;
}

/** For a lead that isn't there or may not be seen; of one that was merged into another it tells which, if that may be seen. */
export async function missingLead(ctx: Ctx, id: string, what = "lead"): Promise<ProblemError> {
  const lead_id = await selectSurvivor(ctx, id);
  return lead_id === undefined
    ? notFound(what)
    : problem("lead_merged", {
        say: "This lead was merged into another one.",
        also: { lead_id, lead_url: `/leads/${lead_id}` },
      });
}

export async function createLead(ctx: Ctx, input: LeadIn): Promise<Lead> {
  const scope = await valueScope(ctx);
  const { values, errors } = readLead(input, scope);
  if (errors.length === 0 && !hasIdentifier(values.columns)) {
    errors.push({
      path: "email",
      code: "identifier_required",
      message: "Give an e-mail address, a phone number, a WhatsApp id or an external id.",
    });
  }
  refuse(errors);
  if (input.owner_id !== undefined) {
    values.columns.owner_id = await allowedOwner(ctx, null, input.owner_id);
  }
  return saveOne(ctx, scope, { lead: null, values, tags: input.tags ?? [] });
}

export async function updateLead(ctx: Ctx, input: LeadPatch & { id: string }): Promise<Lead> {
  const { id, ...patch } = input;
  const scope = await valueScope(ctx);
  const lead = await lockLead(ctx, id);
  const { values, errors } = readLead(patch, scope);
  if (errors.length === 0 && !hasIdentifier({ ...lead.columns, ...values.columns })) {
    errors.push({
      path: "email",
      code: "identifier_required",
      message: "A lead keeps at least one of e-mail, phone, WhatsApp id and external id.",
    });
  }
  refuse(errors);
  return saveOne(ctx, scope, { lead, values, tags: [] });
}

/** Assigns, unassigns, takes and gives up: who may do which is in contracts/permissions.ts. */
export async function setOwner(ctx: Ctx, input: { id: string; owner_id: string | null }): Promise<Lead> {
  const lead = await lockLead(ctx, input.id);
  const owner_id = await allowedOwner(ctx, lead.columns.owner_id, input.owner_id);
  return saveOne(ctx, await valueScope(ctx), {
    lead,
    values: { columns: { owner_id }, attributes: new Map() },
    tags: [],
  });
}

export async function deleteLead(ctx: Ctx, input: { id: string }): Promise<Nothing> {
  const lead = await lockLead(ctx, input.id);
  await binLead(ctx, lead.id);
  await emit(ctx, "lead.deleted", { lead_id: lead.id });
  return {};
}

/** Out of the lists, not out of reach. One that is hidden already stays hidden since then. */
export async function hideLead(ctx: Ctx, input: { id: string }): Promise<Lead> {
  const lead = await lockLead(ctx, input.id);
  if (await setHidden(ctx, lead.id, now())) {
    await emit(ctx, "lead.hidden", { lead_id: lead.id });
  }
  return showLead(ctx, lead);
}

export async function unhideLead(ctx: Ctx, input: { id: string }): Promise<Lead> {
  const lead = await lockLead(ctx, input.id);
  if (await setHidden(ctx, lead.id, null)) {
    await emit(ctx, "lead.shown", { lead_id: lead.id });
  }
  return showLead(ctx, lead);
}

/** 404 where it isn't or may not be seen; 412 where the caller saw another revision (If-Match). */
export async function lockLead(ctx: Ctx, id: string): Promise<LeadState> {
  const [lead] = await lockLeads(ctx, "id", [id]);
  if (lead === undefined) {
    throw await missingLead(ctx, id);
  }
  await refuseChanged(ctx, lead);
  return lead;
}

/** Where the caller said (If-Match) which revision they saw. */
export async function refuseChanged(ctx: Ctx, lead: LeadState): Promise<void> {
  if (
    ctx.if_match !== null &&
    ctx.if_match !== "*" &&
    ctx.if_match.replace(/^W\//, "") !== `"${lead.revision}"`
  ) {
    throw problem("changed_meanwhile", {
      say: "Somebody changed this lead after you opened it. Look at their change, then decide.",
      also: { current: await showLead(ctx, lead) },
    });
  }
}

export async function saveOne(ctx: Ctx, scope: ValueScope, save: Save, how?: MoveWay): Promise<Lead> {
  const [outcome] = await saveLeads(ctx, scope, [save], how);
  if (outcome === undefined) {
    throw new Error("saving one lead had no outcome");
  }
  if (outcome.status === "refused") {
    throw await refusal(ctx, outcome);
  }
  return showLead(ctx, outcome);
}

async function refusal(ctx: Ctx, outcome: Outcome & { status: "refused" }) {
  const { taken } = outcome;
  const final = outcome.errors.find((error) => error.code === "final_stage");
  if (final !== undefined) {
    return problem("final_stage", { say: final.message, errors: outcome.errors });
  }
  return taken === null
    ? problem("invalid", {
        say: outcome.errors.map((error) => error.message).join(" "),
        errors: outcome.errors,
      })
    : leadExists(ctx, taken.identifier, taken.value, taken.lead_id);
}

export const identifierNames = {
  email: "e-mail",
  phone: "phone number",
  whatsapp_id: "WhatsApp number",
  external_id: "external id",
  anonymous_id: "visitor id",
} as const;

/** Names the lead in the way, unless the caller may not see it. */
async function leadExists(
  ctx: Ctx,
  identifier: keyof typeof identifierNames,
  value: string,
  lead_id: string,
) {
  const [lead] = await selectLeads(ctx, [lead_id]);
  const where = lead === undefined ? ", but you can't see it. Ask a manager." : ".";
  return problem("lead_exists", {
    say: `A lead with the ${identifierNames[identifier]} ${value} already exists${where}`,
    errors: [{ path: identifier, code: "lead_exists", message: `Another lead has ${value}.` }],
    also: lead === undefined ? {} : { lead_id, lead_url: `/leads/${lead_id}` },
  });
}

async function allowedOwner(ctx: Ctx, from: string | null, to: string | null): Promise<string | null> {
  if (!mayAssign(ctx.actor, from, to)) {
    throw problem("forbidden", {
      say: "Agents take unassigned leads and give up their own. Ask a manager to assign it.",
    });
  }
  const owner = to === null ? undefined : (await holdOwners(ctx, [to])).get(to);
  if (owner !== undefined && "fault" in owner) {
    throw invalid([{ path: "owner_id", ...owner.fault }]);
  }
  return to;
}

/** Managers give any lead to anybody; others take unassigned ones and give up their own. */
export function mayAssign(actor: Actor, from: string | null, to: string | null): boolean {
  const me = actor.member_id;
  return (
    may(actor.role, "leads:assign") ||
    (me !== null && (from === null || from === me) && (to === null || to === me))
  );
}

export function refuse(errors: FieldError[]): void {
  if (errors.length > 0) {
    throw problem("invalid", { say: errors.map((error) => error.message).join(" "), errors });
  }
}
