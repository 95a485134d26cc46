import type { MoveWay } from "@bellwether/contracts/pipeline";
import type { FieldError } from "@bellwether/contracts/problems";
import { type FieldValue, parseValue } from "@bellwether/contracts/values";
import type { Ctx } from "../../kernel/db.ts";
import { emitMany, type EventSubject, ringDoorbell } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { problem } from "../../kernel/problems.ts";
import { mirrorsOf } from "../rules/index.ts";
import { beginStage, holdStages, unknownStage } from "../stages/index.ts";
import { judgeMove, moveWay, type Step as Judged } from "./judge-move.ts";
import { tagLeads } from "./tagging.ts";
import {
  applyValues,
  blankColumns,
  type Columns,
  identifiers,
  type LeadState,
  type LeadValues,
  uniqueClaims,
  type ValueScope,
} from "./values.ts";
import {
  type Claim,
  claimUnique,
  insertLeads,
  type Owned,
  selectClaims,
  selectOwners,
  touchLeads,
  updateLeads,
} from "./write.sql.ts";

/** One lead to write: a new one where `lead` is null, else changes to a lead that the caller has locked. */
export interface Save {
  lead: LeadState | null;
  values: LeadValues;
  tags: string[];
  reopens?: boolean;
}

export type Outcome =
  | { status: "created" | "updated" | "unchanged"; id: string }
  | { status: "refused"; id: null; errors: FieldError[]; taken: Owned | null };

interface Step extends Judged {
  tags: string[];
  refused: { errors: FieldError[]; taken: Owned | null } | null;
}

/**
 * The one way in which leads are written, one or a thousand: by set, each with its events, and one that can't be
 * written is refused alone. Values are parsed and allowed already.
 */
export async function saveLeads(
  ctx: Ctx,
  scope: ValueScope,
  saves: Save[],
  how: MoveWay = moveWay(ctx.actor),
): Promise<Outcome[]> {
  const steps = saves.map((save) => stepOf(save, scope, sources[ctx.actor.kind]));
  await refuseMoves(ctx, scope, steps);
  await refuseTaken(ctx, open(steps));
  await refuseHeld(ctx, scope, open(steps));
  await create(
    ctx,
    scope,
    open(steps).filter((step) => step.before === null),
  );
  const updating = open(steps).filter((step) => step.before !== null && Object.keys(step.changes).length > 0);
  if (updating.length > 0) {
    await updateLeads(
      ctx,
      updating.map((step) => step.after),
      mirrorsOf(scope.fields),
      { how },
    );
    await ringDoorbell(ctx.db);
  }
  await claim(ctx, scope, open(steps));
  const tagged = await tagLeads(
    ctx,
    open(steps).flatMap((step) => step.tags.map((tag) => ({ lead_id: step.after.id, tag }))),
  );
  await emitMany(
    ctx,
    open(steps).flatMap((step) => eventsOf(step)),
  );
  await touchLeads(
    ctx,
    open(steps)
      .filter((step) => step.before !== null && tagged.has(step.after.id))
      .map((step) => step.after.id),
  );
  return steps.map((step) => outcomeOf(step, tagged));
}

async function create(ctx: Ctx, scope: ValueScope, creating: Step[]): Promise<void> {
  if (creating.length === 0) return;
  const made = await insertLeads(
    ctx,
    creating.map((step) => step.after),
    mirrorsOf(scope.fields),
  );
  // Between the look and the insert somebody else was faster.
  const late = creating.filter((step) => !made.has(step.after.id));
  await refuseTaken(ctx, late);
  const message = "This lead was just being created by somebody else. Try again.";
  for (const step of open(late)) {
    step.refused = { taken: null, errors: [{ path: "", code: "lead_exists", message }] };
  }
}

function stepOf(save: Save, scope: ValueScope, source: string): Step {
  const before = save.lead ?? blank(scope);
  const values = save.lead === null ? withDefaults(save.values, scope, source) : save.values;
  return {
    before: save.lead,
    ...applyValues(before, forgettingReason(before, values, scope)),
    tags: save.tags,
    named: save.values.columns.stage !== undefined,
    reopens: save.reopens === true,
    refused: null,
  };
}

function blank(scope: ValueScope): LeadState {
  const columns = blankColumns(beginStage(scope.stages.values()).key);
  return { id: newId(), columns, attributes: {}, revision: 1 };
}

/** A lead that moves leaves the reason of its last loss behind. */
function forgettingReason(before: LeadState, values: LeadValues, scope: ValueScope): LeadValues {
  const { stage, lost_reason } = values.columns;
  const moves = stage !== undefined && stage !== before.columns.stage;
  return moves && lost_reason === undefined && scope.stages.get(stage)?.kind !== "lost"
    ? { ...values, columns: { ...values.columns, lost_reason: null } }
    : values;
}

/** Refuses what a stage doesn't let happen, and stages that were removed a moment ago. */
async function refuseMoves(ctx: Ctx, scope: ValueScope, steps: Step[]): Promise<void> {
  const enters = (step: Step) => step.before === null || "stage" in step.changes;
  const keys = [...new Set(steps.filter(enters).map((step) => step.after.columns.stage))];
  const there = keys.length === 0 ? new Set<string>() : await holdStages(ctx, keys);
  for (const step of steps) {
    const { stage } = step.after.columns;
    const errors =
      enters(step) && !there.has(stage)
        ? [unknownStage("stage", stage, scope.stages.values())]
        : judgeMove(step, scope);
    if (errors.length > 0) step.refused = { taken: null, errors };
  }
}

/** Where a lead came from when nobody says. */
const sources = { member: "Manual", key: "API", import: "Import", system: "System" } as const;

function withDefaults(values: LeadValues, scope: ValueScope, source: string): LeadValues {
  const defaults = scope.fields.flatMap((field): [string, FieldValue][] => {
    const parsed = parseValue(field, field.default);
    return parsed.ok && parsed.value !== null ? [[field.key, parsed.value]] : [];
  });
  return {
    columns: { ...values.columns, source: values.columns.source ?? source },
    attributes: new Map([...defaults, ...values.attributes]),
  };
}

function open(steps: Step[]): Step[] {
  return steps.filter((step) => step.refused === null);
}

/** Refuses what another lead, or an earlier one of the same call, has as its e-mail, phone or id. */
async function refuseTaken(ctx: Ctx, steps: Step[]): Promise<void> {
  const asked = steps.map((step) => (step.before === null ? step.after.columns : changedIdentifiers(step)));
  const owned = asked.length === 0 ? [] : await selectOwners(ctx, asked);
  const owners = new Map(owned.map((each) => [`${each.identifier}:${each.value}`, each]));
  for (const [place, step] of steps.entries()) {
    for (const identifier of identifiers) {
      const value = asked[place]?.[identifier] ?? null;
      const key = `${identifier}:${value ?? ""}`;
      const owner = value === null ? undefined : owners.get(key);
      if (owner !== undefined && owner.lead_id !== step.after.id && step.refused === null) {
        step.refused = {
          taken: owner,
          errors: [{ path: identifier, code: "lead_exists", message: `Another lead has ${owner.value}.` }],
        };
      }
      if (value !== null && owner === undefined && step.refused === null) {
        owners.set(key, { identifier, value, lead_id: step.after.id });
      }
    }
  }
}

function changedIdentifiers(step: Step): Partial<Columns> {
  return Object.fromEntries(Object.entries(step.changes).map(([name, change]) => [name, change.to]));
}

/** Refuses values of unique fields that another lead, or an earlier one of the same call, has. */
async function refuseHeld(ctx: Ctx, scope: ValueScope, steps: Step[]): Promise<void> {
  const claims = claimsOf(scope, steps);
  const held = claims.length === 0 ? [] : await selectClaims(ctx, claims);
  const holders = new Map(held.map((each) => [`${each.field_key}:${each.value}`, each.lead_id]));
  for (const { lead_id, field_key, value } of claims) {
    const step = steps.find((each) => each.after.id === lead_id);
    const key = `${field_key}:${value}`;
    const holder = holders.get(key) ?? lead_id;
    holders.set(key, holder);
    if (holder !== lead_id && step?.refused === null) {
      const label = scope.fields.find((field) => field.key === field_key)?.label ?? field_key;
      step.refused = {
        taken: null,
        errors: [
          {
            path: `attributes.${field_key}`,
            code: "not_unique",
            message: `${label}: another lead has “${value}”.`,
          },
        ],
      };
    }
  }
}

function claimsOf(scope: ValueScope, steps: Step[]): Claim[] {
  const unique = scope.fields.filter((field) => field.unique);
  return steps
    .filter((step) => unique.some((field) => `attributes.${field.key}` in step.changes))
    .flatMap((step) =>
      uniqueClaims(unique, step.after.attributes).map((each) => ({ ...each, lead_id: step.after.id })),
    );
}

async function claim(ctx: Ctx, scope: ValueScope, steps: Step[]): Promise<void> {
  if (!scope.fields.some((field) => field.unique)) {
    return;
  }
  const [held] = await claimUnique(
    ctx,
    steps.map((step) => step.after.id),
    claimsOf(scope, steps),
  );
  if (held !== undefined) {
    throw problem("not_in_state", {
      say: `Another lead was given “${held.value}” at the same moment. Nothing was changed; try again.`,
    });
  }
}

function eventsOf(step: Step): (EventSubject & { name: string; data: Record<string, unknown> })[] {
  const lead_id = step.after.id;
  if (step.before === null) {
    return [{ name: "lead.created", lead_id, data: { source: step.after.columns.source } }];
  }
  // A move is told of by the statement that writes it.
  const { owner_id, stage, ...rest } = step.changes;
  const { lost_reason: _reason, ...without } = rest;
  const changes = stage === undefined ? rest : without;
  return [
    ...(owner_id === undefined ? [] : [{ name: "lead.assigned", lead_id, data: { ...owner_id } }]),
    ...(Object.keys(changes).length === 0 ? [] : [{ name: "lead.updated", lead_id, data: { changes } }]),
  ];
}

function outcomeOf(step: Step, tagged: Set<string>): Outcome {
  if (step.refused !== null) {
    return { status: "refused", id: null, ...step.refused };
  }
  const { id } = step.after;
  if (step.before === null) {
    return { status: "created", id };
  }
  return { status: Object.keys(step.changes).length > 0 || tagged.has(id) ? "updated" : "unchanged", id };
}
