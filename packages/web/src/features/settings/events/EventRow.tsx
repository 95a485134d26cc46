import type { EventName } from "@bellwether/contracts/events";
import { ActionIcon, Modal, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconEye, IconEyeOff, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { api, client, queryClient } from "../../../api.ts";
import { FormFooter, RelativeTime, toast, useSubmit } from "../../../ui/index.ts";
import css from "../settings.module.css";
import own from "./events.module.css";
import { timesWords, typesWords } from "./model.ts";

const properties_shown = 6;
const reread = () => queryClient.invalidateQueries({ queryKey: api.eventNames.key() });

export function EventRow({ event, may_write }: { event: EventName; may_write: boolean }) {
  const { name, label, hidden, count, last_seen_at } = event;
  const [renaming, setRenaming] = useState(false);
  const setHidden = async (to: boolean) => {
    try {
      await client.eventNames.update({ name, hidden: to });
      await reread();
      toast.done(
        to ? `${label} isn’t offered any more. It goes on being recorded.` : `${label} is offered again.`,
        () => void setHidden(!to),
      );
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <div className={`${css.row} ${own.row}`} data-hidden={hidden || undefined}>
      <div className={css.grow}>
        <span className={css.name}>{label}</span>
        {label !== name && <code className={own.code}>{name}</code>}
        {hidden && <span className={own.badge}>Hidden</span>}
        <Properties properties={event.properties} />
      </div>
      {count !== null && count > 0 && (
        <div className={`${own.seen} bw-num`}>
          {timesWords(count)}
          {last_seen_at !== null && (
            <span>
              last <RelativeTime at={last_seen_at} />
            </span>
          )}
        </div>
      )}
      {may_write && (
        <>
          <ActionIcon aria-label={`Rename ${label}`} onClick={() => setRenaming(true)}>
            <IconPencil size={16} stroke={1.6} />
          </ActionIcon>
          <Tooltip label={hidden ? "Offer it in filters again" : "Don’t offer it in filters"}>
            <ActionIcon
              aria-label={hidden ? `Show ${label}` : `Hide ${label}`}
              onClick={() => void setHidden(!hidden)}
            >
              {hidden ? <IconEyeOff size={16} stroke={1.6} /> : <IconEye size={16} stroke={1.6} />}
            </ActionIcon>
          </Tooltip>
        </>
      )}
      <Modal opened={renaming} onClose={() => setRenaming(false)} title="Rename event" centered>
        {renaming && <LabelForm event={event} close={() => setRenaming(false)} />}
      </Modal>
    </div>
  );
}

function Properties({ properties }: Pick<EventName, "properties">) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? properties : properties.slice(0, properties_shown);
  if (properties.length === 0) return null;
  return (
    <div className={own.properties}>
      {shown.map(({ key, types }) => (
        <span key={key}>
          {key} <i>{typesWords(types)}</i>
        </span>
      ))}
      {shown.length < properties.length && (
        <UnstyledButton className={own.more} onClick={() => setWhole(true)}>
          {properties.length - shown.length} more
        </UnstyledButton>
      )}
    </div>
  );
}

function LabelForm({ event, close }: { event: EventName; close: () => void }) {
  const form = useForm({ initialValues: { label: event.label } });
  const { busy, failure, onSubmit } = useSubmit(form, async ({ label }) => {
    const own_name = label.trim() === "" || label.trim() === event.name;
    await client.eventNames.update({ name: event.name, label: own_name ? null : label });
    await reread();
    toast.done("Saved.");
    close();
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <TextInput
        label="Label"
        description={`What people read. Programs go on sending “${event.name}”; without a label, that is shown.`}
        data-autofocus
        {...form.getInputProps("label")}
      />
      <FormFooter failure={failure} busy={busy} close={close}>
        Save
      </FormFooter>
    </form>
  );
}
