import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { useLive, useLiveMany } from "../../live.ts";
import { inPages, itemsOf } from "../../paging.ts";
import { type Burst, linesOf, type Pages, withBurst, withNewest } from "./feed.ts";
import { isTold } from "./words.ts";

const at_once = 50;
const look_ms = 1000;
/** More than so many since the last look are told by their number: nobody reads faster. */
const singly_max = 25;

const first = api.home.activity.infiniteOptions({
  ...inPages({ limit: at_once }),
  // What is newer comes by the live stream.
  staleTime: Number.POSITIVE_INFINITY,
});

/**
 * What happened, and what happens. The stream only rings: once a second at most the newest are read, with the names that
 * the reader may know; or, when they are too many, nothing is, and their number is told. So a page costs the
 * server and the reader's machine the same at a thousand a second as at one.
 */
export function useFeed(paused: boolean) {
  const pages = useInfiniteQuery(first);
  const [bursts, setBursts] = useState<Burst[]>([]);
  const waiting = useHeard(bursts, setBursts, paused);
  const lines = useMemo(() => {
    const entries = itemsOf(pages.data);
    return linesOf(
      entries.filter((entry) => isTold(entry.name)),
      bursts,
    );
  }, [pages.data, bursts]);
  return { pages, lines, waiting };
}

/** What was heard since the last look. */
interface Heard {
  names: Record<string, number>;
  count: number;
  /** Something may have been missed. */
  unsure: boolean;
  /** Of the last that was heard before it, and of the last; empty: nothing yet. */
  after: string;
  upto: string;
}
const nothingAfter = (upto: string): Heard => ({ names: {}, count: 0, unsure: false, after: upto, upto });

/** While paused it goes on counting, and answers with how many wait. */
function useHeard(bursts: Burst[], setBursts: (bursts: Burst[]) => void, paused: boolean): number {
  const [waiting, setWaiting] = useState(0);
  const heard = useRef(nothingAfter(""));
  const timer = useRef(0);
  const look = () => {
    timer.current = 0;
    const { names, count, after, upto } = heard.current;
    setWaiting(paused ? count : 0);
    if (paused) return;
    heard.current = nothingAfter(upto);
    if (count <= singly_max) void readNewest(bursts);
    else setBursts(withBurst(bursts, { after: after || newestKnown() || upto, upto, names }));
  };
  const latest = useRef(look);
  latest.current = look;
  const lookSoon = () => {
    timer.current ||= window.setTimeout(() => latest.current(), look_ms);
  };
  const hear = (names: Record<string, number>, occurred_at: string) => {
    const now = heard.current;
    if (occurred_at > now.upto) now.upto = occurred_at;
    for (const [name, count] of Object.entries(names)) {
      if (!isTold(name)) continue;
      now.names[name] = (now.names[name] ?? 0) + count;
      now.count += count;
    }
    lookSoon();
  };
  useLive(({ name, occurred_at }) => {
    if (occurred_at === "") heard.current.unsure = true;
    else hear({ [name]: 1 }, occurred_at);
    lookSoon();
  });
  useLiveMany((many) => hear(many.names, many.occurred_at));
  useEffect(() => {
    if (!paused && (heard.current.count > 0 || heard.current.unsure)) latest.current();
  }, [paused]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return paused ? waiting : 0;
}

type Known = InfiniteData<Pages["pages"][number], string | null>;
const newestKnown = (): string | undefined =>
  queryClient.getQueryData<Known>(first.queryKey)?.pages[0]?.data[0]?.occurred_at;

async function readNewest(bursts: readonly Burst[]): Promise<void> {
  const newest = await client.home.activity({ limit: at_once }).catch(() => null);
  // A lost line is noticed by the stream, which has all read again when it is back.
  if (newest === null) return;
  queryClient.setQueryData<Known>(first.queryKey, (old) =>
    old === undefined ? old : withNewest(old, newest, bursts),
  );
}
