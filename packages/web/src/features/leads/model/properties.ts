import type { EventKind, Names } from "./values.ts";
import { formatDate, formatNumber, formatTime } from "./values.ts";

const text_length_max = 300;
const depth_max = 3;

export interface PropertyLine {
  label: string;
  from: "";
  to: string;
}

/** An event's properties as people read them; what is nested has a name such as `address.city`. */
export function propertyLines(data: Record<string, unknown>, names: Names, depth = 1): PropertyLine[] {
  return Object.entries(data).flatMap(([key, value]): PropertyLine[] => {
    if (isRecord(value) && depth < depth_max) {
      return propertyLines(value, names, depth + 1).map((line) => ({
        ...line,
        label: `${key}.${line.label}`,
      }));
    }
    const to = propertyWords(value, names);
    return to === "" ? [] : [{ label: key, from: "", to }];
  });
}

function propertyWords(value: unknown, names: Names): string {
  switch (typeof value) {
    case "number":
      return formatNumber(value, names.locale);
    case "boolean":
      return value ? "Yes" : "No";
    case "string":
      return textWords(value, names);
    default:
      if (Array.isArray(value) && value.every((item) => !isRecord(item) && !Array.isArray(item)))
        return cut(value.map((item) => propertyWords(item, names)).join(", "));
      return value === null || value === undefined ? "" : cut(JSON.stringify(value));
  }
}

function textWords(text: string, names: Names): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return formatDate(text, names.locale);
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text))
    return formatTime(text, names);
  return cut(text);
}

function cut(text: string): string {
  return text.length > text_length_max ? `${text.slice(0, text_length_max)}…` : text;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What was typed for a property, as the type it was seen with before; else as what it looks like. */
export function typedProperty(
  text: string,
  types: EventKind["properties"][number]["types"],
): string | number | boolean {
  const plain = text.trim();
  const may_be = (type: (typeof types)[number]) => types.length === 0 || types.includes(type);
  // A number that begins with a zero is a code or a telephone number.
  if (may_be("number") && /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/.test(plain)) return Number(plain);
  if (may_be("yes_no") && /^(yes|true)$/i.test(plain)) return true;
  if (may_be("yes_no") && /^(no|false)$/i.test(plain)) return false;
  return plain;
}
