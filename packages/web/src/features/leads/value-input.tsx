import { type Parsed, parseEmail, parseValue } from "@bellwether/contracts/values";
import { MultiSelect, Select, Textarea, TextInput } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { useRef, useState } from "react";
import { longList } from "./long-list.ts";
import type { Column } from "./model/columns.ts";
import type { Names } from "./model/values.ts";
import { fromLocalInput, isEmpty, ownersOf, parseNumber, toLocalInput } from "./model/values.ts";

interface Props {
  column: Column;
  value: unknown;
  names: Names;
  /** Only these may be picked, for an owner. */
  mayPick?: (value: string | null) => boolean;
  commit: (value: unknown, then: "stay" | "next" | "previous") => void;
  cancel: () => void;
  long?: boolean;
}

/** The editor for one value in its place: Enter saves, Esc puts back, Tab saves and goes on. */
export function ValueInput(props: Props) {
  switch (props.column.type) {
    case "yes_no":
    case "choice":
    case "stage":
    case "member":
      return <PickOne {...props} />;
    case "choices":
      return <PickMany {...props} />;
    case "name":
    case "tags":
      return null;
    case "text":
    case "url":
    case "number":
    case "money":
    case "date":
    case "datetime":
      return <TypeIn {...props} />;
  }
}

const inputTypes: Partial<Record<Column["type"], string>> = {
  date: "date",
  datetime: "datetime-local",
  url: "url",
};
const isLong = (value: unknown) => typeof value === "string" && (value.length > 80 || value.includes("\n"));

function TypeIn({ column, value, names, commit, cancel, long }: Props) {
  const [text, setText] = useState(() => toText(column, value, names));
  const [error, setError] = useState<string | null>(null);
  // A ref, since moving the focus away blurs the input before the next render.
  const done = useRef(false);

  const finish = (then: "stay" | "next" | "previous") => {
    const read = fromText(column, text, names);
    if ("error" in read) return setError(read.error);
    done.current = true;
    commit(read.value, then);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") {
      done.current = true;
      return cancel();
    }
    if (event.key === "Tab") {
      event.preventDefault();
      return finish(event.shiftKey ? "previous" : "next");
    }
    if (event.key !== "Enter" || (long && event.shiftKey)) return;
    event.preventDefault();
    finish("stay");
  };
  const shared = {
    value: text,
    error,
    onKeyDown,
    onBlur: () => void (done.current || finish("stay")),
    autoFocus: true,
    "aria-label": column.label,
    size: "xs" as const,
  };
  if (long && column.type === "text" && isLong(value)) {
    return (
      <Textarea {...shared} autosize maxRows={12} onChange={(event) => setText(event.currentTarget.value)} />
    );
  }
  return (
    <TextInput
      {...shared}
      type={inputTypes[column.type] ?? "text"}
      {...(column.type === "number" || column.type === "money" ? { inputMode: "decimal" as const } : {})}
      onChange={(event) => setText(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.type === "text" && event.currentTarget.select()}
    />
  );
}

function toText(column: Column, value: unknown, names: Names): string {
  if (isEmpty(value)) return "";
  return column.type === "datetime" ? toLocalInput(String(value), names.time_zone) : String(value);
}

function fromText(column: Column, text: string, names: Names): { value: unknown } | { error: string } {
  const trimmed = text.trim();
  if (trimmed === "") return { value: null };
  if (column.type === "number" || column.type === "money") {
    const number = parseNumber(trimmed);
    return number === null ? { error: "Enter a number, such as 1200.50." } : { value: number };
  }
  if (column.type === "datetime") {
    const moment = fromLocalInput(trimmed, names.time_zone);
    return moment ? { value: moment } : { error: "Enter a date and a time." };
  }
  if (column.id === "email") return checked(parseEmail(trimmed));
  return column.type === "text" || column.type === "url" || column.type === "date"
    ? checked(parseValue({ type: column.type, options: [] }, trimmed))
    : { value: trimmed };
}

function checked(parsed: Parsed<unknown>): { value: unknown } | { error: string } {
  return parsed.ok ? { value: parsed.value } : { error: parsed.message };
}

/** What one may choose from for a field: its options, the stages, the people, yes and no. */
export function choicesOf(column: Column, names: Names): { value: string; label: string }[] {
  switch (column.type) {
    case "yes_no":
      return [
        { value: "true", label: "Yes" },
        { value: "false", label: "No" },
      ];
    case "stage":
      return names.stages.map((stage) => ({ value: stage.key, label: stage.name }));
    case "member":
      return names.members.map((member) => ({ value: member.id, label: member.name }));
    case "choice":
    case "choices":
      return column.options.map(({ value, label }) => ({ value, label }));
    case "tags":
      return [...names.tag_colours.keys()].map((name) => ({ value: name, label: name }));
    case "name":
    case "text":
    case "url":
    case "number":
    case "money":
    case "date":
    case "datetime":
      return [];
  }
}

const unset = "";
const search_from = 8;

function PickOne({ column, value, names, mayPick, commit, cancel }: Props) {
  const canBeEmpty = column.type !== "stage";
  const none = { value: unset, label: column.type === "member" ? "Unassigned" : "No value" };
  const members = column.id === "owner_id" ? ownersOf(names) : names.members;
  const all = [...(canBeEmpty ? [none] : []), ...choicesOf(column, { ...names, members })];
  const data = mayPick
    ? all.filter(
        (item) => item.value === (value ?? unset) || mayPick(item.value === unset ? null : item.value),
      )
    : all;
  const pick = (picked: string | null) => {
    if (picked === null) return cancel();
    if (picked === unset) return commit(null, "stay");
    commit(column.type === "yes_no" ? picked === "true" : picked, "stay");
  };
  return (
    <Select
      size="xs"
      aria-label={column.label}
      data={data}
      value={isEmpty(value) ? (canBeEmpty ? unset : null) : String(value)}
      onChange={pick}
      searchable={data.length > search_from}
      allowDeselect={false}
      defaultDropdownOpened
      autoFocus
      onDropdownClose={cancel}
      onKeyDown={(event) => event.stopPropagation()}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      {...longList(320)}
      nothingFoundMessage="Nothing by that name"
    />
  );
}

function PickMany({ column, value, names, commit }: Props) {
  const [picked, setPicked] = useState<string[]>(() => (Array.isArray(value) ? value.map(String) : []));
  return (
    <MultiSelect
      size="xs"
      aria-label={column.label}
      data={choicesOf(column, names)}
      value={picked}
      onChange={setPicked}
      searchable
      defaultDropdownOpened
      autoFocus
      onKeyDown={(event) => event.stopPropagation()}
      onBlur={() => commit(picked.length === 0 ? null : picked, "stay")}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      {...longList(320)}
    />
  );
}
