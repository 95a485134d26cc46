import { useState } from "react";
import { useMay } from "../../session.tsx";
import type { ExportAsk } from "../exports/index.ts";
import type { Lookups } from "./lookups.ts";
import type { Column } from "./model/columns.ts";
import { exportColumns } from "./model/columns.ts";
import type { Selection } from "./model/selection.ts";
import type { ListInput } from "./pages.ts";

interface Exporting {
  asked: ExportAsk | null;
  close: () => void;
  /** What the list shows. Null for whoever may not export. */
  list: ((words: string) => void) | null;
  /** What is chosen of it. */
  chosen: ((words: string) => void) | null;
}

export function useExporting(
  input: ListInput,
  columns: Column[],
  fields: Lookups["fields"],
  selection: Selection,
): Exporting {
  const may_export = useMay("leads:export");
  const [asked, setAsked] = useState<ExportAsk | null>(null);
  const ask = (which: ExportAsk["which"], words: string) =>
    setAsked({ which, words, shown: exportColumns(columns), all: exportColumns(fields) });
  const list = (words: string) => ask(input, words);
  const chosen = (words: string) =>
    selection.all
      ? list(words)
      : ask({ lead_ids: [...selection.ids], ...(input.sort ? { sort: input.sort } : {}) }, words);
  return {
    asked,
    close: () => setAsked(null),
    list: may_export ? list : null,
    chosen: may_export ? chosen : null,
  };
}
