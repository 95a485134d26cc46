import type { Lead } from "@bellwether/contracts/leads";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { MouseEvent } from "react";
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { useCompactRows } from "../density.ts";
import { useEdits } from "../edits.tsx";
import type { Me } from "../me.ts";
import type { Column, ColumnLayout } from "../model/columns.ts";
import { widthOf } from "../model/columns.ts";
import { whyNotEdited } from "../model/edits.ts";
import type { SortBy } from "../model/filters.ts";
import type { Spot } from "../model/moves.ts";
import { isChosen, isNothing } from "../model/selection.ts";
import type { Names } from "../model/values.ts";
import { holdStill, useNews } from "../news.ts";
import type { LeadPages, ListInput } from "../pages.ts";
import { useLeadPages } from "../pages.ts";
import type { Selecting } from "../selecting.ts";
import css from "./grid.module.css";
import { GridHeader } from "./grid-header.tsx";
import { GridRow } from "./grid-row.tsx";
import { useGridKeys } from "./keys.ts";
import { NewsPill } from "./news-pill.tsx";
import { recall, remember } from "./place.ts";
import { rowAt, useChoosing } from "./choosing.ts";

const row_height = 36;
const compact_row_height = 28;
const phone_row_height = 60;
const header_height = 36;
const bar_height = 72;

export interface GridHandle {
  focus: () => void;
  /** The lead a number of rows away from another, to leaf through the list from the card. */
  neighbour: (lead_id: string, by: number) => Lead | undefined;
  /** The row a lead in sight is on. */
  rowOf: (lead_id: string) => number | undefined;
}

export interface GridProps {
  ref?: React.Ref<GridHandle>;
  input: ListInput;
  columns: Column[];
  layout: ColumnLayout;
  names: Names;
  me: Me;
  phone: boolean;
  sort: readonly SortBy[];
  open: string | null;
  /** Null: this person has no use for choosing several. */
  selecting: Selecting | null;
  /** `also`: beside what the list is sorted by already. */
  onSort: (column: Column, also: boolean) => void;
  onResize: (column: Column, width: number) => void;
  onOpen: (lead: Lead, how: { row: number; page: boolean; tab?: boolean }) => void;
  onEscape: () => void;
  onStatus: (pages: LeadPages) => void;
  say: (words: string) => void;
  /** What stands where the rows would, when there are none. */
  instead: React.ReactNode;
}

/**
 * The list: a grid of which only the rows in sight exist. Focus stays on the grid itself and
 * `aria-activedescendant` names the cell, since a focused cell that scrolls away would take the
 * focus with it.
 */
export function LeadGrid(props: GridProps) {
  const { input, columns, layout, names, me, phone, open, onStatus } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const queries = useQueryClient();
  const place = useMemo(() => {
    const found = recall(input);
    if (found && found.top > 0) holdStill(queries, input);
    return found;
  }, [queries, input]);
  const [spot, setSpot] = useState<Spot>(place?.spot ?? { row: 0, column: 0 });
  const [editing, setEditing] = useState<(Spot & { lead_id: string }) | null>(null);
  const [focused, setFocused] = useState(false);
  const [range, setRange] = useState({ from: 0, to: 40 });
  const pages = useLeadPages(input, range.from, range.to);
  const { refusals } = useEdits();
  const choosing = useChoosing(props.selecting, pages, spot);
  const watched = useNews(pages, columns, (gone) => choosing?.drop(gone));
  const [compact] = useCompactRows();
  const height = phone ? phone_row_height : compact ? compact_row_height : row_height;

  const virtual = useVirtualizer({
    count: pages.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    initialOffset: place?.top ?? 0,
    paddingStart: phone ? 0 : header_height,
    scrollPaddingStart: phone ? 0 : header_height,
    // Room for the bar that stands over the foot of the list.
    paddingEnd: choosing && !isNothing(choosing.selection) ? bar_height : 0,
    scrollPaddingEnd: choosing && !isNothing(choosing.selection) ? bar_height : 0,
  });
  const items = virtual.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const to = (items.at(-1)?.index ?? 40) + 1;
  useEffect(() => setRange((now) => (now.from === from && now.to === to ? now : { from, to })), [from, to]);
  useEffect(() => onStatus(pages));
  useEffect(() => virtual.measure(), [virtual, height]);
  useBackToTop(pages.input, input, virtual, setSpot);
  useEffect(() => () => remember(input, { top: virtual.scrollOffset ?? 0, spot }), [input, virtual, spot]);

  const go = useCallback(
    (next: Spot) => {
      setSpot(next);
      if (next.row >= 0) virtual.scrollToIndex(next.row, { align: "auto" });
      scrollToColumn(scroller.current, columns, layout, next.column);
    },
    [virtual, columns, layout],
  );
  useImperativeHandle(props.ref, () => handleOf(scroller, pages, from, to, go, spot), [
    pages,
    from,
    to,
    go,
    spot,
  ]);

  const edit = (at: Spot) => {
    const lead = pages.at(at.row);
    const column = columns[at.column];
    if (!lead || !column) return;
    const why =
      column.type === "tags" ? "Tags are changed on the card." : whyNotEdited(column, lead, me, names.stages);
    if (why) return props.say(why);
    setEditing({ ...at, lead_id: lead.id });
  };
  const stopEditing = useCallback(
    (then: "stay" | "next" | "previous") => {
      setEditing(null);
      scroller.current?.focus({ preventScroll: true });
      if (then !== "stay")
        setSpot((now) => ({
          ...now,
          column: Math.max(0, Math.min(columns.length - 1, now.column + (then === "next" ? 1 : -1))),
        }));
    },
    [columns.length],
  );

  const keys = useGridKeys({
    ...props,
    spot,
    pages,
    go,
    edit,
    choosing,
    page: Math.max(1, Math.floor((to - from) / 2)),
  });
  const onClick = (event: MouseEvent) => {
    if (choosing?.click(event)) {
      scroller.current?.focus({ preventScroll: true });
      const row = rowAt(event.target);
      if (row !== null) setSpot((now) => ({ ...now, row }));
      return;
    }
    const at = spotOf(event.target);
    if (!at || (event.target instanceof HTMLAnchorElement && event.target.target === "_blank")) return;
    const lead = pages.at(at.row);
    setSpot(at);
    if (!lead) return;
    event.preventDefault();
    const tab = event.metaKey || event.ctrlKey;
    props.onOpen(lead, { row: at.row, page: tab, tab });
  };
  const onDoubleClick = (event: MouseEvent) => {
    const at = spotOf(event.target);
    if (at && at.column > 0 && !phone) edit(at);
  };

  const template = columns.map((column) => `${widthOf(layout, column)}px`).join(" ");
  const width = columns.reduce((sum, column) => sum + widthOf(layout, column), 0);
  const active =
    items.some((item) => item.index === spot.row) || spot.row === -1
      ? `cell-${spot.row}-${spot.column}`
      : undefined;
  const { instead } = props;
  return (
    <>
      <NewsPill
        words={watched.words}
        show={() => {
          if (watched.show()) virtual.scrollToOffset(0);
          scroller.current?.focus({ preventScroll: true });
        }}
      />
      <div
        ref={scroller}
        className={css.scroller}
        role="grid"
        tabIndex={0}
        aria-label="Leads"
        aria-rowcount={pages.rows + 1}
        aria-colcount={phone ? 1 : columns.length}
        aria-busy={pages.loading}
        {...(active && !instead ? { "aria-activedescendant": active } : {})}
        {...(choosing ? { "aria-multiselectable": true } : {})}
        onKeyDown={keys}
        onMouseDown={(event) => choosing?.keepFocus(event)}
        onClick={onClick}
        onAuxClick={(event) => event.button === 1 && onClick(event)}
        onDoubleClick={onDoubleClick}
        onFocus={(event) => event.target === event.currentTarget && setFocused(true)}
        onBlur={(event) => event.target === event.currentTarget && setFocused(false)}
        data-phone={phone || undefined}
        data-chooses={choosing !== null || undefined}
        data-choosing={(choosing && !isNothing(choosing.selection)) || undefined}
        style={phone ? {} : { "--columns": template, "--width": `${width}px`, "--row": `${height}px` }}
      >
        {!phone && (
          <GridHeader
            columns={columns}
            layout={layout}
            sort={props.sort}
            active={focused && spot.row === -1 ? spot.column : -1}
            onSort={props.onSort}
            onResize={props.onResize}
            chosen={choosing ? choosing.loaded : null}
          />
        )}
        {instead ?? (
          <div
            role="rowgroup"
            className={css.body}
            data-outdated={pages.outdated || undefined}
            style={{ height: virtual.getTotalSize() - (phone ? 0 : header_height) }}
          >
            {items.map((item) => {
              const lead = pages.at(item.index);
              return (
                <GridRow
                  key={item.index}
                  row={item.index}
                  top={item.start - (phone ? 0 : header_height)}
                  lead={lead}
                  mark={lead && watched.news.marks.get(lead.id)}
                  columns={columns}
                  names={names}
                  phone={phone}
                  active={focused && spot.row === item.index ? spot.column : -1}
                  open={lead !== undefined && lead.id === open}
                  chosen={choosing && lead ? isChosen(choosing.selection, lead.id) : null}
                  editing={
                    editing && editing.row === item.index && editing.lead_id === lead?.id
                      ? editing.column
                      : -1
                  }
                  refusals={lead && refusals.get(lead.id)}
                  me={me}
                  done={stopEditing}
                />
              );
            })}
          </div>
        )}
        {pages.stuck && !pages.error && <Stuck retry={pages.retry} />}
      </div>
    </>
  );
}

function Stuck({ retry }: { retry: () => void }) {
  return (
    <div role="rowgroup" className={css.stuck}>
      <div role="row">
        <div role="gridcell">
          More leads couldn’t be loaded.{" "}
          <Button size="compact-sm" variant="default" onClick={retry}>
            Try again
          </Button>
        </div>
      </div>
    </div>
  );
}

/** A new search begins at the top, once its rows are here. */
function useBackToTop(
  shown: ListInput,
  wanted: ListInput,
  virtual: { scrollToOffset: (to: number) => void },
  setSpot: (spot: Spot) => void,
) {
  const before = useRef(wanted);
  useEffect(() => {
    if (shown !== wanted || before.current === wanted) return;
    before.current = wanted;
    virtual.scrollToOffset(0);
    setSpot({ row: 0, column: 0 });
  }, [shown, wanted, virtual, setSpot]);
}

function handleOf(
  scroller: React.RefObject<HTMLDivElement | null>,
  pages: LeadPages,
  from: number,
  to: number,
  go: (spot: Spot) => void,
  spot: Spot,
): GridHandle {
  const rowOf = (lead_id: string) =>
    [spot.row, ...Array.from({ length: to - from }, (_, k) => from + k)].find(
      (at) => pages.at(at)?.id === lead_id,
    );
  return {
    rowOf,
    focus: () => scroller.current?.focus({ preventScroll: true }),
    neighbour: (lead_id, by) => {
      const row = rowOf(lead_id);
      if (row === undefined) return undefined;
      const lead = pages.at(row + by);
      if (lead) go({ row: row + by, column: spot.column });
      return lead;
    },
  };
}

function spotOf(target: EventTarget): Spot | null {
  if (!(target instanceof Element)) return null;
  const cell = target.closest("[data-column]");
  const row = target.closest("[data-row]");
  if (!(cell instanceof HTMLElement) || !(row instanceof HTMLElement)) return null;
  if (target.closest("input, textarea, button, [data-choose]")) return null;
  return { row: Number(row.dataset["row"]), column: Number(cell.dataset["column"]) };
}

/** Brings a column out from under the sticky first one. */
function scrollToColumn(
  scroller: HTMLDivElement | null,
  columns: Column[],
  layout: ColumnLayout,
  index: number,
) {
  const first = columns[0];
  if (!scroller || !first || index === 0) return;
  const sticky = widthOf(layout, first);
  const left = columns.slice(0, index).reduce((sum, column) => sum + widthOf(layout, column), 0);
  const column = columns[index];
  const right = left + (column ? widthOf(layout, column) : 0);
  if (left < scroller.scrollLeft + sticky) scroller.scrollLeft = left - sticky;
  else if (right > scroller.scrollLeft + scroller.clientWidth)
    scroller.scrollLeft = right - scroller.clientWidth;
}
