import type { BoardColumn } from "@bellwether/contracts/board";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, isProblem, sentenceOf } from "../../../api.ts";
import { useLive, useLiveMany } from "../../../live.ts";
import type { ListInput } from "../pages.ts";
import { eachOnce } from "./columns.ts";

/** What decides which leads are on the board; their order is when they entered their stage. */
export type BoardInput = Pick<ListInput, "rule" | "q">;

const first_cards = 30;
const more_cards = 100;

export interface BoardData {
  columns: readonly BoardColumn[] | null;
  /** What the columns belong to: until those of another question are here, the ones before stay. */
  input: BoardInput;
  error: Error | null;
  /** Why the question can't be asked as it is, in a sentence. */
  refused: string | null;
  outdated: boolean;
  retry: () => void;
}

export function useBoard(input: BoardInput): BoardData {
  const query = useQuery({
    ...api.board.query.queryOptions({ input: { ...input, limit: first_cards } }),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
  const settled = useRef(input);
  const kept = useRef<readonly BoardColumn[] | null>(null);
  const fresh = query.data !== undefined && !query.isPlaceholderData;
  useEffect(() => {
    if (!fresh) return;
    settled.current = input;
    kept.current = query.data?.columns ?? null;
  }, [fresh, input, query.data]);
  // While a query is being typed it is often one that can't be understood yet.
  const refused = query.error && isProblem(query.error) && query.error.status === 400 ? query.error : null;
  return {
    columns: query.data?.columns ?? (refused ? kept.current : null),
    input: fresh ? input : settled.current,
    error: query.isError && query.data === undefined && !refused ? query.error : null,
    refused: refused ? sentenceOf(refused) : null,
    outdated: !fresh,
    retry: () => void query.refetch(),
  };
}

export interface ColumnData {
  leads: BoardColumn["leads"];
  count: number;
  exact: boolean;
  /** More can be had by asking for them. */
  more: boolean;
  loading: boolean;
  failed: boolean;
  /** The search looked at so many without finding enough, and waits to be told to go on. */
  looked_at: number | null;
  load: () => void;
}

/**
 * A column: what came with the whole board, and further pages as one scrolls. Without further pages nothing is asked
 * for twice; with them a change elsewhere reads them again behind the scenes.
 */
export function useColumn(input: BoardInput, head: BoardColumn): ColumnData {
  const client = useQueryClient();
  const options = pagesOf(input, head.stage);
  const begin = { pages: [{ columns: [head] }], pageParams: [no_cursor] };
  const pages = useInfiniteQuery({
    ...options,
    initialData: begin,
    enabled: (query) => (query.state.data?.pages.length ?? 0) > 1,
  });
  const deep = pages.data.pages.length > 1;
  const read = deep ? pages.data.pages.flatMap((page) => page.columns) : [head];
  const last = read.at(-1) ?? head;
  return {
    leads: deep ? eachOnce([head, ...read].flatMap((column) => column.leads)) : head.leads,
    count: head.count,
    exact: head.exact,
    more: last.next_cursor !== null,
    loading: pages.isFetchingNextPage,
    failed: pages.isFetchNextPageError,
    looked_at: last.looked_at !== undefined && last.leads.length === 0 ? last.looked_at : null,
    load: () => {
      // The whole board may have been read again since: go on from where its column now ends.
      if (!deep) client.setQueryData(options.queryKey, begin);
      void pages.fetchNextPage();
    },
  };
}

const no_cursor: string | null = null;

function pagesOf(input: BoardInput, stage: string) {
  return api.board.query.infiniteOptions({
    input: (cursor: string | null) => ({
      ...input,
      stage,
      ...(cursor === null ? { limit: first_cards } : { limit: more_cards, cursor }),
    }),
    initialPageParam: no_cursor,
    getNextPageParam: (page) => page.columns[0]?.next_cursor ?? null,
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

const live_soon_ms = 200;
const live_pause_ms = 1000;

/** When leads change elsewhere the board is read again: soon after one change, once a second while there are many. */
export function useBoardLive(): void {
  const client = useQueryClient();
  const timer = useRef(0);
  const last = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const soon = () => {
    const wait_ms = Math.max(live_soon_ms, last.current + live_pause_ms - performance.now());
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      last.current = performance.now();
      void client.invalidateQueries({ queryKey: api.board.key() });
    }, wait_ms);
  };
  const matters = (name: string) => /^(lead|import|tag|stage|bulk|live)\./.test(name);
  useLive((event) => void ((event.lead_id !== null || matters(event.name)) && soon()));
  useLiveMany((many) => void (Object.keys(many.names).some(matters) && soon()));
}
