import type { Lead, LeadQuery } from "@bellwether/contracts/leads";
import type { Count } from "@bellwether/contracts/common";
import type { QueryClient } from "@tanstack/react-query";
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import * as z from "zod";
import { api, isProblem, sentenceOf } from "../../api.ts";
import type { LeadsSearch } from "./model/filters.ts";
import type { Chain, Link, PageShape } from "./model/pages.ts";
import { emptyChain, knownEnd, learn, lookedAt, pageAt, pagesFor, rowCount } from "./model/pages.ts";

/** What decides which leads the list holds and in what order; also the key of everything kept about it. */
export type ListInput = Pick<LeadQuery, "rule" | "q" | "sort">;

export function listInput(search: Pick<LeadsSearch, "q" | "rule" | "sort">): ListInput {
  const q = search.q.trim();
  return {
    ...(search.rule ? { rule: search.rule } : {}),
    ...(q ? { q } : {}),
    ...(search.sort.length > 0 ? { sort: search.sort } : {}),
  };
}

// The first page is small so that it comes at once; the others are as large as the server gives.
const first_page = 100;
const other_pages = 200;
const rows_ahead = 150;

function pageQuery(input: ListInput, link: Link) {
  const page =
    link.cursor === null
      ? ({ limit: first_page, count: "estimate" } as const)
      : { limit: other_pages, cursor: link.cursor };
  // Rows stay where they are: what others do meanwhile is taken in by `news.ts`, and pages are read again only when asked.
  return api.leads.query.queryOptions({ input: { ...input, ...page }, staleTime: Infinity, gcTime: 60_000 });
}

/** Whether a query of the cache is a page of this list. */
export function isPageOf(input: ListInput, query: { queryKey: readonly unknown[] }): boolean {
  const parsed = PageKey.safeParse(query.queryKey);
  if (!parsed.success) return false;
  const { rule, q, sort } = parsed.data[1].input;
  return JSON.stringify([rule, q, sort]) === JSON.stringify([input.rule, input.q, input.sort]);
}

export const isHead = (query: { queryKey: readonly unknown[] }): boolean =>
  PageKey.safeParse(query.queryKey).data?.[1].input.cursor === undefined;

const PageKey = z.tuple([
  z.tuple([z.literal("leads"), z.literal("query")]),
  z.looseObject({
    type: z.literal("query"),
    input: z.looseObject({
      rule: z.unknown().optional(),
      q: z.unknown().optional(),
      sort: z.unknown().optional(),
      cursor: z.string().optional(),
    }),
  }),
]);

/** Forgets where the pages of a list begin, so that it is walked anew. */
export function forgetChain(queries: QueryClient, input: ListInput): void {
  queries.setQueryData(chainKey(input), emptyChain);
}

const chainKey = (input: ListInput) => ["leads-chain", input];

export interface Progress {
  words: string;
  stopped: boolean;
  /** Stops it, or goes on. */
  toggle: () => void;
}

export interface LeadPages {
  /** How many rows to make room for. */
  rows: number;
  count: Count | null;
  /** The lead on a row; undefined while it loads. */
  at: (row: number) => Lead | undefined;
  /** The same for a row out of sight whose page is still kept. */
  known: (row: number) => Lead | undefined;
  /** The leads in sight and around it, in order. */
  held: () => Lead[];
  /** The rows in sight aren't all here yet. */
  loading: boolean;
  /** What takes long: the server looks through many leads, or the rows in sight are far from those known. */
  progress: Progress | null;
  error: Error | null;
  /** Why the search can't be asked as it is, in a sentence. */
  refused: string | null;
  /** The list is there, but rows further on couldn't be had. */
  stuck: boolean;
  retry: () => void;
  /** Nothing matches, for certain. */
  empty: boolean;
  /** The last page was reached. */
  complete: boolean;
  /** The rows shown still belong to the search before. */
  outdated: boolean;
  /** Which list this is, to know when to go back to the top. */
  input: ListInput;
}

/**
 * Rows `from` to `to` of a list. Until the first page of a new search is here the one before stays,
 * so that typing doesn't flash.
 */
export function useLeadPages(wanted: ListInput, from: number, to: number, enabled = true): LeadPages {
  const head = useQuery({ ...pageQuery(wanted, { cursor: null, start: 0, length: null }), enabled });
  const settled = useRef<ListInput | null>(null);
  // While a query is being typed it is often one that can't be understood yet.
  const refused = head.error && isProblem(head.error) && head.error.status === 400 ? head.error : null;
  const outdated = head.data === undefined && (!head.isError || refused !== null) && settled.current !== null;
  const input = outdated && settled.current ? settled.current : wanted;
  useEffect(() => {
    if (head.data !== undefined) settled.current = wanted;
  }, [head.data, wanted]);

  const client = useQueryClient();
  const [chain, learnPage] = useChain(input);
  const [stoppedOn, setStoppedOn] = useState<ListInput | null>(null);
  const stopped = stoppedOn === input && !chain.complete;
  const wantedPages = useMemo(
    () => pagesFor(chain, from, to, rows_ahead, stopped),
    [chain, from, to, stopped],
  );
  const links = enabled ? wantedPages.flatMap((index) => chain.links[index] ?? []) : [];
  const results = useQueries({ queries: links.map((link) => pageQuery(input, link)) });
  const datas = results.map((result) => result.data);

  // One effect for each arrival would need a hook for each page; learning what is known costs nothing.
  useEffect(() => {
    datas.forEach((data, k) => {
      const link = links[k];
      const index = wantedPages[k];
      if (data && link && index !== undefined)
        learnPage(index, link.cursor, { ...data, length: data.data.length });
    });
    // Of a list that was empty no page is held, but its head is read again when something may have come in.
    if (head.data && !outdated && knownEnd(chain) === 0)
      learnPage(0, null, { ...head.data, length: head.data.data.length });
    letGoOfIdle(client);
  });

  const held = new Map(wantedPages.map((index, k) => [index, datas[k]?.data]));
  const at = (row: number) => {
    const page = pageAt(chain, row);
    const link = chain.links[page];
    return link ? held.get(page)?.[row - link.start] : undefined;
  };
  const known = (row: number) => {
    const link = chain.links[pageAt(chain, row)];
    return link && client.getQueryData(pageQuery(input, link).queryKey)?.data[row - link.start];
  };
  const failed = results.find((result) => result.isError && result.data === undefined);
  const count = head.data?.count ?? null;
  const rows = rowCount(chain, count?.value ?? null, stopped);
  const loading = results.some((result) => result.isFetching && result.data === undefined);
  return {
    rows,
    count,
    at,
    known,
    held: () => wantedPages.flatMap((index) => held.get(index) ?? []),
    loading,
    outdated,
    input,
    progress: progressOf(chain, { loading, stopped, from }, () => setStoppedOn(stopped ? null : input)),
    error: head.isError && head.data === undefined && !outdated ? head.error : null,
    refused: refused ? sentenceOf(refused) : null,
    stuck: failed !== undefined,
    retry: () => void (failed ? failed.refetch() : head.refetch()),
    empty: chain.complete && rows === 0,
    complete: chain.complete,
  };
}

const far_rows = 2000;

function progressOf(
  chain: Chain,
  { loading, stopped, from }: { loading: boolean; stopped: boolean; from: number },
  toggle: () => void,
): Progress | null {
  const looked = lookedAt(chain);
  const end = knownEnd(chain);
  if (stopped)
    return {
      words:
        looked > 0
          ? `Stopped after ${looked.toLocaleString()} leads`
          : `Stopped at row ${end.toLocaleString()}`,
      stopped,
      toggle,
    };
  if (!loading || chain.complete) return null;
  if (looked > 0) return { words: `Looked at ${looked.toLocaleString()} leads…`, stopped, toggle };
  if (from - end < far_rows) return null;
  const read = Math.floor(end / 1000) * 1000;
  return read === 0 ? null : { words: `Read ${read.toLocaleString()} rows on the way…`, stopped, toggle };
}

const idle_pages_max = 40;

/** Pages out of sight are kept for scrolling back a little; a long way leaves no more of them than this behind. */
function letGoOfIdle(queries: QueryClient): void {
  const cache = queries.getQueryCache();
  const idle = cache.findAll({ queryKey: api.leads.query.key({ type: "query" }), type: "inactive" });
  if (idle.length <= idle_pages_max) return;
  const oldest = idle.toSorted((a, b) => a.state.dataUpdatedAt - b.state.dataUpdatedAt);
  for (const query of oldest.slice(0, idle.length - idle_pages_max)) cache.remove(query);
}

/** The cursors known of a list, kept beside the pages so that coming back finds the scroll position's page. */
function useChain(
  input: ListInput,
): [Chain, (index: number, cursor: string | null, page: PageShape) => void] {
  const client = useQueryClient();
  const key = useMemo(() => chainKey(input), [input]);
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => emptyChain,
    initialData: emptyChain,
    staleTime: Infinity,
    gcTime: 30 * 60_000,
    enabled: false,
    structuralSharing: false,
  });
  const learnPage = useCallback(
    (index: number, cursor: string | null, page: PageShape) => {
      const before = client.getQueryData<Chain>(key) ?? emptyChain;
      if (before.links[index]?.cursor !== cursor) return;
      const after = learn(before, index, page);
      if (after !== before) client.setQueryData(key, after);
    },
    [client, key],
  );
  return [data, learnPage];
}

const noLeads: Lead[] = [];
/** The first leads of the whole list, whatever is searched for: the same request as the list's own. */
export function useFirstLeads(): Lead[] {
  return useQuery(pageQuery({}, { cursor: null, start: 0, length: null })).data?.data ?? noLeads;
}
