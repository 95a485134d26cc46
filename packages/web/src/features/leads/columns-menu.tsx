import { ActionIcon, Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconColumns3, IconGripVertical } from "@tabler/icons-react";
import { useState } from "react";
import css from "./page.module.css";
import type { Column, ColumnLayout } from "./model/columns.ts";
import { moveColumn, setShown, shownColumns } from "./model/columns.ts";

interface Props {
  columns: Column[];
  layout: ColumnLayout;
  change: (layout: ColumnLayout) => void;
  reset: () => void;
}

/** Which columns the list shows, and in which order. */
export function ColumnsMenu({ columns, layout, change, reset }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconColumns3 size={15} stroke={1.6} />}
          onClick={() => setOpened(!opened)}
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Chooser columns={columns} layout={layout} change={change} reset={reset} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Chooser({ columns, layout, change, reset }: Props) {
  const [find, setFind] = useState("");
  const [dragged, setDragged] = useState<string | null>(null);
  const shown = shownColumns(columns, layout).slice(1);
  const hidden = columns.filter((column) => column.type !== "name" && !shown.includes(column));
  const matches = (column: Column) => column.label.toLowerCase().includes(find.trim().toLowerCase());
  return (
    <div className={css.columns} role="group" aria-label="Columns">
      <TextInput
        placeholder="Search columns"
        aria-label="Search columns"
        value={find}
        onChange={(event) => setFind(event.currentTarget.value)}
        data-autofocus
      />
      <ul className={css.columnList}>
        {shown.filter(matches).map((column) => (
          <li
            key={column.id}
            draggable
            className={css.columnRow}
            data-dragged={dragged === column.id || undefined}
            onDragStart={() => setDragged(column.id)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => {
              event.preventDefault();
              if (dragged && dragged !== column.id)
                change(moveColumn(layout, dragged, layout.shown.indexOf(column.id)));
            }}
          >
            <IconGripVertical size={14} className={css.columnGrip} aria-hidden="true" />
            <Checkbox
              label={column.label}
              checked
              onChange={() => change(setShown(layout, column.id, false))}
              flex={1}
            />
            <Move column={column} layout={layout} change={change} by={-1} last={shown[0] === column} />
            <Move column={column} layout={layout} change={change} by={1} last={shown.at(-1) === column} />
          </li>
        ))}
        {hidden.filter(matches).map((column) => (
          <li key={column.id} className={css.columnRow}>
            <span className={css.columnGrip} />
            <Checkbox
              label={column.label}
              checked={false}
              onChange={() => change(setShown(layout, column.id, true))}
              flex={1}
            />
          </li>
        ))}
      </ul>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={reset}>
        Back to the usual columns
      </Button>
    </div>
  );
}

function Move({
  column,
  layout,
  change,
  by,
  last,
}: {
  column: Column;
  layout: ColumnLayout;
  change: (layout: ColumnLayout) => void;
  by: -1 | 1;
  last: boolean;
}) {
  return (
    <ActionIcon
      size="sm"
      disabled={last}
      aria-label={`Move ${column.label} ${by < 0 ? "up" : "down"}`}
      onClick={() => change(moveColumn(layout, column.id, layout.shown.indexOf(column.id) + by))}
    >
      {by < 0 ? <IconArrowUp size={14} /> : <IconArrowDown size={14} />}
    </ActionIcon>
  );
}
