import type { ViewColumn } from "@bellwether/contracts/views";
import type { ReactNode } from "react";
import { useRef, useState } from "react";
import type * as z from "zod";
import { showOverlay } from "../../overlay.ts";
import { useMay } from "../../session.tsx";
import { useHotkeys } from "../../ui/index.ts";
import { useUndoKey } from "../changes/index.ts";
import { ExportDialog } from "../exports/index.ts";
import { placeOf, questionOf, sameQuestion, type useViews, ViewTabs } from "../views/index.ts";
import { BulkBar } from "./bulk/bulk-bar.tsx";
import { useExporting } from "./exporting.ts";
import { FilterBar } from "./filters/filter-bar.tsx";
import { LeadPanel } from "./lead-panel.tsx";
import type { Status } from "./list-state.tsx";
import type { Lookups } from "./lookups.ts";
import type { Column } from "./model/columns.ts";
import { asText } from "./model/query.ts";
import css from "./page.module.css";
import type { useOpening } from "./page-hooks.ts";
import { useCreate } from "./page-hooks.ts";
import type { ListInput } from "./pages.ts";
import type { useLeadsSearch } from "./search.ts";
import type { Selecting } from "./selecting.ts";
import { Toolbar } from "./toolbar.tsx";

interface Props {
  views: ReturnType<typeof useViews>;
  here: ReturnType<typeof useLeadsSearch>;
  input: ListInput;
  lookups: Lookups;
  status: Status;
  /** The columns that a view is saved with, and whether they were changed since. */
  columns: { now: z.infer<typeof ViewColumn>[]; changed: boolean; reset: () => void };
  /** The same of what cards show. */
  cards: { now: string[] | null; changed: boolean; reset: () => void };
  /** What a file of these leads would hold. */
  exported: Column[];
  /** Null: this person has no use for choosing several. */
  selecting: Selecting | null;
  opening: ReturnType<typeof useOpening>;
  phone: boolean;
  /** From the search box to what was found. */
  toFound: () => void;
  /** Chooses how what was found looks: columns of the list, fields of the cards. */
  looks: ReactNode;
  said: string;
  children: ReactNode;
}

const none_chosen = { ids: new Set<string>(), all: false, range: null };

/** What stands around the leads, however they are shown: search, views and filters, all of it in the address; the open lead and what is done to many. */
export function LeadsFrame(props: Props) {
  const { views, here, input, lookups, columns, cards, status, selecting, opening, phone } = props;
  const { search, view, change, openView, place } = here;
  const moved = view !== undefined && (placeOf(view) ?? place) !== place;
  const resetLooks = () => {
    if (columns.changed) columns.reset();
    if (cards.changed) cards.reset();
  };
  const box = useRef<HTMLInputElement>(null);
  const [filtering, setFiltering] = useState(false);
  const create = useCreate();
  const may_bulk = useMay("leads:bulk");
  const exporting = useExporting(input, props.exported, lookups.fields, selecting?.selection ?? none_chosen);
  useUndoKey();
  // The list hears its own keys; on a page just opened nothing has the focus, and they shall work as well.
  const toLeads = () => {
    if (document.activeElement === document.body) props.toFound();
  };
  useHotkeys([
    ["j", toLeads, { preventDefault: false }],
    ["k", toLeads, { preventDefault: false }],
    ["ArrowDown", toLeads, { preventDefault: false }],
    ["/", () => box.current?.focus()],
    ["c", () => create?.()],
    ["f", () => setFiltering(true)],
    ["ctrl+ArrowRight", () => opening.leaf(1)],
    ["ctrl+ArrowLeft", () => opening.leaf(-1)],
  ]);
  return (
    <div className={css.page}>
      <Toolbar
        box={box}
        status={status}
        search={search}
        change={change}
        lookups={lookups}
        looks={props.looks}
        phone={phone}
        filtering={filtering}
        setFiltering={setFiltering}
        create={create}
        exportAll={exporting.list && (() => exporting.list?.(status.count || "leads"))}
        toFound={props.toFound}
        searchAt={here.searchAt}
        shortcuts={() => showOverlay("shortcuts")}
      />
      <ViewTabs
        views={views.views}
        failed={views.failed}
        active={view}
        place={place}
        now={{
          q: search.q,
          rule: search.rule,
          sort: search.sort,
          columns: columns.now,
          card_fields: cards.now,
        }}
        changed={
          moved ||
          columns.changed ||
          cards.changed ||
          (view !== undefined && !sameQuestion(questionOf(view), search))
        }
        open={openView}
        reset={() => {
          if (view && moved) openView(view);
          else if (view) change(questionOf(view));
          resetLooks();
        }}
        saved={(next) => {
          resetLooks();
          if (next.id === view?.id) openView(next);
        }}
        move={views.move}
        moved={views.moved}
      />
      {view?.broken && <p className={css.broken}>{view.broken} Change the filters and save the view.</p>}
      <FilterBar
        rule={search.rule}
        fields={lookups.filters}
        names={lookups.names}
        change={(rule) => change({ rule })}
        editAsText={() => {
          change({ q: asText(search.rule, search.q, lookups.filters, lookups.names.segments), rule: null });
          box.current?.focus();
        }}
      />
      <div className={css.split}>
        {props.children}
        {may_bulk && selecting && (
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
            close={opening.close}
            leaf={opening.leaf}
            openPage={opening.openPage}
          />
        )}
      </div>
      <p className={css.said} role="status">
        {props.said}
      </p>
      <ExportDialog ask={exporting.asked} close={exporting.close} />
    </div>
  );
}
