import type { Lead } from "@bellwether/contracts/leads";
import { LeadPage as LeadPageShape } from "@bellwether/contracts/leads";
import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { createContext, use, useCallback, useMemo, useRef, useState } from "react";
import { api, client, isProblem, sentenceOf } from "../../api.ts";
import { toast } from "../../ui/index.ts";
import { ConflictDialog } from "./conflict.tsx";
import type { Column } from "./model/columns.ts";
import { valueOf } from "./model/columns.ts";
import { patchOf, sameValue, withValue } from "./model/edits.ts";
import type { Names } from "./model/values.ts";

type Page = ReturnType<typeof LeadPageShape.parse>;

/** Two values for one field: what somebody else saved meanwhile, and what was typed here. */
export interface Conflict {
  lead: Lead;
  column: Column;
  mine: unknown;
}

interface Edits {
  /** Saves a value as seen on `seen`. True when it was saved. */
  save: (seen: Lead, column: Column, value: unknown) => Promise<boolean>;
  /** Why the last try to change a value was refused, by lead and column. */
  refusals: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const EditsContext = createContext<Edits | null>(null);

export function useEdits(): Edits {
  const edits = use(EditsContext);
  if (!edits) throw new Error("useEdits needs an EditsProvider above it.");
  return edits;
}

/** Puts a lead as it now is wherever it is shown: its card and the pages of the list. */
export function showLead(queries: QueryClient, id: string, next: (lead: Lead) => Lead): void {
  queries.setQueryData<Lead>(api.leads.show.queryKey({ input: { id } }), (lead) => lead && next(lead));
  queries.setQueriesData<Page>({ queryKey: api.leads.query.key({ type: "query" }) }, (page) => {
    const at = page?.data.findIndex((lead) => lead.id === id) ?? -1;
    const lead = page?.data[at];
    return page && lead ? { ...page, data: page.data.with(at, next(lead)) } : page;
  });
}

/** The newest that is known of a lead. */
export function knownLead(queries: QueryClient, id: string): Lead | undefined {
  const shown = queries.getQueryData<Lead>(api.leads.show.queryKey({ input: { id } }));
  const listed = queries
    .getQueriesData<Page>({ queryKey: api.leads.query.key({ type: "query" }) })
    .flatMap(([, page]) => page?.data.filter((lead) => lead.id === id) ?? []);
  return [shown, ...listed].reduce(
    (newest, lead) => (lead && lead.revision > (newest?.revision ?? -1) ? lead : newest),
    undefined,
  );
}

/** After a change that isn't one of the lead's values, or whose answer isn't the lead. */
export function rereadLead(queries: QueryClient, id: string): void {
  void queries.invalidateQueries({ queryKey: api.leads.show.key({ input: { id } }) });
  void queries.invalidateQueries({ queryKey: api.leads.timeline.key({ input: { id } }) });
  void queries.invalidateQueries({ queryKey: api.leads.moves.key({ input: { id } }) });
}

/**
 * Changes of single values: shown at once, sent one after another for each lead, and taken back with
 * the reason when the server refuses.
 */
export function EditsProvider({ names, children }: { names: Names; children: ReactNode }) {
  const queries = useQueryClient();
  const [refusals, setRefusals] = useState<ReadonlyMap<string, ReadonlyMap<string, string>>>(new Map());
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const waiting = useRef(new Map<string, Promise<unknown>>());

  const refuse = useCallback((lead: Lead, column: Column, reason: string | null) => {
    setRefusals((all) => {
      const of = new Map(all.get(lead.id));
      if (reason === null) of.delete(column.id);
      else of.set(column.id, reason);
      return new Map(all).set(lead.id, of);
    });
  }, []);

  const save = useCallback(
    async (seen: Lead, column: Column, value: unknown): Promise<boolean> => {
      const before = valueOf(seen, column);
      refuse(seen, column, null);
      if (sameValue(before, value)) return true;
      showLead(queries, seen.id, (lead) =>
        sameValue(valueOf(lead, column), before) ? withValue(lead, column, value) : lead,
      );
      const turn = (waiting.current.get(seen.id) ?? Promise.resolve()).then(() =>
        send(queries, seen, column, value),
      );
      waiting.current.set(seen.id, turn);
      const outcome = await turn;
      if (outcome.saved) return true;
      if (outcome.theirs) setConflict({ lead: outcome.theirs, column, mine: value });
      else {
        refuse(seen, column, outcome.reason);
        toast.failed(
          isProblem(outcome.error) && outcome.error.status >= 500 ? outcome.error : new Error(outcome.reason),
          `${column.label} wasn’t saved`,
        );
      }
      return false;
    },
    [queries, refuse],
  );

  const edits = useMemo(() => ({ save, refusals }), [save, refusals]);
  return (
    <EditsContext value={edits}>
      {children}
      <ConflictDialog conflict={conflict} names={names} close={() => setConflict(null)} save={save} />
    </EditsContext>
  );
}

type Outcome =
  | { saved: true }
  | { saved: false; theirs: Lead }
  | { saved: false; theirs: null; reason: string; error: unknown };

/**
 * Sends one change. The revision sent is the newest that is known, which is right as long as this
 * value is still what the person saw: a change to another field of the lead is no conflict.
 */
async function send(queries: QueryClient, seen: Lead, column: Column, value: unknown): Promise<Outcome> {
  const before = valueOf(seen, column);
  const known = knownLead(queries, seen.id) ?? seen;
  const newest = valueOf(known, column);
  if (!sameValue(newest, before) && !sameValue(newest, value)) return { saved: false, theirs: known };
  try {
    const saved = await write({ ...seen, revision: Math.max(known.revision, seen.revision) }, column, value);
    showLead(queries, seen.id, () => saved);
    void queries.invalidateQueries({ queryKey: api.leads.timeline.key({ input: { id: seen.id } }) });
    return { saved: true };
  } catch (error) {
    if (isProblem(error, "changed_meanwhile")) return settle(queries, seen, column, value, before);
    showLead(queries, seen.id, (lead) => withValue(lead, column, before));
    return { saved: false, theirs: null, reason: reasonOf(error, column), error };
  }
}

async function settle(
  queries: QueryClient,
  seen: Lead,
  column: Column,
  value: unknown,
  before: unknown,
): Promise<Outcome> {
  try {
    const now = await client.leads.show({ id: seen.id });
    const theirs = valueOf(now, column);
    if (sameValue(theirs, before) || sameValue(theirs, value)) {
      const saved = sameValue(theirs, value) ? now : await write(now, column, value);
      showLead(queries, seen.id, () => saved);
      return { saved: true };
    }
    showLead(queries, seen.id, () => now);
    return { saved: false, theirs: now };
  } catch (error) {
    showLead(queries, seen.id, (lead) => withValue(lead, column, before));
    return { saved: false, theirs: null, reason: reasonOf(error, column), error };
  }
}

/** What the server says of this very value, else of the whole. */
function reasonOf(error: unknown, column: Column): string {
  const own = isProblem(error) ? error.errors.find((item) => item.path === column.id) : undefined;
  return own?.message ?? sentenceOf(error);
}

function write(lead: Lead, column: Column, value: unknown): Promise<Lead> {
  if (column.id === "owner_id")
    return client.leads.setOwner({ id: lead.id, owner_id: typeof value === "string" ? value : null });
  return client.leads.update(
    { id: lead.id, ...patchOf(column, value) },
    { context: { if_match: lead.revision } },
  );
}
