import { Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { PointerEvent } from "react";
import { memo } from "react";
import type { Column, ColumnLayout } from "../model/columns.ts";
import { isNumeric, whyNotSorted, widthOf } from "../model/columns.ts";
import type { SortBy } from "../model/filters.ts";
import css from "./grid.module.css";

interface Props {
  columns: Column[];
  layout: ColumnLayout;
  sort: readonly SortBy[];
  active: number;
  onSort: (column: Column, also: boolean) => void;
  onResize: (column: Column, width: number) => void;
  /** How much of what is loaded is chosen; null where nothing can be chosen. */
  chosen: "none" | "some" | "all" | null;
}

export const GridHeader = memo(function GridHeader({
  columns,
  layout,
  sort,
  active,
  onSort,
  onResize,
  chosen,
}: Props) {
  return (
    <div role="rowgroup" className={css.head}>
      <div role="row" aria-rowindex={1} className={css.headRow}>
        {columns.map((column, index) => {
          const place = sort.findIndex((key) => key.field === column.sort);
          const direction = sort[place]?.direction ?? null;
          return (
            <div
              key={column.id}
              id={`cell--1-${index}`}
              role="columnheader"
              aria-colindex={index + 1}
              {...(column.sort
                ? {
                    "aria-sort":
                      direction === "asc" ? "ascending" : direction === "desc" ? "descending" : "none",
                  }
                : {})}
              className={css.headCell}
              data-first={index === 0 || undefined}
              data-number={isNumeric(column) || undefined}
              data-active={active === index || undefined}
            >
              {index === 0 && chosen !== null && <ChooseLoaded chosen={chosen} />}
              <HeadLabel
                column={column}
                direction={direction}
                place={sort.length > 1 && place >= 0 ? place + 1 : null}
                onSort={onSort}
              />
              <Resizer column={column} width={widthOf(layout, column)} onResize={onResize} />
            </div>
          );
        })}
      </div>
    </div>
  );
});

function ChooseLoaded({ chosen }: { chosen: "none" | "some" | "all" }) {
  return (
    <label className={css.choose} data-choose="loaded">
      <input
        ref={(box) => {
          if (box) box.indeterminate = chosen === "some";
        }}
        type="checkbox"
        tabIndex={-1}
        checked={chosen === "all"}
        readOnly
        aria-label="Choose the leads loaded here"
      />
    </label>
  );
}

function HeadLabel({
  column,
  direction,
  place,
  onSort,
}: {
  column: Column;
  direction: "asc" | "desc" | null;
  /** Which of several keys it is. */
  place: number | null;
  onSort: (column: Column, also: boolean) => void;
}) {
  const why = whyNotSorted(column);
  const by = column.type === "name" ? "last name" : column.label;
  const hint = why ?? `Sort by ${by}. With Shift, sort by it as well`;
  const label = (
    <button
      type="button"
      tabIndex={-1}
      className={css.headLabel}
      data-sorts={why === null || undefined}
      aria-disabled={why !== null}
      onClick={(event) => onSort(column, event.shiftKey)}
    >
      <span className={css.cut}>{column.label}</span>
      {direction === "asc" && <IconArrowUp size={13} aria-hidden="true" />}
      {direction === "desc" && <IconArrowDown size={13} aria-hidden="true" />}
      {place !== null && (
        <span className={css.sortPlace} title={`Sorted by this ${["first", "second", "third"][place - 1]}`}>
          {place}
        </span>
      )}
    </button>
  );
  return (
    <Tooltip label={hint} openDelay={600}>
      {label}
    </Tooltip>
  );
}

/** Drag to resize; with the keyboard it is Alt and an arrow on the header. */
function Resizer({
  column,
  width,
  onResize,
}: {
  column: Column;
  width: number;
  onResize: (column: Column, width: number) => void;
}) {
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const grip = event.currentTarget;
    const from = event.clientX;
    grip.setPointerCapture(event.pointerId);
    const drag = (move: globalThis.PointerEvent) => onResize(column, width + move.clientX - from);
    const stop = () => {
      grip.removeEventListener("pointermove", drag);
      grip.removeEventListener("pointerup", stop);
      grip.removeEventListener("pointercancel", stop);
    };
    grip.addEventListener("pointermove", drag);
    grip.addEventListener("pointerup", stop);
    grip.addEventListener("pointercancel", stop);
  };
  return <span className={css.grip} onPointerDown={start} aria-hidden="true" />;
}
