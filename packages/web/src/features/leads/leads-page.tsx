import type { Lead } from "@bellwether/contracts/leads";
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconAddressBook, IconFilterOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../api.ts";
import { useLive } from "../../live.ts";
import { useMay } from "../../session.tsx";
import { EmptyState, ErrorState, LinkButton, useHotkeys, usePageTitle } from "../../ui/index.ts";
import { CreateLead } from "./create-lead.tsx";
import { EditsProvider } from "./edits.tsx";
import { FilterBar } from "./filters/filter-bar.tsx";
import type { GridHandle } from "./grid/lead-grid.tsx";
import { LeadGrid } from "./grid/lead-grid.tsx";
import { useListInput } from "./input.ts";
import { useColumnLayout } from "./layout.ts";
import { LeadPanel } from "./lead-panel.tsx";
import { useLookups } from "./lookups.ts";
import { useMe } from "./me.ts";
import { resizeColumn, shownColumns } from "./model/columns.ts";
import { isFiltered, nextSort } from "./model/filters.ts";
import css from "./page.module.css";
import type { LeadPages } from "./pages.ts";
import { useFirstLeads } from "./pages.ts";
import { useLeadsSearch } from "./search.ts";
import { Shortcuts } from "./shortcuts.tsx";
import { countWords, Toolbar } from "./toolbar.tsx";
import { leaveTrail } from "./trail.ts";

const phone_below = "(max-width: 47.99em)";

/** Why there are no rows: nothing matches, or something failed. */
type Blank = Pick<LeadPages, "error" | "refused" | "retry">;

interface Status {
  count: string;
  searching: boolean;
  refused: string | null;
  blank: Blank | null;
}

function statusOf(pages: LeadPages): Status {
  const { error, refused, retry, searching } = pages;
  return {
    count: countWords(pages),
    searching,
    refused,
    blank: error || pages.empty ? { error, refused, retry } : null,
  };
}

function sameStatus(a: Status, b: Status): boolean {
  return (
    a.count === b.count &&
    a.searching === b.searching &&
    a.refused === b.refused &&
    (a.blank === null) === (b.blank === null) &&
    a.blank?.error === b.blank?.error
  );
}

/** All leads: found, filtered, sorted, opened and changed without leaving the list. */
export function LeadsPage() {
  usePageTitle("Leads");
  const lookups = useLookups();
  return (
    <EditsProvider names={lookups.names}>
      <Leads lookups={lookups} />
    </EditsProvider>
  );
}

function Leads({ lookups }: { lookups: ReturnType<typeof useLookups> }) {
  const { names, columns: all, fields, filters } = lookups;
  const me = useMe();
  const [search, change] = useLeadsSearch();
  const input = useListInput(search);
  const { layout, change: changeLayout, reset } = useColumnLayout(all, useFirstLeads());
  const columns = useStable(shownColumns(all, layout));
  const phone = useMediaQuery(phone_below, window.matchMedia(phone_below).matches) ?? false;
  const navigate = useNavigate();
  const grid = useRef<GridHandle>(null);
  const box = useRef<HTMLInputElement>(null);
  const may_write = useMay("leads:write");
  const [dialog, setDialog] = useState<"create" | "shortcuts" | null>(null);
  const [filtering, setFiltering] = useState(false);
  const [status, setStatus] = useState<Status>({ count: "", searching: false, refused: null, blank: null });
  const [said, say] = usePassingWords();
  useSeenPagesLive();

  const openPage = (id: string, row?: number) => {
    const at = row ?? grid.current?.rowOf(id);
    if (at !== undefined) leaveTrail(id, input, at);
    void navigate({ to: "/leads/$id", params: { id } });
  };
  const open = (lead: Lead, how: { row: number; page: boolean; tab?: boolean }) => {
    if (how.tab) window.open(`/leads/${lead.id}`, "_blank", "noopener");
    else if (how.page || phone) openPage(lead.id, how.row);
    else change({ lead: lead.id }, { push: search.lead === null });
  };
  const close = useCallback(() => {
    change({ lead: null });
    grid.current?.focus();
  }, [change]);
  const leaf = (by: number) => {
    const next = search.lead && grid.current?.neighbour(search.lead, by);
    if (next) change({ lead: next.id });
  };
  const onStatus = useCallback((pages: LeadPages) => {
    const next = statusOf(pages);
    setStatus((now) => (sameStatus(now, next) ? now : next));
  }, []);
  useHotkeys([
    ["/", () => box.current?.focus()],
    ["c", () => may_write && setDialog("create")],
    ["f", () => setFiltering(true)],
    ["shift+?", () => setDialog("shortcuts"), { usePhysicalKeys: false }],
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
        create={may_write ? () => setDialog("create") : null}
        toList={() => grid.current?.focus()}
        shortcuts={() => setDialog("shortcuts")}
      />
      <FilterBar rule={search.rule} fields={filters} names={names} change={(rule) => change({ rule })} />
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
                create={may_write ? () => setDialog("create") : null}
              />
            )
          }
        />
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
      <CreateLead
        opened={dialog === "create"}
        close={() => setDialog(null)}
        fields={fields}
        names={names}
        open={(id) => (phone ? openPage(id) : change({ lead: id }, { push: true }))}
      />
      <Shortcuts opened={dialog === "shortcuts"} close={() => setDialog(null)} />
    </div>
  );
}

/** What stands where the rows would: the way out of an empty list, or what failed. */
function Instead({
  blank,
  filtered,
  clear,
  create,
}: {
  blank: Blank;
  filtered: boolean;
  clear: () => void;
  create: (() => void) | null;
}) {
  const may_import = useMay("imports:run");
  if (blank.refused) {
    return (
      <Alone>
        <EmptyState
          icon={IconFilterOff}
          title="This search can’t be asked"
          action={
            <Button variant="default" onClick={clear}>
              Clear search and filters
            </Button>
          }
        >
          {blank.refused}
        </EmptyState>
      </Alone>
    );
  }
  if (blank.error)
    return (
      <Alone>
        <ErrorState error={blank.error} retry={blank.retry} title="The leads can’t be shown" />
      </Alone>
    );
  if (filtered) {
    return (
      <Alone>
        <EmptyState
          icon={IconFilterOff}
          title="No lead matches"
          action={
            <Button variant="default" onClick={clear}>
              Clear search and filters
            </Button>
          }
        >
          Nothing here fits what you asked for. Try fewer conditions or another spelling.
        </EmptyState>
      </Alone>
    );
  }
  return (
    <Alone>
      <EmptyState
        icon={IconAddressBook}
        title="No leads yet"
        action={
          <>
            {may_import && <LinkButton to="/imports/new">Import a file</LinkButton>}
            {create && (
              <Button variant="default" onClick={create}>
                Create a lead
              </Button>
            )}
          </>
        }
      >
        {create
          ? "Bring the people you already know from a CSV file, or add the first by hand."
          : "As soon as your colleagues add leads, they appear here."}
      </EmptyState>
    </Alone>
  );
}

/** A grid has rows only: what stands instead of them is one cell. */
function Alone({ children }: { children: React.ReactNode }) {
  return (
    <div role="rowgroup" className={css.alone}>
      <div role="row">
        <div role="gridcell">{children}</div>
      </div>
    </div>
  );
}

const live_soon_ms = 200;
const live_pause_ms = 1000;

/** When leads change elsewhere, the pages in sight are read again; the rest when one scrolls there. */
function useSeenPagesLive() {
  const queries = useQueryClient();
  const timer = useRef(0);
  const last = useRef(0);
  useLive((event) => {
    if (!event.lead_id && !/^(lead|import|tag|stage)\./.test(event.name)) return;
    // One change is shown soon; an import, which tells of itself many times a second, once a second.
    const wait_ms = Math.max(live_soon_ms, last.current + live_pause_ms - performance.now());
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      last.current = performance.now();
      void queries.invalidateQueries({ queryKey: api.leads.query.key({ type: "query" }) });
    }, wait_ms);
  });
}

/** Something open above the page takes Esc first. */
function floating(): boolean {
  return document.querySelector(".mantine-Popover-dropdown, .mantine-Menu-dropdown") !== null;
}

/** A sentence that goes away by itself. */
function usePassingWords(): [string, (words: string) => void] {
  const [words, setWords] = useState("");
  useEffect(() => {
    if (!words) return;
    const timer = window.setTimeout(() => setWords(""), 4000);
    return () => window.clearTimeout(timer);
  }, [words]);
  return [words, setWords];
}

/** The same array as long as it holds the same: rows compare it to know whether to draw again. */
function useStable<T>(items: T[]): T[] {
  const kept = useRef(items);
  if (kept.current.length !== items.length || kept.current.some((item, at) => item !== items[at]))
    kept.current = items;
  return kept.current;
}
