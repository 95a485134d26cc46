import type { Lead } from "@bellwether/contracts/leads";
import { ActionIcon, Autocomplete, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { client } from "../../../api.ts";
import { AddButton, Failure, FormFooter, toast, useSubmit } from "../../../ui/index.ts";
import { EventSelect } from "../filters/event-select.tsx";
import { longList } from "../long-list.ts";
import { leadName } from "../model/columns.ts";
import { eventLabel } from "../model/happened.ts";
import { typedProperty } from "../model/properties.ts";
import { type Names, toLocalInput, fromLocalInput } from "../model/values.ts";
import { rereadEvents, takeBack } from "./taking-back.ts";
import css from "./timeline.module.css";

interface Props {
  lead: Lead;
  names: Names;
  opened: boolean;
  close: () => void;
}

/** What no program reports: a call, a visit, a talk at a fair. */
export function AddEvent({ lead, names, opened, close }: Props) {
  return (
    <Modal opened={opened} onClose={close} title={`Add an event to ${leadName(lead)}`} centered>
      {opened && <Form lead={lead} names={names} close={close} />}
    </Modal>
  );
}

const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const local = (time: number) => toLocalInput(new Date(time).toISOString(), time_zone);

function Form({ lead, names, close }: Omit<Props, "opened">) {
  const [begun] = useState(() => local(Date.now()));
  const form = useForm({
    initialValues: { name: "", occurred_at: begun, properties: [{ key: "", value: "" }] },
    validate: {
      name: (name) => (name === "" ? "Choose an event, or type a name for a new one." : null),
      occurred_at: (at) =>
        fromLocalInput(at, time_zone) === null
          ? "Give a date and a time."
          : at > local(Date.now())
            ? "This is in the future. An event is something that happened."
            : null,
      properties: (rows) => propertiesFault(rows),
    },
  });
  const { name, properties } = form.values;
  const refused = form.errors["properties"];
  const known = names.events.find((event) => event.name === name)?.properties ?? [];
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    // What is left as it stood is meant as now, to the second.
    const at = values.occurred_at === begun ? null : fromLocalInput(values.occurred_at, time_zone);
    const given = values.properties.filter(({ key, value }) => key.trim() !== "" && value.trim() !== "");
    const event = await client.events.add({
      id: lead.id,
      name: values.name,
      ...(at === null ? {} : { occurred_at: at }),
      properties: Object.fromEntries(
        given.map(({ key, value }) => [
          key.trim(),
          typedProperty(value, known.find((property) => property.key === key.trim())?.types ?? []),
        ]),
      ),
    });
    rereadEvents(lead.id);
    const label = eventLabel(values.name, names.events);
    toast.done(`${label} is on the timeline.`, () => void takeBack({ lead_id: lead.id, event, label }));
    close();
  });
  const setRow = (at: number, row: { key: string; value: string }) =>
    form.setFieldValue("properties", properties.with(at, row));
  return (
    <form onSubmit={onSubmit} noValidate>
      <div className={css.form}>
        <EventSelect
          label="Event"
          placeholder="Search, or type a new name"
          events={names.events.filter((event) => event.kind !== "built_in")}
          event={name}
          pick={(picked) => form.setFieldValue("name", picked)}
          error={form.errors["name"]}
          focused
        />
        <TextInput
          type="datetime-local"
          label="When"
          max={local(Date.now())}
          {...form.getInputProps("occurred_at")}
        />
        <div role="group" aria-labelledby="event-properties">
          <p className={css.legend} id="event-properties">
            Properties
          </p>
          {properties.map((row, at) => (
            // Rows have no identity of their own: their values are all there is of them.
            // oxlint-disable-next-line react/no-array-index-key -- both inputs are controlled
            <div key={at} className={css.property}>
              <Autocomplete
                aria-label={`Property ${at + 1}`}
                placeholder="Name"
                data={known.map((property) => property.key)}
                value={row.key}
                onChange={(key) => setRow(at, { ...row, key })}
                {...longList(200)}
              />
              <TextInput
                aria-label={`Value ${at + 1}`}
                placeholder="Value"
                value={row.value}
                onChange={(event) => setRow(at, { ...row, value: event.currentTarget.value })}
              />
              <ActionIcon
                aria-label={`Remove property ${at + 1}`}
                onClick={() => form.setFieldValue("properties", properties.toSpliced(at, 1))}
              >
                <IconX size={14} />
              </ActionIcon>
            </div>
          ))}
          <AddButton
            onClick={() => form.setFieldValue("properties", [...properties, { key: "", value: "" }])}
          >
            Property
          </AddButton>
          <Failure>{typeof refused === "string" ? refused : ""}</Failure>
        </div>
      </div>
      <FormFooter failure={failure} busy={busy} close={close}>
        Add event
      </FormFooter>
    </form>
  );
}

function propertiesFault(rows: readonly { key: string; value: string }[]): string | null {
  const nameless = rows.find(({ key, value }) => key.trim() === "" && value.trim() !== "");
  if (nameless) return `Give the value “${nameless.value.trim()}” a name.`;
  const keys = rows.map(({ key }) => key.trim()).filter((key) => key !== "");
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  return twice === undefined ? null : `“${twice}” is there twice.`;
}
