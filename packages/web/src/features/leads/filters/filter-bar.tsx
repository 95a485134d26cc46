import type { Condition, Rule } from "@bellwether/contracts/rule";
import { ActionIcon, Button, Popover } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Column } from "../model/columns.ts";
import { chipsOf, chipWords, ruleOf } from "../model/filters.ts";
import type { Names } from "../model/values.ts";
import { FilterEditor } from "./filter-editor.tsx";
import css from "./filters.module.css";

interface Props {
  rule: Rule | null;
  fields: Column[];
  names: Names;
  change: (rule: Rule | null) => void;
  /** Moves the filters into the search box, as text. */
  editAsText: () => void;
}

/** The conditions in words, each with a cross; they hold together (“and”). */
export function FilterBar({ rule, fields, names, change, editAsText }: Props) {
  const chips = chipsOf(rule);
  if (!rule) return null;
  if (!chips) {
    return (
      <div className={css.bar} role="group" aria-label="Filters">
        <span className={css.chip}>
          <span className={css.chipText}>A filter with groups, from this page’s address</span>
          <Remove label="Remove the filter" run={() => change(null)} />
        </span>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={editAsText}>
          Edit as text
        </Button>
      </div>
    );
  }
  return (
    <div className={css.bar} role="group" aria-label="Filters">
      {chips.map((chip, at) => (
        <Chip
          // Conditions have no identity of their own; their place is what the person sees.
          key={at}
          chip={chip}
          fields={fields}
          names={names}
          and={at > 0}
          change={(next) => change(ruleOf(next ? chips.with(at, next) : chips.toSpliced(at, 1)))}
        />
      ))}
      <Button variant="subtle" color="gray" size="compact-sm" onClick={editAsText}>
        Edit as text
      </Button>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => change(null)}>
        Clear all
      </Button>
    </div>
  );
}

function Chip({
  chip,
  fields,
  names,
  and,
  change,
}: {
  chip: Condition;
  fields: Column[];
  names: Names;
  and: boolean;
  change: (chip: Condition | null) => void;
}) {
  const [opened, setOpened] = useState(false);
  const column = fields.find((field) => field.id === chip.field);
  const words = chipWords(chip, column, names);
  const sentence = [words.label, words.operator, words.value].filter(Boolean).join(" ");
  return (
    <>
      {and && <span className={css.and}>and</span>}
      <span className={css.chip}>
        <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus withinPortal>
          <Popover.Target>
            <button
              type="button"
              className={css.chipText}
              onClick={() => setOpened(!opened)}
              disabled={!column}
            >
              {words.label} <span className={css.operator}>{words.operator}</span> <b>{words.value}</b>
            </button>
          </Popover.Target>
          <Popover.Dropdown>
            <FilterEditor
              fields={fields}
              names={names}
              start={chip}
              apply={(next) => {
                setOpened(false);
                change(next);
              }}
            />
          </Popover.Dropdown>
        </Popover>
        <Remove label={`Remove the filter: ${sentence}`} run={() => change(null)} />
      </span>
    </>
  );
}

function Remove({ label, run }: { label: string; run: () => void }) {
  return (
    <ActionIcon size="xs" aria-label={label} onClick={run} className={css.remove}>
      <IconX size={12} />
    </ActionIcon>
  );
}

interface AddProps {
  fields: Column[];
  names: Names;
  add: (chip: Condition) => void;
  opened: boolean;
  setOpened: (opened: boolean) => void;
}

export function AddFilter({ fields, names, add, opened, setOpened }: AddProps) {
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setOpened(!opened)}>
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <FilterEditor
          fields={fields}
          names={names}
          start={null}
          apply={(chip) => {
            setOpened(false);
            add(chip);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
