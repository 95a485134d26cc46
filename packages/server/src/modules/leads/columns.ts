import type { LeadQuery } from "@bellwether/contracts/leads";
import { type Ctx, scan } from "../../kernel/db.ts";
import {
  type Column,
  columnEnds,
  countColumns,
  guessColumn,
  type InColumn,
  pickColumns,
  walkColumns,
} from "./columns.sql.ts";
import { countStages } from "./counts.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { type Asked, look_ahead } from "./find.sql.ts";
import { fingerprint, type Question, understand, wayTo } from "./find.ts";

export interface FoundColumn {
  stage: string;
  ids: string[];
  count: number;
  exact: boolean;
  next_cursor: string | null;
  looked_at?: number;
}
interface Found {
  /** One more than a column was asked for tells that there is a next page. */
  found: InColumn[];
  /** Where the search stopped in columns that were not filled. */
  stopped: InColumn[];
  looked_at: number;
  /** Known where an index listed all matches. */
  counts: Map<string, number> | null;
}
interface Wanted extends Pick<LeadQuery, "rule" | "q"> {
  stages: string[];
  limit: number;
  /** Behind a page of the only stage that is wanted. */
  cursor?: string | undefined;
}

/** The leads that match, stage by stage: those that entered last, and how many there are. */
export async function findColumns(ctx: Ctx, query: Wanted): Promise<FoundColumn[]> {
  const question = await understand(ctx, query);
  const of = (stage: string) => `board:${stage}:${fingerprint(query)}`;
  const columns = query.stages.map((stage): Column => {
    const cursor = query.cursor === undefined ? null : decodeCursor(query.cursor, of(stage));
    return { stage, after: cursor === null ? null : { id: cursor.id, value: cursor.value ?? null } };
  });
  const kept = question.everything ? await countStages(ctx) : null;
  return scan(ctx, async () => {
    const result = await find(ctx, question, columns, query.limit);
    const pages = columns.map((column) => pageOf(column.stage, result, query.limit, of(column.stage)));
    return countPages(ctx, question.asked, pages, kept ?? result.counts, query.cursor === undefined);
  });
}

/** As the list does it (see findPage): by an index where that is likely to pay, else by a walk in the columns' order. */
async function find(ctx: Ctx, question: Question, columns: Column[], limit: number): Promise<Found> {
  const { asked, index, everything } = question;
  // Whoever sees only their own leads may have few among very many.
  const theirs = ctx.actor.own_only !== null;
  const by_index = everything ? { listable: false, direct: theirs } : wayTo(asked, index);
  const listable = theirs || by_index.listable;
  const { direct } = by_index;
  if (direct) {
    const picked = await pickColumns(ctx, asked, columns, limit + 1);
    if (picked !== null) return { ...picked, stopped: [], looked_at: 0 };
  }
  const walked = await walk(ctx, asked, columns, limit);
  if (walked.stopped.length === 0 || direct || !listable) return walked;
  const picked = await pickColumns(ctx, asked, columns, limit + 1);
  return picked === null ? walked : { ...picked, stopped: [], looked_at: 0 };
}

/** Columns share what a page may look at. */
async function walk(ctx: Ctx, asked: Asked, columns: Column[], limit: number): Promise<Found> {
  const looked_at = Math.max(Math.floor(look_ahead / columns.length), 2 * limit);
  const found = await walkColumns(ctx, asked, columns, { limit: limit + 1, look_ahead: looked_at });
  const filled = Map.groupBy(found, (each) => each.stage);
  const short = columns.filter((column) => (filled.get(column.stage)?.length ?? 0) <= limit);
  const stopped = short.length === 0 ? [] : await columnEnds(ctx, short, looked_at);
  return { found, stopped, looked_at, counts: null };
}

function pageOf(
  stage: string,
  result: Found,
  limit: number,
  of: string,
): Omit<FoundColumn, "count" | "exact"> {
  const all = result.found.filter((each) => each.stage === stage);
  const page = all.slice(0, limit);
  const stopped = all.length > limit ? undefined : result.stopped.find((each) => each.stage === stage);
  const last = all.length > limit ? page.at(-1) : stopped;
  return {
    stage,
    ids: page.map((each) => each.id),
    next_cursor: last === undefined ? null : encodeCursor({ of, id: last.id, value: last.value }),
    ...(stopped === undefined ? {} : { looked_at: result.looked_at }),
  };
}

type Page = Omit<FoundColumn, "count" | "exact">;

/** A column that is there to its end counts itself. */
async function countPages(
  ctx: Ctx,
  asked: Asked,
  pages: Page[],
  known: Map<string, number> | null,
  from_the_start: boolean,
): Promise<FoundColumn[]> {
  const whole = (page: Page) => from_the_start && page.next_cursor === null;
  const open = pages.filter((page) => !whole(page)).map((page) => page.stage);
  const counts = known ?? (open.length === 0 ? null : await countColumns(ctx, asked, open));
  return Promise.all(
    pages.map(async (page) => {
      if (whole(page)) return { ...page, count: page.ids.length, exact: true };
      if (counts !== null) return { ...page, count: counts.get(page.stage) ?? 0, exact: true };
      const guess = await guessColumn(ctx, asked, page.stage);
      return { ...page, count: Math.max(guess, page.ids.length), exact: false };
    }),
  );
}
