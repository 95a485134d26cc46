import type { Condition, InSegment } from "@bellwether/contracts/rule";
import { Operator } from "@bellwether/contracts/rule";
import { Select } from "@mantine/core";
import { useMemo } from "react";
import { longList } from "../long-list.ts";
import type { Column } from "../model/columns.ts";
import {
  familyOf,
  leafField,
  memberWords,
  operatorsFor,
  operatorWords,
  reshape,
  segment_choice,
  segmentChoices,
  usualOperator,
  valueShape,
} from "../model/filters.ts";
import type { Asked } from "../model/groups.ts";
import { emptyHappened } from "../model/happened.ts";
import type { Names } from "../model/values.ts";
import { ConditionValue } from "./condition-value.tsx";
import { EventFields } from "./event-fields.tsx";
import css from "./filters.module.css";

interface Props {
  fields: Column[];
  names: Names;
  condition: Asked | null;
  set: (condition: Asked) => void;
  /** Which field is settled already. */
  settled?: boolean;
  /** Ready to be searched as soon as it is there. */
  focused?: boolean;
}

// Dropdowns stay inside the popover or dialog, whose outside would otherwise be clicked.
const inside = { withinPortal: false } as const;

/** What stands in the list of fields for what isn't one. */
const event_choice = "event";

/** Which field or segment, how it is compared, and with what; or what happened. */
export function ConditionFields({ fields, names, condition, set, settled = false, focused = false }: Props) {
  const choices = useMemo(() => groupsOf(fields), [fields]);
  const label = condition && labelOf(condition, fields);
  const pickField = (id: string | null) => {
    if (id === segment_choice) return set({ segment: "", member: true });
    if (id === event_choice) return set(emptyHappened);
    const next = fields.find((field) => field.id === id);
    if (!next) return;
    const is = usualOperator(next);
    set(conditionOf(next.id, is, reshape(undefined, is)));
  };
  return (
    <>
      {settled && label ? (
        <div className={css.field}>{label}</div>
      ) : (
        <Select
          label="Field"
          placeholder="Search fields"
          data={choices}
          value={condition && ("event" in condition ? event_choice : leafField(condition))}
          onChange={pickField}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No such field"
          {...longList(260)}
          comboboxProps={inside}
          {...(focused ? { "data-autofocus": true, defaultDropdownOpened: true } : {})}
        />
      )}
      {condition && "event" in condition && (
        <EventFields names={names} rule={condition} set={set} focused={focused} />
      )}
      {condition && "segment" in condition && <SegmentParts names={names} condition={condition} set={set} />}
      {condition && "field" in condition && (
        <FieldParts fields={fields} names={names} condition={condition} set={set} />
      )}
    </>
  );
}

function labelOf(condition: Asked, fields: Column[]): string | undefined {
  if ("event" in condition) return "Event";
  return "segment" in condition ? "Segment" : fields.find((field) => field.id === condition.field)?.label;
}

interface PartsProps<Of extends Asked> extends Pick<Props, "names" | "set"> {
  condition: Of;
}

function FieldParts({ fields, names, condition, set }: PartsProps<Condition> & Pick<Props, "fields">) {
  const column = fields.find((field) => field.id === condition.field);
  const pickOperator = (picked: string | null) => {
    const is = Operator.safeParse(picked);
    if (is.success) set(conditionOf(condition.field, is.data, reshape(condition.value, is.data)));
  };
  if (!column) return null;
  return (
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
  );
}

function SegmentParts({ names, condition, set }: PartsProps<InSegment>) {
  const { segment, member } = condition;
  const choices = segmentChoices(names.segments, segment);
  return (
    <>
      <Select
        aria-label="Comparison"
        data={[true, false].map((is) => ({ value: String(is), label: memberWords(is) }))}
        value={String(member)}
        onChange={(picked) => set({ segment, member: picked === "true" })}
        allowDeselect={false}
        comboboxProps={inside}
      />
      <Select
        aria-label="Value"
        placeholder={choices.length === 0 ? "No active segment yet" : "Choose a segment"}
        data={choices}
        value={segment === "" ? null : segment}
        onChange={(picked) => picked !== null && set({ segment: picked, member })}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No active segment of that name"
        {...longList(220)}
        comboboxProps={inside}
      />
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
    { group: "What happened", items: [{ value: event_choice, label: "Event" }] },
    ...(own.length > 0 ? [{ group: "Your fields", items: own }] : []),
    { group: "Every lead", items: [...items(false), { value: segment_choice, label: "Segment" }] },
  ];
}
