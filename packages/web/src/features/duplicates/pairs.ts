import type { DuplicatePair } from "@bellwether/contracts/duplicates";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, queryClient } from "../../api.ts";
import { useLive } from "../../live.ts";
import { inPages, itemsOf } from "../../paging.ts";
import { useWaitingPairs } from "../leads/index.ts";

export type State = DuplicatePair["state"];
export type PairList = ReturnType<typeof usePairs>;

export function usePairs(state: State) {
  const pages = useInfiniteQuery(api.duplicates.list.infiniteOptions(inPages({ state, limit: 50 })));
  return { pages, pairs: itemsOf(pages.data) };
}

// What pairs are found, nobody is told live; leads that change are, many times a second while a file is imported.
const look_ms = 5000;
const gather_ms = 1500;
const again = () => void queryClient.invalidateQueries({ queryKey: api.duplicates.list.key() });

/** Reads the pairs again when their number has changed, and when leads were changed by anybody. */
export function useFreshPairs(): void {
  const waiting = useWaitingPairs({ refetchInterval: look_ms })?.value;
  const known = useRef(waiting);
  useEffect(() => {
    if (known.current !== undefined && known.current !== waiting) again();
    known.current = waiting;
  }, [waiting]);
  const timer = useRef(0);
  useLive((event) => {
    if (!/^(lead|import|bulk)\./.test(event.name)) return;
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      again();
    }, gather_ms);
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);
}
