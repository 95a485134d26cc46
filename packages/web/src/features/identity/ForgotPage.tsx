import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { client } from "../../api.ts";
import { TextLink, useSubmit } from "../../ui/index.ts";
import { Frame, FrameForm } from "./Frame.tsx";

export function ForgotPage() {
  const [sent, setSent] = useState<"mail" | "admin" | null>(null);
  const form = useForm({
    initialValues: { email: "" },
    validate: { email: (value) => (value.trim() ? null : "Enter your e-mail address.") },
  });
  const submitting = useSubmit(form, async (values) => {
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
      <FrameForm form={submitting} verb="Send link">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps("email")}
        />
      </FrameForm>
    </Frame>
  );
}
