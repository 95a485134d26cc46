import type { Condition } from "@bellwether/contracts/rule";
import { Operator } from "@bellwether/contracts/rule";
import { Button, Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { longList } from "../long-list.ts";
import type { Column } from "../model/columns.ts";
import {
  familyOf,
  isComplete,
  operatorsFor,
  operatorWords,
  reshape,
  usualOperator,
  valueShape,
} from "../model/filters.ts";
import type { Names } from "../model/values.ts";
import css from "./filters.module.css";
import { ConditionValue } from "./condition-value.tsx";

interface Props {
  fields: Column[];
  names: Names;
  start: Condition | null;
  apply: (condition: Condition) => void;
}

/** One condition: which field, how it is compared, with what. */
export function FilterEditor({ fields, names, start, apply }: Props) {
  const [condition, setCondition] = useState<Condition | null>(start);
  const column = fields.find((field) => field.id === condition?.field);
  const choices = useMemo(() => groupsOf(fields), [fields]);

  const pickField = (id: string | null) => {
    const next = fields.find((field) => field.id === id);
    if (!next) return;
    const is = usualOperator(next);
    setCondition(conditionOf(next.id, is, reshape(undefined, is)));
  };
  const pickOperator = (picked: string | null) => {
    const is = Operator.safeParse(picked);
    if (condition && is.success)
      setCondition(conditionOf(condition.field, is.data, reshape(condition.value, is.data)));
  };
  const ready = condition !== null && isComplete(condition);
  // Dropdowns stay inside the popover, whose outside would otherwise be clicked.
  const inside = { withinPortal: false } as const;

  return (
    <form
      className={css.editor}
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        if (condition && ready) apply(condition);
      }}
    >
      {start && column ? (
        <div className={css.field}>{column.label}</div>
      ) : (
        <Select
          label="Field"
          placeholder="Search fields"
          data={choices}
          value={condition?.field ?? null}
          onChange={pickField}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No such field"
          {...longList(260)}
          comboboxProps={inside}
          data-autofocus
          defaultDropdownOpened
        />
      )}
      {column && condition && (
        <>
          <Select
            aria-label="Comparison"
            data={operatorsFor(column).map((is) => ({ value: is, label: operatorWords(column, is) }))}
            value={condition.is}
            onChange={pickOperator}
            allowDeselect={false}
            {...longList(260)}
            comboboxProps={inside}
          />
          {valueShape(condition.is) !== "none" && (
            <ConditionValue
              // Another field or shape begins with an empty editor.
              key={`${condition.field} ${valueShape(condition.is)}`}
              column={column}
              shape={valueShape(condition.is)}
              value={condition.value}
              names={names}
              change={(value) => setCondition(conditionOf(condition.field, condition.is, value))}
            />
          )}
        </>
      )}
      <Button type="submit" disabled={!ready} fullWidth>
        Apply
      </Button>
    </form>
  );
}

function conditionOf(field: string, is: Condition["is"], value: Condition["value"]): Condition {
  return value === undefined ? { field, is } : { field, is, value };
}

function groupsOf(fields: Column[]) {
  const items = (custom: boolean) =>
    fields
      .filter((field) => field.custom === custom && familyOf(field) !== null && field.id !== "avatar_url")
      .map((field) => ({ value: field.id, label: field.label }));
  const own = items(true);
  return [
    ...(own.length > 0 ? [{ group: "Your fields", items: own }] : []),
    { group: "Every lead", items: items(false) },
  ];
}
