import type { Happened } from "@bellwether/contracts/happened";
import { type Condition, Operator, type Rule } from "@bellwether/contracts/rule";
import { ActionIcon, Autocomplete, SegmentedControl, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { AddButton } from "../../../ui/index.ts";
import { longList } from "../long-list.ts";
import type { Column } from "../model/columns.ts";
import { operatorWords, reshape, valueShape } from "../model/filters.ts";
import {
  eventColumns,
  happenedChip,
  propertyColumn,
  propertyCondition,
  propertyOperatorsFor,
  ruleOfWhere,
  whereOf,
} from "../model/happened.ts";
import type { Names } from "../model/values.ts";
import { ConditionValue } from "./condition-value.tsx";
import css from "./filters.module.css";

interface Props {
  rule: Happened;
  names: Names;
  change: (where: Rule | undefined) => void;
}

/** What the event's properties must be. */
export function EventWhere({ rule, names, change }: Props) {
  const columns = eventColumns(rule.event, names.events);
  const where = whereOf(rule.where);
  // Nested deeper than this shows, it stays as it is.
  if (where === null) return <p>{happenedChip({ event: rule.event, where: rule.where }, names).label}</p>;
  const { conditions, mode } = where;
  const set = (next: readonly Condition[], by = mode) => change(ruleOfWhere({ mode: by, conditions: next }));
  return (
    <>
      {conditions.length > 1 && (
        <SegmentedControl
          size="xs"
          className={css.together ?? ""}
          aria-label="These properties hold together by"
          data={[
            { value: "all", label: "All of" },
            { value: "any", label: "Any of" },
          ]}
          value={mode}
          onChange={(by) => set(conditions, by === "any" ? "any" : "all")}
        />
      )}
      {conditions.map((condition, at) => (
        // Conditions have no identity of their own; with another number of them, each begins anew.
        <div key={`${conditions.length} ${at}`} className={css.property}>
          <Property
            columns={columns}
            names={names}
            condition={condition}
            set={(next) => set(conditions.with(at, next))}
          />
          <ActionIcon aria-label="Remove this property" onClick={() => set(conditions.toSpliced(at, 1))}>
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <AddButton onClick={() => set([...conditions, { field: "", is: "contains" }])}>Property</AddButton>
    </>
  );
}

interface PropertyProps {
  columns: Column[];
  names: Names;
  condition: Condition;
  set: (condition: Condition) => void;
}

function Property({ columns, names, condition, set }: PropertyProps) {
  const column = columns.find(({ id }) => id === condition.field) ?? propertyColumn(condition.field, []);
  const operators = propertyOperatorsFor(column);
  const compare = (is: Operator, value: Condition["value"]) =>
    set({ field: condition.field, is, ...(value === undefined ? {} : { value }) });
  return (
    <div className={css.propertyFields}>
      <Autocomplete
        aria-label="Property"
        placeholder="Property, such as url"
        data={columns.map(({ id }) => id)}
        value={condition.field}
        onChange={(field) => {
          const next = columns.find(({ id }) => id === field);
          // A property that is known has a type; another keeps how it was compared while its name is typed.
          set(next ? propertyCondition(next) : { ...condition, field });
        }}
        {...longList(220)}
        comboboxProps={{ withinPortal: false }}
      />
      {condition.field !== "" && (
        <>
          <Select
            aria-label="Comparison"
            data={[...new Set([...operators, condition.is])].map((is) => ({
              value: is,
              label: operatorWords(column, is),
            }))}
            value={condition.is}
            onChange={(picked) => {
              const is = Operator.safeParse(picked);
              if (is.success) compare(is.data, reshape(condition.value, is.data));
            }}
            allowDeselect={false}
            {...longList(220)}
            comboboxProps={{ withinPortal: false }}
          />
          {valueShape(condition.is) !== "none" && (
            <ConditionValue
              key={`${column.type} ${valueShape(condition.is)}`}
              column={column}
              shape={valueShape(condition.is)}
              value={condition.value}
              names={names}
              change={(value) => compare(condition.is, value)}
              dates
            />
          )}
        </>
      )}
    </div>
  );
}
