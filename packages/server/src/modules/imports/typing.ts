/** A cell's text to the value of its field, or the reason why not. The strict rules of values, with the tolerance that files need. */
import type { FieldOption, FieldType } from "@bellwether/contracts/fields";
import { parseUrl, text_length_max } from "@bellwether/contracts/values";
import { readDate, readMoment, type DateFormat } from "./dates.ts";
import { readEmail } from "./emails.ts";
import { readMoney, readNumber, type DecimalMark } from "./numbers.ts";
import { createPhoneReader } from "./phones.ts";
import { Refusal, refuse, type Reason } from "./refusal.ts";
import { noWords, nothingWords, yesWords } from "./words.ts";

export type Typed = string | number | boolean | string[];
/** Null is a blank: it never clears a value. */
export type CellReader = (text: string) => Typed | Refusal | null;

export type Target =
  | { kind: "standard"; field: string }
  | {
      kind: "custom";
      key: string;
      type: FieldType;
      options: FieldOption[];
      currency: string | null;
      open: boolean;
    };

export type TypingContext = {
  default_country: string | null;
  date_format: DateFormat;
  decimal_mark: DecimalMark;
  time_zone: string;
  stages: { key: string; name: string }[];
  members: { id: string; name: string; email: string }[];
  /** Told of what was understood only in part. */
  note: (reason: Reason) => void;
  /** Told of a value that a choice made from this file doesn't have yet. */
  option: (key: string, value: string) => void;
};

const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const OPTIONS_MAX = 500;
const TAG_CHARS_MAX = 60;
const TAGS_MAX = 100;
const textLimits: Record<string, number> = {
  first_name: 200,
  last_name: 200,
  company: 300,
  job_title: 300,
  source: 200,
  country: 100,
  region: 200,
  city: 200,
  language: 35,
  external_id: 300,
};

/** A function for one column, with everything that doesn't change from row to row done before. */
export function cellReader(target: Target, context: TypingContext): CellReader {
  const read =
    target.kind === "standard" ? standardReader(target.field, context) : customReader(target, context);
  const words = target.kind === "custom" && !["text", "choice", "choices", "url"].includes(target.type);
  return (text) => {
    const cell = text.trim();
    if (cell === "" || (words && nothingWords.has(cell.toLowerCase()))) return null;
    return read(cell);
  };
}

type FilledReader = (cell: string) => Typed | Refusal | null;

function standardReader(field: string, context: TypingContext): FilledReader {
  switch (field) {
    case "email":
      return (cell) => readEmail(firstOf(cell, context));
    case "phone":
    case "whatsapp_id":
      return phoneReader(context);
    case "avatar_url":
      return readUrl;
    case "stage":
      return lookup(
        context.stages.flatMap((stage) => [
          [stage.key, stage.key],
          [stage.name, stage.key],
        ]),
        "stage_unknown",
      );
    case "owner_id":
      return memberReader(context);
    case "qualification":
      return (cell) =>
        /^\d{1,3}$/.test(cell) && Number(cell) <= 100 ? Number(cell) : refuse("qualification_invalid");
    case "time_zone":
      return timeZoneReader();
    case "tags":
      return readTags;
    default:
      return textReader(textLimits[field] ?? text_length_max);
  }
}

function customReader(target: Extract<Target, { kind: "custom" }>, context: TypingContext): FilledReader {
  switch (target.type) {
    case "text":
      return textReader(text_length_max);
    case "number":
      return (cell) => readNumber(cell, context.decimal_mark);
    case "money":
      return (cell) => readMoney(cell, context.decimal_mark, target.currency);
    case "date":
      return (cell) => readDate(cell, context.date_format);
    case "datetime":
      return (cell) => readMoment(cell, context.date_format, context.time_zone);
    case "yes_no":
      return readYesNo;
    case "url":
      return readUrl;
    case "choice":
      return choiceReader(target, context);
    case "choices":
      return choicesReader(target, context);
  }
}

function textReader(limit: number): FilledReader {
  return (cell) => {
    if (cell.length > limit) return refuse("text_too_long");
    if (!control.test(cell)) return cell;
    // FileMaker and old Excel write a newline inside a cell as a vertical tab.
    const text = cell.replaceAll("\v", "\n");
    return control.test(text) ? refuse("bad_character") : text;
  };
}

function phoneReader(context: TypingContext): FilledReader {
  const read = createPhoneReader(context.default_country);
  return (cell) => {
    const result = read(firstOf(cell, context));
    return "e164" in result ? result.e164 : refuse(result.code);
  };
}

/** Google writes several values of one cell as `a ::: b`; a lead has one, and the person is told. */
function firstOf(cell: string, context: TypingContext): string {
  const at = cell.indexOf(" ::: ");
  if (at === -1) return cell;
  context.note("first_of_several");
  return cell.slice(0, at).trim();
}

function readYesNo(cell: string): boolean | Refusal {
  const word = cell.toLowerCase();
  if (yesWords.has(word)) return true;
  return noWords.has(word) ? false : refuse("yes_no_invalid");
}

function readUrl(cell: string): string | Refusal {
  // example.com:8080 has a port, not the scheme “example.com”.
  const parsed = parseUrl(/^[^/:\s]+:\d/.test(cell) ? `https://${cell}` : cell);
  return parsed.ok && parsed.value !== null
    ? parsed.value
    : refuse(cell.length > 2000 ? "text_too_long" : "url_invalid");
}

function lookup(pairs: [string, string][], unknown: Reason): FilledReader {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    if (!values.has(key)) values.set(key, value);
  }
  return (cell) => values.get(cell.toLowerCase()) ?? refuse(unknown);
}

/** `Sam Sales (sam@example.com)`, the address or the name alone. */
function memberReader(context: TypingContext): FilledReader {
  const find = lookup(
    context.members.flatMap((member) => [
      [member.email, member.id],
      [member.name, member.id],
    ]),
    "member_unknown",
  );
  return (cell) => find(/[(<]([^()<>]+@[^()<>]+)[)>]\s*$/.exec(cell)?.[1] ?? cell);
}

function timeZoneReader(): FilledReader {
  const zones = new Map(
    ["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => [zone.toLowerCase(), zone]),
  );
  return (cell) => zones.get(cell.toLowerCase()) ?? refuse("time_zone_unknown");
}

function readTags(cell: string): string[] | Refusal {
  const tags = distinct(parts(cell.replaceAll(" ::: ", ";"), ",").map((tag) => tag.replace(/^\* /, "")));
  return tags.length > TAGS_MAX || tags.some((tag) => tag.length > TAG_CHARS_MAX)
    ? refuse("tag_too_long")
    : tags;
}

type Choice = Extract<Target, { kind: "custom" }>;

function choiceReader(target: Choice, context: TypingContext): FilledReader {
  const known = optionMap(target);
  return (cell) => oneChoice(cell, known, target, context);
}

function choicesReader(target: Choice, context: TypingContext): FilledReader {
  const known = optionMap(target);
  return (cell) => {
    const whole = known.get(cell.toLowerCase());
    if (whole !== undefined) return [whole];
    const chosen: string[] = [];
    for (const part of parts(cell, ",")) {
      const value = oneChoice(part, known, target, context);
      if (typeof value !== "string") return value;
      chosen.push(value);
    }
    return distinct(chosen);
  };
}

function optionMap(target: Choice): Map<string, string> {
  const known = new Map<string, string>();
  for (const option of target.options) known.set(option.label.toLowerCase(), option.value);
  for (const option of target.options) known.set(option.value.toLowerCase(), option.value);
  return known;
}

function oneChoice(
  text: string,
  known: Map<string, string>,
  target: Choice,
  context: TypingContext,
): string | Refusal {
  const value = known.get(text.toLowerCase());
  if (value !== undefined) return value;
  if (!target.open) return refuse("choice_unknown");
  if (text.length > 100) return refuse("text_too_long");
  if (known.size >= OPTIONS_MAX) return refuse("choices_too_many");
  known.set(text.toLowerCase(), text);
  context.option(target.key, text);
  return text;
}

/**
 * Several values in one cell: apart by `;`, `|` or newline where there is one, else by `otherwise`. Mailchimp quotes each;
 * our export those that hold such a mark, which then parts nothing.
 */
function parts(cell: string, otherwise: string): string[] {
  const bare = cell.includes('"') ? cell.replace(quotedPart, "") : cell;
  const separator = [";", "|", "\n"].find((mark) => bare.includes(mark)) ?? otherwise;
  const found = cell.includes('"') ? partsAround(cell, separator) : cell.split(separator);
  return found
    .map((part) =>
      part
        .trim()
        .replace(/^"(.*)"$/s, (_, inside: string) => inside.replaceAll('""', '"'))
        .trim(),
    )
    .filter((part) => part !== "");
}

/** A part that is quoted whole: from the beginning or a mark to the next mark or the end. */
const quotedPart = /(?<=^|[;|,\n]\s*)"(?:[^"]|"")*"(?=\s*(?:[;|,\n]|$))/g;

function partsAround(cell: string, separator: string): string[] {
  const found: string[] = [];
  let from = 0;
  const quoted = [...cell.matchAll(quotedPart)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  for (let at = cell.indexOf(separator); at !== -1; at = cell.indexOf(separator, at + 1)) {
    if (quoted.some(({ start, end }) => at >= start && at < end)) continue;
    found.push(cell.slice(from, at));
    from = at + separator.length;
  }
  return [...found, cell.slice(from)];
}

function distinct(values: string[]): string[] {
  return [...new Map(values.map((value) => [value.toLowerCase(), value])).values()];
}
