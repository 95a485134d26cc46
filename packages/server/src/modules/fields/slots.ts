/** Fast fields: there is room for eight of text, choices and addresses, and eight of numbers, dates and yes/no. */
import { fastAtFirst, type Field, type FieldType, slotKind } from "@bellwether/contracts/fields";
import type { Ctx } from "../../kernel/db.ts";
import { invalid, problem } from "../../kernel/problems.ts";
import type { Slot, SlottedField } from "../rules/index.ts";
import { freeSlot, setSlot } from "./slots.sql.ts";

/** Where a field's values are mirrored, beside what callers see of it. */
export interface KnownField extends Field, SlottedField {
  slot: Slot | null;
}

/** The slot of a field that no lead has a value of yet; null for none. */
export async function slotForNew(
  ctx: Ctx,
  field: { type: FieldType; fast?: boolean | undefined },
  known: readonly KnownField[],
): Promise<Slot | null> {
  const wanted = field.fast ?? fastAtFirst.has(field.type);
  const column = wanted ? await columnFor(ctx, field.type) : null;
  if (column === null && field.fast === true) {
    throw full(field.type, known);
  }
  return column === null ? null : { column, state: "ready" };
}

/** Makes a field fast or not; a job does the rest (see `prepareField` in leads). False: it is so already. */
export async function makeFast(
  ctx: Ctx,
  field: KnownField,
  fast: boolean,
  known: readonly KnownField[],
): Promise<boolean> {
  const { slot } = field;
  if (field.fast === fast) {
    return false;
  }
  if (!fast) {
    if (slot !== null) await setSlot(ctx, field.key, { column: slot.column, state: "clearing" });
    return true;
  }
  const column = slot?.column ?? (await columnFor(ctx, field.type));
  if (column === null) {
    throw full(field.type, known);
  }
  await setSlot(ctx, field.key, { column, state: "filling" });
  return true;
}

/** A field that comes back from the archive is fast again while there is room. */
export async function fastIfRoom(ctx: Ctx, field: KnownField): Promise<boolean> {
  if (!fastAtFirst.has(field.type)) {
    return false;
  }
  const column = field.slot?.column ?? (await columnFor(ctx, field.type));
  if (column !== null) {
    await setSlot(ctx, field.key, { column, state: "filling" });
  }
  return column !== null;
}

async function columnFor(ctx: Ctx, type: FieldType): Promise<string | null> {
  const kind = slotKind[type];
  return kind === null ? null : freeSlot(ctx, kind);
}

function full(type: FieldType, known: readonly KnownField[]): Error {
  const kind = slotKind[type];
  if (kind === null) {
    return invalid([
      {
        path: "fast",
        code: "not_allowed",
        message: "Fields with several choices can be filtered at any size as they are, and not sorted by.",
      },
    ]);
  }
  const theirs = known.filter((field) => slotKind[field.type] === kind && field.slot !== null);
  const fast = theirs.filter((field) => field.fast).map((field) => `“${field.label}”`);
  const leaving = theirs.filter((field) => !field.fast).map((field) => `“${field.label}”`);
  const of = kind === "t" ? "text, choices and addresses" : "numbers, dates and yes/no";
  const soon =
    leaving.length === 0 ? "" : ` ${leaving.join(", ")} will make room in a moment: try again then.`;
  return problem("not_in_state", {
    say: `There is room for eight fast fields of ${of}. Make one of these not fast first: ${fast.join(", ")}.${soon}`,
    errors: [{ path: "fast", code: "no_room", message: `Fast already: ${fast.join(", ")}.` }],
  });
}
