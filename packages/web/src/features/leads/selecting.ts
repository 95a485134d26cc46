import { useCallback, useMemo, useState } from "react";
import type { Selection } from "./model/selection.ts";
import { isNothing, nothing } from "./model/selection.ts";
import type { ListInput } from "./pages.ts";

export interface Selecting {
  selection: Selection;
  select: (next: Selection | ((now: Selection) => Selection)) => void;
  clear: () => void;
}

// Kept as long as the tab, so that coming back from a lead finds what was chosen.
let last: { key: string; selection: Selection } | null = null;

/** What is chosen in the list. Another search begins with nothing; another order keeps it. */
export function useSelecting(input: ListInput): Selecting {
  const key = JSON.stringify([input.rule, input.q]);
  const [kept, setKept] = useState(() => last ?? { key, selection: nothing });
  const selection = kept.key === key ? kept.selection : nothing;
  const select = useCallback(
    (next: Selection | ((now: Selection) => Selection)) =>
      setKept((now) => {
        const before = now.key === key ? now.selection : nothing;
        last = { key, selection: typeof next === "function" ? next(before) : next };
        return last;
      }),
    [key],
  );
  const clear = useCallback(() => select((now) => (isNothing(now) ? now : nothing)), [select]);
  return useMemo(() => ({ selection, select, clear }), [selection, select, clear]);
}
