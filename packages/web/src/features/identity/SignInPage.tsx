import { PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { api, client } from "../../api.ts";
import { enter } from "../../session.tsx";
import { TextLink, useSubmit } from "../../ui/index.ts";
import { Frame, FrameForm } from "./Frame.tsx";

export function SignInPage() {
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const setup = useQuery(api.identity.setup.queryOptions());
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: (value) => (value.trim() ? null : "Enter your e-mail address."),
      password: (value) => (value ? null : "Enter your password."),
    },
  });
  const submitting = useSubmit(form, async (values) => {
    await enter(await client.identity.signIn(values));
    router.history.push(next ?? "/");
  });

  if (setup.data?.first_run) return <Navigate to="/sign-up" replace />;
  return (
    <Frame
      title="Sign in"
      foot={
        setup.data?.sign_up_open ? (
          <>
            New here? <TextLink to="/sign-up">Make a workspace</TextLink>
          </>
        ) : (
          "No account yet? Ask an admin of your workspace for an invitation."
        )
      }
    >
      <FrameForm form={submitting} verb="Sign in">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps("email")}
        />
        <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps("password")} />
      </FrameForm>
      <p style={{ margin: "16px 0 0", fontSize: 13 }}>
        <TextLink to="/forgot">Forgot your password?</TextLink>
      </p>
    </Frame>
  );
}
