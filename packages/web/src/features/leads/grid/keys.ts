import type { KeyboardEvent } from "react";
import { widthOf } from "../model/columns.ts";
import type { Spot } from "../model/moves.ts";
import { move } from "../model/moves.ts";
import type { LeadPages } from "../pages.ts";
import type { Choosing } from "./choosing.ts";
import type { GridProps } from "./lead-grid.tsx";

interface KeyContext extends Pick<
  GridProps,
  "columns" | "layout" | "onSort" | "onResize" | "onOpen" | "onEscape" | "open"
> {
  spot: Spot;
  pages: LeadPages;
  go: (spot: Spot) => void;
  edit: (spot: Spot) => void;
  choosing: Choosing | null;
  page: number;
}

/** What each key does in the grid, which has the focus itself. */
export function useGridKeys(context: KeyContext) {
  return (event: KeyboardEvent<HTMLDivElement>) => {
    // Keys typed into an editor or a link bubble up here; they aren't ours.
    if (event.target !== event.currentTarget) return;
    const { spot, pages, columns, go } = context;
    const ctrl = event.ctrlKey || event.metaKey;
    const row = context.choosing?.key(event) ?? null;
    if (row !== null) {
      event.preventDefault();
      return go({ ...spot, row });
    }
    const to = move(
      spot,
      { key: event.key, ctrl, shift: event.shiftKey, alt: event.altKey },
      { rows: pages.rows, columns: columns.length, page: context.page },
    );
    if (to) {
      event.preventDefault();
      context.choosing?.moved();
      return go(to);
    }
    if (spot.row === -1 ? headerKey(event, context) : rowKey(event, ctrl, context)) event.preventDefault();
  };
}

function headerKey(event: KeyboardEvent, { spot, columns, layout, onSort, onResize }: KeyContext): boolean {
  const column = columns[spot.column];
  if (!column) return false;
  if (event.key === "Enter" || event.key === " ") onSort(column, event.shiftKey);
  else if (event.altKey && event.key === "ArrowRight") onResize(column, widthOf(layout, column) + 16);
  else if (event.altKey && event.key === "ArrowLeft") onResize(column, widthOf(layout, column) - 16);
  else return false;
  return true;
}

function rowKey(
  event: KeyboardEvent,
  ctrl: boolean,
  { spot, pages, columns, onOpen, onEscape, edit, open, choosing }: KeyContext,
): boolean {
  const lead = pages.at(spot.row);
  if (event.key === "Escape" && open === null && choosing?.letGo()) return true;
  if (event.key === "Escape") onEscape();
  else if (!lead) return false;
  else if (event.key === "Enter" && (ctrl || columns[spot.column]?.type === "name"))
    onOpen(lead, { row: spot.row, page: ctrl });
  else if (event.key === "Enter" || event.key === "F2" || (event.key === "e" && !ctrl)) edit(spot);
  else if (event.key === "o" && !ctrl) onOpen(lead, { row: spot.row, page: false });
  else return false;
  return true;
}
