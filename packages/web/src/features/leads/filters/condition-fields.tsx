import type { Condition } from "@bellwether/contracts/rule";
import { Operator } from "@bellwether/contracts/rule";
import { Select } from "@mantine/core";
import { useMemo } from "react";
import { longList } from "../long-list.ts";
import type { Column } from "../model/columns.ts";
import {
  familyOf,
  operatorsFor,
  operatorWords,
  reshape,
  usualOperator,
  valueShape,
} from "../model/filters.ts";
import type { Names } from "../model/values.ts";
import { ConditionValue } from "./condition-value.tsx";
import css from "./filters.module.css";

interface Props {
  fields: Column[];
  names: Names;
  condition: Condition | null;
  set: (condition: Condition) => void;
  /** Which field is settled already. */
  settled?: boolean;
  /** Ready to be searched as soon as it is there. */
  focused?: boolean;
}

/** Which field, how it is compared, and with what. */
export function ConditionFields({ fields, names, condition, set, settled = false, focused = false }: Props) {
  const column = fields.find((field) => field.id === condition?.field);
  const choices = useMemo(() => groupsOf(fields), [fields]);

  const pickField = (id: string | null) => {
    const next = fields.find((field) => field.id === id);
    if (!next) return;
    const is = usualOperator(next);
    set(conditionOf(next.id, is, reshape(undefined, is)));
  };
  const pickOperator = (picked: string | null) => {
    const is = Operator.safeParse(picked);
    if (condition && is.success)
      set(conditionOf(condition.field, is.data, reshape(condition.value, is.data)));
  };
  // Dropdowns stay inside the popover or dialog, whose outside would otherwise be clicked.
  const inside = { withinPortal: false } as const;

  return (
    <>
      {settled && column ? (
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
          {...(focused ? { "data-autofocus": true, defaultDropdownOpened: true } : {})}
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
              change={(value) => set(conditionOf(condition.field, condition.is, value))}
            />
          )}
        </>
      )}
    </>
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
