import type { Lead } from "@bellwether/contracts/leads";
import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, client } from "../../api.ts";
import { useLive } from "../../live.ts";
import { useSession } from "../../session.tsx";
import { showLead } from "./edits.tsx";
import type { Column } from "./model/columns.ts";
import type { News } from "./model/news.ts";
import { calmed, learnNews, newer, newsWords, noNews, reread } from "./model/news.ts";
import type { LeadPages, ListInput } from "./pages.ts";
import { forgetChain, isHead, isPageOf } from "./pages.ts";

// One change is shown soon; an import, which tells of itself many times a second, once a second.
const soon_ms = 200;
const pause_ms = 1000;
const glow_ms = 1600;
/** Nobody tells an agent of a lead that was taken from them: who sees only their own looks from time to time. */
const look_ms = 30_000;
const recheck_max = 200;
const rechecks_max = 5;
const head_rows = 100;

/** What was told since the last look: leads that changed, leads that were made, or something that may be about any. */
interface Told {
  touched: Set<string>;
  made: Set<string>;
  any: boolean;
}
const nothing = (): Told => ({ touched: new Set(), made: new Set(), any: false });

interface Watched {
  news: News;
  words: string;
  /** Reads the list anew; true when new leads then stand on top of it. */
  show: () => boolean;
}

/**
 * What others do to the list that is on the screen. Rows are looked at again by their ids and stay where they are: cells
 * change in place, leads that left or are gone say so, and new ones wait until somebody wants to see them.
 */
export function useNews(pages: LeadPages, columns: Column[], letGo: (lead_ids: string[]) => void): Watched {
  const queries = useQueryClient();
  const { input } = pages;
  const [kept, setKept] = useState({ input, news: noNews });
  const news = kept.input === input ? kept.news : noNews;
  const latest = useRef({ pages, columns, letGo });
  latest.current = { pages, columns, letGo };
  const change = useCallback(
    (to: (news: News) => News) =>
      setKept((now) => {
        const before = now.input === input ? now.news : noNews;
        const after = to(before);
        return after === before && now.input === input ? now : { input, news: after };
      }),
    [input],
  );

  const look = useCallback(
    async (told: Told) => {
      const { pages: on, columns: shown } = latest.current;
      if (on.empty) {
        await queries.invalidateQueries({ queryKey: api.leads.query.key() });
        return;
      }
      // Before the first rows are here there is nothing to compare with, and they come as they are now.
      if (rowsOf(queries, input).size === 0) return;
      const asked = askedOf(told, rowsOf(queries, input), on);
      for (let from = 0; from < Math.min(asked.length, recheck_max * rechecks_max); from += recheck_max) {
        const lead_ids = asked.slice(from, from + recheck_max);
        // oxlint-disable-next-line no-await-in-loop -- one after another leaves the line to whoever works here
        const answer = await client.leads.recheck({ ...questionOf(input), lead_ids });
        const rows = rowsOf(queries, input);
        change((now) => learnNews(now, { asked: lead_ids, ...answer }, (id) => rows.get(id), shown));
        for (const lead of answer.data)
          if (rows.has(lead.id)) showLead(queries, lead.id, (now) => newer(now, lead));
        const there = new Set(answer.data.map((lead) => lead.id));
        latest.current.letGo(lead_ids.filter((id) => !there.has(id)));
      }
      if (told.any) {
        const found = await newOnes(input, () => rowsOf(queries, input), on);
        change((now) => ({ ...now, ...found, fresh: new Set([...now.fresh, ...found.fresh]) }));
      }
      window.setTimeout(() => change(calmed), glow_ms);
    },
    [change, input, queries],
  );
  const tell = useTelling(look);
  useLive((event) => {
    if (event.lead_id === null) {
      if (/^(live|lead|import|bulk|tag|stage|field|duplicate)/.test(event.name))
        tell((told) => (told.any = true));
    } else if (event.name === "lead.created" || event.name === "lead.restored")
      tell((told) => told.made.add(event.lead_id ?? ""));
    else tell((told) => told.touched.add(event.lead_id ?? ""));
  });
  useLooking(() => tell((told) => (told.any = true)));
  useHeldStill(input, () => tell((told) => (told.any = true)));

  useEffect(
    () =>
      queries.getQueryCache().subscribe((event) => {
        if (event.type !== "updated" || event.action.type !== "success" || event.action.manual === true)
          return;
        if (isPageOf(input, event.query))
          change((now) => reread(now, idsOf(event.query.state.data), isHead(event.query)));
      }),
    [queries, input, change],
  );
  const words = newsWords(news);
  const show = () => {
    change(() => noNews);
    queries.removeQueries({ queryKey: api.leads.query.key(), type: "inactive" });
    forgetChain(queries, input);
    void queries.invalidateQueries({ queryKey: api.leads.query.key() });
    return input.sort === undefined && news.fresh.size + news.unnamed > 0;
  };
  return { news, words, show };
}

const questionOf = ({ rule, q }: ListInput) => ({
  ...(rule === undefined ? {} : { rule }),
  ...(q === undefined ? {} : { q }),
});

/** Every row of the list that is loaded. */
function rowsOf(queries: QueryClient, input: ListInput): Map<string, Lead> {
  const loaded = queries
    .getQueriesData<{ data: Lead[] }>({
      queryKey: api.leads.query.key({ type: "query" }),
      predicate: (query) => isPageOf(input, query),
    })
    .flatMap(([, page]) => page?.data ?? []);
  return new Map(loaded.map((lead) => [lead.id, lead]));
}

/** A changed lead that isn't among the rows may stand further down; where all rows are here, it is one that came in. */
function askedOf(told: Told, rows: ReadonlyMap<string, Lead>, pages: LeadPages): string[] {
  const whole = pages.complete && pages.rows === rows.size;
  return [
    ...new Set([
      ...(told.any ? pages.held().map((lead) => lead.id) : []),
      ...[...told.touched].filter((id) => whole || rows.has(id)),
      ...told.made,
    ]),
  ];
}

/** New leads that nobody named, as after an import: by time where that is the order, else by how many more match. */
async function newOnes(
  input: ListInput,
  rowsNow: () => ReadonlyMap<string, Lead>,
  pages: LeadPages,
): Promise<Pick<News, "unnamed" | "more"> & { fresh: string[] }> {
  const by_time = input.sort === undefined;
  const head = await client.leads.query({
    ...input,
    limit: by_time ? head_rows : 1,
    count: by_time ? "none" : "estimate",
  });
  if (by_time) {
    const rows = rowsNow();
    const newest = [...rows.values()].reduce(
      (last, lead) => (lead.created_at > last ? lead.created_at : last),
      "",
    );
    const fresh = head.data
      .filter((lead) => !rows.has(lead.id) && lead.created_at >= newest)
      .map((lead) => lead.id);
    return { fresh, unnamed: 0, more: fresh.length === head_rows };
  }
  const exact = head.count?.exact === true && pages.count?.exact === true;
  return {
    fresh: [],
    unnamed: exact ? Math.max(0, (head.count?.value ?? 0) - (pages.count?.value ?? 0)) : 0,
    more: false,
  };
}

function idsOf(page: unknown): string[] {
  const data: unknown = typeof page === "object" && page !== null && "data" in page ? page.data : [];
  return Array.isArray(data)
    ? data.flatMap((lead: { id?: unknown }) => (typeof lead.id === "string" ? [lead.id] : []))
    : [];
}

/** Gathers what is told and looks once, soon after; never at two things at a time. */
function useTelling(look: (told: Told) => Promise<unknown>): (say: (told: Told) => unknown) => void {
  const latest = useRef(look);
  latest.current = look;
  const [gathering] = useState(() => new Gathering((told) => latest.current(told)));
  useEffect(() => gathering.stop, [gathering]);
  return gathering.tell;
}

class Gathering {
  readonly #look: (told: Told) => Promise<unknown>;
  #told = nothing();
  #timer = 0;
  #last_ms = 0;
  #busy = false;

  constructor(look: (told: Told) => Promise<unknown>) {
    this.#look = look;
  }

  readonly tell = (say: (told: Told) => unknown): void => {
    say(this.#told);
    this.#schedule();
  };

  readonly stop = (): void => {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
  };

  #schedule(): void {
    const wait_ms = Math.max(soon_ms, this.#last_ms + pause_ms - performance.now());
    this.#timer ||= window.setTimeout(() => void this.#run(), wait_ms);
  }

  async #run(): Promise<void> {
    this.#timer = 0;
    if (this.#busy) return;
    const told = this.#told;
    this.#told = nothing();
    this.#busy = true;
    this.#last_ms = performance.now();
    try {
      await this.#look(told);
    } catch {
      // What couldn't be asked now is looked for with the next news.
      for (const id of told.touched) this.#told.touched.add(id);
      for (const id of told.made) this.#told.made.add(id);
      this.#told.any = true;
      this.#busy = false;
      return;
    }
    this.#busy = false;
    if (this.#told.any || this.#told.touched.size + this.#told.made.size > 0) this.#schedule();
  }
}

function useLooking(tell: () => void) {
  const { role, workspace } = useSession();
  const needed = role === "agent" && workspace.agents_see_own;
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    if (!needed) return;
    const timer = window.setInterval(() => !document.hidden && latest.current(), look_ms);
    return () => window.clearInterval(timer);
  }, [needed]);
}

/** Coming back to where one was, the rows are those one left; what happened meanwhile is told as if one had stayed. */
function useHeldStill(input: ListInput, tell: () => void) {
  const held = useRef<ListInput | null>(null);
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    if (held.current === input) return;
    held.current = input;
    if (stilled.delete(JSON.stringify(input))) latest.current();
  }, [input]);
}

const stilled = new Set<string>();

/** Before the rows are shown again: pages that are marked as old aren't read anew, since that would move them. */
export function holdStill(queries: QueryClient, input: ListInput): void {
  for (const query of queries.getQueryCache().findAll({ queryKey: api.leads.query.key({ type: "query" }) })) {
    if (!isPageOf(input, query) || !query.state.isInvalidated) continue;
    query.setState({ isInvalidated: false });
    stilled.add(JSON.stringify(input));
  }
}
