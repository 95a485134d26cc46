import type { FieldOption } from "@bellwether/contracts/fields";
import { ActionIcon, Button, Input, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  options: FieldOption[];
  /** What the list is of. */
  title?: string;
  noun?: string;
  error?: ReactNode;
  onChange: (options: FieldOption[]) => void;
}

/** The list behind a choice. An option's value is what leads hold and stays; its label may be reworded. */
export function OptionsEditor({ options, title = "Options", noun = "option", error, onChange }: Props) {
  const swap = (a: number, b: number) =>
    onChange(
      options.map((option, i) =>
        i === a ? (options[b] ?? option) : i === b ? (options[a] ?? option) : option,
      ),
    );
  function add(text: string) {
    // A pasted column becomes as many options.
    const known = new Set(options.map((option) => option.value));
    const fresh = [...new Set(text.split(/[\n\t;]+/).map((each) => each.trim()))].filter(
      (each) => each && !known.has(each),
    );
    onChange([...options, ...fresh.map((value) => ({ value, label: value }))]);
  }
  return (
    <Input.Wrapper label={title} labelElement="div" error={error}>
      <div role="list" style={{ display: "grid", gap: 6, margin: "4px 0 6px" }}>
        {options.map((option, index) => (
          <div key={option.value} role="listitem" style={{ display: "flex", gap: 4, alignItems: "center" }}>
            <TextInput
              style={{ flex: 1 }}
              aria-label={`${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${index + 1}`}
              value={option.label}
              onChange={(event) =>
                onChange(
                  options.map((each, i) =>
                    i === index ? { ...each, label: event.currentTarget.value } : each,
                  ),
                )
              }
            />
            <ActionIcon
              aria-label={`Move ${option.label} up`}
              disabled={index === 0}
              onClick={() => swap(index, index - 1)}
            >
              <IconArrowUp size={14} />
            </ActionIcon>
            <ActionIcon
              aria-label={`Move ${option.label} down`}
              disabled={index === options.length - 1}
              onClick={() => swap(index, index + 1)}
            >
              <IconArrowDown size={14} />
            </ActionIcon>
            <ActionIcon
              aria-label={`Remove ${option.label}`}
              onClick={() => onChange(options.filter((_, i) => i !== index))}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        ))}
      </div>
      <AddOption add={add} noun={noun} />
    </Input.Wrapper>
  );
}

function AddOption({ add, noun }: { add: (text: string) => void; noun: string }) {
  const take = (input: HTMLInputElement) => {
    add(input.value);
    input.value = "";
    input.focus();
  };
  return (
    <div style={{ display: "flex", gap: 6 }}>
      <TextInput
        style={{ flex: 1 }}
        aria-label={`New ${noun}`}
        placeholder={`New ${noun}, then Enter`}
        name="new_option"
        autoComplete="off"
        onPaste={(event) => {
          const text = event.clipboardData.getData("text");
          if (!/[\n\t;]/.test(text)) return;
          event.preventDefault();
          add(text);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          take(event.currentTarget);
        }}
        onBlur={(event) => {
          add(event.currentTarget.value);
          event.currentTarget.value = "";
        }}
      />
      <Button
        variant="default"
        px="xs"
        aria-label={`Add ${noun}`}
        onMouseDown={(event) => event.preventDefault()}
        onClick={(event) => {
          const input = event.currentTarget.parentElement?.querySelector("input");
          if (input) take(input);
        }}
      >
        <IconPlus size={16} />
      </Button>
    </div>
  );
}
