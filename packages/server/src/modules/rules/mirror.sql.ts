/**
 * Fast fields: each mirrors its attribute in a spare column of lead, its slot, which has an index of its own. What
 * stands in a slot is said here once, for whoever writes leads and for the compiler that compares it.
 */
import { type RawBuilder, sql } from "kysely";
import type { Field, FieldType } from "@bellwether/contracts/fields";

type Raw = RawBuilder<unknown>;

/** `filling`: written but not read yet; `clearing`: neither. */
export interface Slot {
  /** `t1`…`t8`, `n1`…`n8` */
  column: string;
  state: "filling" | "ready" | "clearing";
}
export type SlottedField = Field & { slot?: Slot | null };

/** Of a text so many characters are mirrored: an index refuses entries of more than 2,700 bytes. */
export const slot_text_max = 200;
const day_ms = 86_400_000;

/** An attribute's text (`->>`) as its slot holds it: days since 1970 for a date, milliseconds for a moment. */
export function mirrorOf(type: FieldType, text: Raw): Raw {
  switch (type) {
    case "text":
    case "choice":
    case "url":
    case "choices":
      return sql`left(${text}, ${sql.lit(slot_text_max)})`;
    case "number":
    case "money":
      return sql`(${text})::float8`;
    case "date":
      return sql`((${text})::date - date '1970-01-01')::float8`;
    case "datetime":
      return sql`(extract(epoch from (${text})::timestamptz) * 1000)::float8`;
    case "yes_no":
      return sql`(case ${text} when 'true' then 1 when 'false' then 0 end)::float8`;
  }
}

/** A day or moment, as rules write them, as its slot holds it. */
export function slotTime(type: "date" | "datetime", iso: string): number {
  if (iso.endsWith("infinity")) {
    return iso.startsWith("-") ? -Infinity : Infinity;
  }
  return type === "date" ? Date.parse(`${iso}T00:00:00Z`) / day_ms : Date.parse(iso);
}

/** A field with a slot that is to be written. */
export interface Mirror {
  key: string;
  type: FieldType;
  column: string;
}

export function mirrorsOf(fields: readonly SlottedField[]): Mirror[] {
  return fields.flatMap(({ key, type, slot }) =>
    slot !== undefined && slot !== null && slot.state !== "clearing"
      ? [{ key, type, column: slot.column }]
      : [],
  );
}

/** Which column gets what, where `textOf` says what becomes of an attribute. In a fixed order. */
function mirrored(mirrors: readonly Mirror[], textOf: (key: string) => Raw): { column: Raw; value: Raw }[] {
  return mirrors.map(({ key, type, column }) => ({
    column: sql.ref(column),
    value: mirrorOf(type, textOf(key)),
  }));
}

/** What follows the assignment of attributes: `, t1 = …, n2 = …`, or nothing. */
export function alsoSet(mirrors: readonly Mirror[], textOf: (key: string) => Raw): Raw {
  return sql.join(
    mirrored(mirrors, textOf).map(({ column, value }) => sql`, ${column} = ${value}`),
    sql``,
  );
}

/** For new rows: the columns and, in the same order, their values; each begins with a comma. */
export function alsoInsert(
  mirrors: readonly Mirror[],
  textOf: (key: string) => Raw,
): { columns: Raw; values: Raw } {
  const all = mirrored(mirrors, textOf);
  return {
    columns: sql.join(
      all.map(({ column }) => sql`, ${column}`),
      sql``,
    ),
    values: sql.join(
      all.map(({ value }) => sql`, ${value}`),
      sql``,
    ),
  };
}

/** The text of an attribute in a jsonb expression. */
export function textIn(attributes: Raw): (key: string) => Raw {
  return (key) => sql`(${attributes} ->> ${key}::text)`;
}
