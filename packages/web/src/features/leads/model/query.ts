import type { Rule } from "@bellwether/contracts/rule";
import type { QueryFields } from "@bellwether/contracts/query-language";
import { QueryError } from "@bellwether/contracts/query-error";
import { fieldAliases, parseQuery } from "@bellwether/contracts/query-language";
import { printQuery } from "@bellwether/contracts/query-print";
import type { Column } from "./columns.ts";
import type { SegmentName } from "./values.ts";

/** Fields and segments by the words people type: the server's own rules, with what this workspace has. */
export function queryFields(fields: readonly Column[], segments: readonly SegmentName[] = []): QueryFields {
  const byName = new Map(fields.map((field) => [field.id, field]));
  return {
    find: (word) => {
      const name = word.toLowerCase();
      const known = [name, `attributes.${name}`, fieldAliases.get(name) ?? name].find((each) =>
        byName.has(each),
      );
      const field = known === undefined ? undefined : byName.get(known);
      return field ? { name: field.id, type: field.type } : null;
    },
    word: (name) => wordOf(name, byName),
    segmentId: (name) => segments.find((each) => plain(each.name) === plain(name))?.id ?? null,
    segmentName: (id) => segments.find((each) => each.id === id)?.name ?? null,
  };
}

/** Names of segments are the same whatever their case and accents. */
const plain = (name: string): string => name.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLowerCase();

function wordOf(name: string, fields: ReadonlyMap<string, Column>): string {
  const short = name.replace(/^attributes\./, "");
  return short !== name && !fields.has(short) && !fieldAliases.has(short) ? short : name;
}

/** What is wrong with a text, and where; null when it can be asked. */
export interface QueryFault {
  message: string;
  from: number;
  to: number;
}

export function faultIn(
  text: string,
  fields: readonly Column[],
  segments: readonly SegmentName[] = [],
): QueryFault | null {
  try {
    parseQuery(text, queryFields(fields, segments));
    return null;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const near = nearestTo(error, fields, segments);
    const message = near === null ? error.message : `${error.message} Did you mean “${near}”?`;
    return { message, from: error.from, to: Math.max(error.to, error.from + 1) };
  }
}

function nearestTo(
  error: QueryError,
  fields: readonly Column[],
  segments: readonly SegmentName[],
): string | null {
  if (error.code === "unknown_field")
    return nearest(
      error.word,
      fields.map((field) => queryFields(fields).word(field.id)),
    );
  const names = segments.map((each) => each.name);
  return error.code === "unknown_segment" ? nearest(error.word, names) : null;
}

function nearest(word: string, words: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  const score = (candidate: string) => {
    let same = 0;
    const has = candidate.toLowerCase();
    while (same < Math.min(wanted.length, has.length) && wanted[same] === has[same]) same++;
    return same;
  };
  const [best] = words.toSorted((a, b) => score(b) - score(a));
  return best !== undefined && score(best) >= Math.max(2, wanted.length - 2) ? best : null;
}

/** A search and its filters as one text. */
export function asText(
  rule: Rule | null,
  q: string,
  fields: readonly Column[],
  segments: readonly SegmentName[] = [],
): string {
  const of = queryFields(fields, segments);
  const filters = rule === null ? "" : printQuery("any" in rule ? { all: [rule] } : rule, of);
  const typed = q.trim();
  // An OR in the text would take the filters in as one of its alternatives.
  const asked = /(^|\s)OR(\s|$)/.test(typed) && filters !== "" ? `(${typed})` : typed;
  return [filters, asked].filter((part) => part !== "").join(" ");
}

/** A text's conditions as filters, and its free words as what is searched for. Null: it holds no conditions. */
export function asFilters(
  q: string,
  rule: Rule | null,
  fields: readonly Column[],
  segments: readonly SegmentName[] = [],
): { q: string; rule: Rule } | null {
  if (q.trim() === "" || faultIn(q, fields, segments) !== null) return null;
  const of = queryFields(fields, segments);
  const asked = parseQuery(q, of);
  const parts = "all" in asked ? asked.all : [asked];
  const words = parts.filter((part) => "words" in part);
  const conditions = parts.filter((part) => !("words" in part) && !onlyWords(part));
  if (conditions.length === 0) return null;
  const others = parts.filter((part) => !("words" in part) && onlyWords(part));
  const before = rule === null ? [] : "all" in rule ? rule.all : [rule];
  return { q: printQuery({ all: [...words, ...others] }, of), rule: { all: [...before, ...conditions] } };
}

function onlyWords(rule: Rule): boolean {
  if ("words" in rule) return true;
  if ("not" in rule) return onlyWords(rule.not);
  if ("all" in rule) return rule.all.every(onlyWords);
  return "any" in rule && rule.any.every(onlyWords);
}
