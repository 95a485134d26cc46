import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { client } from "../../api.ts";
import { Failure, TextLink, useSubmit } from "../../ui/index.ts";
import { Frame } from "./Frame.tsx";
import css from "./identity.module.css";

export function ForgotPage() {
  const [sent, setSent] = useState<"mail" | "admin" | null>(null);
  const form = useForm({
    initialValues: { email: "" },
    validate: { email: (value) => (value.trim() ? null : "Enter your e-mail address.") },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    setSent((await client.identity.forgotPassword(values)).sent_by);
  });
  const back = <TextLink to="/sign-in">Back to sign in</TextLink>;

  if (sent === "mail")
    return (
      <Frame
        title="Look into your mail"
        lead="If this address has an account, a link to set a new password is on its way."
        foot={back}
      />
    );
  if (sent === "admin") {
    return (
      <Frame
        title="Ask an admin"
        lead="This server sends no mail. An admin of your workspace can make you a link to set a new password, under Settings, Members."
        foot={back}
      />
    );
  }
  return (
    <Frame title="Set a new password" lead="Enter your address, and we send a link to it." foot={back}>
      <form onSubmit={onSubmit} noValidate>
        <div className={css.fields}>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            autoFocus
            {...form.getInputProps("email")}
          />
        </div>
        <Failure>{failure}</Failure>
        <Button type="submit" fullWidth mt="lg" loading={busy}>
          Send link
        </Button>
      </form>
    </Frame>
  );
}
