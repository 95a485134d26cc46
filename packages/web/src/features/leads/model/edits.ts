import type { Lead } from "@bellwether/contracts/leads";
import { LeadPatch } from "@bellwether/contracts/leads";
import type { Role } from "@bellwether/contracts/permissions";
import type { Stage } from "@bellwether/contracts/pipeline";
import { may } from "@bellwether/contracts/permissions";
import type { Column } from "./columns.ts";
import { isEmpty } from "./values.ts";

/** What a change of one value is for the API. The owner has an endpoint of its own. */
export function patchOf(column: Column, value: unknown): LeadPatch {
  if (column.custom) return { attributes: { [column.id.slice("attributes.".length)]: value } };
  const parsed = LeadPatch.safeParse({ [column.id]: value });
  if (!parsed.success) throw new Error(parsed.error.issues[0]?.message ?? `${column.label} can’t be that.`);
  return parsed.data;
}

/** The lead as it will be, to show at once. */
export function withValue(lead: Lead, column: Column, value: unknown): Lead {
  if (column.custom)
    return { ...lead, attributes: { ...lead.attributes, [column.id.slice("attributes.".length)]: value } };
  return { ...lead, [column.id]: value };
}

export function sameValue(a: unknown, b: unknown): boolean {
  if (isEmpty(a) && isEmpty(b)) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The final stage that keeps a lead as it is, if one does. */
export function heldBy(lead: Pick<Lead, "stage">, stages: readonly Stage[]): Stage | null {
  return stages.find((stage) => stage.key === lead.stage && stage.kind !== "open") ?? null;
}

/** Why somebody may not change a value, in a sentence; null when they may. */
export function whyNotEdited(
  column: Column,
  lead: Lead,
  me: { role: Role; member_id: string | null },
  stages: readonly Stage[],
): string | null {
  if (!may(me.role, "leads:write")) return "Your role can read leads but not change them. Ask an admin.";
  const held = column.id === "stage" || column.id === "owner_id" ? heldBy(lead, stages) : null;
  if (held) {
    const how = may(me.role, "leads:reopen") ? "Reopen it on its card first." : "Ask a manager to reopen it.";
    return `The lead is in ${held.name}, which is final: stage and owner stay. ${how}`;
  }
  if (column.id === "owner_id") return whyNotAssigned(lead, me);
  if (column.id === "tags") return null;
  if (column.writable) return null;
  if (column.type === "datetime") return `${column.label} is kept by Bellwether.`;
  return column.id === "score"
    ? "The score is earned by what a lead does."
    : `${column.label} can't be changed here.`;
}

function whyNotAssigned(lead: Lead, me: { role: Role; member_id: string | null }): string | null {
  if (may(me.role, "leads:assign")) return null;
  if (lead.owner_id === null || lead.owner_id === me.member_id) return null;
  return "Only managers give a colleague's lead to somebody else.";
}

/** Whom one may hand a lead to: anybody for managers; agents take what is free and give up their own. */
export function mayAssignTo(
  lead: Lead,
  me: { role: Role; member_id: string | null },
  to: string | null,
): boolean {
  if (may(me.role, "leads:assign")) return true;
  if (!may(me.role, "leads:take")) return false;
  return to === null ? lead.owner_id === me.member_id : lead.owner_id === null && to === me.member_id;
}
