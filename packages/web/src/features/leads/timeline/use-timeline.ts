import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, client } from "../../../api.ts";
import { useLive } from "../../../live.ts";
import { inPages } from "../../../paging.ts";
import { standsBelow, type TimelinePages, withNewestEvents } from "../model/timeline.ts";

const at_once = 50;
const look_ms = 300;
/** What tells of many leads at once, or of all that may have been missed. */
const ofMany = /^(live|import|bulk|change)\b/;
/** With these, a whole history comes or goes, or what stood in it. */
const ofAll = new Set(["lead.merged", "lead.unmerged", "event.removed", "event.restored"]);

/** A lead's events, newest first; of some kinds, or of all where none is named. What happens meanwhile comes in on top. */
export function useTimeline(lead_id: string, names: readonly string[]) {
  const queries = useQueryClient();
  const asked = { id: lead_id, limit: at_once, ...(names.length > 0 ? { names: names.join(",") } : {}) };
  const options = api.leads.timeline.infiniteOptions({
    ...inPages(asked),
    // What is newer is heard of.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const pages = useInfiniteQuery(options);
  const heard = useRef(new Set<string>());
  const timer = useRef(0);
  const busy = useRef(false);

  const look = async () => {
    timer.current = 0;
    if (busy.current) return ring();
    const times = [...heard.current];
    heard.current.clear();
    busy.current = true;
    // What couldn't be read is read when the line is back: the stream then says so.
    const newest = await client.leads.timeline(asked).catch(() => null);
    busy.current = false;
    const known = queries.getQueryData<InfiniteData<TimelinePages["pages"][number], string | null>>(
      options.queryKey,
    );
    if (newest === null || known === undefined) return;
    if (times.some((at) => standsBelow(at, newest.data, known))) {
      await queries.invalidateQueries({ queryKey: options.queryKey });
      return;
    }
    queries.setQueryData(options.queryKey, withNewestEvents(known, newest));
  };
  const latest = useRef(look);
  latest.current = look;
  const ring = () => {
    timer.current ||= window.setTimeout(() => void latest.current(), look_ms);
  };
  useLive((event) => {
    if (event.lead_id !== lead_id && !(event.lead_id === null && ofMany.test(event.name))) return;
    if (ofAll.has(event.name)) {
      void queries.invalidateQueries({ queryKey: options.queryKey });
      return;
    }
    heard.current.add(event.occurred_at);
    ring();
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return pages;
}
