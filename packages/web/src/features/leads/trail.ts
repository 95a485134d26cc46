import { useMemo } from "react";
import type { ListInput } from "./pages.ts";
import { useLeadPages } from "./pages.ts";

interface Trail {
  input: ListInput;
  row: number;
}

// The list a lead's page was opened from, for leafing on without going back. It lives as long as the tab.
let trail: (Trail & { lead_id: string }) | null = null;

export function leaveTrail(lead_id: string, input: ListInput, row: number): void {
  trail = { lead_id, input, row };
}

const nowhere: Trail = { input: {}, row: 0 };

/** The leads before and after this one in the list it was opened from. */
export function useTrail(lead_id: string): {
  previous: string | null;
  next: string | null;
  follow: (by: -1 | 1) => string | null;
} {
  const here = useMemo(() => (trail?.lead_id === lead_id ? trail : null), [lead_id]);
  const { input, row } = here ?? nowhere;
  const pages = useLeadPages(input, Math.max(0, row - 1), row + 2, here !== null);
  const known = here !== null && pages.at(row)?.id === lead_id;
  const at = (by: number) => (known && row + by >= 0 ? (pages.at(row + by)?.id ?? null) : null);
  return {
    previous: at(-1),
    next: at(1),
    follow: (by) => {
      const id = at(by);
      if (id) leaveTrail(id, input, row + by);
      return id;
    },
  };
}
