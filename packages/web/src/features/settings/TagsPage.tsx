import type { Tag } from "@bellwether/contracts/leads";
import { ActionIcon, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPencil, IconTag, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { useMay } from "../../session.tsx";
import {
  ConfirmDialog,
  Dot,
  EmptyState,
  ErrorState,
  FormFooter,
  LinkButton,
  PageHeader,
  SkeletonRows,
  toast,
  useSubmit,
} from "../../ui/index.ts";
import { ColourPick } from "./ColourPick.tsx";
import css from "./settings.module.css";

type Open = { kind: "edit" | "delete"; tag: Tag } | null;
const count = new Intl.NumberFormat();
const leadsWord = (n: number) => `${count.format(n)} ${n === 1 ? "lead" : "leads"}`;

async function changed() {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: api.tags.key() }),
    queryClient.invalidateQueries({ queryKey: api.leads.key() }),
  ]);
}

export function TagsPage() {
  const tags = useQuery(api.tags.list.queryOptions());
  const may_write = useMay("leads:assign");
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <>
      <PageHeader
        title="Tags"
        lead={
          may_write
            ? "Tags are made by tagging a lead. Here they are renamed, merged and cleared away."
            : "Managers and admins rename, merge and delete tags."
        }
      />
      {tags.isPending && <SkeletonRows rows={5} height={44} />}
      {tags.isError && <ErrorState error={tags.error} retry={() => void tags.refetch()} />}
      {tags.data?.data.length === 0 && (
        <EmptyState
          icon={IconTag}
          title="No tags yet"
          action={<LinkButton to="/leads">Go to leads</LinkButton>}
        >
          Open a lead and tag it, or give every row of an import a tag.
        </EmptyState>
      )}
      {tags.data?.data.map((tag) => (
        <div key={tag.id} className={css.row}>
          <div className={css.grow}>
            <Dot colour={tag.colour}>{tag.name}</Dot>
          </div>
          <div className="bw-num" style={{ color: "var(--bw-ink-3)", fontSize: 13 }}>
            {leadsWord(tag.leads)}
          </div>
          {may_write && (
            <>
              <ActionIcon aria-label={`Change ${tag.name}`} onClick={() => setOpen({ kind: "edit", tag })}>
                <IconPencil size={16} stroke={1.6} />
              </ActionIcon>
              <ActionIcon aria-label={`Delete ${tag.name}`} onClick={() => setOpen({ kind: "delete", tag })}>
                <IconTrash size={16} stroke={1.6} />
              </ActionIcon>
            </>
          )}
        </div>
      ))}
      <Modal opened={open?.kind === "edit"} onClose={close} title="Change tag" centered>
        {open?.kind === "edit" && (
          <TagForm
            tag={open.tag}
            others={tags.data?.data.filter((each) => each.id !== open.tag.id) ?? []}
            close={close}
          />
        )}
      </Modal>
      {open?.kind === "delete" && (
        <ConfirmDialog
          opened
          danger
          title={`Delete ${open.tag.name}?`}
          confirm="Delete tag"
          close={close}
          run={async () => {
            await client.tags.remove({ id: open.tag.id });
            await changed();
          }}
        >
          It is taken off {leadsWord(open.tag.leads)}. The leads stay.
        </ConfirmDialog>
      )}
    </>
  );
}

function TagForm({ tag, others, close }: { tag: Tag; others: Tag[]; close: () => void }) {
  const form = useForm({
    initialValues: { name: tag.name, colour: tag.colour },
    validate: { name: (value) => (value.trim() ? null : "Enter a name.") },
  });
  const name = form.values.name.trim().toLocaleLowerCase();
  const twin = others.find((other) => other.name.toLocaleLowerCase() === name);
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    await client.tags.update({ id: tag.id, ...values });
    await changed();
    toast.done(twin ? `${tag.name} is merged into ${twin.name}.` : "Saved.");
    close();
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <TextInput label="Name" data-autofocus {...form.getInputProps("name")} />
      {twin && (
        <p role="status" style={{ margin: "8px 0 0", color: "var(--bw-warn)", fontSize: 13 }}>
          {twin.name} exists ({leadsWord(twin.leads)}). Saving merges the two, which can't be undone.
        </p>
      )}
      <div style={{ marginTop: 16 }}>
        <ColourPick
          value={form.values.colour}
          onChange={(colour) => form.setFieldValue("colour", form.values.colour === colour ? null : colour)}
        />
      </div>
      <FormFooter failure={failure} busy={busy} close={close}>
        {twin ? "Merge tags" : "Save"}
      </FormFooter>
    </form>
  );
}
