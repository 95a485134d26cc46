import { PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { api, client, isProblem } from "../../api.ts";
import { enter } from "../../session.tsx";
import { ErrorState, TextLink, useSubmit } from "../../ui/index.ts";
import { Frame, FrameForm } from "./Frame.tsx";
import { passwordRule } from "./password.ts";

export function JoinPage() {
  const { token } = useParams({ from: "/join/$token" });
  const invitation = useQuery(api.identity.invitations.show.queryOptions({ input: { token }, retry: false }));
  if (invitation.isPending) return null;
  if (isProblem(invitation.error, "not_found")) {
    return (
      <Frame
        title="This invitation no longer works"
        lead="It was used, taken back, or is too old. Ask whoever invited you for a new link."
        foot={<TextLink to="/sign-in">Sign in</TextLink>}
      />
    );
  }
  if (invitation.isError) {
    return (
      <Frame title="Join a workspace">
        <ErrorState error={invitation.error} retry={() => void invitation.refetch()} />
      </Frame>
    );
  }
  return <Join token={token} {...invitation.data} />;
}

interface JoinProps {
  token: string;
  workspace: string;
  email: string;
  role: string;
  invited_by: string;
  has_account: boolean;
}

function Join({ token, workspace, email, role, invited_by, has_account }: JoinProps) {
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: "", password: "" },
    validate: {
      name: (value) => (has_account || value.trim() ? null : "Enter your name."),
      password: has_account ? (value) => (value ? null : "Enter your password.") : passwordRule,
    },
  });
  const submitting = useSubmit(form, async ({ name, password }) => {
    await enter(
      await client.identity.invitations.accept({ token, password, ...(has_account ? {} : { name }) }),
    );
    await navigate({ to: "/" });
  });

  return (
    <Frame
      title={`Join ${workspace}`}
      lead={`${invited_by} invited you as ${/^[aeiou]/.test(role) ? "an" : "a"} ${role}.`}
    >
      <FrameForm form={submitting} verb="Join">
        <TextInput label="E-mail" value={email} readOnly autoComplete="username" />
        {!has_account && (
          <TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps("name")} />
        )}
        <PasswordInput
          label="Password"
          description={has_account ? "Of the account that you already have" : "At least 10 characters"}
          autoComplete={has_account ? "current-password" : "new-password"}
          autoFocus={has_account}
          {...form.getInputProps("password")}
        />
      </FrameForm>
    </Frame>
  );
}
