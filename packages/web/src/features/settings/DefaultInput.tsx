import type { FieldOption, FieldType } from "@bellwether/contracts/fields";
import { MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  type: FieldType;
  options: FieldOption[];
  value: unknown;
  error?: ReactNode;
  onChange: (value: unknown) => void;
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The value that new leads get when nobody gives one. */
export function DefaultInput({ type, options, value, error, onChange }: Props) {
  const common = { label: "Default", description: "Given to new leads that come without a value", error };
  switch (type) {
    case "choices":
      return (
        <MultiSelect
          {...common}
          data={options}
          value={texts(value)}
          onChange={(next) => onChange(next.length > 0 ? next : null)}
          clearable
        />
      );
    case "choice":
      return <Select {...common} data={options} value={text(value) || null} onChange={onChange} clearable />;
    case "yes_no":
      return (
        <Select
          {...common}
          data={[
            { value: "yes", label: "Yes" },
            { value: "no", label: "No" },
          ]}
          value={value === true ? "yes" : value === false ? "no" : null}
          onChange={(next) => onChange(next === null ? null : next === "yes")}
          clearable
        />
      );
    case "number":
    case "money":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => onChange(typeof next === "number" ? next : null)}
        />
      );
    case "date":
      return (
        <TextInput
          {...common}
          type="date"
          value={text(value)}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      );
    case "text":
    case "url":
      return (
        <TextInput
          {...common}
          {...(type === "url" ? { type: "url", placeholder: "https://" } : {})}
          value={text(value)}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      );
    // A moment that every new lead would share makes no sense.
    case "datetime":
      return null;
  }
}
