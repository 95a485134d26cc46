import { IconArrowsSort } from "@tabler/icons-react";
import { type Column, whyNotSorted } from "./model/columns.ts";
import type { SortBy } from "./model/filters.ts";
import css from "./page.module.css";

interface Props {
  columns: readonly Column[];
  sort: readonly SortBy[];
  change: (sort: SortBy[]) => void;
}

/** Where the list has no head to tap: the phone's own picker, behind a button. */
export function SortPicker({ columns, sort, change }: Props) {
  const [key] = sort;
  return (
    <span className={css.sort} data-sorted={key !== undefined || undefined}>
      <IconArrowsSort size={16} stroke={1.6} aria-hidden="true" />
      <select
        aria-label="Sort"
        value={key ? `${key.field} ${key.direction}` : ""}
        onChange={(event) => {
          const [field, direction] = event.currentTarget.value.split(" ");
          change(field ? [{ field, direction: direction === "desc" ? "desc" : "asc" }] : []);
        }}
      >
        <option value="">Newest first</option>
        {columns.flatMap((column) =>
          column.sort && whyNotSorted(column) === null
            ? (["asc", "desc"] as const).map((direction) => (
                <option key={`${column.id} ${direction}`} value={`${column.sort} ${direction}`}>
                  {`${column.type === "name" ? "Last name" : column.label} ${direction === "asc" ? "↑" : "↓"}`}
                </option>
              ))
            : [],
        )}
      </select>
    </span>
  );
}
