import type { FieldOption, FieldType } from "./fields.ts";

/** A value in its one stored form, or why it can't be one. A missing value is null; an empty text is a missing value. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; code: string; message: string };
export type FieldValue = string | number | boolean | string[] | null;

export const text_length_max = 10_000;
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
// Unpaired halves of a character beyond U+FFFF can't be written as UTF-8.
const brokenCharacter = /\p{Surrogate}/u;

export function parseText(input: string, length_max = text_length_max): Parsed<string | null> {
  const text = input.trim();
  if (control.test(text) || brokenCharacter.test(text)) {
    return refused("bad_character", "The text holds a control character (such as NUL). Remove it.");
  }
  if (text.length > length_max) {
    return refused("too_long", `The text has ${text.length} characters; ${length_max} fit.`);
  }
  return { ok: true, value: text === "" ? null : text };
}

// RFC 5321 dot-string of RFC 5322 atext, and letters of any script (RFC 6531). Quoted local parts and address literals
// are legal, but nobody's business address: they are refused as the typing errors they are in practice.
const local = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u;
// Zero-width and direction characters, fillers, variation selectors: they look like nothing and make another address.
const hidden = /\p{Default_Ignorable_Code_Point}|\p{Cf}/u;
const label = /^[\p{L}\p{N}\p{M}]([\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

/** An address that a mail server would accept, lower-cased and in Unicode's composed form. Limits: RFC 5321 4.5.3.1. */
export function parseEmail(input: string): Parsed<string | null> {
  // Spaces around it are a slip of the hand; a line break is another line.
  const address = input
    .replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, "")
    .normalize("NFC")
    .toLowerCase();
  if (address === "") {
    return { ok: true, value: null };
  }
  if (hidden.test(address)) {
    return refused(
      "email_hidden_character",
      `“${shortened(input)}” holds an invisible character. Type the address again.`,
    );
  }
  const at = address.lastIndexOf("@");
  const name = address.slice(0, at);
  const labels = address.slice(at + 1).split(".");
  const top = labels.at(-1) ?? "";
  const valid =
    at > 0 &&
    octets(name) <= 64 &&
    octets(address) <= 254 &&
    local.test(name) &&
    labels.every((part) => label.test(part)) &&
    !/^\d+$/.test(top) &&
    // Mail straight to a top-level domain exists for a few countries' only.
    (labels.length > 1 || /^[a-z]{2}$/.test(top));
  return valid
    ? { ok: true, value: address }
    : refused(
        "invalid_email",
        `“${shortened(input)}” is no e-mail address. It should look like ada@example.com.`,
      );
}

export function parseUrl(input: string): Parsed<string | null> {
  const text = input.trim();
  if (text === "") {
    return { ok: true, value: null };
  }
  const written = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  // The shape only: what stands behind it is not asked. Other schemes (javascript:, data:) would run in a browser.
  const valid =
    written.length <= 2000 &&
    /^https?:\/\/[^\s/?#@\\]+\.[^\s/?#@\\]{2,}([/?#]\S*)?$/iu.test(written) &&
    !control.test(written);
  return valid
    ? { ok: true, value: written }
    : refused(
        "invalid_url",
        `“${shortened(input)}” is no web address. It should look like https://example.com.`,
      );
}

/** A calendar date, `YYYY-MM-DD`, that exists. */
export function parseDate(input: string): Parsed<string | null> {
  const text = input.trim();
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  return year !== undefined && dateExists(Number(year), Number(month), Number(day))
    ? { ok: true, value: text }
    : refused("invalid_date", `“${shortened(input)}” is no date. Use one that exists, as YYYY-MM-DD.`);
}

export function dateExists(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && year >= 1 && day >= 1 && day <= days;
}

/** A moment with its offset from UTC (RFC 3339), kept in UTC to the millisecond. */
export function parseDatetime(input: string): Parsed<string | null> {
  const text = input.trim();
  const [, date, hour] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/i.exec(text) ?? [];
  const moment =
    date !== undefined && parseDate(date).ok && Number(hour) < 24
      ? Date.parse(text.replace(" ", "T"))
      : Number.NaN;
  return Number.isNaN(moment)
    ? refused(
        "invalid_datetime",
        `“${shortened(input)}” is no date with time. Use one such as 2026-03-15T14:30:00Z.`,
      )
    : { ok: true, value: new Date(moment).toISOString() };
}

export interface FieldRule {
  type: FieldType;
  options: readonly FieldOption[];
}

/** What a program may send for a custom field, strictly: JSON's own types, no guessing. The import's tolerant reading of text ends here too. */
export function parseValue(field: FieldRule, input: unknown): Parsed<FieldValue> {
  if (input === null || input === undefined || input === "") {
    return { ok: true, value: null };
  }
  switch (field.type) {
    case "text":
      return typeof input === "string" ? parseText(input) : wrongType("a text");
    case "url":
      return typeof input === "string" ? parseUrl(input) : wrongType("a text with a web address");
    case "number":
    case "money":
      return typeof input === "number" && Number.isFinite(input)
        ? { ok: true, value: input }
        : wrongType("a number");
    case "yes_no":
      return typeof input === "boolean" ? { ok: true, value: input } : wrongType("true or false");
    case "date":
      return typeof input === "string" ? parseDate(input) : wrongType("a date such as 2026-03-15");
    case "datetime":
      return typeof input === "string"
        ? parseDatetime(input)
        : wrongType("a time such as 2026-03-15T14:30:00Z");
    case "choice":
      return typeof input === "string" ? parseChoice(field, input) : wrongType("one of the field's choices");
    case "choices":
      return Array.isArray(input) ? parseChoices(field, input) : wrongType("a list of the field's choices");
  }
}

/** By value or by label, whatever the capitals. */
export function parseChoice(field: FieldRule, input: string): Parsed<string | null> {
  const wanted = input.trim().toLowerCase();
  const option =
    field.options.find((each) => each.value.toLowerCase() === wanted) ??
    field.options.find((each) => each.label.toLowerCase() === wanted);
  if (option !== undefined) {
    return { ok: true, value: option.value };
  }
  const known = field.options.slice(0, 8).map((each) => each.label);
  const more = field.options.length > known.length ? ", …" : "";
  return refused(
    "unknown_choice",
    `“${shortened(input)}” is not one of the choices (${known.join(", ")}${more}).`,
  );
}

function parseChoices(field: FieldRule, input: unknown[]): Parsed<string[] | null> {
  const chosen = new Set<string>();
  for (const each of input) {
    const parsed =
      typeof each === "string" ? parseChoice(field, each) : wrongType("a list of the field's choices");
    if (!parsed.ok) {
      return parsed;
    }
    if (parsed.value !== null) {
      chosen.add(parsed.value);
    }
  }
  return { ok: true, value: chosen.size === 0 ? null : [...chosen] };
}

/** Bytes in UTF-8, which the limits count. */
function octets(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function wrongType(wanted: string) {
  return refused("wrong_type", `This field takes ${wanted}.`);
}

function refused(code: string, message: string): { ok: false; code: string; message: string } {
  return { ok: false, code, message };
}

export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
