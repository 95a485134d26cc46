import type { Lead } from "@bellwether/contracts/leads";
import type { View } from "@bellwether/contracts/views";
import { useCallback, useMemo, useState } from "react";
import { useSession } from "../../session.tsx";
import type { Column } from "./model/columns.ts";
import { ColumnLayout, defaultLayout, sameColumns, viewLayout } from "./model/columns.ts";

/**
 * Which columns are shown and how wide: what the view says, else what was chosen in this browser for the workspace.
 * Until somebody chooses, the first leads seen decide, once.
 */
export function useColumnLayout(
  columns: readonly Column[],
  sample: readonly Lead[],
  view: View | undefined,
): {
  layout: ColumnLayout;
  /** They aren't those of the view any more. */
  changed: boolean;
  change: (layout: ColumnLayout) => void;
  reset: () => void;
} {
  const { workspace } = useSession();
  const own = useMemo(() => (view ? viewLayout(view.columns) : null), [view]);
  const key = `bellwether.columns.${workspace.id}${own && view ? `.${view.id}` : ""}`;
  const [kept, setKept] = useState(() => ({ key, chosen: read(key) }));
  if (kept.key !== key) setKept({ key, chosen: read(key) });
  const chosen = kept.key === key ? kept.chosen : null;
  const first = useFirst(sample);
  const layout = useMemo(() => chosen ?? own ?? defaultLayout(columns, first), [chosen, own, columns, first]);
  const change = useCallback(
    (next: ColumnLayout) => {
      setKept({ key, chosen: next });
      write(key, next);
    },
    [key],
  );
  const reset = useCallback(() => {
    setKept({ key, chosen: null });
    write(key, null);
  }, [key]);
  return { layout, changed: own !== null && chosen !== null && !sameColumns(chosen, own), change, reset };
}

/** The first sample that held anything: later ones don't move the columns about. */
function useFirst(sample: readonly Lead[]): readonly Lead[] {
  const [first, setFirst] = useState(sample);
  if (first.length === 0 && sample.length > 0) setFirst(sample);
  return first;
}

// Storage may be full or forbidden; the columns then last as long as the page.
function read(key: string): ColumnLayout | null {
  try {
    const parsed = ColumnLayout.safeParse(JSON.parse(localStorage.getItem(key) ?? "null"));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function write(key: string, layout: ColumnLayout | null): void {
  try {
    if (layout) localStorage.setItem(key, JSON.stringify(layout));
    else localStorage.removeItem(key);
  } catch {
    return;
  }
}
