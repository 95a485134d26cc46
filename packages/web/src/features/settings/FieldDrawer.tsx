import type { Field, FieldType } from "@bellwether/contracts/fields";
import { fastAtFirst, FieldKey, slotKind } from "@bellwether/contracts/fields";
import { Drawer, Select, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMemo } from "react";
import { client } from "../../api.ts";
import { FormFooter, toast, useSubmit } from "../../ui/index.ts";
import { currencies } from "../../ui/regions.ts";
import { DefaultInput } from "./DefaultInput.tsx";
import { isFieldType, keyFrom, typeChoices, typeWords } from "../../ui/field-types.ts";
import { OptionsEditor } from "./OptionsEditor.tsx";

interface Props {
  opened: boolean;
  /** The field to change, or null for a new one. */
  field: Field | null;
  close: () => void;
  saved: (field: Field) => void;
}

export function FieldDrawer({ opened, field, close, saved }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      size="md"
      title={field ? `Change ${field.label}` : "New field"}
    >
      {opened && <FieldForm key={field?.key ?? ""} field={field} close={close} saved={saved} />}
    </Drawer>
  );
}

interface Values extends Record<string, unknown> {
  label: string;
  key: string;
  type: FieldType;
  help: string;
  options: { value: string; label: string }[];
  currency: string | null;
  default: unknown;
  required: boolean;
  unique: boolean;
  /** Null: as the server sees fit. */
  fast: boolean | null;
}

function startOf(field: Field | null): Values {
  if (field) {
    const { label, key, type, help, options, currency, required, unique, fast } = field;
    return {
      label,
      key,
      type,
      help,
      options,
      currency,
      default: field.default ?? null,
      required,
      unique,
      fast,
    };
  }
  return {
    label: "",
    key: "",
    type: "text",
    help: "",
    options: [],
    currency: "EUR",
    default: null,
    required: false,
    unique: false,
    fast: null,
  };
}

const hasOptions = (type: FieldType) => type === "choice" || type === "choices";

function refusals(values: Values) {
  const key = FieldKey.safeParse(values.key);
  return {
    label: values.label.trim() ? null : "Enter a name.",
    key: key.success ? null : (key.error.issues[0]?.message ?? "Choose another key."),
    options: hasOptions(values.type) && values.options.length === 0 ? "Add at least one option." : null,
    currency: values.type === "money" && !values.currency ? "Choose a currency." : null,
  };
}

/** What is sent: only what the type uses, so that a change of mind about the type leaves nothing behind. */
function bodyOf(values: Values) {
  return {
    label: values.label,
    help: values.help,
    required: values.required,
    default: values.default,
    ...(hasOptions(values.type) ? { options: values.options } : {}),
    ...(values.type === "money" ? { currency: values.currency } : {}),
  };
}

function fastWords(field: Field | null): string {
  return field !== null && field.preparing !== null
    ? `Being prepared: ${Math.floor(field.preparing * 100)} %. Until then it works as before.`
    : "Sort by it, and filter by range, at once over millions of leads. There is room for eight fields of text and choices, and eight of numbers, dates and yes/no.";
}

function FieldForm({ field, close, saved }: Omit<Props, "opened">) {
  const money = useMemo(currencies, []);
  const form = useForm<Values>({ initialValues: startOf(field), validate: refusals });
  const { label, key, type, options } = form.values;
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    const fast = values.fast === null || values.fast === field?.fast ? {} : { fast: values.fast };
    const body = { ...bodyOf(values), ...fast };
    const answer = field
      ? await client.fields.update({ key: field.key, ...body })
      : await client.fields.create({ key: values.key, type: values.type, unique: values.unique, ...body });
    toast.done(field ? "Saved." : `${answer.label} is added to every lead.`);
    saved(answer);
  });

  return (
    <form onSubmit={onSubmit} noValidate>
      <div style={{ display: "grid", gap: 16 }}>
        <TextInput
          label="Name"
          data-autofocus
          {...form.getInputProps("label")}
          onChange={(event) => {
            const next = event.currentTarget.value;
            // The key follows the name until somebody writes their own.
            if (!field && key === keyFrom(label)) form.setFieldValue("key", keyFrom(next));
            form.setFieldValue("label", next);
          }}
        />
        <TextInput
          label="Key"
          description={
            field
              ? "Programs know the field by it, so it stays."
              : "How programs name it: attributes.<key>. It can't be changed later."
          }
          readOnly={field !== null}
          styles={{ input: { fontFamily: "var(--bw-mono)" } }}
          {...form.getInputProps("key")}
        />
        <Select
          label="Type"
          description={typeWords[type].hint}
          data={typeChoices}
          allowDeselect={false}
          disabled={field !== null}
          value={type}
          onChange={(value) => {
            if (!isFieldType(value)) return;
            form.setFieldValue("type", value);
            form.setFieldValue("default", null);
            form.setFieldValue("fast", null);
          }}
        />
        {hasOptions(type) && (
          <OptionsEditor
            options={options}
            error={form.errors["options"]}
            onChange={(next) => form.setFieldValue("options", next)}
          />
        )}
        {type === "money" && (
          <Select
            label="Currency"
            data={money}
            searchable
            allowDeselect={false}
            {...form.getInputProps("currency")}
          />
        )}
        <TextInput
          label="Help"
          description="A sentence beside the field, for whoever fills it in"
          {...form.getInputProps("help")}
        />
        <DefaultInput
          type={type}
          options={options}
          value={form.values.default}
          error={form.errors["default"]}
          onChange={(value) => form.setFieldValue("default", value)}
        />
        <Switch label="Ask for it on forms" {...form.getInputProps("required", { type: "checkbox" })} />
        {!hasOptions(type) && type !== "yes_no" && (
          <Switch
            label="Unique"
            description={
              field
                ? "Chosen when the field was made."
                : "No two leads may have the same value. It can't be changed later."
            }
            disabled={field !== null}
            {...form.getInputProps("unique", { type: "checkbox" })}
          />
        )}
        {slotKind[type] !== null && (
          <Switch
            label="Fast"
            description={fastWords(field)}
            error={form.errors["fast"]}
            checked={form.values.fast ?? fastAtFirst.has(type)}
            onChange={(event) => form.setFieldValue("fast", event.currentTarget.checked)}
          />
        )}
      </div>
      <FormFooter failure={failure} busy={busy} close={close}>
        {field ? "Save" : "Add field"}
      </FormFooter>
    </form>
  );
}
