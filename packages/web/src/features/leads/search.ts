import type { View } from "@bellwether/contracts/views";
import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import { type LeadsPlace, placeOf, questionOf, sameQuestion } from "../views/index.ts";
import type { LeadsSearch } from "./model/filters.ts";
import { readSearch, writeSearch } from "./model/filters.ts";

/** The view that is there without asking for one. */
export const usual_view = "all";

interface Here {
  search: LeadsSearch;
  /** What is shown belongs to this view, changed or not. */
  view: View | undefined;
  change: (change: Partial<LeadsSearch>, how?: { push?: boolean }) => void;
  openView: (view: Pick<View, "id" | "layout">) => void;
  /** Where they are shown: as a list or as a board. */
  place: LeadsPlace;
  /** The address of the same leads shown there. */
  searchAt: (place: LeadsPlace) => Record<string, unknown>;
}

/**
 * The address is the only place where the search lives: a view's name alone while it is shown as it was saved, list or
 * board, and all that is asked for once it was changed. Opening a lead is a step that Back undoes; typing and filtering replace, so
 * that Back leaves the list instead of unpicking each letter.
 */
export function useLeadsSearch(views: readonly View[]): Here {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const board = useLocation({ select: ({ pathname }) => pathname === "/leads/board" });
  const place = board ? "/leads/board" : "/leads";
  const id = typeof raw["view"] === "string" ? raw["view"] : usual_view;
  const view = views.find((each) => each.id === id) ?? views.find((each) => each.id === usual_view);
  const search = useMemo(() => {
    const asked = readSearch(raw);
    return view && view.id !== usual_view && raw["changed"] !== true
      ? { ...asked, ...questionOf(view) }
      : asked;
  }, [raw, view]);
  const latest = useRef({ search, view });
  latest.current = { search, view };
  const change = useCallback(
    (to: Partial<LeadsSearch>, how: { push?: boolean } = {}) => {
      latest.current = { ...latest.current, search: { ...latest.current.search, ...to } };
      void navigate({
        to: place,
        search: addressOf(latest.current.search, latest.current.view, place),
        replace: !how.push,
        resetScroll: false,
      });
    },
    [navigate, place],
  );
  const openView = useCallback(
    (to: Pick<View, "id" | "layout">) =>
      void navigate({ to: placeOf(to) ?? place, search: to.id === usual_view ? {} : { view: to.id } }),
    [navigate, place],
  );
  const searchAt = useCallback((to: LeadsPlace) => addressOf(search, view, to), [search, view]);
  return { search, view, change, openView, place, searchAt };
}

function addressOf(search: LeadsSearch, view: View | undefined, place: LeadsPlace): Record<string, unknown> {
  if (!view || view.id === usual_view) return writeSearch(search);
  if (sameQuestion(questionOf(view), search) && (placeOf(view) ?? place) === place) {
    return { view: view.id, ...(search.lead ? { lead: search.lead } : {}) };
  }
  return { view: view.id, changed: true, ...writeSearch(search) };
}
