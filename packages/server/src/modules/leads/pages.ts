/**
 * A page of a list sorted by up to three keys, without ever reading more than a bounded number of leads. The list is a
 * tree: the first key parts it into ranges and groups, the next key orders each group, and so on; at the bottom one
 * index gives the leads one after another.
 */
import { hurry } from "../../kernel/clock.ts";
import { inTime } from "../../kernel/db.ts";
import {
  bounds,
  type Piece,
  pickInTime,
  pickWithin,
  readAlong,
  type Reading,
  spent,
  strideOf,
} from "./walk.ts";
import { type Group, groupOf, type Key, type Part, type Range } from "./order.sql.ts";
import { tooManyToSort } from "./order.ts";
import type { Position } from "./position.ts";
import { atMost } from "./find.sql.ts";
import { type Found, inhabited, pick, type Search, walk, walkEnd, type Way } from "./walk.sql.ts";

export interface Page {
  found: Found[];
  /** Where to go on; null at the end. */
  next: Position | null;
  /** Set when the search stopped before the page was full. */
  looked_at?: number;
}

/** What is looked for, and what is known of it: see `Compiled`. */
export interface Looking extends Search {
  /** An index lists the matches of what is asked. */
  listable: boolean;
  /** And there are few of them. */
  few: boolean;
  weight: number;
}

/**
 * A first look along the list fills the page where what is asked is common. Where it is not, an index that lists the
 * matches mostly has few of them to sort. What is left is to look further along, so far and no further.
 */
export async function findPage(looking: Looking, after: Position | null, limit: number): Promise<Page> {
  const elapsed = hurry();
  if (looking.few) {
    const picked = await pickPage(looking, after, limit);
    if (picked !== null) {
      return picked;
    }
  }
  const most = Math.max(bounds.first_look, Math.floor(bounds.look_ahead / (1 + looking.weight)));
  const first = await readPage({ ...looking, elapsed }, after, limit, Math.min(bounds.first_look, most));
  if (first.looked_at === undefined || first.found.length >= limit) {
    return { found: first.found, next: first.next };
  }
  if (looking.listable && !looking.few && first.found.length < bounds.first_found) {
    const picked = await pickPage(looking, after, limit);
    if (picked !== null) {
      return picked;
    }
  }
  const rest = await readPage({ ...looking, elapsed }, first.next, limit - first.found.length, most);
  const found = [...first.found, ...rest.found];
  return rest.looked_at === undefined
    ? { found, next: rest.next }
    : { found, next: rest.next, looked_at: first.looked_at + rest.looked_at };
}

async function readPage(
  looking: Looking & Pick<Reading, "elapsed">,
  after: Position | null,
  limit: number,
  most: number,
): Promise<Page> {
  const reading = { ...looking, most, left: most };
  const { found, stopped } = await read(reading, 0, [], after, limit + 1);
  return stopped !== null && found.length <= limit
    ? { found, next: stopped, looked_at: most - reading.left }
    : full(found, limit);
}

/** The same by listing all matches of an index; null when there are too many. */
async function pickPage(search: Search, after: Position | null, limit: number): Promise<Page | null> {
  const picked = await pickInTime(search, [], after, limit + 1);
  return picked === null ? null : full(picked, limit);
}

/** One more than a page was asked for: it tells whether there is a next one. */
function full(rows: Found[], limit: number): Page {
  const found = rows.slice(0, limit);
  return { found, next: rows.length > limit ? (found.at(-1) ?? null) : null };
}

/** The list from the n-th key on, of the groups of those before. `after` is a position in it. */
async function read(
  reading: Reading,
  n: number,
  groups: Group[],
  after: Position | null,
  want: number,
): Promise<Piece> {
  const key = reading.keys[n];
  if (key === undefined) {
    const from = after?.id ? { value: null, id: after.id, inclusive: false } : null;
    return readAlong(reading, { groups, by: null, from }, want);
  }
  if (key.parts === null) {
    return { found: await sortAll(reading, key, groups, after, want), stopped: null };
  }
  const found: Found[] = [];
  // Who has no value is in no range of values.
  const valued = reading.within !== null && n === 0 && key.parts.some((part) => part.kind === "range");
  const asked = valued ? key.parts.filter((part) => part.kind === "range" || part.value !== null) : key.parts;
  const begin = beginning(asked, after);
  const parts = await withLeads(reading, key, asked.slice(begin.part));
  for (const [place, part] of parts.entries()) {
    const from = place === 0 ? begin.from : null;
    const piece =
      part.kind === "group"
        ? // oxlint-disable-next-line no-await-in-loop -- one after the other, until the page is full
          await read(reading, n + 1, [...groups, part], from, want - found.length)
        : // oxlint-disable-next-line no-await-in-loop -- the same
          await readRange(reading, n, groups, part, from, want - found.length);
    found.push(...piece.found);
    if (piece.stopped !== null || found.length >= want) {
      return { found, stopped: piece.stopped };
    }
    const next = parts[place + 1];
    if (spent(reading) && next !== undefined) {
      return { found, stopped: between(groups, part, next) };
    }
  }
  return { found, stopped: null };
}

/** The part in which a position lies, and the position within; the next one where it lies behind all of a group. */
function beginning(parts: readonly Part[], after: Position | null): { part: number; from: Position | null } {
  if (after === null) {
    return { part: 0, from: null };
  }
  const [value = null, ...values] = after.values;
  const holds = (part: Part, of: string | null) =>
    part.kind === "group" ? part.value === of : part.holds(of);
  const own = parts.findIndex((part) => holds(part, value));
  // A value that is in no part any more, such as a choice that was taken away: its leads are among the last by now.
  const part = own === -1 ? parts.length - 1 : own;
  if (parts[part]?.kind === "range") {
    return { part, from: after };
  }
  if (values.length === 0 && after.id === null) {
    return { part: after.past === true ? part + 1 : part, from: null };
  }
  return { part, from: { ...after, values } };
}

/** Empty groups cost a look each; where there are many, one question for all of them is cheaper. */
async function withLeads(reading: Reading, key: Key, parts: readonly Part[]): Promise<readonly Part[]> {
  const [first, ...rest] = parts;
  const groups = rest.flatMap((part) => (part.kind === "group" && part.indexed ? [part] : []));
  if (first === undefined || groups.length <= bounds.groups_few) {
    return parts;
  }
  const there = new Set<Part>(await inhabited(reading, key, groups));
  return [first, ...rest.filter((part) => part.kind === "range" || !part.indexed || there.has(part))];
}

/** Behind the one part and before the other, of which at least one is a group. */
function between(groups: readonly Group[], part: Part, next: Part): Position {
  const values = groups.map((group) => group.value);
  if (part.kind === "group") {
    return { values: [...values, part.value], id: null, past: true };
  }
  return { values: [...values, next.kind === "group" ? next.value : null], id: null };
}

/** Leads in the order of a key's own index. Where further keys order those with one value, they come group by group. */
async function readRange(
  reading: Reading,
  n: number,
  groups: Group[],
  range: Range,
  after: Position | null,
  want: number,
): Promise<Piece> {
  const key = keyAt(reading, n);
  const [value = null] = after?.values ?? [];
  const by = { key, range };
  if (n === reading.keys.length - 1) {
    const from = after === null ? null : { value, id: after.id, inclusive: after.past !== true };
    return readAlong(reading, { groups, by, from }, want);
  }
  const found: Found[] = [];
  let from: Way["from"] = null;
  if (after !== null) {
    const here = { ...after, values: after.values.slice(1) };
    const before_all = here.values.length === 0 && here.id === null;
    if (!before_all) {
      const piece = await read(reading, n + 1, [...groups, groupOf(key, value)], here, want);
      found.push(...piece.found);
      if (piece.stopped !== null || found.length >= want) return { found, stopped: piece.stopped };
    }
    from = { value, id: null, inclusive: before_all && after.past !== true };
  }
  for (;;) {
    const along = { groups, by, from };
    // oxlint-disable-next-line no-await-in-loop -- one after the other, until the page is full
    const { rows, cut, all } = await readGroups(reading, n, along, want - found.length);
    found.push(...rows);
    if (all) return { found, stopped: null };
    if (cut === null || found.length >= want) return { found, stopped: null };
    // What may be incomplete is a group of many, or the end of what may be looked at.
    // oxlint-disable-next-line no-await-in-loop -- the same
    const piece = await read(reading, n + 1, [...groups, groupOf(key, cut)], null, want - found.length);
    found.push(...piece.found);
    if (piece.stopped !== null || found.length >= want) return { found, stopped: piece.stopped };
    if (spent(reading)) {
      const values = [...groups.map((group) => group.value), cut];
      return { found, stopped: { values, id: null, past: true } };
    }
    from = { value: cut, id: null, inclusive: false };
  }
}

/**
 * Whole groups of the next leads of a range; `cut` is the value of the first that may not be whole. `all`: what is left
 * of the range was few enough to be listed by another key's index.
 */
async function readGroups(
  reading: Reading,
  n: number,
  along: Way,
  want: number,
): Promise<{ rows: Found[]; cut: string | null; all: boolean }> {
  const keys = reading.keys.slice(n);
  const further = Math.min(reading.most, strideOf(reading));
  for (const window of [bounds.first_look, further]) {
    // oxlint-disable-next-line no-await-in-loop -- the second only where the first wasn't enough
    const rows = await walk(reading, along, keys, window, want);
    // oxlint-disable-next-line no-await-in-loop -- the same
    const end = await walkEnd(reading, along, false, window);
    const cut = end.last?.value ?? null;
    const whole = cut === null ? rows : rows.filter((row) => row.values[n] !== cut);
    if (cut === null || whole.length >= want || window === further) {
      reading.left -= whole.length >= want ? 0 : end.looked_at;
      return { rows: whole, cut, all: false };
    }
    // oxlint-disable-next-line no-await-in-loop -- once, after the first look
    const picked = await pickWithin(reading, along, want);
    if (picked !== null) return { rows: picked, cut: null, all: true };
  }
  return { rows: [], cut: null, all: false };
}

/** Where no index gives the order, all are sorted, if they are few; else the caller is told what helps. */
async function sortAll(
  reading: Reading,
  key: Key,
  groups: Group[],
  from: Position | null,
  want: number,
): Promise<Found[]> {
  const before = groups.map((group) => group.value);
  const after = from === null ? null : { ...from, values: [...before, ...from.values] };
  const listable = reading.listable || groups.some((group) => group.indexed);
  const within = groups.map((group) => group.condition);
  const picked = listable
    ? await inTime(reading.ctx, bounds.sort_ms_max, () =>
        pick(reading, within, after, want, { most: bounds.sorted_max }),
      )
    : null;
  if (picked !== null) {
    return picked;
  }
  const all = (await atMost(reading.ctx, bounds.small_max))
    ? await pick(reading, within, after, want, { most: bounds.small_max, scan: true })
    : null;
  if (all === null) {
    throw tooManyToSort(key, bounds.sorted_max);
  }
  return all;
}

function keyAt(reading: Reading, n: number): Key {
  const key = reading.keys[n];
  if (key === undefined) {
    throw new Error(`the list has no key ${n}`);
  }
  return key;
}
