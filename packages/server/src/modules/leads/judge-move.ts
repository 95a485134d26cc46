/** What a stage asks of a lead that moves, and what it holds of one that stays. */
import { standardFields } from "@bellwether/contracts/fields";
import type { MoveWay, Stage } from "@bellwether/contracts/pipeline";
import type { FieldError } from "@bellwether/contracts/problems";
import type { Actor } from "../../kernel/access.ts";
import type { Changes, LeadState, ValueScope } from "./values.ts";

/** By what way a lead moves, when nobody says. */
export function moveWay(actor: Actor): MoveWay {
  return ways[actor.kind];
}
const ways = { member: "card", key: "api", import: "import", system: "automation" } as const;

export interface Step {
  before: LeadState | null;
  after: LeadState;
  changes: Changes;
  /** A new lead that names its stage is held to what the stage asks; one that just begins at the first isn't. */
  named: boolean;
  /** Leaves a final stage with the right to. */
  reopens: boolean;
}

/** Why a lead can't be written so; empty when its stage has nothing against it. */
export function judgeMove(step: Step, scope: ValueScope): FieldError[] {
  const holder = heldBy(step, scope);
  const held = ["stage", "owner_id"].filter((name) => name in step.changes);
  if (holder !== null && held.length > 0) {
    return held.map((path) => heldError(path, holder));
  }
  const to = scope.stages.get(step.after.columns.stage);
  const moves = step.before === null ? step.named : "stage" in step.changes;
  return [
    ...reasonErrors(step, to, moves),
    ...(moves && !step.reopens && to !== undefined ? missing(step.after, to, scope) : []),
  ];
}

/** The final stage that keeps this lead as it is, if one does. */
function heldBy({ before, reopens }: Step, scope: ValueScope): Stage | null {
  const from = before === null ? undefined : scope.stages.get(before.columns.stage);
  return from === undefined || from.kind === "open" || reopens ? null : from;
}

export function heldError(path: string, stage: Stage): FieldError {
  return {
    path,
    code: "final_stage",
    message: `The lead is in “${stage.name}”, which is final: stage and owner stay as they are. Reopen it first.`,
  };
}

function reasonErrors({ after, changes }: Step, to: Stage | undefined, moves: boolean): FieldError[] {
  const reason = after.columns.lost_reason;
  if (to?.kind === "lost") {
    // Who was lost without one before stages asked for it needs none now.
    return reason === null && (moves || "lost_reason" in changes)
      ? [
          {
            path: "lost_reason",
            code: "reason_required",
            message: `Say why: “${to.name}” asks for a reason.`,
          },
        ]
      : [];
  }
  return reason !== null
    ? [
        {
          path: "lost_reason",
          code: "not_lost",
          message: "A reason is kept only of a lead that is lost. Move it to such a stage with it.",
        },
      ]
    : [];
}

function missing(after: LeadState, to: Stage, scope: ValueScope): FieldError[] {
  return requiredBy(to, scope)
    .filter(({ name, key }) =>
      key === null
        ? (new Map<string, unknown>(Object.entries(after.columns)).get(name) ?? null) === null
        : (new Map(Object.entries(after.attributes)).get(key) ?? null) === null,
    )
    .map(({ name, label }) => ({
      path: name,
      code: "required_by_stage",
      message: `“${to.name}” asks for ${label}.`,
    }));
}

export interface Required {
  name: string;
  label: string;
  /** Of a custom field. */
  key: string | null;
}

/** What a stage asks for; fields that were archived or deleted since aren't asked for. */
export function requiredBy(
  stage: Pick<Stage, "required_fields">,
  { fields }: Pick<ValueScope, "fields">,
): Required[] {
  return stage.required_fields.flatMap((name): Required[] => {
    const custom = fields.find((field) => `attributes.${field.key}` === name);
    const standard = standardFields.find((field) => field.key === name);
    return custom !== undefined
      ? [{ name, label: custom.label, key: custom.key }]
      : standard !== undefined
        ? [{ name, label: standard.label, key: null }]
        : [];
  });
}
