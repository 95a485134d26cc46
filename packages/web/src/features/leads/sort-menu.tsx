import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import { type Column, whyNotSorted } from "./model/columns.ts";
import { nextSort, type SortBy } from "./model/filters.ts";

const icon = { size: 15, stroke: 1.6, "aria-hidden": true } as const;

interface Props {
  columns: readonly Column[];
  sort: readonly SortBy[];
  change: (sort: SortBy[]) => void;
}

/** Where the list has no head to tap: a field sorts upwards, then downwards, then no more. */
export function SortMenu({ columns, sort, change }: Props) {
  const [key] = sort;
  return (
    <Menu position="bottom-end" width={220} closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="Sort">
          <IconArrowsSort size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah="60dvh" style={{ overflowY: "auto" }}>
        <Menu.CheckboxItem checked={key === undefined} onChange={() => change([])}>
          Newest first
        </Menu.CheckboxItem>
        {columns.map((column) => {
          const field = whyNotSorted(column) === null ? column.sort : null;
          if (!field) return null;
          const direction = key?.field === field ? key.direction : null;
          const Arrow = direction === "desc" ? IconArrowDown : IconArrowUp;
          return (
            <Menu.CheckboxItem
              key={column.id}
              checked={direction !== null}
              rightSection={direction && <Arrow {...icon} />}
              onChange={() => change(nextSort(sort, field, false))}
            >
              {column.type === "name" ? "Last name" : column.label}
            </Menu.CheckboxItem>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
