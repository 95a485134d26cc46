import * as z from "zod";
import { problem } from "../../kernel/problems.ts";
import type { Key } from "./order.sql.ts";

/** Where a page begins: behind this lead, or, without an id, before or behind all leads with these first values. */
export interface Position {
  /** Of the keys the list is sorted by; null where the lead has none. */
  values: (string | null)[];
  id: string | null;
  past?: boolean | undefined;
}

const Cursor = z.strictObject({
  /** Which question it goes on with; a cursor of another one would skip or repeat leads. */
  of: z.string(),
  id: z.uuid().nullable(),
  values: z.array(z.string().max(3000).nullable()).max(3),
  past: z.boolean().optional(),
});

/** Opaque to callers. Checked like any input when it comes back, so it is not signed. */
export function encodePosition(cursor: Position & { of: string }): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

export function decodePosition(text: string, of: string, keys: readonly Key[]): Position {
  const parsed = Cursor.safeParse(jsonOf(Buffer.from(text, "base64url").toString()));
  if (!parsed.success || parsed.data.of !== of) {
    throw refused();
  }
  const { values, id, past } = parsed.data;
  const whole = values.length === keys.length;
  const known = values.every((value, n) => value === null || isOf(keys[n]?.type, value));
  if (
    (id !== null && !whole) ||
    values.length > keys.length ||
    (id === null && values.length === 0) ||
    !known
  ) {
    throw refused();
  }
  return { values, id, past };
}

/** Whether PostgreSQL would take the text for a value of the type. */
function isOf(type: Key["type"] | undefined, value: string): boolean {
  switch (type) {
    case "int":
      return /^-?\d{1,9}$/.test(value);
    case "float8":
      return value.trim() === value && Number.isFinite(Number(value)) && value !== "";
    case "timestamptz":
      return (
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(value) &&
        !Number.isNaN(Date.parse(`${value}:00`))
      );
    case "uuid":
      return z.uuid().safeParse(value).success;
    case "text":
      return !value.includes("\0");
    case undefined:
      return false;
  }
}

function refused() {
  return problem("bad_cursor", { say: "This cursor is not from this query. Start again without a cursor." });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
