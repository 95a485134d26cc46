/** What a bulk action writes: its value held to the same rules as in PATCH /leads/{id}, once for all leads. */
import type { BulkAction } from "@bellwether/contracts/changes";
import { LeadPatch } from "@bellwether/contracts/leads";
import type { Ctx } from "../../kernel/db.ts";
import { invalid, type ProblemError } from "../../kernel/problems.ts";
import { holdOwners } from "../identity/index.ts";
import {
  identifiers,
  readLead,
  requiredBy,
  selectTag,
  tagKey,
  type ValueScope,
  valueScope,
} from "../leads/index.ts";
import { Catalogue, type RuleField } from "../rules/index.ts";
import { unknownStage } from "../stages/index.ts";
import { openSegment } from "./open-segment.ts";
import type { Edit } from "./record.ts";

export interface ReadAction {
  edit: Edit;
  /** In words: “Set Stage to Lost”. */
  summary: string;
}

const no_tag = "00000000-0000-0000-0000-000000000000";

export async function readAction(ctx: Ctx, action: BulkAction): Promise<ReadAction> {
  switch (action.kind) {
    case "set_field":
      return readField(ctx, action.field, action.value, action.reason);
    case "set_stage":
      return readStage(await valueScope(ctx), "action.stage", action);
    case "clear_field":
      return readField(ctx, action.field, null);
    case "set_owner":
      return readOwner(ctx, action.owner_id);
    case "assign_by_rules":
      return {
        edit: { kind: "assign", reassign: action.reassign, rest: "keep" },
        summary: "Assign automatically",
      };
    case "add_tag":
    case "remove_tag": {
      const add = action.kind === "add_tag";
      const found = await selectTag(ctx, { name_key: tagKey(action.tag) });
      const tag = found?.name ?? action.tag;
      return {
        edit: { kind: "tag", tag_id: found?.id ?? no_tag, tag, add },
        summary: add ? `Add tag “${tag}”` : `Remove tag “${tag}”`,
      };
    }
    case "add_to_segment":
    case "remove_from_segment":
      return readSegment(ctx, action.segment_id, action.kind === "add_to_segment");
    case "delete":
      return { edit: { kind: "bin" }, summary: "Move to the bin" };
  }
}

async function readSegment(ctx: Ctx, id: string, add: boolean): Promise<ReadAction> {
  const segment = await openSegment(ctx, id);
  if ("fault" in segment) {
    throw refused("segment_id", segment.fault.code, segment.fault.message);
  }
  const { name, set_id } = segment;
  return {
    edit: { kind: "segment", segment_id: id, set_id, name, add },
    summary: add ? `Add to segment “${name}”` : `Remove from segment “${name}”`,
  };
}

async function readOwner(ctx: Ctx, owner_id: string | null): Promise<ReadAction> {
  const edit: Edit = { kind: "column", column: "owner_id", value: owner_id };
  if (owner_id === null) {
    return { edit, summary: "Unassign" };
  }
  const owner = (await holdOwners(ctx, [owner_id])).get(owner_id);
  if (owner === undefined || "fault" in owner) {
    throw refused("owner_id", owner?.fault.code ?? "unknown_member", owner?.fault.message ?? "");
  }
  return { edit, summary: `Assign to ${owner.member.name}` };
}

async function readField(ctx: Ctx, name: string, value: unknown, reason?: string): Promise<ReadAction> {
  const scope = await valueScope(ctx);
  const catalogue = new Catalogue(scope.fields, ctx.actor);
  const field = catalogue.find(name);
  if (field === null) {
    throw catalogue.unknown(name);
  }
  if (field.name === "owner_id" && value === null) {
    return readOwner(ctx, null);
  }
  const given = value === null || (typeof value === "string" && value.trim() === "") ? null : value;
  refuseUnwritable(field, given);
  if (field.name === "stage") {
    return readStage(scope, "action.value", { stage: typeof given === "string" ? given : "", reason });
  }
  return given === null ? clearing(field) : setting(scope, field, given);
}

/** A move of many: what the stage asks of all is asked now, what it asks of each when each is written. */
function readStage(
  scope: ValueScope,
  path: string,
  asked: { stage: string; reason?: string | undefined },
): ReadAction {
  const stage = scope.stages.get(asked.stage);
  if (stage === undefined) {
    throw invalid([unknownStage(path, asked.stage, scope.stages.values())]);
  }
  const reason = asked.reason ?? null;
  if ((stage.kind === "lost") !== (reason !== null)) {
    throw reason === null
      ? refused("reason", "reason_required", `Say why: “${stage.name}” asks for a reason.`)
      : refused("reason", "not_lost", `“${stage.name}” keeps no reason. Leave it out.`);
  }
  const required = requiredBy(stage, scope);
  return {
    edit: {
      kind: "stage",
      stage: stage.key,
      name: stage.name,
      final: stage.kind !== "open",
      reason,
      required,
      removes: null,
    },
    summary: `Set Stage to ${stage.name}`,
  };
}

function refuseUnwritable(field: RuleField, value: unknown): void {
  const use = otherActions.get(field.name);
  if (use !== undefined) {
    throw refused("field", "other_action", `${field.label} is changed by the action ${use}.`);
  }
  if (field.custom === null && !writable.has(field.name)) {
    throw refused("field", "read_only", `${field.label} is kept by Bellwether and can't be set.`);
  }
  if (field.name === "stage" && value === null) {
    throw refused("field", "required", "A lead always has a stage. Set another one instead.");
  }
  const one = isIdentifier(field) || field.custom?.unique === true;
  if (one && value !== null) {
    throw refused(
      "field",
      "unique_field",
      `Two leads can't have the same ${field.label}, so it can't be set for many at once.`,
    );
  }
}

const otherActions = new Map([
  ["owner_id", "set_owner"],
  ["tags", "add_tag or remove_tag"],
  ["lost_reason", "set_stage"],
]);

/** Every column that PATCH takes; attributes are named one by one. */
const writable = new Set(Object.keys(LeadPatch.shape).filter((name) => name !== "attributes"));

function isIdentifier(field: RuleField): boolean {
  return identifiers.some((identifier) => identifier === field.name);
}

function clearing(field: RuleField): ReadAction {
  const summary = `Clear ${field.label}`;
  return field.custom === null
    ? { summary, edit: { kind: "column", column: field.name, value: null } }
    : {
        summary,
        edit: { kind: "attribute", key: field.custom.key, value: null, unique: field.custom.unique },
      };
}

function setting(scope: ValueScope, field: RuleField, given: unknown): ReadAction {
  const { custom } = field;
  const patch = LeadPatch.safeParse(
    custom === null ? { [field.name]: given } : { attributes: { [custom.key]: given } },
  );
  if (!patch.success) {
    throw invalid(
      patch.error.issues.map((issue) => ({
        path: "action.value",
        code: issue.code,
        message: `${field.label}: ${issue.message.replace(/^Invalid input: /, "this is not right: ")}.`,
      })),
    );
  }
  const { values, errors } = readLead(patch.data, scope);
  if (errors.length > 0) {
    throw invalid(errors.map((error) => ({ ...error, path: "action.value" })));
  }
  const read =
    custom === null ? columnOf(values.columns, field.name) : (values.attributes.get(custom.key) ?? null);
  if (read === null) {
    return clearing(field);
  }
  const summary = `Set ${field.label} to ${inWords(field, read)}`;
  if (custom !== null) {
    return { summary, edit: { kind: "attribute", key: custom.key, value: read, unique: false } };
  }
  const plain = typeof read === "number" ? read : String(read);
  return { summary, edit: { kind: "column", column: field.name, value: plain } };
}

function columnOf(columns: object, name: string): string | number | null {
  const value: unknown = new Map(Object.entries(columns)).get(name);
  return typeof value === "string" || typeof value === "number" ? value : null;
}

function inWords(field: RuleField, value: string | number | boolean | string[]): string {
  if (typeof value === "boolean") {
    return value ? "Yes" : "No";
  }
  const options = new Map(field.custom?.options.map((option) => [option.value, option.label]));
  const text = [value]
    .flat()
    .map((each) => options.get(String(each)) ?? String(each))
    .join(", ");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function refused(path: string, code: string, message: string): ProblemError {
  return invalid([{ path: `action.${path}`, code, message }]);
}
