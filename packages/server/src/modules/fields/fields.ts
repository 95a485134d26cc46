import type { Nothing } from "@bellwether/contracts/common";
import { Field, FieldIn, FieldOption } from "@bellwether/contracts/fields";
import { parseValue } from "@bellwether/contracts/values";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { invalid, notFound, problem } from "../../kernel/problems.ts";
import { type Slot } from "../rules/index.ts";
import {
  deleteFieldRow,
  type FieldChanges,
  insertField,
  markFieldDeleted,
  selectFields,
  updateFieldOrder,
  updateFieldRow,
} from "./fields.sql.ts";
import { lockFields } from "./slots.sql.ts";
import { fastIfRoom, type KnownField, makeFast, slotForNew } from "./slots.ts";

const fields_max = 500;

/** Custom fields in their order; archived ones only when asked for. */
export async function listFields(ctx: Ctx, archived: "too" | "not" = "not"): Promise<KnownField[]> {
  const rows = await selectFields(ctx, archived);
  return rows.map((row) => {
    const slot = slotOf(row);
    const field = Field.parse({
      ...row,
      options: FieldOption.array().parse(row.options),
      default: row.default_value,
      unique: row.is_unique,
      fast: slot !== null && slot.state !== "clearing",
      preparing:
        slot?.state !== "filling" ? null : Math.min(1, row.slot_done / Math.max(1, row.slot_total ?? 1)),
      archived: row.archived_at !== null,
      created_at: row.created_at.toISOString(),
    });
    return { ...field, slot };
  });
}

function slotOf({ slot, slot_state }: { slot: string | null; slot_state: string | null }): Slot | null {
  const state = (["filling", "ready", "clearing"] as const).find((each) => each === slot_state);
  return slot === null || state === undefined ? null : { column: slot, state };
}

export async function createField(ctx: Ctx, input: FieldIn): Promise<Field> {
  assertFits(input);
  await lockFields(ctx);
  const known = await listFields(ctx, "too");
  if (known.length >= fields_max) {
    throw problem("not_in_state", {
      say: `A workspace can have ${fields_max} fields. Delete one that you no longer need.`,
    });
  }
  if (known.some((field) => !field.archived && field.label.toLowerCase() === input.label.toLowerCase())) {
    throw problem("name_taken", { say: `A field called “${input.label}” already exists.` });
  }
  if (!(await insertField(ctx, input, await slotForNew(ctx, input, known)))) {
    throw problem("name_taken", {
      say: `The key “${input.key}” is taken, perhaps by an archived field or one that was just deleted.`,
    });
  }
  await emit(ctx, "field.created", {}, { key: input.key, label: input.label, type: input.type });
  return fieldOf(ctx, input.key);
}

/** What becomes fast or doesn't stay so is told with the event; a job then fills or empties its slot. */
export async function updateField(
  ctx: Ctx,
  input: FieldChanges & { key: string; fast?: boolean | undefined },
): Promise<Field> {
  const { key, fast, ...changes } = input;
  if (fast !== undefined || changes.archived !== undefined) {
    await lockFields(ctx);
  }
  const known = await listFields(ctx, "too");
  const field = fieldIn(known, key);
  assertFits({ ...field, ...defined(changes) });
  await updateFieldRow(ctx, key, changes);
  const slotted = await changeFast(ctx, field, { fast, archived: changes.archived }, known);
  const told = slotted ? { slotted } : {};
  await emit(
    ctx,
    "field.updated",
    {},
    { key, changes: { ...changes, ...(fast === undefined ? {} : { fast }) }, ...told },
  );
  return fieldOf(ctx, key);
}

/** Nobody asks for a field in the archive, so it gives its slot back. */
async function changeFast(
  ctx: Ctx,
  field: KnownField,
  to: { fast: boolean | undefined; archived: boolean | undefined },
  known: readonly KnownField[],
): Promise<boolean> {
  if (to.archived ?? field.archived) {
    if (to.fast === true) {
      throw problem("not_in_state", { say: `“${field.label}” is archived. Bring it back first.` });
    }
    return makeFast(ctx, field, false, known);
  }
  if (to.fast !== undefined) {
    return makeFast(ctx, field, to.fast, known);
  }
  return field.archived && to.archived === false ? fastIfRoom(ctx, field) : false;
}

/** Fields that the order doesn't name stay behind those that it does. */
export async function orderFields(ctx: Ctx, input: { keys: string[] }): Promise<{ data: Field[] }> {
  const known = await listFields(ctx, "too");
  const missing = input.keys.filter((key) => !known.some((field) => field.key === key));
  if (missing.length > 0) {
    throw invalid(
      missing.map((key) => ({ path: "keys", code: "unknown_field", message: `There is no field “${key}”.` })),
    );
  }
  const rest = known.map((field) => field.key).filter((key) => !input.keys.includes(key));
  await updateFieldOrder(ctx, [...input.keys, ...rest]);
  await emit(ctx, "field.ordered", {});
  return { data: await listFields(ctx) };
}

/** Its values are cleared from the leads behind this (by `field.deleted`); until then the key can't be used again. */
export async function deleteField(ctx: Ctx, input: { key: string }): Promise<Nothing> {
  const field = await fieldOf(ctx, input.key);
  if (!field.archived) {
    throw problem("not_in_state", { say: `“${field.label}” is in use. Archive it first.` });
  }
  await markFieldDeleted(ctx, field.key);
  await emit(ctx, "field.deleted", {}, { key: field.key, label: field.label });
  return {};
}

/** The last step of a deletion, when no lead has a value any more: the key is free. */
export async function forgetField(ctx: Ctx, key: string): Promise<void> {
  await deleteFieldRow(ctx, key);
}

async function fieldOf(ctx: Ctx, key: string): Promise<KnownField> {
  return fieldIn(await listFields(ctx, "too"), key);
}

function fieldIn(known: readonly KnownField[], key: string): KnownField {
  const field = known.find((each) => each.key === key);
  if (field === undefined) {
    throw notFound("field");
  }
  return field;
}

function assertFits(
  field: Pick<FieldIn, "type" | "options" | "currency"> & { default?: unknown; unique?: boolean },
): void {
  const choosable = field.type === "choice" || field.type === "choices";
  if (choosable && field.options.length === 0) {
    throw invalid([{ path: "options", code: "required", message: "Give at least one choice." }]);
  }
  if (!choosable && field.options.length > 0) {
    throw invalid([{ path: "options", code: "not_allowed", message: "Only choice fields have choices." }]);
  }
  const values = field.options.map((option) => option.value.toLowerCase());
  if (new Set(values).size < values.length) {
    throw invalid([{ path: "options", code: "duplicate", message: "Two choices have the same value." }]);
  }
  if (field.unique === true && !["text", "url", "number"].includes(field.type)) {
    throw invalid([
      {
        path: "unique",
        code: "not_allowed",
        message: "Only text, web address and number fields can be unique.",
      },
    ]);
  }
  const parsed = parseValue(field, field.default);
  if (!parsed.ok) {
    throw invalid([{ path: "default", code: parsed.code, message: parsed.message }]);
  }
}

function defined(changes: FieldChanges) {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
