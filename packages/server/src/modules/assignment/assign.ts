import type { AssignmentPreview, LeadTaker } from "@bellwether/contracts/assignment";
import type { Lead } from "@bellwether/contracts/leads";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { problem } from "../../kernel/problems.ts";
import { listMembers, ownsLeads } from "../identity/index.ts";
import {
  giveLeads,
  heldError,
  lockLead,
  lockOwnerless,
  selectLeads,
  selectOpenByOwner,
  selectOwnerless,
  showLead,
} from "../leads/index.ts";
import { listStages } from "../stages/index.ts";
import { selectRules } from "./assignment.sql.ts";
import { availabilities } from "./availability.ts";
import { type Choice, choose } from "./choose.ts";
import { waitFor } from "./waiting.ts";
import { absentUntil, nextAtWork } from "./working-hours.ts";

/** New leads without an owner get one, where a rule takes them and somebody is there; where nobody is, they wait. */
export async function assignNew(ctx: Ctx, lead_ids: string[]): Promise<void> {
  const wanted = (await selectRules(ctx)).some((rule) => rule.enabled);
  const leads = wanted ? await lockOwnerless(ctx, lead_ids) : [];
  if (leads.length > 0) {
    const choices = await choose(ctx, leads);
    await give(ctx, choices);
    await waitFor(ctx, choices);
  }
}

async function give(ctx: Ctx, choices: Choice[]): Promise<void> {
  await giveLeads(
    ctx,
    choices.flatMap(({ lead_id, owner_id, rule }) =>
      owner_id === null ? [] : [{ lead_id, owner_id, how: rule.name }],
    ),
  );
}

/** One lead, now, by somebody who may assign. */
export async function assignLead(ctx: Ctx, input: { id: string; reassign: boolean }): Promise<Lead> {
  const lead = await lockLead(ctx, input.id);
  const { owner_id, stage: key } = lead.columns;
  const stage = (await listStages(ctx)).find((each) => each.key === key);
  if (stage !== undefined && stage.kind !== "open") {
    const error = heldError("owner_id", stage);
    throw problem("final_stage", { say: error.message, errors: [error] });
  }
  if (owner_id !== null && !input.reassign) {
    throw problem("not_in_state", {
      say: "This lead has an owner already. Unassign it first, or send “reassign”: true.",
      also: { owner_id },
    });
  }
  const choices = await choose(ctx, [lead.id]);
  const [choice] = choices;
  if (choice === undefined) {
    throw problem("not_in_state", {
      say: "No assignment rule takes this lead. Choose an owner by hand, or add a rule in the settings.",
    });
  }
  if (choice.owner_id === null) {
    throw problem("not_in_state", {
      say: `The rule “${choice.rule.name}” takes this lead, but all of its members are away. Choose an owner by hand.`,
    });
  }
  await give(ctx, choices);
  return showLead(ctx, lead);
}

const preview_leads = 20;

/** As of now: whoever creates a lead meanwhile takes the turn that is shown here. */
export async function previewAssignment(
  ctx: Ctx,
  input: { lead_ids?: string[] | undefined },
): Promise<{ data: AssignmentPreview[]; unassigned: number }> {
  const ids = input.lead_ids ?? (await selectOwnerless(ctx, preview_leads));
  const leads = await selectLeads(ctx, ids);
  // As their turns would come: the oldest first.
  const seen = leads.map((lead) => lead.id).toSorted();
  const choices = new Map((await choose(ctx, seen, "ask")).map((choice) => [choice.lead_id, choice]));
  const open = await selectOpenByOwner(ctx);
  return {
    data: leads.map((lead) => {
      const choice = choices.get(lead.id);
      return { lead, rule: choice?.rule ?? null, owner_id: choice?.owner_id ?? null };
    }),
    unassigned: Math.max(0, open.get(null) ?? 0),
  };
}

export async function listTakers(ctx: Ctx): Promise<LeadTaker[]> {
  const members = (await listMembers(ctx)).filter(ownsLeads);
  const open = await selectOpenByOwner(ctx);
  const hours = await availabilities(
    ctx,
    members.map((member) => member.id),
  );
  const at = now();
  return members.flatMap(({ id: member_id }) => {
    const own = hours.get(member_id);
    if (own === undefined) return [];
    const next = nextAtWork(own, at);
    return [
      {
        member_id,
        open_leads: Math.max(0, open.get(member_id) ?? 0),
        at_work: next?.getTime() === at.getTime(),
        absent_until: absentUntil(own, at),
        next_at_work: next?.toISOString() ?? null,
      },
    ];
  });
}
