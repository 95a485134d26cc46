import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import type { LeadsSearch } from "./model/filters.ts";
import { readSearch, writeSearch } from "./model/filters.ts";

/**
 * The address is the only place where the search lives. Opening a lead is a step that Back undoes;
 * typing and filtering replace, so that Back leaves the list instead of unpicking each letter.
 */
export function useLeadsSearch(): [
  LeadsSearch,
  (change: Partial<LeadsSearch>, how?: { push?: boolean }) => void,
] {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const search = useMemo(() => readSearch(raw), [raw]);
  const latest = useRef(search);
  latest.current = search;
  const change = useCallback(
    (to: Partial<LeadsSearch>, how: { push?: boolean } = {}) => {
      latest.current = { ...latest.current, ...to };
      void navigate({
        to: "/leads",
        search: writeSearch(latest.current),
        replace: !how.push,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, change];
}
