import { Button, PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { client } from "../../api.ts";
import { Failure, LinkButton, TextLink, useSubmit } from "../../ui/index.ts";
import { Frame } from "./Frame.tsx";
import css from "./identity.module.css";
import { passwordRule } from "./password.ts";

export function ResetPage() {
  const { token } = useParams({ from: "/reset/$token" });
  const [done, setDone] = useState(false);
  const form = useForm({ initialValues: { password: "" }, validate: { password: passwordRule } });
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
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
      <form onSubmit={onSubmit} noValidate>
        <div className={css.fields}>
          <PasswordInput
            label="New password"
            description="At least 10 characters"
            autoComplete="new-password"
            autoFocus
            {...form.getInputProps("password")}
          />
        </div>
        <Failure>{failure}</Failure>
        <Button type="submit" fullWidth mt="lg" loading={busy}>
          Set password
        </Button>
      </form>
    </Frame>
  );
}
