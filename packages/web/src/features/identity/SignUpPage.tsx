import { PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, client } from "../../api.ts";
import { enter } from "../../session.tsx";
import { ErrorState, TextLink, useSubmit } from "../../ui/index.ts";
import { Frame, FrameForm } from "./Frame.tsx";
import { passwordRule } from "./password.ts";

export function SignUpPage() {
  const setup = useQuery(api.identity.setup.queryOptions());
  if (setup.isPending) return null;
  if (setup.isError) {
    return (
      <Frame title="Sign up">
        <ErrorState error={setup.error} retry={() => void setup.refetch()} />
      </Frame>
    );
  }
  if (!setup.data.first_run && !setup.data.sign_up_open) {
    return (
      <Frame
        title="Sign-up is closed"
        lead="This server takes new people by invitation. Ask an admin of your workspace to invite you."
        foot={<TextLink to="/sign-in">Sign in</TextLink>}
      />
    );
  }
  return <SignUp first_run={setup.data.first_run} />;
}

function SignUp({ first_run }: { first_run: boolean }) {
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { workspace: "", name: "", email: "", password: "" },
    validate: {
      workspace: (value) => (value.trim() ? null : "Enter a name, such as your company's."),
      name: (value) => (value.trim() ? null : "Enter your name."),
      email: (value) =>
        /^\S+@\S+\.\S+$/.test(value.trim()) ? null : "Enter an e-mail address such as ada@example.com.",
      password: passwordRule,
    },
  });
  const submitting = useSubmit(form, async (values) => {
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    await enter(await client.identity.signUp({ ...values, time_zone }));
    await navigate({ to: "/" });
  });

  return (
    <Frame
      title={first_run ? "Set up Bellwether" : "Make a workspace"}
      lead={
        first_run
          ? "You are the first one here. You become the owner of the workspace."
          : "You become its owner and can invite others."
      }
      foot={
        first_run ? undefined : (
          <>
            Have an account? <TextLink to="/sign-in">Sign in</TextLink>
          </>
        )
      }
    >
      <FrameForm form={submitting} verb={first_run ? "Create workspace" : "Sign up"}>
        <TextInput
          label="Workspace"
          description="Your company or team"
          autoComplete="organization"
          autoFocus
          {...form.getInputProps("workspace")}
        />
        <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps("email")} />
        <PasswordInput
          label="Password"
          description="At least 10 characters"
          autoComplete="new-password"
          {...form.getInputProps("password")}
        />
      </FrameForm>
    </Frame>
  );
}
