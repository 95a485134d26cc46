import { LeadIn } from "@bellwether/contracts/leads";
import type { FieldError } from "@bellwether/contracts/problems";
import { unstorable } from "../../kernel/characters.ts";
import type { Ctx } from "../../kernel/db.ts";
import { brokenTexts, itemErrors } from "../../kernel/problems.ts";
import { holdOwners } from "../identity/index.ts";
import { mayAssign, valueScope } from "./leads.ts";
import { saveLeads, type Save } from "./save.ts";
import { hasIdentifier, type LeadState, type LeadValues, readLead, type ValueScope } from "./values.ts";
import { lockLeads } from "./write.sql.ts";

interface BatchInput {
  match_on: "email" | "phone" | "external_id";
  mode: "create" | "update" | "both";
  leads: ({ ref?: string | undefined } & Record<string, unknown>)[];
}
interface Item {
  ref: string | null;
  key: string | null;
  values: LeadValues;
  /** Undefined: not asked for. */
  owner_id: string | null | undefined;
  tags: string[];
  errors: FieldError[];
}

/** Up to a thousand leads by set; what is wrong with one is said of that one, and the others are written. */
export async function saveBatch(ctx: Ctx, input: BatchInput) {
  const scope = await valueScope(ctx);
  const items = input.leads.map((sent) => readItem(sent, input.match_on, scope));
  refuseRepeats(items, input.match_on);
  const keys = items.flatMap((item) => item.key ?? []);
  const locked = await lockLeads(ctx, input.match_on, keys);
  const byKey = new Map(locked.map((lead) => [lead.columns[input.match_on] ?? "", lead]));
  for (const item of items) {
    refuseByMode(item, byKey.get(item.key ?? ""), input);
  }
  await assign(ctx, items, byKey);
  const wanted = items.filter((item) => item.errors.length === 0);
  const outcomes = await saveLeads(
    ctx,
    scope,
    wanted.map((item): Save => ({
      lead: byKey.get(item.key ?? "") ?? null,
      values: item.values,
      tags: item.tags,
    })),
  );
  const outcomeOf = new Map(wanted.map((item, place) => [item, outcomes[place]]));
  return { data: items.map((item) => resultOf(item, outcomeOf.get(item))) };
}

function readItem(
  sent: BatchInput["leads"][number],
  match_on: BatchInput["match_on"],
  scope: ValueScope,
): Item {
  const { ref, ...rest } = sent;
  const blank = {
    ref: ref ?? null,
    key: null,
    values: { columns: {}, attributes: new Map() },
    owner_id: undefined,
    tags: [],
  };
  const broken = unstorable(rest);
  if (broken.length > 0) {
    return { ...blank, errors: brokenTexts(broken) };
  }
  const parsed = LeadIn.safeParse(rest);
  if (!parsed.success) {
    return { ...blank, errors: itemErrors(parsed.error) };
  }
  const { values, errors } = readLead(parsed.data, scope);
  return {
    ref: ref ?? null,
    key: values.columns[match_on] ?? null,
    values,
    owner_id: parsed.data.owner_id,
    tags: parsed.data.tags ?? [],
    errors,
  };
}

async function assign(ctx: Ctx, items: Item[], leads: Map<string, LeadState>): Promise<void> {
  const asked = items.filter((item) => item.owner_id !== undefined);
  const owners = await holdOwners(
    ctx,
    asked.flatMap((item) => item.owner_id ?? []),
  );
  for (const item of asked) {
    const owner_id = item.owner_id ?? null;
    const owner = owner_id === null ? undefined : owners.get(owner_id);
    if (owner !== undefined && "fault" in owner) {
      item.errors.push({ path: "owner_id", ...owner.fault });
    } else if (!mayAssign(ctx.actor, leads.get(item.key ?? "")?.columns.owner_id ?? null, owner_id)) {
      item.errors.push({
        path: "owner_id",
        code: "forbidden",
        message: "Agents take unassigned leads and give up their own. Ask a manager to assign it.",
      });
    } else {
      item.values.columns.owner_id = owner_id;
    }
  }
}

function refuseRepeats(items: Item[], match_on: string): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (item.key !== null && seen.has(item.key)) {
      item.errors.push({
        path: match_on,
        code: "duplicate_in_batch",
        message: `${item.key} is in this batch twice; the first was taken.`,
      });
    } else if (item.key !== null) {
      seen.add(item.key);
    }
  }
}

function refuseByMode(item: Item, lead: LeadState | undefined, input: BatchInput): void {
  if (item.errors.length > 0) {
    return;
  }
  if (lead === undefined && input.mode === "update") {
    item.errors.push({
      path: input.match_on,
      code: "not_found",
      message: "There is no lead with this identifier to update.",
    });
  } else if (lead !== undefined && input.mode === "create") {
    item.errors.push({
      path: input.match_on,
      code: "lead_exists",
      message: `A lead with ${item.key ?? ""} already exists.`,
    });
  } else if (lead === undefined && !hasIdentifier(item.values.columns)) {
    item.errors.push({
      path: input.match_on,
      code: "identifier_required",
      message: "Give an e-mail address, a phone number, a WhatsApp id or an external id.",
    });
  }
}

function resultOf(item: Item, outcome: Awaited<ReturnType<typeof saveLeads>>[number] | undefined) {
  if (outcome === undefined || outcome.status === "refused") {
    return {
      ref: item.ref,
      status: "refused" as const,
      id: null,
      errors: outcome === undefined ? item.errors : outcome.errors,
    };
  }
  return { ref: item.ref, status: outcome.status, id: outcome.id, errors: [] };
}
