/**
 * Where the pages of a keyset list begin.
 *
 * A keyset list only knows its next page, so an infinite query would have to keep, and after every
 * change refetch, all pages up to where one has scrolled. Here only the cursors are kept (a few
 * bytes a page): the pages in sight are fetched by their cursor and those out of sight are let go,
 * so memory stays flat however far one scrolls, and a live change refetches what is seen and no more.
 */
export interface Link {
  /** Null for the first page. */
  cursor: string | null;
  /** The row its first lead is on. */
  start: number;
  /** How many leads it holds; null until it has been fetched once. */
  length: number | null;
  /** How many leads the server looked at when that was all it would for one answer; more than it found. */
  looked?: number | undefined;
}

/** What a fetched page says of itself. */
export interface PageShape {
  length: number;
  next_cursor: string | null;
  looked_at?: number | undefined;
}

/** Links in order; `complete` when the last page has been reached. */
export interface Chain {
  links: readonly Link[];
  complete: boolean;
}

export const emptyChain: Chain = { links: [{ cursor: null, start: 0, length: null }], complete: false };

/**
 * Takes in a fetched page. When its end has moved since it was last fetched (leads came or went),
 * the cursors after it no longer join on to it, so they are forgotten and walked again.
 */
export function learn(chain: Chain, index: number, page: PageShape): Chain {
  const link = chain.links[index];
  if (!link) return chain;
  const next = chain.links[index + 1];
  const last = index === chain.links.length - 1;
  const joined = page.next_cursor === null ? last && chain.complete : next?.cursor === page.next_cursor;
  if (joined && link.length === page.length) return chain;

  const here: Link = { ...link, length: page.length, looked: page.looked_at };
  const before = [...chain.links.slice(0, index), here];
  if (page.next_cursor === null) return { links: before, complete: true };
  if (joined) return { links: reflow(before, chain.links.slice(index + 1)), complete: chain.complete };
  return {
    links: [...before, { cursor: page.next_cursor, start: here.start + page.length, length: null }],
    complete: false,
  };
}

/** Same cursors, other lengths: the pages after only begin elsewhere. */
function reflow(before: readonly Link[], after: readonly Link[]): Link[] {
  const links = [...before];
  for (const link of after) {
    const last = links.at(-1);
    links.push({ ...link, start: last ? last.start + (last.length ?? 0) : 0 });
  }
  return links;
}

/** The row after the last known one. */
export function knownEnd(chain: Chain): number {
  const last = chain.links.at(-1);
  return last ? last.start + (last.length ?? 0) : 0;
}

/** The page that holds a row, by bisection; -1 when the row isn't known yet. */
export function pageAt(chain: Chain, row: number): number {
  let low = 0;
  let high = chain.links.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const link = chain.links[middle];
    if (!link) return -1;
    if (row < link.start) high = middle - 1;
    else if (row >= link.start + (link.length ?? 0)) low = middle + 1;
    else return middle;
  }
  return -1;
}

const pages_max = 6;
/**
 * Which pages to hold for rows `from` to `to` (exclusive) and what is ahead of them. When the rows
 * lie beyond what is known, the first unknown page is among them: fetching it makes the chain longer
 * and this is asked again, until the rows are reached.
 */
export function pagesFor(chain: Chain, from: number, to: number, ahead: number, stopped = false): number[] {
  const end = knownEnd(chain);
  const unknown = chain.complete || stopped ? -1 : chain.links.length - 1;
  const first = pageAt(chain, Math.min(from, Math.max(0, end - 1)));
  const last = pageAt(chain, Math.min(to + ahead, end) - 1);
  const pages: number[] = [];
  if (from < end && first >= 0) {
    for (let page = first; page <= Math.max(first, last) && pages.length < pages_max; page += 1)
      if (chain.links[page]?.length !== 0) pages.push(page);
  }
  if (unknown >= 0 && to + ahead > end && !pages.includes(unknown)) pages.push(unknown);
  return pages;
}

/** Chrome and Safari draw about 33 million pixels and Firefox 17 million; at 36 px a row this is 14.4 million. */
export const rows_max = 400_000;

/** How many leads the server has looked at, all in all, to find those that match. */
export function lookedAt(chain: Chain): number {
  return chain.links.reduce((sum, link) => sum + (link.looked ?? 0), 0);
}

/** How many rows to make room for: exact at the end, else the server's estimate, at least a few more than known. */
export function rowCount(chain: Chain, estimate: number | null, stopped = false): number {
  const end = knownEnd(chain);
  if (chain.complete || stopped) return Math.min(end, rows_max);
  return Math.min(Math.max(estimate ?? 0, end + 20), rows_max);
}
