import { Button, Select, Switch, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Workspace } from "@bellwether/contracts/identity";
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, client, queryClient } from "../../api.ts";
import { sessionQuery, useMay, useSession } from "../../session.tsx";
import { Failure, PageHeader, toast, useSubmit } from "../../ui/index.ts";
import { countries, timeZones } from "../../ui/regions.ts";
import css from "./settings.module.css";

function remember(workspace: Workspace): void {
  queryClient.setQueryData(
    sessionQuery.queryKey,
    (session) =>
      session && {
        ...session,
        workspace,
        workspaces: session.workspaces.map((each) =>
          each.id === workspace.id ? { ...each, name: workspace.name } : each,
        ),
      },
  );
}

export function WorkspacePage() {
  const { workspace } = useSession();
  const may_write = useMay("settings:write");
  return (
    <>
      <PageHeader
        title="General"
        lead={may_write ? undefined : "Only admins change these. Ask an admin of this workspace."}
      />
      <General workspace={workspace} may_write={may_write} />
      <Privacy workspace={workspace} may_write={may_write} />
    </>
  );
}

interface Props {
  workspace: Workspace;
  may_write: boolean;
}

function General({ workspace, may_write }: Props) {
  const zones = useMemo(() => timeZones(workspace.time_zone), [workspace.time_zone]);
  const lands = useMemo(countries, []);
  const form = useForm({
    initialValues: {
      name: workspace.name,
      time_zone: workspace.time_zone,
      default_country: workspace.default_country,
    },
    validate: { name: (value) => (value.trim() ? null : "Enter a name.") },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    remember(await client.identity.workspace.update(values));
    form.resetDirty();
    toast.done("Saved.");
  });
  return (
    <section className={css.section}>
      <Title order={2}>Workspace</Title>
      <p className={css.hint}>
        Days begin and end in its time zone. Phone numbers written without a country are read as its
        country's.
      </p>
      <form onSubmit={onSubmit} noValidate>
        <fieldset disabled={!may_write} style={{ border: 0, padding: 0, margin: 0 }}>
          <div className={css.fields}>
            <TextInput label="Name" {...form.getInputProps("name")} />
            <Select
              label="Time zone"
              data={zones}
              searchable
              allowDeselect={false}
              limit={100}
              nothingFoundMessage="No such time zone"
              {...form.getInputProps("time_zone")}
            />
            <Select
              label="Default country"
              placeholder="None: a number needs its country code"
              data={lands}
              searchable
              clearable
              clearButtonProps={{ "aria-label": "Clear the country" }}
              nothingFoundMessage="No such country"
              {...form.getInputProps("default_country")}
            />
          </div>
        </fieldset>
        <Failure>{failure}</Failure>
        {may_write && (
          <Button type="submit" mt="md" loading={busy} disabled={!form.isDirty()}>
            Save
          </Button>
        )}
      </form>
    </section>
  );
}

function Privacy({ workspace, may_write }: Props) {
  const change = useMutation(
    api.identity.workspace.update.mutationOptions({
      onSuccess: (saved) => {
        remember(saved);
        void queryClient.invalidateQueries({ queryKey: api.leads.key() });
      },
      onError: (error) => toast.failed(error, "The switch stays as it was"),
    }),
  );
  // Shown as it will be while it is on its way; a refusal puts it back.
  const shown = change.isPending ? { ...workspace, ...change.variables } : workspace;
  return (
    <section className={css.section}>
      <Title order={2}>Privacy</Title>
      <p className={css.hint}>The database itself keeps to these, on every screen and through the API.</p>
      <Switch
        className={css.switch ?? ""}
        label="Agents see only their own leads"
        description="An agent finds the leads they own and those that nobody owns; everybody else's don't exist for them."
        checked={shown.agents_see_own}
        disabled={!may_write}
        onChange={(event) => change.mutate({ agents_see_own: event.currentTarget.checked })}
      />
      <Switch
        className={css.switch ?? ""}
        label="Viewers see contact details masked"
        description="A viewer reads a•••@example.com and the last digits of a phone number, never the whole."
        checked={shown.viewers_masked}
        disabled={!may_write}
        onChange={(event) => change.mutate({ viewers_masked: event.currentTarget.checked })}
      />
    </section>
  );
}
