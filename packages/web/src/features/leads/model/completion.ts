import { periods, periodWords } from "@bellwether/contracts/periods";
import { family } from "@bellwether/contracts/rule";
import { segment_word } from "@bellwether/contracts/query-language";
import { quoted } from "@bellwether/contracts/query-print";
import type { Column } from "./columns.ts";
import { happenedCompletion, happenedStarts } from "./completion-happened.ts";
import { queryFields } from "./query.ts";
import type { EventKind, SegmentName } from "./values.ts";

export interface Suggestion {
  /** What takes the place of the text between `from` and `to`. */
  insert: string;
  label: string;
  hint: string;
}
export interface Completion {
  from: number;
  to: number;
  kind: "field" | "operator" | "value";
  suggestions: Suggestion[];
}
/** What may stand for a field's value: its options, the stages, the people. */
export type Choices = (column: Column) => readonly { value: string; label: string }[];

const suggestions_max = 8;

/** What could be meant at the caret: a field, how to compare it, or its value; or what happened. */
export function completionAt(
  text: string,
  caret: number,
  fields: readonly Column[],
  choices: Choices,
  segments: readonly SegmentName[] = [],
  events: readonly EventKind[] = [],
): Completion | null {
  const happened = happenedCompletion(text.slice(0, caret), events);
  if (happened !== null) return happened;
  const start = tokenStart(text, caret);
  const token = text.slice(start, caret).replace(/^-/, "");
  const from = caret - token.length;
  const [, word, sign, rest] = /^([\p{L}_][\p{L}\p{N}_.]*)(>=|<=|>|<|:)(.*)$/u.exec(token) ?? [];
  const known = queryFields(fields);
  if (word !== undefined && sign !== undefined && rest !== undefined) {
    if (word.toLowerCase() === segment_word && sign === ":")
      return valueCompletion(segmentValues(segments), rest, caret);
    const column = columnOf(word, fields);
    return column ? valueCompletion((first) => valuesOf(column, sign, choices, first), rest, caret) : null;
  }
  if (!/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(token)) return null;
  const column = columnOf(token, fields);
  if (column && known.word(column.id) === token) {
    return found({ from: caret, to: caret, kind: "operator", suggestions: signsOf(column) });
  }
  return found({
    from,
    to: caret,
    kind: "field",
    suggestions: [...fieldsLike(token, fields, segments.length > 0), ...happenedStarts(token)].slice(
      0,
      suggestions_max,
    ),
  });
}

function found(completion: Completion): Completion | null {
  return completion.suggestions.length === 0 ? null : completion;
}

/** Back to the space or parenthesis before the caret; inside quotes neither ends anything. */
function tokenStart(text: string, caret: number): number {
  let start = 0;
  let inQuotes = false;
  for (let at = 0; at < caret; at++) {
    const char = text[at] ?? "";
    if (char === "\\" && inQuotes) at++;
    else if (char === '"') inQuotes = !inQuotes;
    else if (!inQuotes && /[\s()]/.test(char)) start = at + 1;
  }
  return start;
}

function columnOf(word: string, fields: readonly Column[]): Column | null {
  const name = queryFields(fields).find(word)?.name;
  return fields.find((field) => field.id === name) ?? null;
}

function fieldsLike(token: string, fields: readonly Column[], segmented: boolean): Suggestion[] {
  const wanted = token.toLowerCase();
  const known = queryFields(fields);
  const rank = (column: Column) => {
    const word = known.word(column.id).toLowerCase();
    const label = column.label.toLowerCase();
    if (word.startsWith(wanted) || label.startsWith(wanted)) return 0;
    return wanted.length > 1 && (word.includes(`_${wanted}`) || label.includes(` ${wanted}`)) ? 1 : 2;
  };
  const segment = segmented && segment_word.startsWith(wanted) ? [inSegment] : [];
  return fields
    .filter((column) => family[column.type] !== undefined && column.id !== "avatar_url" && rank(column) < 2)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, suggestions_max)
    .map((column) => ({
      insert: `${known.word(column.id)}:`,
      label: column.label,
      hint: `${known.word(column.id)}:`,
    }))
    .concat(segment)
    .slice(0, suggestions_max);
}

const inSegment = { insert: `${segment_word}:`, label: "In a segment", hint: `${segment_word}:` };

/** A name with spaces is written in quotes. */
const segmentValues = (segments: readonly SegmentName[]) => (): Suggestion[] =>
  segments
    .filter(({ state }) => state !== "draft")
    .map(({ name, type, state }) => ({
      insert: `${quoted(name)} `,
      label: name,
      hint: state === "active" ? type : state,
    }));

function signsOf(column: Column): Suggestion[] {
  const of = family[column.type];
  const is = { insert: ":", label: of === "tags" || of === "choices" ? "has" : "is", hint: ":" };
  const some = [
    { insert: ":any ", label: "has a value", hint: ":any" },
    { insert: ":none ", label: "is empty", hint: ":none" },
  ];
  if (of === "number") {
    return [
      is,
      { insert: ">", label: "is over", hint: ">" },
      { insert: ">=", label: "is at least", hint: ">=" },
      { insert: "<", label: "is under", hint: "<" },
      { insert: "<=", label: "is at most", hint: "<=" },
      ...some,
    ];
  }
  if (of === "time") {
    return [
      { insert: "<", label: "is in the last", hint: "<7d" },
      { insert: ":", label: "is on", hint: ":today" },
      { insert: ">=", label: "is on or after", hint: ">=" },
      { insert: "<=", label: "is on or before", hint: "<=" },
      ...some,
    ];
  }
  return of === "stage" ? [is] : [is, ...some];
}

/** What is most asked first; the others when their first letters are typed. */
const usual_days = ["today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_year"];
const days = [...new Set([...usual_days, ...periods, "in_7_days", "7_days_ago"])];
const spans = [
  ["24h", "the last 24 hours"],
  ["7d", "the last 7 days"],
  ["30d", "the last 30 days"],
  ["12w", "the last 12 weeks"],
] as const;

function valueCompletion(
  values: (first: boolean) => Suggestion[],
  rest: string,
  caret: number,
): Completion | null {
  // Of a list of values only the last is being written.
  const part = /(?:^|[,+])([^,+]*)$/.exec(rest)?.[1] ?? "";
  const wanted = part.replace(/^"|"$/g, "").toLowerCase();
  const suggestions = values(rest === part)
    .filter(({ label, hint }) => [label, hint].some((word) => word.toLowerCase().includes(wanted)))
    .slice(0, suggestions_max);
  const [only] = suggestions;
  // What is written already needs no list under it.
  if (suggestions.length === 1 && only?.insert.trim() === part) return null;
  return found({ from: caret - part.length, to: caret, kind: "value", suggestions });
}

function valuesOf(column: Column, sign: string, choices: Choices, first: boolean): Suggestion[] {
  const of = family[column.type];
  const some =
    sign === ":" && first && of !== "stage"
      ? [
          { insert: "any ", label: "has a value", hint: "any" },
          { insert: "none ", label: "is empty", hint: "none" },
        ]
      : [];
  if (of === "time") {
    const span = (hint: string, label: string) => ({ insert: `${hint} `, label, hint });
    if (sign === "<" || sign === ">") return spans.map(([hint, label]) => span(hint, label));
    return [...days.map((day) => span(day, periodWords(day))), ...some];
  }
  if (sign !== ":") return [];
  if (of === "yes_no")
    return [...["yes", "no"].map((word) => ({ insert: `${word} `, label: word, hint: word })), ...some];
  const me = of === "member" ? [{ insert: "me ", label: "Me", hint: "me" }] : [];
  const listed = choices(column).map(({ value, label }) => ({
    insert: `${quoted(value)} `,
    label,
    hint: of === "member" ? "" : value,
  }));
  return [...me, ...listed, ...some];
}
