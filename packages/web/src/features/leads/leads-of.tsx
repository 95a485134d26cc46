import type { Rule } from "@bellwether/contracts/rule";
import type { ReactNode } from "react";
import { useMemo, useRef, useState } from "react";
import { useMay } from "../../session.tsx";
import { useUndoKey } from "../changes/index.ts";
import { ExportDialog } from "../exports/index.ts";
import { BulkBar } from "./bulk/bulk-bar.tsx";
import { Editing } from "./editing.tsx";
import { useExporting } from "./exporting.ts";
import type { GridHandle } from "./grid/lead-grid.tsx";
import { LeadGrid } from "./grid/lead-grid.tsx";
import { useColumnLayout } from "./layout.ts";
import { Alone, Instead, useStatus } from "./list-state.tsx";
import type { Lookups } from "./lookups.ts";
import { useMe } from "./me.ts";
import { resizeColumn, shownColumns } from "./model/columns.ts";
import type { SortBy } from "./model/filters.ts";
import { nextSort } from "./model/filters.ts";
import css from "./page.module.css";
import { useOpening, usePassingWords, usePhone, useStable } from "./page-hooks.ts";
import type { ListInput } from "./pages.ts";
import { useFirstLeads } from "./pages.ts";
import { useSelecting } from "./selecting.ts";

interface Props {
  rule: Rule;
  lookups: Lookups;
  /** The static segment whose members these are: they can be taken out of it. */
  within?: string | undefined;
  /** What stands there when no lead matches. */
  empty: ReactNode;
  /** Above the rows, beside the count. */
  beside?: ReactNode;
}

/** The list of the leads that a rule means, as a part of another page: sorted, changed, chosen and opened as on the Leads page. */
export function LeadsOf(props: Props) {
  return (
    <Editing lookups={props.lookups}>
      <List {...props} />
    </Editing>
  );
}

const alone = { lead: null } as const;

function List({ rule, lookups, within, empty, beside }: Props) {
  const { names, columns: all } = lookups;
  const me = useMe();
  const phone = usePhone();
  const grid = useRef<GridHandle>(null);
  const [sort, setSort] = useState<SortBy[]>([]);
  const key = JSON.stringify(rule);
  // The same object as long as it asks for the same.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the rule's text stands for the rule
  const input = useMemo((): ListInput => ({ rule, ...(sort.length > 0 ? { sort } : {}) }), [key, sort]);
  const { layout, change: changeLayout } = useColumnLayout(all, useFirstLeads(), undefined);
  const columns = useStable(shownColumns(all, layout));
  const selecting = useSelecting(input);
  const may_bulk = useMay("leads:bulk");
  const [status, onStatus] = useStatus();
  const [said, say] = usePassingWords();
  const exporting = useExporting(input, columns, lookups.fields, selecting.selection);
  const opening = useOpening({ search: alone, change: () => undefined, input, grid, phone: true, say });
  useUndoKey();
  return (
    <>
      <div className={css.head}>
        <span className={`${css.count} bw-num`} role="status">
          {status.progress?.words ?? status.count}
        </span>
        {beside}
      </div>
      <div className={css.split}>
        <LeadGrid
          ref={grid}
          input={input}
          columns={columns}
          layout={layout}
          names={names}
          me={me}
          phone={phone}
          sort={sort}
          open={null}
          selecting={may_bulk ? selecting : null}
          onSort={(column, also) =>
            column.sort ? setSort((now) => nextSort(now, column.sort ?? "", also)) : undefined
          }
          onResize={(column, width) => changeLayout(resizeColumn(layout, column.id, width))}
          onOpen={opening.open}
          onEscape={() => undefined}
          onStatus={onStatus}
          say={say}
          instead={
            status.blank &&
            (status.blank.error || status.blank.refused ? (
              <Instead blank={status.blank} filtered={false} clear={() => setSort([])} create={null} />
            ) : (
              <Alone>{empty}</Alone>
            ))
          }
        />
        {may_bulk && (
          <BulkBar
            selecting={selecting}
            input={input}
            lookups={lookups}
            count={status.count}
            exportChosen={exporting.chosen}
            within={within}
          />
        )}
      </div>
      <p className={css.said} role="status">
        {said}
      </p>
      <ExportDialog ask={exporting.asked} close={exporting.close} />
    </>
  );
}
