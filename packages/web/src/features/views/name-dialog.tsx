import { Modal, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMay } from "../../session.tsx";
import { FormFooter, useSubmit } from "../../ui/index.ts";

interface Props {
  opened: boolean;
  close: () => void;
  title: string;
  button: string;
  start: string;
  asksSharing: boolean;
  send: (name: string, shared: boolean) => Promise<void>;
}

/** What a view is called, and who sees it. */
export function NameDialog(props: Props) {
  return (
    <Modal opened={props.opened} onClose={props.close} title={props.title} centered>
      {props.opened && <Form {...props} />}
    </Modal>
  );
}

function Form({ close, button, start, asksSharing, send }: Props) {
  const may_share = useMay("views:share");
  const form = useForm({
    initialValues: { name: start, shared: false },
    validate: { name: (name) => (name.trim() ? null : "Enter a name.") },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async ({ name, shared }) => {
    await send(name.trim(), shared);
    close();
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <TextInput label="Name" maxLength={60} data-autofocus {...form.getInputProps("name")} />
      {asksSharing && may_share && (
        <Switch
          mt="md"
          label="Share with everybody in the workspace"
          description="Otherwise only you see it."
          {...form.getInputProps("shared", { type: "checkbox" })}
        />
      )}
      <FormFooter failure={failure} busy={busy} close={close}>
        {button}
      </FormFooter>
    </form>
  );
}
