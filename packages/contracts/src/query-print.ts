import { eventProperties, printHappened } from "./query-happened.ts";
import { type QueryFields, segment_word } from "./query-language.ts";
import type { Condition, InSegment, Rule } from "./rule.ts";

/** The text that reads back to the same rule. */
export function printQuery(rule: Rule, fields: QueryFields): string {
  return "all" in rule
    ? rule.all.map((part) => printTerm(part, fields)).join(" ")
    : printTerm(rule, fields, true);
}

function printTerm(rule: Rule, fields: QueryFields, top = false): string {
  if ("all" in rule) {
    return `(${rule.all.map((part) => printTerm(part, fields)).join(" ")})`;
  }
  if ("any" in rule) {
    // One alternative, or none, would read as something else without its OR.
    const parts = rule.any.map((part) =>
      "all" in part && part.all.length > 1
        ? part.all.map((each) => printTerm(each, fields)).join(" ")
        : printTerm(part, fields),
    );
    const inside = parts.length < 2 ? `${parts.join("")} OR` : parts.join(" OR ");
    return top && parts.length > 1 ? inside : `(${inside.trim()})`;
  }
  if ("not" in rule) {
    return "words" in rule.not
      ? `-${printTerm(rule.not, fields)}`
      : `-(${printTerm(rule.not, fields, true)})`;
  }
  if ("event" in rule) {
    return printHappened(rule, (where) => printQuery(where, eventProperties));
  }
  if ("words" in rule) {
    return quoted(rule.words);
  }
  return "segment" in rule ? printMember(rule, fields) : printCondition(rule, fields);
}

function printMember({ segment, member }: InSegment, fields: QueryFields): string {
  // One that was deleted prints as its id, which reads back as no segment.
  return `${member ? "" : "-"}${segment_word}:${quoted(fields.segmentName?.(segment) ?? segment)}`;
}

function printCondition(rule: Condition, fields: QueryFields): string {
  const word = fields.word(rule.field);
  const values = [rule.value ?? []].flat();
  const list = (by: string) => values.map((value) => quoted(String(value))).join(by);
  const [first] = values;
  const one = first === undefined ? '""' : quoted(String(first));
  switch (rule.is) {
    case "eq":
    case "in":
    case "any_of":
      return `${word}:${list(",")}`;
    case "ne":
    case "not_in":
    case "none_of":
      return `-${word}:${list(",")}`;
    case "all_of":
      // A list of one asked for all of it is the same as for any of it.
      return `${word}:${list("+")}`;
    case "contains":
      return `${word}:*${alwaysQuoted(String(first ?? ""))}*`;
    case "not_contains":
      return `-${word}:*${alwaysQuoted(String(first ?? ""))}*`;
    case "starts_with":
      return `${word}:${alwaysQuoted(String(first ?? ""))}*`;
    case "set":
      return `${word}:any`;
    case "unset":
      return `${word}:none`;
    case "gt":
      return `${word}>${one}`;
    case "gte":
      return `${word}>=${one}`;
    case "lt":
      return `${word}<${one}`;
    case "lte":
      return `${word}<=${one}`;
    case "between":
      return `${word}:${values.map(String).join("..")}`;
    case "in_last":
      return `${word}<${String(first ?? "")}`;
    case "not_in_last":
      return `${word}>${String(first ?? "")}`;
  }
}

function alwaysQuoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A value as it is written in a query: bare where it reads back as itself. */
export function quoted(text: string): string {
  return /^[\p{L}\p{N}_@%$#!?&/][\p{L}\p{N}_@.%$#!?&/'-]*$/u.test(text) &&
    !/^(any|none|OR)$/.test(text) &&
    !text.includes("..")
    ? text
    : alwaysQuoted(text);
}
