import { useMemo, useRef } from "react";
import type { LeadsSearch } from "./model/filters.ts";
import type { ListInput } from "./pages.ts";
import { listInput } from "./pages.ts";

/** The list that the address asks for: the same object as long as it asks for the same, whatever else changes in it. */
export function useListInput(search: LeadsSearch): ListInput {
  const wanted = useMemo(() => listInput(search), [search]);
  const kept = useRef(wanted);
  if (JSON.stringify(kept.current) !== JSON.stringify(wanted)) kept.current = wanted;
  return kept.current;
}
