import { eventWords } from "@bellwether/contracts/query-happened";
import type { Completion, Suggestion } from "./completion.ts";
import { eventColumns } from "./happened.ts";
import type { EventKind } from "./values.ts";

const suggestions_max = 8;
/** What is said of an event up to the caret, each part as far as it is written. */
const written =
  /(?:^|[\s(-])(?:did|did_first|did_last):(?<name>"(?:[^"\\]|\\.)*"?|[\p{L}\p{N}_$.-]*)\*?(?<where>\[(?:[^\]"]|"(?:[^"\\]|\\.)*"?)*\]?)?(?<often>(?:>=|<=|=|>|<)\d*)?(?<time>\/[^\s()"[\]]*)?$/iu;
const bare = /^[\p{L}\p{N}_$][\p{L}\p{N}_.$-]*$/u;

const spans: Suggestion[] = [
  ["24h", "in the last 24 hours"],
  ["7d", "in the last 7 days"],
  ["14d", "in the last 14 days"],
  ["30d", "in the last 30 days"],
  ["90d", "in the last 90 days"],
].flatMap(([span, label]) => (span && label ? [{ insert: `/${span} `, label, hint: `/${span}` }] : []));
const counts: Suggestion[] = [
  { insert: ">=", label: "at least … times", hint: ">=3" },
  { insert: "<=", label: "at most … times", hint: "<=3" },
  { insert: "=", label: "exactly … times", hint: "=3" },
];

/** What could be meant at the caret, behind `did:`: an event, a property of it, how often, when. */
export function happenedCompletion(before: string, events: readonly EventKind[]): Completion | null {
  const groups = written.exec(before)?.groups;
  if (!groups) return null;
  const { name = "", where, often, time } = groups;
  const completion = (part: string, kind: Completion["kind"], suggestions: Suggestion[]): Completion | null =>
    suggestions.length === 0
      ? null
      : {
          from: before.length - part.length,
          to: before.length,
          kind,
          suggestions: suggestions.slice(0, suggestions_max),
        };
  if (time !== undefined) return completion(time, "value", fitting(spans, time));
  if (often !== undefined) return /\d$/.test(often) ? completion("", "operator", spans) : null;
  const named = plainName(name);
  if (where !== undefined && !where.endsWith("]")) return completion(...property(where, named, events));
  if (where !== undefined) return completion("", "operator", [...spans.slice(1, 4), ...counts]);
  const longer = fitting(namesOf(events), named).filter(({ hint }) => hint !== named);
  if (!events.some((event) => event.name === named)) return completion(name, "value", longer);
  const known = eventColumns(named, events).length > 0;
  const on: Suggestion[] = [
    ...spans.slice(1, 4),
    ...counts.slice(0, 1),
    ...(known ? [{ insert: "[", label: "with a property", hint: "[…]" }] : []),
  ];
  return completion("", "operator", on);
}

/** Words that begin what is said of an event, among those that are fields. */
export function happenedStarts(token: string): Suggestion[] {
  const wanted = token.toLowerCase();
  const starts = [
    { insert: "did:", label: "Happened", hint: "did:page.viewed>=3/14d" },
    { insert: "did_first:", label: "Happened for the first time", hint: "did_first:page.viewed/7d" },
    { insert: "did_last:", label: "Happened for the last time", hint: "did_last:page.viewed/30d" },
    { insert: "opened<30d ", label: "E-mail opened in the last 30 days", hint: "opened<30d" },
    { insert: "clicked<30d ", label: "E-mail link clicked in the last 30 days", hint: "clicked<30d" },
  ];
  return starts.filter(({ insert, label }) => {
    const word = insert.replace(/[:<].*$/, "");
    const same = eventWords.has(word) && label.toLowerCase().startsWith(wanted);
    return wanted.length > 1 && (word.startsWith(wanted) || same);
  });
}

function namesOf(events: readonly EventKind[]): Suggestion[] {
  return events
    .filter(({ hidden }) => !hidden)
    .map(({ name, label }) => ({ insert: bare.test(name) ? name : `"${name}"`, label, hint: name }));
}

function fitting(suggestions: Suggestion[], typed: string): Suggestion[] {
  const wanted = typed.toLowerCase();
  const rank = ({ label, hint }: Suggestion) =>
    hint.toLowerCase().startsWith(wanted) || label.toLowerCase().startsWith(wanted) ? 0 : 1;
  return suggestions
    .filter(({ label, hint }) => [label, hint].some((text) => text.toLowerCase().includes(wanted)))
    .toSorted((a, b) => rank(a) - rank(b));
}

/** Of what stands between the brackets, the last word is being written. */
function property(
  where: string,
  event: string,
  events: readonly EventKind[],
): [part: string, kind: Completion["kind"], suggestions: Suggestion[]] {
  const word = /[^\s[(]*$/.exec(where)?.[0].replace(/^-/, "") ?? "";
  const columns = eventColumns(event, events);
  const [, key, value = ""] = /^([^:<>="]+):(.*)$/.exec(word) ?? [];
  if (key !== undefined) {
    const yes_no = columns.some(({ id, type }) => id === key && type === "yes_no");
    const words = ["yes", "no"].map((each) => ({
      insert: each === "yes" ? "true" : "false",
      label: each,
      hint: each,
    }));
    return [value, "value", yes_no && !/^(true|false)$/.test(value) ? fitting(words, value) : []];
  }
  const keys = columns
    .filter(({ id }) => bare.test(id))
    .map(({ id, type }) => {
      const compared = type === "number" || type === "datetime" ? `${id}>=` : `${id}:`;
      return { insert: compared, label: id, hint: compared };
    });
  return [word, "field", /[<>=]/.test(word) ? [] : fitting(keys, word)];
}

function plainName(name: string): string {
  return name.startsWith('"') ? name.slice(1).replace(/"$/, "").replace(/\\(.)/g, "$1") : name;
}
