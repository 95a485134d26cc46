import type { Lead } from "@bellwether/contracts/leads";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { client, isProblem } from "../../api.ts";
import { recentLeads } from "../../recent.ts";
import { useSession } from "../../session.tsx";
import { isQuery } from "./matching.ts";

export interface FoundLeads {
  leads: Lead[];
  /** These aren't yet those of what is typed. */
  outdated: boolean;
  failed: Error | null;
}

const debounce_ms = 120;
const shown = 7;

/** Leads by what is typed. A search that was typed over is given up, on the server too. */
export function useFoundLeads(typed: string): FoundLeads {
  const text = typed.trim();
  const [settled] = useDebouncedValue(text, debounce_ms);
  const asks = settled.length > 1;
  const found = useQuery({
    queryKey: ["palette", settled],
    queryFn: ({ signal }) => find(settled, signal),
    enabled: asks,
    placeholderData: keepPreviousData,
    staleTime: 5000,
    gcTime: 30_000,
    // A lead just made is found by its words a moment later.
    refetchInterval: ({ state }) => (state.data?.length === 0 && state.dataUpdateCount < 4 ? 1000 : false),
  });
  const none = text.length < 2;
  return {
    leads: none ? [] : (found.data ?? []),
    outdated: !none && (settled !== text || found.isPlaceholderData || found.isPending),
    failed: none ? null : found.error,
  };
}

async function find(text: string, signal: AbortSignal): Promise<Lead[]> {
  const words = text.split(/\s+/).slice(0, 10);
  const rule = { all: words.map((each) => ({ words: each.slice(0, 200) })) };
  if (isQuery(text)) {
    try {
      return (await client.leads.query({ q: text, limit: shown }, { signal })).data;
    } catch (error) {
      // What looks like a query and is none may be words all the same.
      if (!isProblem(error) || error.status !== 400) throw error;
    }
  }
  return (await client.leads.query({ rule, limit: shown }, { signal })).data;
}

/** The leads opened last, as far as they are still there to be seen. */
export function useRecentLeads(): Lead[] {
  const lead_ids = recentLeads(useSession().workspace.id);
  const recent = useQuery({
    queryKey: ["palette-recent", lead_ids],
    queryFn: async () => (await client.leads.recheck({ lead_ids })).data,
    enabled: lead_ids.length > 0,
    staleTime: 5000,
  });
  return recent.data ?? [];
}
