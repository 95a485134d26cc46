import type { Role } from "@bellwether/contracts/permissions";
import { Button, Group, Modal, Select, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { useSession } from "../../session.tsx";
import { formatMoment, FormFooter, RelativeTime, Secret, toast, useSubmit } from "../../ui/index.ts";
import { RoleOption } from "./RoleOption.tsx";
import { grantable, roleWords } from "./roles.ts";
import css from "./settings.module.css";

const reread = () => queryClient.invalidateQueries({ queryKey: api.identity.invitations.key() });

/** Who was invited and hasn't come yet, and the dialog that invites. */
export function Invitations({ inviting, close }: { inviting: boolean; close: () => void }) {
  const waiting = useQuery(api.identity.invitations.list.queryOptions());

  async function revoke(id: string, email: string) {
    try {
      await client.identity.invitations.revoke({ id });
      toast.done(`The invitation of ${email} is taken back.`);
    } catch (error) {
      toast.failed(error);
    }
    await reread();
  }

  return (
    <>
      {waiting.data && waiting.data.data.length > 0 && (
        <section style={{ marginTop: 40 }}>
          <Title order={2}>Invited</Title>
          <p className={css.hint}>They can join by their link until it runs out.</p>
          {waiting.data.data.map((invitation) => (
            <div key={invitation.id} className={css.row}>
              <div className={css.grow}>
                <div className={css.name}>{invitation.email}</div>
                <div className={css.sub}>
                  {roleWords[invitation.role].label} · by {invitation.invited_by} · runs out{" "}
                  <RelativeTime at={invitation.expires_at} />
                </div>
              </div>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Take back the invitation of ${invitation.email}`}
                onClick={() => void revoke(invitation.id, invitation.email)}
              >
                Take back
              </Button>
            </div>
          ))}
        </section>
      )}
      <Modal opened={inviting} onClose={close} title="Invite somebody" centered>
        {inviting && <InviteForm close={close} />}
      </Modal>
    </>
  );
}

interface Made {
  email: string;
  url: string;
  mailed: boolean;
  expires_at: string;
}

function InviteForm({ close }: { close: () => void }) {
  const { role } = useSession();
  const [made, setMade] = useState<Made | null>(null);
  const start: { email: string; role: Role } = { email: "", role: "agent" };
  const form = useForm({
    initialValues: start,
    validate: { email: (value) => (value.trim() ? null : "Enter an e-mail address.") },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    setMade(await client.identity.invitations.create(values));
    await reread();
  });

  if (made) {
    return (
      <>
        <p style={{ marginTop: 0 }}>
          {made.mailed
            ? `The link is on its way to ${made.email}. You can also hand it over yourself`
            : `Send this link to ${made.email}`}
          : it works until {formatMoment(made.expires_at)} and is not shown again.
        </p>
        <Secret label="Invitation link" value={made.url} />
        <Group justify="flex-end" mt="lg">
          <Button onClick={close}>Done</Button>
        </Group>
      </>
    );
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <div style={{ display: "grid", gap: 16 }}>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps("email")}
        />
        <Select
          label="Role"
          data={grantable(role)}
          allowDeselect={false}
          renderOption={({ option }) => <RoleOption value={option.value} />}
          {...form.getInputProps("role")}
        />
      </div>
      <FormFooter failure={failure} busy={busy} close={close}>
        Invite
      </FormFooter>
    </form>
  );
}
