import { card_fields_max } from "@bellwether/contracts/views";
import { Button, Checkbox, Popover, Switch, TextInput } from "@mantine/core";
import { IconLayoutCards } from "@tabler/icons-react";
import { useState } from "react";
import type { Column } from "../model/columns.ts";
import css from "./board.module.css";
import type { BoardLooks } from "./prefs.ts";

// They stand on every card in a place of their own, or are what the column says already.
const always = new Set(["name", "company", "owner_id", "stage", "stage_since", "overdue"]);

/** What cards show; kept in this browser for each view until it is saved with it. */
export function CardMenu({ columns, looks }: { columns: readonly Column[]; looks: BoardLooks }) {
  const [find, setFind] = useState("");
  const { fields, setFields, compact, setCompact } = looks;
  const matching = columns.filter(
    (column) => !always.has(column.id) && column.label.toLowerCase().includes(find.trim().toLowerCase()),
  );
  const full = fields.length >= card_fields_max;
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconLayoutCards size={15} stroke={1.6} />}>
          Cards
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={css.chooser} role="group" aria-label="Cards">
          <Switch
            label="Compact"
            checked={compact}
            onChange={(event) => setCompact(event.currentTarget.checked)}
          />
          <TextInput
            placeholder="Search fields"
            aria-label="Search fields"
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
            mt="sm"
          />
          <ul className={css.chooserList}>
            {matching.map((column) => {
              const on = fields.includes(column.id);
              return (
                <li key={column.id}>
                  <Checkbox
                    label={column.label}
                    checked={on}
                    disabled={!on && full}
                    onChange={() =>
                      setFields(on ? fields.filter((each) => each !== column.id) : [...fields, column.id])
                    }
                  />
                </li>
              );
            })}
          </ul>
          <p className={css.hint}>
            {compact
              ? "Compact cards leave fields out."
              : `Up to ${card_fields_max}, shown where they hold something.`}
          </p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
