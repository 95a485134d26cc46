import type { Lead } from "@bellwether/contracts/leads";
import type { MouseEvent, RefObject } from "react";
import { useRef } from "react";
import { toggle } from "../model/selection.ts";
import type { Selecting } from "../selecting.ts";
import type { ColumnHandle } from "./board-column.tsx";

/** Ctrl-click takes a card in or out, Shift-click all from the last one in its column. True when the click chose. */
export function useChoosing(
  selecting: Selecting | null,
  columns: RefObject<ReadonlyMap<string, ColumnHandle>>,
) {
  const last = useRef<string | null>(null);
  return (lead: Lead, event: Pick<MouseEvent, "ctrlKey" | "metaKey" | "shiftKey">): boolean => {
    if (!selecting || !(event.ctrlKey || event.metaKey || event.shiftKey)) return false;
    const ids = columns.current.get(lead.stage)?.leads.map((each) => each.id) ?? [];
    const from = last.current === null ? -1 : ids.indexOf(last.current);
    const to = ids.indexOf(lead.id);
    last.current = lead.id;
    if (event.shiftKey && from >= 0 && to >= 0) {
      const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
      selecting.select((now) => ({ ids: new Set([...now.ids, ...range]), all: false, range: null }));
    } else {
      selecting.select((now) => toggle(now, 0, () => lead.id, ids));
    }
    return true;
  };
}
