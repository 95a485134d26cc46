import type { Lead } from "@bellwether/contracts/leads";
import { useMediaQuery } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import type { RefObject } from "react";
import { useCallback, useEffect, useRef, useState } from "react";
import { showOverlay } from "../../overlay.ts";
import { useMay } from "../../session.tsx";
import type { GridHandle } from "./grid/lead-grid.tsx";
import type { LeadsSearch } from "./model/filters.ts";
import type { ListInput } from "./pages.ts";
import { leaveTrail } from "./trail.ts";

interface Opening {
  search: Pick<LeadsSearch, "lead">;
  change: (change: Partial<LeadsSearch>, how?: { push?: boolean }) => void;
  input: ListInput;
  grid: RefObject<GridHandle | null>;
  phone: boolean;
  say: (words: string) => void;
}

/** How a lead is opened: beside the list, on its own page (always on a phone), or in another tab. */
export function useOpening({ search, change, input, grid, phone, say }: Opening) {
  const navigate = useNavigate();
  const openPage = (id: string, row?: number) => {
    const at = row ?? grid.current?.rowOf(id);
    if (at !== undefined) leaveTrail(id, input, at);
    void navigate({ to: "/leads/$id", params: { id } });
  };
  const open = (lead: Lead, how: { row?: number; page: boolean; tab?: boolean }) => {
    if (how.tab) window.open(`/leads/${lead.id}`, "_blank", "noopener");
    else if (how.page || phone) openPage(lead.id, how.row);
    else change({ lead: lead.id }, { push: search.lead === null });
  };
  const close = useCallback(() => {
    change({ lead: null });
    grid.current?.focus();
  }, [change, grid]);
  const leaf = (by: number) => {
    const next = search.lead && grid.current?.neighbour(search.lead, by);
    if (next) change({ lead: next.id });
    else if (search.lead) say("There is no other lead that way in the rows in sight.");
  };
  return { open, openPage, close, leaf };
}

/** Opens the form of a new lead; null for whoever may not. */
export function useCreate(): (() => void) | null {
  return useMay("leads:write") ? () => showOverlay("new_lead") : null;
}

const phone_below = "(max-width: 47.99em)";

export function usePhone(): boolean {
  return useMediaQuery(phone_below, window.matchMedia(phone_below).matches) ?? false;
}

/** Something open above the page takes Esc first. */
export function floating(): boolean {
  return (
    document.querySelector(".mantine-Popover-dropdown, .mantine-Menu-dropdown, .mantine-Modal-content") !==
    null
  );
}

/** A sentence that goes away by itself. */
export function usePassingWords(): [string, (words: string) => void] {
  const [words, setWords] = useState("");
  useEffect(() => {
    if (!words) return;
    const timer = window.setTimeout(() => setWords(""), 4000);
    return () => window.clearTimeout(timer);
  }, [words]);
  return [words, setWords];
}

/** The same array as long as it holds the same: rows compare it to know whether to draw again. */
export function useStable<T>(items: T[]): T[] {
  const kept = useRef(items);
  if (kept.current.length !== items.length || kept.current.some((item, at) => item !== items[at]))
    kept.current = items;
  return kept.current;
}
