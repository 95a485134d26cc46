import { useMediaQuery } from "@mantine/hooks";
import { useSearch } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { showOverlay } from "../../overlay.ts";
import { useMay } from "../../session.tsx";
import { SkeletonRows, useHotkeys, usePageTitle } from "../../ui/index.ts";
import { useUndoKey } from "../changes/index.ts";
import { ExportDialog } from "../exports/index.ts";
import { questionOf, sameQuestion, useViews, ViewTabs } from "../views/index.ts";
import { BulkBar } from "./bulk/bulk-bar.tsx";
import { EditsProvider } from "./edits.tsx";
import { useExporting } from "./exporting.ts";
import { FilterBar } from "./filters/filter-bar.tsx";
import type { GridHandle } from "./grid/lead-grid.tsx";
import { LeadGrid } from "./grid/lead-grid.tsx";
import { useListInput } from "./input.ts";
import { useColumnLayout } from "./layout.ts";
import { LeadPanel } from "./lead-panel.tsx";
import type { Status } from "./list-state.tsx";
import { Instead, sameStatus, statusOf, unknown } from "./list-state.tsx";
import type { Lookups } from "./lookups.ts";
import { useLookups } from "./lookups.ts";
import { useMe } from "./me.ts";
import { resizeColumn, shownColumns, viewColumns } from "./model/columns.ts";
import { isFiltered, nextSort } from "./model/filters.ts";
import { asText } from "./model/query.ts";
import css from "./page.module.css";
import { floating, useOpening, usePassingWords, useStable } from "./page-hooks.ts";
import type { LeadPages } from "./pages.ts";
import { useFirstLeads } from "./pages.ts";
import { useLeadsSearch } from "./search.ts";
import { useSelecting } from "./selecting.ts";
import { Toolbar } from "./toolbar.tsx";

const phone_below = "(max-width: 47.99em)";

/** All leads: found, filtered, sorted, opened and changed without leaving the list. */
export function LeadsPage() {
  usePageTitle("Leads");
  const lookups = useLookups();
  const views = useViews();
  // A view's name alone doesn't say yet which leads it means.
  const { view } = useSearch({ strict: false }) satisfies { view?: unknown };
  if (views.pending && view !== undefined) return <SkeletonRows rows={12} height={36} />;
  return (
    <EditsProvider names={lookups.names}>
      <Leads lookups={lookups} views={views} />
    </EditsProvider>
  );
}

function Leads({ lookups, views }: { lookups: Lookups; views: ReturnType<typeof useViews> }) {
  const { names, columns: all, fields, filters } = lookups;
  const me = useMe();
  const { search, view, change, openView } = useLeadsSearch(views.views);
  const input = useListInput(search);
  const shown = useColumnLayout(all, useFirstLeads(), view);
  const { layout, change: changeLayout, reset } = shown;
  const columns = useStable(shownColumns(all, layout));
  const phone = useMediaQuery(phone_below, window.matchMedia(phone_below).matches) ?? false;
  const grid = useRef<GridHandle>(null);
  const box = useRef<HTMLInputElement>(null);
  const may_write = useMay("leads:write");
  const may_bulk = useMay("leads:bulk");
  const create = may_write ? () => showOverlay("new_lead") : null;
  const selecting = useSelecting(input);
  const exporting = useExporting(input, columns, fields, selecting.selection);
  useUndoKey();
  const [filtering, setFiltering] = useState(false);
  const [status, setStatus] = useState<Status>(unknown);
  const [said, say] = usePassingWords();

  const { open, openPage, close, leaf } = useOpening({ search, change, input, grid, phone, say });
  const onStatus = useCallback((pages: LeadPages) => {
    const next = statusOf(pages);
    setStatus((now) => (sameStatus(now, next) ? now : next));
  }, []);
  useHotkeys([
    ["/", () => box.current?.focus()],
    ["c", () => may_write && showOverlay("new_lead")],
    ["f", () => setFiltering(true)],
    ["ctrl+ArrowRight", () => leaf(1)],
    ["ctrl+ArrowLeft", () => leaf(-1)],
    ["Escape", () => search.lead && !floating() && close()],
  ]);

  return (
    <div className={css.page}>
      <Toolbar
        box={box}
        status={status}
        search={search}
        change={change}
        lookups={lookups}
        layout={layout}
        changeLayout={changeLayout}
        resetLayout={reset}
        phone={phone}
        filtering={filtering}
        setFiltering={setFiltering}
        create={create}
        exportAll={exporting.list && (() => exporting.list?.(status.count || "leads"))}
        toList={() => grid.current?.focus()}
        shortcuts={() => showOverlay("shortcuts")}
      />
      <ViewTabs
        views={views.views}
        active={view}
        now={{ q: search.q, rule: search.rule, sort: search.sort, columns: viewColumns(layout) }}
        changed={shown.changed || (view !== undefined && !sameQuestion(questionOf(view), search))}
        open={openView}
        reset={() => {
          if (view) change(questionOf(view));
          if (shown.changed) reset();
        }}
        saved={(next) => {
          if (shown.changed) reset();
          if (next.id === view?.id) openView(next.id);
        }}
        move={views.move}
        moved={views.moved}
      />
      {view?.broken && <p className={css.broken}>{view.broken} Change the filters and save the view.</p>}
      <FilterBar
        rule={search.rule}
        fields={filters}
        names={names}
        change={(rule) => change({ rule })}
        editAsText={() => {
          change({ q: asText(search.rule, search.q, filters), rule: null });
          box.current?.focus();
        }}
      />
      <div className={css.split}>
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
          onSort={(column) =>
            column.sort ? change({ sort: nextSort(search.sort, column.sort) }) : undefined
          }
          onResize={(column, width) => changeLayout(resizeColumn(layout, column.id, width))}
          onOpen={open}
          onEscape={() => search.lead && close()}
          onStatus={onStatus}
          say={say}
          instead={
            status.blank && (
              <Instead
                blank={status.blank}
                filtered={isFiltered(search)}
                clear={() => change({ q: "", rule: null })}
                create={create}
              />
            )
          }
        />
        {may_bulk && (
          <BulkBar
            selecting={selecting}
            input={input}
            lookups={lookups}
            count={status.count}
            exportChosen={exporting.chosen}
          />
        )}
        {search.lead && !phone && (
          <LeadPanel
            key={search.lead}
            id={search.lead}
            lookups={lookups}
            close={close}
            leaf={leaf}
            openPage={openPage}
          />
        )}
      </div>
      <p className={css.said} role="status">
        {said}
      </p>
      <ExportDialog ask={exporting.asked} close={exporting.close} />
    </div>
  );
}
