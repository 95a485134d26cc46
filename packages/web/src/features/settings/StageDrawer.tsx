import type { Stage, StageKind } from "@bellwether/contracts/pipeline";
import { Drawer, MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { api, client } from "../../api.ts";
import { FormFooter, toast, useSubmit } from "../../ui/index.ts";
import { ColourPick, colours } from "./ColourPick.tsx";
import { askable, isKind, kinds, kindWords, readStages } from "./stages.ts";

interface Props {
  opened: boolean;
  /** The stage to change, or null for a new one. */
  stage: Stage | null;
  close: () => void;
}

export function StageDrawer({ opened, stage, close }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      size="md"
      title={stage ? `Change ${stage.name}` : "New stage"}
    >
      {opened && <StageForm key={stage?.key ?? ""} stage={stage} close={close} />}
    </Drawer>
  );
}

interface Values extends Record<string, unknown> {
  name: string;
  colour: string;
  kind: StageKind;
  /** Empty: no target. */
  target_days: number | string;
  required_fields: string[];
}

const days_max = 3650;
const fresh: Values = { name: "", colour: colours[6][0], kind: "open", target_days: "", required_fields: [] };

function startOf(stage: Stage | null): Values {
  if (!stage) return fresh;
  const { name, colour, kind, target_days, required_fields } = stage;
  return { name, colour, kind, target_days: target_days ?? "", required_fields };
}

/** Only what was changed: what somebody else changed meanwhile stays. */
function changesOf(before: Values, { target_days, ...values }: Values): Partial<Omit<Stage, "key">> {
  const now = { ...values, target_days: typeof target_days === "number" ? target_days : null };
  const was = { ...before, target_days: typeof before.target_days === "number" ? before.target_days : null };
  return {
    ...(now.name.trim() === was.name ? {} : { name: now.name }),
    ...(now.colour === was.colour ? {} : { colour: now.colour }),
    ...(now.kind === was.kind ? {} : { kind: now.kind }),
    ...(now.target_days === was.target_days ? {} : { target_days: now.target_days }),
    ...(now.required_fields.join() === was.required_fields.join()
      ? {}
      : { required_fields: now.required_fields }),
  };
}

function StageForm({ stage, close }: Omit<Props, "opened">) {
  const fields = useQuery(api.fields.list.queryOptions({ input: {} }));
  const form = useForm<Values>({
    initialValues: startOf(stage),
    validate: { name: (value) => (value.trim() ? null : "Enter a name.") },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    const answer = stage
      ? await client.stages.update({ key: stage.key, ...changesOf(startOf(stage), values) })
      : await client.stages.create({
          ...values,
          target_days: typeof values.target_days === "number" ? values.target_days : null,
        });
    await readStages();
    toast.done(stage ? "Saved." : `${answer.name} is the last stage now. Move it where it belongs.`);
    close();
  });
  const choices = askable(fields.data?.data ?? []);
  // A field that was archived since is still asked for, and can be taken off.
  const gone = form.values.required_fields.filter((id) => !choices.some(({ value }) => value === id));
  return (
    <form onSubmit={onSubmit} noValidate>
      <div style={{ display: "grid", gap: 16 }}>
        <TextInput label="Name" maxLength={60} data-autofocus {...form.getInputProps("name")} />
        <ColourPick
          value={form.values.colour}
          {...(stage ? { also: stage.colour } : {})}
          onChange={(colour) => form.setFieldValue("colour", colour)}
        />
        <Select
          label="Kind"
          description={kindWords[form.values.kind].hint}
          data={kinds}
          allowDeselect={false}
          value={form.values.kind}
          error={form.errors["kind"]}
          onChange={(kind) => isKind(kind) && form.setFieldValue("kind", kind)}
        />
        <NumberInput
          label="Target, in days"
          description="Leads that stay longer are shown as overdue. Empty: no target."
          min={1}
          max={days_max}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          disabled={form.values.kind !== "open" && form.values.target_days === ""}
          {...form.getInputProps("target_days")}
        />
        <MultiSelect
          label="Fields it asks for"
          description="A lead needs a value in each of these before it enters."
          data={[...choices, ...gone.map((value) => ({ value, label: value }))]}
          searchable
          hidePickedOptions
          maxValues={20}
          nothingFoundMessage="No such field"
          {...form.getInputProps("required_fields")}
        />
      </div>
      <FormFooter failure={failure} busy={busy} close={close}>
        {stage ? "Save" : "Add stage"}
      </FormFooter>
    </form>
  );
}
