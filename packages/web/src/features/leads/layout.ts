import type { Lead } from "@bellwether/contracts/leads";
import { useCallback, useMemo, useState } from "react";
import { useSession } from "../../session.tsx";
import type { Column } from "./model/columns.ts";
import { ColumnLayout, defaultLayout } from "./model/columns.ts";

/**
 * Which columns are shown and how wide, kept in this browser for each workspace. Until somebody
 * chooses, the first leads seen decide, once.
 */
export function useColumnLayout(
  columns: readonly Column[],
  sample: readonly Lead[],
): {
  layout: ColumnLayout;
  change: (layout: ColumnLayout) => void;
  reset: () => void;
} {
  const { workspace } = useSession();
  const key = `bellwether.columns.${workspace.id}`;
  const [chosen, setChosen] = useState<ColumnLayout | null>(() => read(key));
  const first = useFirst(sample);
  const layout = useMemo(() => chosen ?? defaultLayout(columns, first), [chosen, columns, first]);
  const change = useCallback(
    (next: ColumnLayout) => {
      setChosen(next);
      write(key, next);
    },
    [key],
  );
  const reset = useCallback(() => {
    setChosen(null);
    write(key, null);
  }, [key]);
  return { layout, change, reset };
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
