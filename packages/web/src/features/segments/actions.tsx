import { bin_days } from "@bellwether/contracts/bin";
import type { SegmentDetail } from "@bellwether/contracts/segments";
import { ActionIcon, Button, Menu, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  IconArchive,
  IconBolt,
  IconCopy,
  IconDots,
  IconForms,
  IconListDetails,
  IconTrash,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { ConfirmDialog, FormFooter, toast, useSubmit } from "../../ui/index.ts";
import { restore, showSaved } from "./data.ts";
import { UsedIn } from "./used-in.tsx";
import css from "./segments.module.css";
import { leadsWords } from "./words.ts";

const icon = { size: 15, stroke: 1.6 } as const;
type Open = "rename" | "retire" | "convert" | "follow" | "delete" | null;

/** Everything that can be done with a segment but changing its rule. */
export function Actions({ segment }: { segment: SegmentDetail }) {
  const [open, setOpen] = useState<Open>(null);
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  const close = () => setOpen(null);
  const { id, name, state, type } = segment;

  async function run(work: () => Promise<void>, failed: string) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      toast.failed(error, failed);
    }
    setBusy(false);
  }
  const activate = () =>
    run(async () => {
      await showSaved(await client.segments.setState({ id, state: "active" }));
      toast.done(
        type === "dynamic" ? `${name} is active. Its members are being found.` : `${name} is active.`,
      );
    }, `${name} wasn’t activated`);
  const duplicate = () =>
    run(async () => {
      const copy = await client.segments.duplicate({ id });
      await showSaved(copy);
      toast.done(`${copy.name} is made.`);
      await navigate({ to: "/segments/$id", params: { id: copy.id } });
    }, `${name} wasn’t duplicated`);

  return (
    <>
      {state !== "active" && (
        <Button onClick={() => void activate()} loading={busy}>
          {state === "draft" ? "Activate" : "Activate again"}
        </Button>
      )}
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More">
            <IconDots size={16} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconForms {...icon} />} onClick={() => setOpen("rename")}>
            Rename…
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy {...icon} />} onClick={() => void duplicate()}>
            Duplicate
          </Menu.Item>
          {type === "dynamic" && (
            <Menu.Item leftSection={<IconListDetails {...icon} />} onClick={() => setOpen("convert")}>
              Make static…
            </Menu.Item>
          )}
          {segment.was_dynamic && (
            <Menu.Item leftSection={<IconBolt {...icon} />} onClick={() => setOpen("follow")}>
              Make dynamic again…
            </Menu.Item>
          )}
          {state === "active" && (
            <Menu.Item leftSection={<IconArchive {...icon} />} onClick={() => setOpen("retire")}>
              Retire…
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconTrash {...icon} />} color="red.9" onClick={() => setOpen("delete")}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={open === "rename"} onClose={close} title="Rename segment" centered>
        {open === "rename" && <Rename segment={segment} close={close} />}
      </Modal>
      <Retire segment={segment} opened={open === "retire"} close={close} />
      <Convert segment={segment} opened={open === "convert"} close={close} />
      <Follow segment={segment} opened={open === "follow"} close={close} />
      <Delete segment={segment} opened={open === "delete"} close={close} />
    </>
  );
}

interface DialogProps {
  segment: SegmentDetail;
  opened: boolean;
  close: () => void;
}

function Rename({ segment, close }: Pick<DialogProps, "segment" | "close">) {
  const form = useForm({
    initialValues: { name: segment.name, description: segment.description },
    validate: { name: (name) => (name.trim() ? null : "Enter a name.") },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    await showSaved(await client.segments.update({ id: segment.id, ...values, version: segment.version }));
    close();
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <TextInput label="Name" maxLength={80} data-autofocus {...form.getInputProps("name")} />
      <TextInput mt="md" label="Description" maxLength={500} {...form.getInputProps("description")} />
      <FormFooter failure={failure} busy={busy} close={close}>
        Save
      </FormFooter>
    </form>
  );
}

function Retire({ segment, opened, close }: DialogProps) {
  const { id, name, used_in, type } = segment;
  const back = async () => {
    try {
      await showSaved(await client.segments.setState({ id, state: "active" }));
    } catch (error) {
      toast.failed(error, `${name} is still retired`);
    }
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={`Retire ${name}?`}
      confirm="Retire"
      close={close}
      run={async () => {
        const saved = await client.segments.setState({
          id,
          state: "retired",
          even_if_used: used_in.length > 0,
        });
        await showSaved(saved);
        toast.done(`${name} is retired.`, () => void back());
      }}
    >
      {type === "dynamic"
        ? "Its members stay as they are now and follow the rule no more."
        : "Its members stay as they are."}{" "}
      Nothing new can use it. It can be activated again.
      {used_in.length > 0 && (
        <div className={css.users}>
          These use it and go on with the members it has: <UsedIn used_in={used_in} />
        </div>
      )}
    </ConfirmDialog>
  );
}

function Convert({ segment, opened, close }: DialogProps) {
  const { name, size, state } = segment;
  return (
    <ConfirmDialog
      opened={opened}
      title={`Make ${name} static?`}
      confirm="Make static"
      close={close}
      run={async () => {
        await showSaved(await client.segments.convert({ id: segment.id }));
        toast.done(`${name} is static.`, () => void followAgain(segment));
      }}
    >
      {state === "draft" || size === null
        ? "The leads that meet its rule now become its members."
        : `${leadsWords(size)} in it now stay.`}{" "}
      From then on they are added and removed by hand. It keeps its rule, and can follow it again.
    </ConfirmDialog>
  );
}

/** Members by its former rule take the place of those it has. */
async function followAgain({ id, name }: Pick<SegmentDetail, "id" | "name">): Promise<void> {
  try {
    await showSaved(await client.segments.unconvert({ id }));
    toast.done(`${name} follows its rule again.`);
  } catch (error) {
    toast.failed(error, `${name} is still static`);
  }
}

function Follow({ segment, opened, close }: DialogProps) {
  return (
    <ConfirmDialog
      opened={opened}
      title={`Make ${segment.name} dynamic again?`}
      confirm="Make dynamic"
      close={close}
      run={() => followAgain(segment)}
    >
      It follows the rule it had. Leads that were added by hand and don’t meet the rule leave.
    </ConfirmDialog>
  );
}

function Delete({ segment, opened, close }: DialogProps) {
  const navigate = useNavigate();
  const { id, name, used_in } = segment;
  return (
    <ConfirmDialog
      opened={opened}
      danger
      title={`Delete ${name}?`}
      confirm="Delete segment"
      waiting={used_in.length > 0}
      close={close}
      run={async () => {
        await client.segments.remove({ id });
        await navigate({ to: "/segments", replace: true });
        queryClient.removeQueries({ queryKey: api.segments.show.key({ input: { id } }) });
        await queryClient.invalidateQueries({ queryKey: api.segments.key() });
        toast.done(`${name} is deleted.`, () => void restore(segment));
      }}
    >
      {used_in.length > 0 ? (
        <>
          It can’t be deleted while these use it. Change them first: <UsedIn used_in={used_in} />
        </>
      ) : (
        `The leads stay. For ${bin_days} days it can be restored on the page of segments, with its members.`
      )}
    </ConfirmDialog>
  );
}
