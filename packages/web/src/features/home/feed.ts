import type { ActivityEntry } from "@bellwether/contracts/home";
import { isNamed } from "./words.ts";

/** More happened between two moments than anybody could read: how often what, in place of each for itself. */
export interface Burst {
  /** After this moment … */
  after: string;
  /** … up to this one. */
  upto: string;
  names: Record<string, number>;
}

/** One line of the list: something that somebody did, once or several times in a row; or a burst. */
export type Line =
  | { kind: "entries"; id: string; at: string; entries: [ActivityEntry, ...ActivityEntry[]] }
  | { kind: "burst"; id: string; at: string; burst: Burst };

const bursts_max = 20;
/** What comes so soon after a burst still belongs to it. */
const burst_gap_ms = 5000;
/** Things in a row are told in one line while they are no further apart. */
const row_gap_ms = 10 * 60_000;

/** The bursts with what was heard since the last look; the latest first. */
export function withBurst(bursts: readonly Burst[], heard: Burst): Burst[] {
  const [latest, ...others] = bursts;
  if (latest === undefined || Date.parse(heard.upto) - Date.parse(latest.upto) > burst_gap_ms) {
    return [heard, ...bursts].slice(0, bursts_max);
  }
  const names = { ...latest.names };
  for (const [name, count] of Object.entries(heard.names)) names[name] = (names[name] ?? 0) + count;
  return [{ after: latest.after, upto: heard.upto, names }, ...others];
}

/** What to show, the newest first: what a burst tells of together isn't told again. */
export function linesOf(entries: readonly ActivityEntry[], bursts: readonly Burst[]): Line[] {
  const spans = bursts.map((burst) => [Date.parse(burst.after), Date.parse(burst.upto)] as const);
  const lines = bursts.map((burst): Line => ({
    kind: "burst",
    id: `burst ${burst.after}`,
    at: burst.upto,
    burst,
  }));
  let last: Extract<Line, { kind: "entries" }> | null = null;
  for (const entry of entries) {
    const at = Date.parse(entry.occurred_at);
    if (spans.some(([after, upto]) => at > after && at <= upto)) last = null;
    else if (last !== null && belongs(entry, last.entries[last.entries.length - 1] ?? last.entries[0])) {
      last.entries.push(entry);
    } else {
      last = { kind: "entries", id: entry.id, at: entry.occurred_at, entries: [entry] };
      lines.push(last);
    }
  }
  return lines.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** Each of these is one piece of work on many leads, with a number of its own. */
const tellsItsNumber = /^(bulk|import)\./;

function belongs(entry: ActivityEntry, newer: ActivityEntry): boolean {
  return (
    entry.name === newer.name &&
    !tellsItsNumber.test(entry.name) &&
    (entry.thing === newer.thing || isNamed(entry.name)) &&
    (entry.lead === null) === (newer.lead === null) &&
    entry.actor.kind === newer.actor.kind &&
    entry.actor.id === newer.actor.id &&
    entry.from === newer.from &&
    entry.to === newer.to &&
    Date.parse(newer.occurred_at) - Date.parse(entry.occurred_at) <= row_gap_ms
  );
}

export interface Pages {
  pages: { data: ActivityEntry[]; next_cursor: string | null }[];
  pageParams: (string | null)[];
}

/** More than so many on the first page, and it is read anew: the list must not grow for as long as a page is open. */
const first_page_max = 200;

/**
 * The pages with what is newest before them. Where something may be missing in between that no burst tells of, they begin
 * anew: a list with a hole would say that nothing had happened there.
 */
export function withNewest(old: Pages, newest: Pages["pages"][number], bursts: readonly Burst[]): Pages {
  const [first, ...others] = old.pages;
  const anew = { pages: [newest], pageParams: [null] };
  if (first === undefined) return anew;
  const known = new Set(first.data.map((entry) => entry.id));
  const fresh = newest.data.filter((entry) => !known.has(entry.id));
  const oldest = fresh.at(-1);
  if (oldest === undefined) return old;
  const joins = fresh.length < newest.data.length || first.data.length === 0 || isWithin(oldest, bursts);
  if (!joins || fresh.length + first.data.length > first_page_max) return anew;
  const told = fresh.filter((entry) => !isWithin(entry, bursts));
  // A long transaction tells late of what happened before.
  const data = [...told, ...first.data].toSorted(
    (a, b) => Date.parse(b.occurred_at) - Date.parse(a.occurred_at),
  );
  return { ...old, pages: [{ ...first, data }, ...others] };
}

function isWithin(entry: ActivityEntry, bursts: readonly Burst[]): boolean {
  const at = Date.parse(entry.occurred_at);
  return bursts.some((burst) => at > Date.parse(burst.after) && at <= Date.parse(burst.upto));
}
