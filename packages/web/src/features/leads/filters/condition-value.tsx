import type { Condition } from "@bellwether/contracts/rule";
import { Group, Select, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { longList } from "../long-list.ts";
import type { Column } from "../model/columns.ts";
import { DayInput } from "./day-input.tsx";
import css from "./filters.module.css";
import type { ValueShape } from "../model/filters.ts";
import { familyOf } from "../model/filters.ts";
import type { Names } from "../model/values.ts";
import { parseNumber } from "../model/values.ts";
import { choicesOf } from "../value-input.tsx";
import { Checklist } from "../checklist.tsx";

type Value = Condition["value"];
type Scalar = string | number | boolean;

interface Props {
  column: Column;
  shape: ValueShape;
  value: Value;
  names: Names;
  change: (value: Value) => void;
  /** Days by their dates alone: what an event's property holds isn't compared with today. */
  dates?: boolean;
}

const inside = { withinPortal: false } as const;

/** What a condition compares with, by the field's type and the operator's shape. */
export function ConditionValue(props: Props) {
  switch (props.shape) {
    case "none":
      return null;
    case "one":
      return <One {...props} />;
    case "many":
      return <Many {...props} />;
    case "range":
      return <Range {...props} />;
    case "span":
      return <Span {...props} />;
  }
}

/** A filter may ask for whoever looks at it. */
function filterChoices(column: Column, names: Names): { value: string; label: string }[] {
  const choices = choicesOf(column, names);
  return column.type === "member" ? [{ value: "me", label: "Me" }, ...choices] : choices;
}

function One({ column, value, names, change, dates }: Props) {
  const choices = filterChoices(column, names);
  if (choices.length > 0) {
    return (
      <Select
        aria-label="Value"
        data={choices}
        value={value === undefined ? null : String(value)}
        onChange={(picked) =>
          change(picked === null ? undefined : column.type === "yes_no" ? picked === "true" : picked)
        }
        searchable={choices.length > 8}
        comboboxProps={inside}
        {...longList(220)}
        allowDeselect={false}
      />
    );
  }
  const typed = (
    <Typed
      column={column}
      label="Value"
      value={Array.isArray(value) ? value[0] : value}
      change={change}
      dates={dates}
    />
  );
  return familyOf(column) === "time" ? <div className={css.days}>{typed}</div> : typed;
}

function Typed({
  column,
  label,
  value,
  change,
  dates = false,
  labelled = false,
}: {
  column: Column;
  label: string;
  value: Scalar | undefined;
  change: (value: Scalar | undefined) => void;
  dates?: boolean | undefined;
  labelled?: boolean;
}) {
  const family = familyOf(column);
  if (family === "time" && !dates) {
    const day = value === undefined ? undefined : String(value);
    return <DayInput label={label} value={day} change={change} labelled={labelled} />;
  }
  return <Text family={family} label={label} value={value} change={change} />;
}

function Text({
  family,
  label,
  value,
  change,
}: {
  family: ReturnType<typeof familyOf>;
  label: string;
  value: Scalar | undefined;
  change: (value: Scalar | undefined) => void;
}) {
  const [text, setText] = useState(value === undefined ? "" : String(value));
  const wrong = family === "number" && text.trim() !== "" && parseNumber(text) === null;
  const read = (typed: string) => {
    setText(typed);
    if (family === "number") change(parseNumber(typed) ?? undefined);
    else change(typed.trim() === "" ? undefined : typed.trim());
  };
  return (
    <TextInput
      aria-label={label}
      placeholder={family === "time" || family === "number" ? undefined : label}
      type={family === "time" ? "date" : "text"}
      {...(family === "number" ? { inputMode: "decimal" as const } : {})}
      value={text}
      error={wrong ? "Enter a number." : null}
      onChange={(event) => read(event.currentTarget.value)}
      flex={1}
      miw={0}
    />
  );
}

function Many({ column, value, names, change }: Props) {
  const picked = (Array.isArray(value) ? value : []).map(String);
  const choices = filterChoices(column, names);
  if (choices.length > 0) {
    const listed = choices.map((choice) => ({ ...choice, words: choice.label }));
    return <Checklist what="Values" choices={listed} picked={picked} change={change} />;
  }
  if (column.type === "tags") return <p>There are no tags yet. Add one on a lead’s card.</p>;
  const read = (typed: string[]) =>
    change(familyOf(column) === "number" ? typed.flatMap((item) => parseNumber(item) ?? []) : typed);
  return (
    <TagsInput
      aria-label="Values"
      placeholder="Type, then Enter"
      value={picked}
      onChange={read}
      comboboxProps={inside}
      acceptValueOnBlur
    />
  );
}

function Range({ column, value, change, dates }: Props) {
  // Both ends are kept here, since a range with one end is no value yet.
  const [ends, setEnds] = useState<(Scalar | undefined)[]>(
    Array.isArray(value) ? [value[0], value[1]] : [undefined, undefined],
  );
  const set = (at: number, end: Scalar | undefined) => {
    const next = ends.with(at, end);
    setEnds(next);
    change(next.filter((each) => each !== undefined));
  };
  const end = (at: 0 | 1, label: string) => (
    <Typed
      column={column}
      label={label}
      value={ends[at]}
      change={(to) => set(at, to)}
      dates={dates}
      labelled
    />
  );
  const both = [end(0, "From"), end(1, "To")];
  if (familyOf(column) === "time" && dates !== true) return <div className={css.days}>{both}</div>;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      {both}
    </Group>
  );
}

const units = [
  { value: "m", label: "minutes" },
  { value: "h", label: "hours" },
  { value: "d", label: "days" },
  { value: "w", label: "weeks" },
];

function Span({ column, value, change }: Props) {
  return (
    <SpanInput
      label="How many"
      value={typeof value === "string" ? value : "7d"}
      change={change}
      days={column.type === "date"}
    />
  );
}

/** A length of time, as `7d`. */
export function SpanInput({
  label,
  value,
  change,
  days = false,
}: {
  label: string;
  value: string;
  change: (span: string | undefined) => void;
  /** No shorter unit makes sense. */
  days?: boolean;
}) {
  const match = /^(\d+)([mhdw])$/.exec(value);
  const [count, setCount] = useState(match?.[1] ?? "7");
  const [unit, setUnit] = useState(match?.[2] ?? "d");
  const set = (nextCount: string, nextUnit: string) => {
    setCount(nextCount);
    setUnit(nextUnit);
    change(/^[1-9]\d{0,3}$/.test(nextCount) ? `${nextCount}${nextUnit}` : undefined);
  };
  return (
    <Group gap="xs" wrap="nowrap" flex={1}>
      <TextInput
        aria-label={label}
        inputMode="numeric"
        value={count}
        onChange={(event) => set(event.currentTarget.value.trim(), unit)}
        w={72}
      />
      <Select
        aria-label={label === "How many" ? "Unit" : `${label}: unit`}
        data={days ? units.slice(2) : units}
        value={unit}
        onChange={(picked) => picked && set(count, picked)}
        allowDeselect={false}
        comboboxProps={inside}
        flex={1}
        miw={0}
      />
    </Group>
  );
}
