import type { Rule } from "@bellwether/contracts/rule";
import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { FormPopover } from "../../../ui/index.ts";
import type { Column } from "../model/columns.ts";
import { chipWords, leafField } from "../model/filters.ts";
import { type Asked, isAsked, partsOf, ruleOfParts, ruleWords } from "../model/groups.ts";
import { happenedChip } from "../model/happened.ts";
import type { Names } from "../model/values.ts";
import { FilterEditor } from "./filter-editor.tsx";
import { GroupDialog } from "./group-dialog.tsx";
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
  if (!rule) return null;
  const parts = partsOf(rule);
  return (
    <div className={css.bar} role="group" aria-label="Filters">
      {parts.map((part, at) => {
        // Conditions have no identity of their own; their place is what the person sees.
        const shared = { fields, names, and: at > 0 };
        const set = (next: Rule | null) =>
          change(ruleOfParts(next ? parts.with(at, next) : parts.toSpliced(at, 1)));
        return isAsked(part) ? (
          <Chip {...shared} key={at} chip={part} change={set} />
        ) : (
          <GroupChip {...shared} key={at} rule={part} change={set} />
        );
      })}
      <Button variant="subtle" color="gray" size="compact-sm" onClick={editAsText}>
        Edit as text
      </Button>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => change(null)}>
        Clear all
      </Button>
    </div>
  );
}

interface GroupChipProps {
  rule: Rule;
  fields: Column[];
  names: Names;
  and: boolean;
  change: (rule: Rule | null) => void;
}

function GroupChip({ rule, fields, names, and, change }: GroupChipProps) {
  const [opened, setOpened] = useState(false);
  const words = ruleWords(rule, fields, names);
  return (
    <>
      {and && <span className={css.and}>and</span>}
      <span className={css.chip}>
        <button type="button" className={css.chipText} title={words} onClick={() => setOpened(true)}>
          <span className={css.more}>({words})</span>
        </button>
        <Remove label={`Remove the filter: ${words}`} run={() => change(null)} />
      </span>
      <GroupDialog
        start={rule}
        opened={opened}
        close={() => setOpened(false)}
        fields={fields}
        names={names}
        apply={change}
      />
    </>
  );
}

function Chip({
  chip,
  fields,
  names,
  and,
  change,
}: {
  chip: Asked;
  fields: Column[];
  names: Names;
  and: boolean;
  change: (chip: Asked | null) => void;
}) {
  const [opened, setOpened] = useState(false);
  const column = "event" in chip ? undefined : fields.find((field) => field.id === leafField(chip));
  const words = "event" in chip ? happenedChip(chip, names) : chipWords(chip, column, names);
  const sentence = [words.label, words.operator, words.value].filter(Boolean).join(" ");
  return (
    <>
      {and && <span className={css.and}>and</span>}
      <span className={css.chip}>
        <FormPopover
          opened={opened}
          setOpened={setOpened}
          target={
            <button
              type="button"
              className={css.chipText}
              onClick={() => setOpened(!opened)}
              disabled={"field" in chip && !column}
            >
              {words.label} <span className={css.operator}>{words.operator}</span> <b>{words.value}</b>
            </button>
          }
        >
          <FilterEditor
            fields={fields}
            names={names}
            start={chip}
            apply={(next) => {
              setOpened(false);
              change(next);
            }}
          />
        </FormPopover>
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
  add: (rule: Rule) => void;
  opened: boolean;
  setOpened: (opened: boolean) => void;
}

export function AddFilter({ fields, names, add, opened, setOpened }: AddProps) {
  const [grouping, setGrouping] = useState(false);
  return (
    <>
      <FormPopover
        opened={opened}
        setOpened={setOpened}
        target={
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setOpened(!opened)}>
            Filter
          </Button>
        }
      >
        <FilterEditor
          fields={fields}
          names={names}
          start={null}
          apply={(chip) => {
            setOpened(false);
            add(chip);
          }}
          group={() => {
            setOpened(false);
            setGrouping(true);
          }}
        />
      </FormPopover>
      <GroupDialog
        start={null}
        opened={grouping}
        close={() => setGrouping(false)}
        fields={fields}
        names={names}
        apply={add}
      />
    </>
  );
}
