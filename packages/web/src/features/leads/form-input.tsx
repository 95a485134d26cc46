import { MultiSelect, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { longList } from "./long-list.ts";
import type { Column } from "./model/columns.ts";
import type { Names } from "./model/values.ts";
import { fromLocalInput, parseNumber, toLocalInput } from "./model/values.ts";
import { choicesOf } from "./value-input.tsx";

interface Props {
  column: Column;
  names: Names;
  value: unknown;
  error: string | undefined;
  change: (value: unknown) => void;
}

const kinds: Partial<Record<Column["type"], string>> = {
  date: "date",
  datetime: "datetime-local",
  url: "url",
};

/** One field of a form, with its label and its help. */
export function FormInput({ column, names, value, error, change }: Props) {
  const [text, setText] = useState(() => textOf(column, value, names));
  const shared = {
    label: column.label,
    error,
    withAsterisk: column.required,
    ...(column.help ? { description: column.help } : {}),
  };
  const choices = choicesOf(column, names);
  if (column.type === "choices") {
    return (
      <MultiSelect
        {...shared}
        {...longList(260)}
        data={choices}
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={change}
        searchable
      />
    );
  }
  if (choices.length > 0) {
    const pick = (picked: string | null) =>
      change(column.type === "yes_no" && picked !== null ? picked === "true" : picked);
    return (
      <Select
        {...shared}
        {...longList(260)}
        data={choices}
        value={typeof value === "boolean" ? String(value) : typeof value === "string" ? value : null}
        onChange={pick}
        searchable={choices.length > 8}
      />
    );
  }
  const read = (typed: string) => {
    setText(typed);
    change(valueIn(column, typed.trim(), names));
  };
  return (
    <TextInput
      {...shared}
      type={kinds[column.type] ?? "text"}
      value={text}
      onChange={(event) => read(event.currentTarget.value)}
    />
  );
}

/** A form that is shown again begins with what stood in it. */
function textOf(column: Column, value: unknown, names: Names): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return "";
  return column.type === "datetime" && value !== "" ? toLocalInput(value, names.time_zone) : value;
}

/** What isn't a number is sent as it is, so that the server's sentence can say what is wrong with it. */
function valueIn(column: Column, typed: string, names: Names): unknown {
  if (typed === "") return null;
  if (column.type === "number" || column.type === "money") return parseNumber(typed) ?? typed;
  return column.type === "datetime" ? fromLocalInput(typed, names.time_zone) : typed;
}
