import { QueryError } from "./query-error.ts";
import { eventProperties, HappenedFault, readHappened } from "./query-happened.ts";
import { type Condition, family, type InSegment, type Operator, operatorsOf, type Rule } from "./rule.ts";

/**
 * The query language: one grammar for the search box, the URL and GET /leads/search, which reads to the rule tree.
 *
 *   query   = any
 *   any     = all { "OR" all }
 *   all     = { term }                               all must hold
 *   term    = [ "-" ] ( "(" any ")" | condition | word )
 *   condition = field ( ":" values | ( ">" | ">=" | "<" | "<=" ) value )
 *   values  = value { "," value } | value { "+" value } | value ".." value
 *   value   = bare | '"' … '"'                       \" and \\ inside quotes
 *
 * `segment:Name` asks for its members, `segment:A,B` for those of either.
 *
 * `field:any` and `field:none` ask whether there is a value; `field:start*`, `field:*middle*` for text; `time<30d` is
 * within the last thirty days and `time>30d` not; `+` asks a list for all. `-` before a condition is its own negation.
 */

export interface QueryField {
  name: string;
  type: string;
}
export interface QueryFields {
  /** By the word people type: `plan` for `attributes.plan`. Null: there is none. */
  find: (word: string) => QueryField | null;
  /** The word to print for a field. */
  word: (name: string) => string;
  /** A segment's id by its name, and its name by its id; null: there is none. Without them, none can be named. */
  segmentId?: (name: string) => string | null;
  segmentName?: (id: string) => string | null;
  /** These are the properties of an event, by any name, which may stand in quotes. */
  properties?: true;
}

/** What stands before a segment's name; a field with this key is `attributes.segment`. */
export const segment_word = "segment";

/** Shorter words that people type for standard fields. */
export const fieldAliases: ReadonlyMap<string, string> = new Map([
  ["owner", "owner_id"],
  ["tag", "tags"],
  ["name", "last_name"],
  ["created", "created_at"],
  ["updated", "updated_at"],
  ["title", "job_title"],
  ["mail", "email"],
]);

const standing = new WeakMap<object, { from: number; to: number }>();
/** Where in the text a condition stands that was read from one. */
export function standsAt(condition: object): { from: number; to: number } | undefined {
  return standing.get(condition);
}

/** An empty text asks for everybody: `{all: []}`. */
export function parseQuery(text: string, fields: QueryFields): Rule {
  return new Parser(text, fields).parse();
}

const depth_max = 50;
const opposite: Partial<Record<Operator, Operator>> = {
  eq: "ne",
  in: "not_in",
  contains: "not_contains",
  any_of: "none_of",
  set: "unset",
  unset: "set",
  in_last: "not_in_last",
  not_in_last: "in_last",
};
const comparisons: Record<string, Operator> = { ">": "gt", ">=": "gte", "<": "lt", "<=": "lte" };
const fieldStart = /([\p{L}_][\p{L}\p{N}_.]*)(>=|<=|>|<|:)/uy;
const propertyStart = /("(?:[^"\\]|\\.)*"|[\p{L}_$][\p{L}\p{N}_.$-]*)(>=|<=|>|<|:)/uy;

interface Value {
  text: string;
  quoted: boolean;
}

class Parser {
  readonly #text: string;
  readonly #fields: QueryFields;
  #at = 0;
  #depth = 0;

  constructor(text: string, fields: QueryFields) {
    this.#text = text;
    this.#fields = fields;
  }

  parse(): Rule {
    const rule = this.#any();
    if (this.#at < this.#text.length) {
      throw this.#error("bad_syntax", "There is a “)” too many.", this.#at, this.#at + 1);
    }
    return rule;
  }

  #any(): Rule {
    const from = this.#at;
    if (++this.#depth > depth_max) {
      throw this.#error(
        "bad_syntax",
        `Parentheses are nested deeper than ${depth_max} levels.`,
        from,
        from + 1,
      );
    }
    const first = this.#terms();
    const alternatives = [first];
    while (this.#takeOr()) {
      alternatives.push(this.#terms());
    }
    this.#depth--;
    if (alternatives.length === 1) {
      return together(first);
    }
    // `(OR)` is how an empty "any" is written; beside a real alternative, nothing is no alternative.
    return { any: alternatives.filter((terms) => terms.length > 0).map(together) };
  }

  #terms(): Rule[] {
    const terms: Rule[] = [];
    for (let term = this.#term(); term !== null; term = this.#term()) {
      terms.push(term);
    }
    return terms;
  }

  /** Null at the end, before `)` and before `OR`. */
  #term(): Rule | null {
    this.#skipSpace();
    const from = this.#at;
    if (this.#at >= this.#text.length || this.#text[this.#at] === ")" || this.#isOr()) {
      return null;
    }
    const negative = this.#text[this.#at] === "-" && /[^\s)]/.test(this.#text[this.#at + 1] ?? "");
    if (negative) {
      this.#at++;
    }
    if (this.#text[this.#at] === "(") {
      return negative ? { not: this.#group(from) } : this.#group(from);
    }
    const beside = this.#inSegment(from, negative) ?? this.#happened(from, negative);
    if (beside !== null) {
      return beside;
    }
    const condition = this.#condition();
    if (condition !== null) {
      const other = negative ? opposite[condition.is] : undefined;
      const meant = other === undefined ? condition : { ...condition, is: other };
      standing.set(meant, { from, to: this.#at });
      return negative && other === undefined ? { not: meant } : meant;
    }
    const words = this.#value().text;
    if (words === "") {
      return this.#term();
    }
    return negative ? { not: { words } } : { words };
  }

  /** `segment:Name`, `segment:A,B`; `-` before it: of none of these. */
  #inSegment(from: number, negative: boolean): Rule | null {
    const find = this.#fields.segmentId;
    const begins = /segment:(?=\S)/iuy;
    begins.lastIndex = this.#at;
    if (find === undefined || !begins.test(this.#text)) {
      return null;
    }
    this.#at = begins.lastIndex;
    const parts: InSegment[] = [];
    do {
      this.#at += this.#text[this.#at] === "," ? 1 : 0;
      const starts = this.#at;
      const name = this.#value().text;
      const id = find(name);
      if (id === null) {
        throw this.#error("unknown_segment", `There is no segment “${name}”.`, starts, this.#at, name);
      }
      const part = { segment: id, member: !negative };
      standing.set(part, { from, to: this.#at });
      parts.push(part);
    } while (this.#text[this.#at] === ",");
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) {
      return only;
    }
    return negative ? { all: parts } : { any: parts };
  }

  /** `did:page.viewed>=3/14d` */
  #happened(from: number, negative: boolean): Rule | null {
    if (this.#fields.properties === true) {
      return null;
    }
    const read = readHappened(this.#text, this.#at, {
      isField: (word) => this.#fields.find(word) !== null,
      where: (text, offset) => {
        try {
          return parseQuery(text, eventProperties);
        } catch (error) {
          throw error instanceof QueryError ? error.moved(offset) : error;
        }
      },
    });
    if (read === null) {
      return null;
    }
    if (read instanceof HappenedFault) {
      throw this.#error("bad_syntax", read.message, read.from, read.to);
    }
    this.#at = read.to;
    const rule = { ...read.rule, did: (read.rule.did ?? true) !== negative };
    standing.set(rule, { from, to: read.to });
    return rule;
  }

  #group(from: number): Rule {
    this.#at++;
    const inside = this.#any();
    this.#skipSpace();
    if (this.#text[this.#at] !== ")") {
      throw this.#error("bad_syntax", "A “(” is never closed.", from, from + 1);
    }
    this.#at++;
    return inside;
  }

  #condition(): Condition | null {
    const start = this.#fields.properties === true ? propertyStart : fieldStart;
    start.lastIndex = this.#at;
    const match = start.exec(this.#text);
    const [all, word, sign] = match ?? [];
    if (all === undefined || word === undefined || sign === undefined) {
      return null;
    }
    const from = this.#at;
    const field = this.#fields.find(word);
    if (field === null) {
      throw new QueryError("unknown_field", `There is no field “${word}”.`, {
        text: word,
        from,
        to: from + word.length,
      });
    }
    this.#at += all.length;
    const compared = comparisons[sign];
    const kind = family[field.type];
    if (compared !== undefined && kind !== undefined && !operatorsOf[kind].includes(compared)) {
      const say = `“${sign}” compares numbers and dates, and “${word}” is neither. Write ${word}: and a value.`;
      throw this.#error("bad_value", say, from, this.#at);
    }
    const condition = compared === undefined ? this.#equals(field) : this.#compares(field, compared);
    if (condition === null) {
      throw this.#error(
        "bad_value",
        `“${all}” has no value. Write one after it, or ${word}:none.`,
        from,
        this.#at,
      );
    }
    return condition;
  }

  #compares(field: QueryField, is: Operator): Condition | null {
    const from = this.#at;
    const value = this.#value();
    if (value.text === "" && !value.quoted) {
      return null;
    }
    const time = family[field.type] === "time" && /^\d{1,4}[mhdw]$/.test(value.text);
    if (!time && family[field.type] === "time" && /^\d+[a-z]+$/i.test(value.text)) {
      const say = `“${value.text}” is no length of time. Write one such as 7d, 12h, 30m or 4w.`;
      throw this.#error("bad_value", say, from, this.#at);
    }
    if (time && (is === "lt" || is === "gt")) {
      return { field: field.name, is: is === "lt" ? "in_last" : "not_in_last", value: value.text };
    }
    return { field: field.name, is, value: typed(field, value.text) };
  }

  #equals(field: QueryField): Condition | null {
    const values = [this.#value()];
    const [first] = values;
    const separator = this.#text[this.#at];
    while ((separator === "," || separator === "+") && this.#text[this.#at] === separator) {
      this.#at++;
      values.push(this.#value());
    }
    if (first === undefined || (values.length === 1 && first.text === "" && !first.quoted)) {
      return null;
    }
    const name = field.name;
    const kind = family[field.type];
    const list = kind === "tags" || kind === "choices";
    const given = values.map((value) => typed(field, value.text));
    if (values.length > 1) {
      return { field: name, is: separator === "+" ? "all_of" : list ? "any_of" : "in", value: given };
    }
    if (!first.quoted && (first.text === "any" || first.text === "none")) {
      return { field: name, is: first.text === "any" ? "set" : "unset" };
    }
    const [, low, high] = first.quoted ? [] : (/^(.+?)\.\.(.+)$/.exec(first.text) ?? []);
    if (
      low !== undefined &&
      high !== undefined &&
      (kind === undefined || kind === "number" || kind === "time")
    ) {
      return { field: name, is: "between", value: [typed(field, low), typed(field, high)] };
    }
    if (
      (kind === undefined || kind === "text") &&
      !first.quoted &&
      first.text.endsWith("*") &&
      first.text.length > 1
    ) {
      const inside = first.text.startsWith("*");
      return {
        field: name,
        is: inside ? "contains" : "starts_with",
        value: first.text.slice(inside ? 1 : 0, -1),
      };
    }
    return list
      ? { field: name, is: "any_of", value: given }
      : { field: name, is: "eq", value: typed(field, first.text) };
  }

  /** Bare text runs to the next space, parenthesis or separator; `*"two words"*` keeps its stars outside the quotes. */
  #value(): Value {
    const inQuotes = /(\*?)"((?:[^"\\]|\\.)*)("?)(\*?)/uy;
    inQuotes.lastIndex = this.#at;
    const match = inQuotes.exec(this.#text);
    if (match !== null) {
      this.#at += match[0].length;
      const text = (match[2] ?? "").replace(/\\(.)/g, "$1");
      const starred = match[4] === "*";
      return starred ? { text: `${match[1] ?? ""}${text}*`, quoted: false } : { text, quoted: true };
    }
    const bare = /[^\s(),"+]+|[+](?=[\d])[^\s(),"]*/uy;
    bare.lastIndex = this.#at;
    const text = bare.exec(this.#text)?.[0] ?? "";
    if (text === "" && this.#at < this.#text.length && !/[\s)]/.test(this.#text[this.#at] ?? "")) {
      // A lone separator among words means nothing; step over it rather than stop.
      this.#at++;
    }
    this.#at += text.length;
    return { text, quoted: false };
  }

  #isOr(): boolean {
    return /^OR(?=[\s()]|$)/.test(this.#text.slice(this.#at, this.#at + 3));
  }

  #takeOr(): boolean {
    this.#skipSpace();
    const is = this.#isOr();
    this.#at += is ? 2 : 0;
    return is;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) {
      this.#at++;
    }
  }

  #error(
    code: QueryError["code"],
    message: string,
    from: number,
    to: number,
    text = this.#text.slice(from, to),
  ): QueryError {
    return new QueryError(code, message, { text, from, to });
  }
}

function together(terms: Rule[]): Rule {
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { all: terms };
}

/** Numbers and yes/no as such where they are; what can't be one is left for the rule's own check to name. */
function typed(field: QueryField, text: string): string | number | boolean {
  const kind = family[field.type];
  if (kind === "number" && /^-?\d+(\.\d+)?$/.test(text)) {
    return Number(text);
  }
  if (kind === "yes_no" && /^(yes|no|true|false)$/i.test(text)) {
    return /^(yes|true)$/i.test(text);
  }
  return text;
}
