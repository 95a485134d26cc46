import type { Spot } from "../model/moves.ts";
import type { ListInput } from "../pages.ts";

interface Place {
  top: number;
  spot: Spot;
}

// Where one was in the list last looked at, for coming back from a lead's page. It lives as long as
// the tab: after a reload the pages before it aren't known, and the list begins at the top.
let last: { key: string; place: Place } | null = null;

export function remember(input: ListInput, place: Place): void {
  last = { key: JSON.stringify(input), place };
}

export function recall(input: ListInput): Place | null {
  return last?.key === JSON.stringify(input) ? last.place : null;
}
