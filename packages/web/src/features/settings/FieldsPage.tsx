import type { Field } from "@bellwether/contracts/fields";
import { ActionIcon, Button, Menu, Title } from "@mantine/core";
import { IconArchive, IconForms, IconRestore, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { ConfirmDialog, EmptyState, ErrorState, PageHeader, SkeletonRows, toast } from "../../ui/index.ts";
import { FieldDrawer } from "./FieldDrawer.tsx";
import { typeWords } from "../../ui/field-types.ts";
import { menu_icon, OrderedList, RowMenu } from "./OrderedList.tsx";
import css from "./settings.module.css";

/** How often a field that is being prepared is looked at. */
const preparing_ms = 1_500;

type Open = { kind: "create" } | { kind: "edit"; field: Field } | { kind: "delete"; field: Field } | null;

export function FieldsPage() {
  const may_write = useMay("fields:write");
  const fields = useQuery(
    api.fields.list.queryOptions({
      input: { archived: "true" },
      refetchInterval: ({ state }) =>
        state.data?.data.some((field) => field.preparing !== null) === true ? preparing_ms : false,
    }),
  );
  const [open, setOpen] = useState<Open>(null);
  const all = fields.data?.data ?? [];
  const live = all.filter((field) => !field.archived);
  const archived = all.filter((field) => field.archived);

  async function setArchived(field: Field, value: boolean) {
    try {
      await client.fields.update({ key: field.key, archived: value });
      if (value)
        toast.done(`${field.label} is archived. Its values are kept.`, () => void setArchived(field, false));
      else toast.done(`${field.label} is back.`);
    } catch (error) {
      toast.failed(error);
    }
    await fields.refetch();
  }

  const create = may_write && <Button onClick={() => setOpen({ kind: "create" })}>New field</Button>;
  return (
    <>
      <PageHeader
        title="Fields"
        lead={
          may_write
            ? "What you keep about a lead beside the standard fields. Their order here is their order on the card."
            : "Only admins change fields. Ask an admin of this workspace for a new one."
        }
        actions={live.length > 0 && create}
      />
      {fields.isPending && <SkeletonRows rows={5} height={52} />}
      {fields.isError && <ErrorState error={fields.error} retry={() => void fields.refetch()} />}
      {fields.isSuccess && live.length === 0 && (
        <EmptyState icon={IconForms} title="No fields of your own yet" action={create}>
          Add what your business asks of a lead: industry, budget, contract end. An import can also make them
          from a file's columns.
        </EmptyState>
      )}
      <FieldList
        fields={live}
        may_write={may_write}
        edit={(field) => setOpen({ kind: "edit", field })}
        archive={(field) => void setArchived(field, true)}
      />
      {archived.length > 0 && (
        <section style={{ marginTop: 40 }}>
          <Title order={2}>Archived</Title>
          <p className={css.hint}>Hidden everywhere; their values are kept until the field is deleted.</p>
          {archived.map((field) => (
            <div key={field.key} className={css.row}>
              <FieldName field={field} />
              {may_write && (
                <>
                  <Button
                    size="compact-sm"
                    variant="default"
                    leftSection={<IconRestore size={14} />}
                    onClick={() => void setArchived(field, false)}
                  >
                    Bring back
                  </Button>
                  <ActionIcon
                    aria-label={`Delete ${field.label}`}
                    onClick={() => setOpen({ kind: "delete", field })}
                  >
                    <IconTrash size={16} stroke={1.6} />
                  </ActionIcon>
                </>
              )}
            </div>
          ))}
        </section>
      )}
      <FieldDrawer
        opened={open?.kind === "create" || open?.kind === "edit"}
        field={open?.kind === "edit" ? open.field : null}
        close={() => setOpen(null)}
        saved={() => {
          setOpen(null);
          void fields.refetch();
        }}
      />
      {open?.kind === "delete" && (
        <ConfirmDialog
          opened
          danger
          title={`Delete ${open.field.label}?`}
          confirm="Delete field"
          typed={open.field.key}
          close={() => setOpen(null)}
          run={async () => {
            await client.fields.remove({ key: open.field.key });
            await fields.refetch();
          }}
        >
          The field and its value on every lead go for good. This can't be undone.
        </ConfirmDialog>
      )}
    </>
  );
}

function FieldName({ field }: { field: Field }) {
  const marks = [
    field.required && "asked for on forms",
    field.unique && "unique",
    field.preparing === null ? field.fast && "fast" : `getting fast: ${Math.floor(field.preparing * 100)} %`,
    field.type === "money" && field.currency,
    field.options.length > 0 && `${field.options.length} options`,
  ].filter(Boolean);
  return (
    <>
      <div className={css.grow}>
        <div className={css.name}>{field.label}</div>
        <div className={`${css.sub} ${css.mono}`}>{field.key}</div>
      </div>
      <div className={css.type}>
        {typeWords[field.type].label}
        {marks.length > 0 && <div className={css.sub}>{marks.join(" · ")}</div>}
      </div>
    </>
  );
}

interface ListProps {
  fields: Field[];
  may_write: boolean;
  edit: (field: Field) => void;
  archive: (field: Field) => void;
}

function FieldList({ fields, may_write, edit, archive }: ListProps) {
  return (
    <OrderedList
      label="Fields in their order"
      items={fields}
      nameOf={(field) => field.label}
      may_write={may_write}
      send={async (keys) => {
        await client.fields.order({ keys });
        await queryClient.invalidateQueries({ queryKey: api.fields.key() });
      }}
    >
      {(field, steps) => (
        <>
          <FieldName field={field} />
          {may_write && (
            <RowMenu name={field.label} edit={() => edit(field)} {...steps}>
              <Menu.Item leftSection={<IconArchive {...menu_icon} />} onClick={() => archive(field)}>
                Archive
              </Menu.Item>
            </RowMenu>
          )}
        </>
      )}
    </OrderedList>
  );
}
