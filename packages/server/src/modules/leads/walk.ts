/** Along one way of the list: how far a page goes there, when it stops, and when an index lists what lies on it instead. */
import { inTime } from "../../kernel/db.ts";
import type { Sql } from "../rules/index.ts";
import { hits_max, look_ahead } from "./find.sql.ts";
import type { Position } from "./position.ts";
import { type Found, pick, type Search, walk, walkEnd, type Way } from "./walk.sql.ts";

/** How far a page goes; in one place, so that tests can make them small. */
export const bounds = {
  look_ahead,
  /** The first look: where it fills the page, nobody asks how far the index goes. */
  first_look: 1_000,
  hits_max,
  /** After it a walk goes on in strides of so many, and ends at the first after so long, whatever it has found. */
  stride: 4_000,
  page_ms_max: 45,
  /** So many found in the first look, and a walk fills the page sooner than an index lists all there are. */
  first_found: 4,
  /** Whatever an index says, it is listed for so long. Where only listing gives the order, longer: else it is refused. */
  pick_ms_max: 45,
  sort_ms_max: 1_000,
  /** Where no index gives the order: so many matches of an index, or all leads of a small workspace. */
  sorted_max: 20_000,
  small_max: 50_000,
  /** So many groups are read without asking whether there is anybody in them. */
  groups_few: 3,
};

/** Part of a page, and where the search stopped should it have looked at all it may. */
export interface Piece {
  found: Found[];
  stopped: Position | null;
}

export interface Reading extends Search {
  weight: number;
  /** How many leads may be looked at in all. */
  most: number;
  /** How many more leads may be looked at; groups begun with none left get a first look still. */
  left: number;
  /** Milliseconds since the page was asked for. */
  elapsed: () => number;
  listable: boolean;
}

/** Leads one after another, as one index has them. */
export async function readAlong(reading: Reading, along: Way, want: number): Promise<Piece> {
  const { groups, by } = along;
  const most = Math.max(bounds.first_look, Math.min(reading.most, reading.left));
  // A group with few leads, among many others in this index, is sooner listed by its own.
  const listed = groups.some((group) => group.indexed && (by !== null || !group.by_id));
  if (listed) {
    const piece = await lookAlong(reading, along, bounds.first_look, want);
    if (piece.stopped === null || piece.found.length >= want) {
      return piece;
    }
    const picked = await pickWithin(reading, along, want);
    if (picked !== null) {
      return { found: picked, stopped: null };
    }
  }
  return lookAlong(reading, along, most, want);
}

/** Looks along a way in strides: no further than `most`, and no further once the page has taken its time. */
async function lookAlong(reading: Reading, along: Way, most: number, want: number): Promise<Piece> {
  const { groups, by } = along;
  const values = groups.map((group) => group.value);
  const found: Found[] = [];
  let from = along.from;
  for (let left = most; ;) {
    const window = Math.min(left, left === most ? bounds.first_look : strideOf(reading));
    const way = { ...along, from };
    const rows = await walk(reading, way, by === null ? [] : [by.key], window, want - found.length);
    found.push(...rows);
    if (found.length >= want) {
      return { found, stopped: null };
    }
    const { looked_at, last } = await walkEnd(reading, way, true, window);
    reading.left -= looked_at;
    left -= looked_at;
    if (last === null) {
      return { found, stopped: null };
    }
    if (left <= 0 || reading.elapsed() > bounds.page_ms_max) {
      return { found, stopped: { values: by === null ? values : [...values, last.value], id: last.id } };
    }
    from = { value: last.value, id: last.id, inclusive: false };
  }
}

export function strideOf(reading: Reading): number {
  return Math.max(bounds.first_look, Math.floor(bounds.stride / (1 + reading.weight)));
}

export function spent(reading: Reading): boolean {
  return reading.left <= 0 || reading.elapsed() > bounds.page_ms_max;
}

/** All that lies on a way, where an index lists one of its groups. Null where none does, or there are too many. */
export async function pickWithin(reading: Reading, along: Way, want: number): Promise<Found[] | null> {
  const { groups, by } = along;
  if (!groups.some((group) => group.indexed)) {
    return null;
  }
  const within = [...groups.map((group) => group.condition), ...(by === null ? [] : [by.range.of_leads])];
  const left = bounds.page_ms_max - reading.elapsed();
  return left < 1
    ? null
    : pickInTime(reading, within, startOf(along), want, Math.min(left, bounds.pick_ms_max));
}

/** Where a way begins, as a position in the whole list. */
function startOf({ groups, by, from }: Way): Position | null {
  return from === null
    ? null
    : {
        values: [...groups.map((group) => group.value), ...(by === null ? [] : [from.value])],
        id: from.id,
        past: !from.inclusive,
      };
}

export async function pickInTime(
  search: Search,
  within: readonly Sql[],
  after: Position | null,
  want: number,
  ms_max = bounds.pick_ms_max,
): Promise<Found[] | null> {
  return inTime(search.ctx, ms_max, () => pick(search, within, after, want, { most: bounds.hits_max }));
}
