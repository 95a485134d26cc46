import type { KeyboardEvent, MouseEvent } from "react";
import type { Spot } from "../model/moves.ts";
import type { Selection } from "../model/selection.ts";
import { extend, isNothing, loadedState, nothing, toggle, toggleLoaded } from "../model/selection.ts";
import type { LeadPages } from "../pages.ts";
import type { Selecting } from "../selecting.ts";

export interface Choosing {
  selection: Selection;
  loaded: "none" | "some" | "all";
  /** True when the click was one that chooses. */
  click: (event: MouseEvent) => boolean;
  /** The row a key leads to when it was one that chooses. */
  key: (event: KeyboardEvent) => number | null;
  /** The keyboard went elsewhere: the next range begins there. */
  moved: () => void;
  /** Takes out leads that are gone. */
  drop: (lead_ids: string[]) => void;
  /** Lets go of what is chosen. False: nothing was. */
  letGo: () => boolean;
  /** A click on a box leaves the focus where the keys are heard. */
  keepFocus: (event: MouseEvent) => void;
}

/** Choosing several leads: boxes, x, Shift with a click or an arrow, Ctrl-A for what is loaded. */
export function useChoosing(selecting: Selecting | null, pages: LeadPages, spot: Spot): Choosing | null {
  if (!selecting) return null;
  const { selection, select } = selecting;
  const at = (row: number) => (pages.at(row) ?? pages.known(row))?.id;
  const held = () => pages.held().map((lead) => lead.id);

  const click = (event: MouseEvent) => {
    const box = boxOf(event.target);
    const row = rowAt(event.target);
    if (box === "loaded") select((now) => toggleLoaded(now, held()));
    else if (row === null) return false;
    else if (event.shiftKey) select((now) => extend(now, row, at, Math.max(0, spot.row)));
    else if (box === "row") select((now) => toggle(now, row, at, held()));
    else return false;
    // A click on the box itself is left to the browser, which would otherwise put its tick back.
    if (!(event.target instanceof HTMLInputElement)) event.preventDefault();
    window.getSelection()?.removeAllRanges();
    return true;
  };
  const key = (event: KeyboardEvent) => {
    const ctrl = event.ctrlKey || event.metaKey;
    const { row } = spot;
    if (ctrl && event.key === "a") {
      select((now) => ({ ...now, ids: new Set([...now.ids, ...held()]), all: false, range: null }));
      return row;
    }
    if (ctrl || event.altKey || row < 0) return null;
    if (event.key === "x" && !event.shiftKey) {
      select((now) => toggle(now, row, at, held()));
      return row;
    }
    const by = event.shiftKey ? (event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0) : 0;
    if (by === 0) return null;
    const to = Math.max(0, Math.min(pages.rows - 1, row + by));
    select((now) => extend(now, to, at, row));
    return to;
  };
  return {
    selection,
    loaded: isNothing(selection) ? "none" : loadedState(selection, held()),
    click,
    key,
    moved: () => selection.range && select((now) => ({ ...now, range: null })),
    drop: (lead_ids) => {
      const gone = new Set(lead_ids);
      if ([...selection.ids].some((id) => gone.has(id)))
        select((now) => ({ ...now, ids: new Set([...now.ids].filter((id) => !gone.has(id))), range: null }));
    },
    letGo: () => {
      if (isNothing(selection)) return false;
      select(nothing);
      return true;
    },
    keepFocus: (event) => {
      if (boxOf(event.target) !== null || (event.shiftKey && rowAt(event.target) !== null))
        event.preventDefault();
    },
  };
}

function boxOf(target: EventTarget): "row" | "loaded" | null {
  const box = target instanceof Element ? target.closest("[data-choose]") : null;
  if (!(box instanceof HTMLElement)) return null;
  return box.dataset["choose"] === "loaded" ? "loaded" : "row";
}

export function rowAt(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest("[data-row]") : null;
  return row instanceof HTMLElement ? Number(row.dataset["row"]) : null;
}
