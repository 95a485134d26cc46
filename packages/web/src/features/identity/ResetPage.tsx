import { PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { client } from "../../api.ts";
import { LinkButton, TextLink, useSubmit } from "../../ui/index.ts";
import { Frame, FrameForm } from "./Frame.tsx";
import { passwordRule } from "./password.ts";

export function ResetPage() {
  const { token } = useParams({ from: "/reset/$token" });
  const [done, setDone] = useState(false);
  const form = useForm({ initialValues: { password: "" }, validate: { password: passwordRule } });
  const submitting = useSubmit(form, async (values) => {
    await client.identity.resetPassword({ token, ...values });
    setDone(true);
  });

  if (done) {
    return (
      <Frame title="Your password is set" lead="You can sign in with it now.">
        <LinkButton to="/sign-in" fullWidth>
          Sign in
        </LinkButton>
      </Frame>
    );
  }
  return (
    <Frame title="Choose a new password" foot={<TextLink to="/forgot">Ask for another link</TextLink>}>
      <FrameForm form={submitting} verb="Set password">
        <PasswordInput
          label="New password"
          description="At least 10 characters"
          autoComplete="new-password"
          autoFocus
          {...form.getInputProps("password")}
        />
      </FrameForm>
    </Frame>
  );
}
