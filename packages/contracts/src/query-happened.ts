/**
 * Events in the query language:
 *
 *   happened = ( "did" | "did_first" | "did_last" ) ":" name [ "[" properties "]" ] [ often ] [ "/" time ]
 *   name     = bare [ "*" ] | '"' … '"' [ "*" ]
 *   often    = ( ">=" | "<=" | "=" | ">" | "<" ) number
 *   time     = "14d" | "14d-2d" (up to 2 days ago) | from ".." to, either left out
 *
 * `-` before it: did not. `opened<30d` is short for did:email.opened/30d, `opened>30d` for its contrary; as are clicked,
 * replied, bounced and viewed.
 */
import { type CountIs, type Happened, lasting, type Within } from "./happened.ts";
import type { Rule } from "./rule.ts";

/** Words that stand before an event's name; a custom field with such a key is typed `attributes.did`. */
export const eventWords: ReadonlySet<string> = new Set(["did", "did_first", "did_last"]);
const shortFor: ReadonlyMap<string, string> = new Map([
  ["opened", "email.opened"],
  ["clicked", "email.clicked"],
  ["replied", "email.replied"],
  ["bounced", "email.bounced"],
  ["viewed", "page.viewed"],
]);
const signs: Record<string, CountIs> = { ">=": "gte", "<=": "lte", "=": "eq", ">": "gt", "<": "lt" };

/** The properties of events, for the query language: whichever name somebody types is one, and it may stand in quotes. */
export const eventProperties = {
  find: (word: string) => ({
    name: word.startsWith('"') ? unescaped(word.slice(1, -1)) : word,
    type: "property",
  }),
  word: (name: string) => (/^[\p{L}_$][\p{L}\p{N}_.$-]*$/u.test(name) ? name : inQuotes(name)),
  properties: true as const,
};

export interface ReadHappened {
  rule: Happened;
  to: number;
}
/** What can't be understood, and where. */
export class HappenedFault {
  readonly message: string;
  readonly from: number;
  readonly to: number;
  constructor(message: string, from: number, to: number) {
    this.message = message;
    this.from = from;
    this.to = to;
  }
}

/** What is said of an event at this place of a query; null where nothing is. */
export function readHappened(
  text: string,
  from: number,
  reading: { isField: (word: string) => boolean; where: (text: string, offset: number) => Rule },
): ReadHappened | HappenedFault | null {
  const begun = at(/(did|did_first|did_last):/iuy, text, from);
  if (begun === null) {
    return readShort(text, from, reading.isField);
  }
  const named = readName(text, begun.to);
  if (named === null) {
    return new HappenedFault(
      `“${begun.all}” has no event. Name one, such as did:page.viewed.`,
      from,
      begun.to,
    );
  }
  const properties = bracketed(text, named.to);
  if (properties === "open") {
    return new HappenedFault("A “[” is never closed.", named.to, named.to + 1);
  }
  const where = properties === null ? undefined : reading.where(properties.inside, named.to + 1);
  if (where !== undefined && hasWords(where)) {
    return new HappenedFault(
      "Between the brackets stand properties, such as amount>100.",
      named.to,
      properties?.to ?? named.to,
    );
  }
  const often = at(/(>=|<=|=|>|<)(\d{1,7})/uy, text, properties?.to ?? named.to);
  const when = readWithin(text, often?.to ?? properties?.to ?? named.to);
  if (when instanceof HappenedFault) {
    return when;
  }
  const to = when?.to ?? often?.to ?? properties?.to ?? named.to;
  if (to < text.length && !/[\s()]/.test(text[to] ?? "")) {
    return new HappenedFault(
      "This goes on in a way that can't be understood. Write did:page.viewed>=3/14d, with the event's name in quotes where it has spaces.",
      from,
      to + 1,
    );
  }
  const which = begun.parts[0]?.toLowerCase();
  const is = signs[often?.parts[0] ?? ""];
  return {
    to,
    rule: {
      event: named.name,
      did: true,
      ...(is === undefined ? {} : { count: { is, value: Number(often?.parts[1]) } }),
      ...(when === null ? {} : { within: when.within }),
      ...(which === "did_first" ? { which: "first" } : which === "did_last" ? { which: "last" } : {}),
      ...(where === undefined ? {} : { where }),
    },
  };
}

function readName(text: string, from: number): { name: string; to: number } | null {
  const named = at(/(?:"((?:[^"\\]|\\.)*)"|([\p{L}\p{N}_$][\p{L}\p{N}_.$-]*))(\*?)/uy, text, from);
  const [quoted, bare = "", star = ""] = named?.parts ?? [];
  return named === null
    ? null
    : { name: `${quoted === undefined ? bare : unescaped(quoted)}${star}`, to: named.to };
}

function readShort(text: string, from: number, isField: (word: string) => boolean): ReadHappened | null {
  const short = at(/(\p{L}+)([<>])(\d{1,4}[mhdw])(?=[\s()]|$)/uy, text, from);
  const [word = "", sign, last = ""] = short?.parts ?? [];
  const event = shortFor.get(word.toLowerCase());
  return short === null || event === undefined || isField(word)
    ? null
    : { to: short.to, rule: { event, did: sign === "<", within: { last } } };
}

function readWithin(text: string, from: number): { within: Within; to: number } | HappenedFault | null {
  const time = at(/\/([^\s()"[\]]*)/uy, text, from);
  if (time === null) {
    return null;
  }
  const given = time.parts[0] ?? "";
  const [, last, until] = /^(\d{1,4}[mhdw])(?:-(\d{1,4}[mhdw]))?$/.exec(given) ?? [];
  if (last !== undefined) {
    return { to: time.to, within: { last, ...(until === undefined ? {} : { until }) } };
  }
  const [, begins, ends] = /^(.*?)\.\.(.*)$/.exec(given) ?? [];
  if (begins === undefined || ends === undefined || `${begins}${ends}` === "") {
    return new HappenedFault(
      "After “/” comes a time: 14d, 14d-2d, 2026-01-01..2026-03-31, 2026-01-01.. or ..2026-03-31.",
      from,
      time.to,
    );
  }
  return {
    to: time.to,
    within: { ...(begins === "" ? {} : { from: begins }), ...(ends === "" ? {} : { to: ends }) },
  };
}

/** What stands between brackets; one in quotes closes nothing. */
function bracketed(text: string, from: number): { inside: string; to: number } | "open" | null {
  if (text[from] !== "[") {
    return null;
  }
  const inside = at(/\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]/uy, text, from);
  return inside === null ? "open" : { inside: inside.parts[0] ?? "", to: inside.to };
}

function hasWords(rule: Rule): boolean {
  if ("all" in rule || "any" in rule) {
    return ("all" in rule ? rule.all : rule.any).some(hasWords);
  }
  return "not" in rule ? hasWords(rule.not) : "words" in rule;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function inQuotes(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function at(pattern: RegExp, text: string, from: number) {
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  return match === null ? null : { all: match[0], parts: match.slice(1), to: from + match[0].length };
}

/** The text that reads back to the same condition. */
export function printHappened(rule: Happened, where: (rule: Rule) => string): string {
  const { event, count, within } = rule;
  const star = event.endsWith("*") ? "*" : "";
  const name = event.slice(0, event.length - star.length);
  const bare = /^[\p{L}\p{N}_$][\p{L}\p{N}_.$-]*$/u.test(name);
  const word = rule.which === "first" ? "did_first" : rule.which === "last" ? "did_last" : "did";
  const sign = Object.keys(signs).find((each) => signs[each] === count?.is) ?? "";
  return [
    rule.did === false ? "-" : "",
    `${word}:`,
    bare ? name : inQuotes(name),
    star,
    rule.where === undefined ? "" : `[${where(rule.where)}]`,
    count === undefined ? "" : `${sign}${count.value}`,
    within === undefined ? "" : `/${printWithin(within)}`,
  ].join("");
}

function printWithin(within: Within): string {
  if (!("last" in within)) {
    return `${within.from ?? ""}..${within.to ?? ""}`;
  }
  const short = (text: string) => text.trim().replace(lasting, "$1$2");
  return `${short(within.last)}${within.until === undefined ? "" : `-${short(within.until)}`}`;
}
