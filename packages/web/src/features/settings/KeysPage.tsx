import type { Role } from "@bellwether/contracts/permissions";
import { Button, Group, Modal, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { useMay, useSession } from "../../session.tsx";
import {
  ConfirmDialog,
  EmptyState,
  ErrorState,
  FormFooter,
  NotAllowed,
  PageHeader,
  RelativeTime,
  Secret,
  SkeletonRows,
  useSubmit,
} from "../../ui/index.ts";
import { RoleOption } from "./RoleOption.tsx";
import { grantable, roleWords } from "./roles.ts";
import css from "./settings.module.css";

const reread = () => queryClient.invalidateQueries({ queryKey: api.identity.keys.key() });

export function KeysPage() {
  const may_write = useMay("keys:write");
  return may_write ? (
    <Keys />
  ) : (
    <>
      <PageHeader title="API keys" />
      <NotAllowed what="API keys are made and revoked by admins." />
    </>
  );
}

function Keys() {
  const keys = useQuery(api.identity.keys.list.queryOptions());
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<{ id: string; name: string } | null>(null);
  const create: ReactNode = <Button onClick={() => setCreating(true)}>New key</Button>;
  const some = keys.data && keys.data.data.length > 0;
  return (
    <>
      <PageHeader
        title="API keys"
        lead="A program signs in with a key and may do what its role may. A key is shown once."
        actions={some && create}
      />
      {keys.isPending && <SkeletonRows rows={3} height={56} />}
      {keys.isError && <ErrorState error={keys.error} retry={() => void keys.refetch()} />}
      {keys.data?.data.length === 0 && (
        <EmptyState icon={IconKey} title="No keys yet" action={create}>
          Make one for each program, so that you can revoke it without stopping the others.
        </EmptyState>
      )}
      {keys.data?.data.map((key) => (
        <div key={key.id} className={css.row}>
          <div className={css.grow}>
            <div className={css.name}>{key.name}</div>
            <div className={css.sub}>
              <span className={css.mono}>{key.prefix}…</span> · {roleWords[key.role].label} · by{" "}
              {key.created_by} <RelativeTime at={key.created_at} />
            </div>
          </div>
          <div className={css.type}>
            {key.last_used_at ? (
              <>
                Used <RelativeTime at={key.last_used_at} />
              </>
            ) : (
              "Never used"
            )}
            <Expiry at={key.expires_at} />
          </div>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Revoke ${key.name}`}
            onClick={() => setRevoking(key)}
          >
            Revoke
          </Button>
        </div>
      ))}
      <Modal opened={creating} onClose={() => setCreating(false)} title="New API key" centered>
        {creating && <KeyForm close={() => setCreating(false)} />}
      </Modal>
      {revoking && (
        <ConfirmDialog
          opened
          danger
          title={`Revoke ${revoking.name}?`}
          confirm="Revoke key"
          close={() => setRevoking(null)}
          run={async () => {
            await client.identity.keys.revoke({ id: revoking.id });
            await reread();
          }}
        >
          Whatever uses it is refused from this moment on.
        </ConfirmDialog>
      )}
    </>
  );
}

function Expiry({ at }: { at: string | null }) {
  if (at === null) return <div className={css.sub}>Never expires</div>;
  const over = Date.parse(at) < Date.now();
  return (
    <div className={css.sub} style={over ? { color: "var(--bw-danger)" } : {}}>
      {over ? "Expired" : "Expires"} <RelativeTime at={at} />
    </div>
  );
}

const lifetimes = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "One year" },
  { value: "never", label: "Never" },
];

function expiryOf(lifetime: string): string | null {
  const days = Number(lifetime);
  return Number.isNaN(days) ? null : new Date(Date.now() + days * 86_400_000).toISOString();
}

function KeyForm({ close }: { close: () => void }) {
  const session = useSession();
  const [key, setKey] = useState<string | null>(null);
  const start: { name: string; role: Exclude<Role, "owner">; lifetime: string } = {
    name: "",
    role: "agent",
    lifetime: "90",
  };
  const form = useForm({
    initialValues: start,
    validate: { name: (value) => (value.trim() ? null : "Enter a name, such as the program's.") },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async ({ name, role, lifetime }) => {
    setKey((await client.identity.keys.create({ name, role, expires_at: expiryOf(lifetime) })).key);
    await reread();
  });

  if (key !== null) {
    return (
      <>
        <p style={{ marginTop: 0 }}>Copy the key now and keep it like a password: it is not shown again.</p>
        <Secret label="API key" value={key} />
        <p className={css.sub} style={{ marginBottom: 0 }}>
          Send it as <span className={css.mono}>Authorization: Bearer &lt;key&gt;</span>.
        </p>
        <Group justify="flex-end" mt="lg">
          <Button onClick={close}>Done</Button>
        </Group>
      </>
    );
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <div style={{ display: "grid", gap: 16 }}>
        <TextInput label="Name" description="What uses it" data-autofocus {...form.getInputProps("name")} />
        <Select
          label="Role"
          data={grantable(session.role).filter((role) => role.value !== "owner")}
          allowDeselect={false}
          renderOption={({ option }) => <RoleOption value={option.value} />}
          {...form.getInputProps("role")}
        />
        <Select label="Expires" data={lifetimes} allowDeselect={false} {...form.getInputProps("lifetime")} />
      </div>
      <FormFooter failure={failure} busy={busy} close={close}>
        Make key
      </FormFooter>
    </form>
  );
}
