import { useRef } from "react";
import { useMay } from "../../session.tsx";
import { useHotkeys, usePageTitle } from "../../ui/index.ts";
import type { useViews } from "../views/index.ts";
import { ColumnsMenu } from "./columns-menu.tsx";
import type { GridHandle } from "./grid/lead-grid.tsx";
import { LeadGrid } from "./grid/lead-grid.tsx";
import { useListInput } from "./input.ts";
import { useColumnLayout } from "./layout.ts";
import { LeadsFrame } from "./leads-frame.tsx";
import { Instead, useStatus } from "./list-state.tsx";
import type { Lookups } from "./lookups.ts";
import { useMe } from "./me.ts";
import { resizeColumn, shownColumns, viewColumns } from "./model/columns.ts";
import { isFiltered, nextSort } from "./model/filters.ts";
import { OfView } from "./of-view.tsx";
import { floating, useCreate, useOpening, usePassingWords, usePhone, useStable } from "./page-hooks.ts";
import { useFirstLeads } from "./pages.ts";
import { useLeadsSearch } from "./search.ts";
import { useSelecting } from "./selecting.ts";
import { SortPicker } from "./sort-picker.tsx";

/** All leads: found, filtered, sorted, opened and changed without leaving the list. */
export function LeadsPage() {
  usePageTitle("Leads");
  return <OfView place="/leads">{(parts) => <Leads {...parts} />}</OfView>;
}

function Leads({ lookups, views }: { lookups: Lookups; views: ReturnType<typeof useViews> }) {
  const { names, columns: all } = lookups;
  const me = useMe();
  const here = useLeadsSearch(views.views);
  const { search, view, change } = here;
  const input = useListInput(search);
  const shown = useColumnLayout(all, useFirstLeads(), view);
  const { layout, change: changeLayout, reset } = shown;
  const columns = useStable(shownColumns(all, layout));
  const phone = usePhone();
  const grid = useRef<GridHandle>(null);
  const may_bulk = useMay("leads:bulk");
  const create = useCreate();
  const selecting = useSelecting(input);
  const [status, onStatus] = useStatus();
  const [said, say] = usePassingWords();

  const opening = useOpening({ search, change, input, grid, phone, say });
  useHotkeys([["Escape", () => search.lead && !floating() && opening.close()]]);

  return (
    <LeadsFrame
      views={views}
      here={here}
      input={input}
      lookups={lookups}
      status={status}
      columns={{ now: viewColumns(layout), changed: shown.changed, reset }}
      cards={{ now: view?.card_fields ?? null, changed: false, reset: () => {} }}
      exported={columns}
      selecting={may_bulk ? selecting : null}
      opening={opening}
      phone={phone}
      toFound={() => grid.current?.focus()}
      looks={
        phone ? (
          <SortPicker columns={all} sort={search.sort} change={(sort) => change({ sort })} />
        ) : (
          <ColumnsMenu columns={all} layout={layout} change={changeLayout} reset={reset} />
        )
      }
      said={said}
    >
      <LeadGrid
        ref={grid}
        input={input}
        columns={columns}
        layout={layout}
        names={names}
        me={me}
        phone={phone}
        sort={search.sort}
        open={search.lead}
        selecting={may_bulk ? selecting : null}
        onSort={(column, also) =>
          column.sort ? change({ sort: nextSort(search.sort, column.sort, also) }) : undefined
        }
        onResize={(column, width) => changeLayout(resizeColumn(layout, column.id, width))}
        onOpen={opening.open}
        onEscape={() => search.lead && opening.close()}
        onStatus={onStatus}
        say={say}
        instead={
          status.blank && (
            <Instead
              blank={status.blank}
              filtered={isFiltered(search)}
              clear={() => change({ q: "", rule: null })}
              unsort={search.sort.length > 0 ? () => change({ sort: [] }) : null}
              create={create}
            />
          )
        }
      />
    </LeadsFrame>
  );
}
