import type { AssignmentMethod, AssignmentRule } from "@bellwether/contracts/assignment";
import { may } from "@bellwether/contracts/permissions";
import type { Rule } from "@bellwether/contracts/rule";
import { Drawer, Group, MultiSelect, Radio, Select, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { client } from "../../../api.ts";
import { FormFooter, toast, useSubmit } from "../../../ui/index.ts";
import { type Lookups, RuleFields } from "../../leads/index.ts";
import { rereadAssignment, useTakers } from "./data.ts";
import { isMethod, leadsWords, methods, methodWords, whenWords } from "./words.ts";

interface Props {
  opened: boolean;
  /** The rule to change, or null for a new one. */
  rule: AssignmentRule | null;
  lookups: Lookups;
  close: () => void;
}

export function RuleDrawer({ opened, rule, lookups, close }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      size="lg"
      title={rule ? `Change ${rule.name}` : "New rule"}
    >
      {opened && <RuleForm key={rule?.id ?? ""} rule={rule} lookups={lookups} close={close} />}
    </Drawer>
  );
}

interface Values extends Record<string, unknown> {
  name: string;
  everyone: boolean;
  /** Null while it is incomplete. */
  condition: Rule | null;
  method: AssignmentMethod;
  members: string[];
  only_at_work: boolean;
}

function startOf(rule: AssignmentRule | null): Values {
  return {
    name: rule?.name ?? "",
    everyone: rule === null || rule.condition === null,
    condition: rule?.condition ?? null,
    method: rule?.method ?? "round_robin",
    members: rule?.members ?? [],
    only_at_work: rule?.only_at_work ?? false,
  };
}

function RuleForm({ rule, lookups, close }: Omit<Props, "opened">) {
  const form = useForm<Values>({
    initialValues: startOf(rule),
    validate: {
      name: (value) => (value.trim() ? null : "Enter a name."),
      members: (value) => (value.length > 0 ? null : "Choose at least one member."),
      condition: (value, { everyone }) =>
        everyone || value !== null ? null : "Fill in each condition, or take every lead.",
    },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async ({ everyone, ...values }) => {
    const input = { ...values, condition: everyone ? null : values.condition };
    if (rule) await client.assignment.rules.update({ id: rule.id, ...input });
    else await client.assignment.rules.create(input);
    await rereadAssignment();
    toast.done(rule ? "Saved." : `${values.name.trim()} is the last rule now. Move it where it belongs.`);
    close();
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <div style={{ display: "grid", gap: 20, gridTemplateColumns: "minmax(0, 1fr)" }}>
        <TextInput label="Name" maxLength={80} data-autofocus {...form.getInputProps("name")} />
        <Radio.Group
          label="Which leads"
          error={form.errors["condition"]}
          value={form.values.everyone ? "all" : "some"}
          onChange={(value) => form.setFieldValue("everyone", value === "all")}
        >
          <Group gap="lg" mt={6}>
            <Radio value="all" label="Every lead" />
            <Radio value="some" label="Leads that match" />
          </Group>
        </Radio.Group>
        {!form.values.everyone && (
          <div>
            <RuleFields
              start={form.values.condition}
              lookups={lookups}
              change={(condition) => form.setFieldValue("condition", condition)}
            />
          </div>
        )}
        <Who
          lookups={lookups}
          value={form.values.members}
          error={form.errors["members"]}
          onChange={(members) => form.setFieldValue("members", members)}
        />
        <Select
          label="How"
          description={methodWords[form.values.method].hint}
          data={methods}
          allowDeselect={false}
          value={form.values.method}
          onChange={(method) => isMethod(method) && form.setFieldValue("method", method)}
        />
        <Switch
          label="Only to those at work"
          description="When nobody is at work, a lead goes to whoever is at work next. Without this, working hours don’t matter. Absent members get nothing either way; if all are absent, the lead stays unassigned."
          {...form.getInputProps("only_at_work", { type: "checkbox" })}
        />
      </div>
      <FormFooter failure={failure} busy={busy} close={close}>
        {rule ? "Save" : "Add rule"}
      </FormFooter>
    </form>
  );
}

interface WhoProps {
  lookups: Lookups;
  value: string[];
  onChange: (value: string[]) => void;
  error?: React.ReactNode;
}

/** In the order in which they are chosen, which is that of their turns. */
function Who({ lookups, value: chosen, ...input }: WhoProps) {
  const { byId } = useTakers();
  const { members } = lookups.names;
  const offered = members.filter((member) => may(member.role, "leads:own") || chosen.includes(member.id));
  return (
    <MultiSelect
      label="Who gets them"
      description="Their turns come in the order in which you choose them."
      placeholder={chosen.length === 0 ? "Choose members" : ""}
      data={offered.map((member) => ({
        value: member.id,
        label: may(member.role, "leads:own") ? member.name : `${member.name} (${member.role}: gets none)`,
      }))}
      renderOption={({ option }) => {
        const taker = byId.get(option.value);
        return (
          <span>
            {option.label}
            {taker && (
              <span style={{ color: "var(--bw-ink-3)", fontSize: 12 }}>
                {" "}
                {leadsWords(taker.open_leads)} · {whenWords(taker)}
              </span>
            )}
          </span>
        );
      }}
      searchable
      hidePickedOptions
      nothingFoundMessage="Nobody by that name"
      value={chosen}
      {...input}
    />
  );
}
