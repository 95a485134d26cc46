import type { ViewColumn } from "@bellwether/contracts/views";
import type { ReactNode, RefObject } from "react";
import type * as z from "zod";
import { showOverlay } from "../../overlay.ts";
import { questionOf, sameQuestion, type useViews, ViewTabs } from "../views/index.ts";
import { FilterBar } from "./filters/filter-bar.tsx";
import type { Status } from "./list-state.tsx";
import type { Lookups } from "./lookups.ts";
import { asText } from "./model/query.ts";
import css from "./page.module.css";
import type { useLeadsSearch } from "./search.ts";
import { Toolbar } from "./toolbar.tsx";

interface Props {
  views: ReturnType<typeof useViews>;
  here: ReturnType<typeof useLeadsSearch>;
  lookups: Lookups;
  status: Status;
  /** The columns that a view is saved with, and whether they were changed since. */
  columns: { now: z.infer<typeof ViewColumn>[]; changed: boolean; reset: () => void };
  box: RefObject<HTMLInputElement | null>;
  phone: boolean;
  filtering: boolean;
  setFiltering: (filtering: boolean) => void;
  create: (() => void) | null;
  /** Null for whoever may not export. */
  exportAll: (() => void) | null;
  /** From the search box to what was found. */
  toFound: () => void;
  /** Chooses how what was found looks: columns of the list, fields of the cards. */
  looks: ReactNode;
  children: ReactNode;
}

/** What stands above the leads, however they are shown: search, views and filters, all of it in the address. */
export function LeadsFrame(props: Props) {
  const { views, here, lookups, columns, box } = props;
  const { search, view, change, openView, place } = here;
  return (
    <div className={css.page}>
      <Toolbar
        box={box}
        status={props.status}
        search={search}
        change={change}
        lookups={lookups}
        looks={props.looks}
        phone={props.phone}
        filtering={props.filtering}
        setFiltering={props.setFiltering}
        create={props.create}
        exportAll={props.exportAll}
        toFound={props.toFound}
        shortcuts={() => showOverlay("shortcuts")}
      />
      <ViewTabs
        views={views.views}
        active={view}
        place={place}
        now={{ q: search.q, rule: search.rule, sort: search.sort, columns: columns.now }}
        changed={columns.changed || (view !== undefined && !sameQuestion(questionOf(view), search))}
        open={openView}
        reset={() => {
          if (view) change(questionOf(view));
          if (columns.changed) columns.reset();
        }}
        saved={(next) => {
          if (columns.changed) columns.reset();
          if (next.id === view?.id) openView(next.id);
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
          change({ q: asText(search.rule, search.q, lookups.filters), rule: null });
          box.current?.focus();
        }}
      />
      {props.children}
    </div>
  );
}
