import { Button, PasswordInput, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { client, isProblem, queryClient } from "../../api.ts";
import { sessionQuery, useSession } from "../../session.tsx";
import { Failure, NotAllowed, PageHeader, toast, useSubmit } from "../../ui/index.ts";
import { AvailabilityForm } from "./availability/AvailabilityForm.tsx";
import css from "./settings.module.css";

export function ProfilePage() {
  const { user, role, member } = useSession();
  return (
    <>
      <PageHeader title="Profile" lead={user ? `${user.email} · ${role}` : undefined} />
      {user ? (
        <>
          <NameForm name={user.name} />
          {member && (
            <section className={css.section}>
              <Title order={2}>Working hours</Title>
              <p className={css.hint}>When new leads may come to you by the assignment rules.</p>
              <AvailabilityForm member_id={member.id} />
            </section>
          )}
          <PasswordForm email={user.email} />
        </>
      ) : (
        <NotAllowed what="An API key has no profile." />
      )}
    </>
  );
}

function NameForm({ name }: { name: string }) {
  const form = useForm({
    initialValues: { name },
    validate: { name: (value) => (value.trim() ? null : "Enter your name.") },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    queryClient.setQueryData(sessionQuery.queryKey, await client.identity.updateProfile(values));
    form.resetDirty();
    toast.done("Your name is saved.");
  });
  return (
    <section className={css.section}>
      <Title order={2}>Name</Title>
      <p className={css.hint}>Others see it beside what you do.</p>
      <form onSubmit={onSubmit} noValidate>
        <div className={css.fields}>
          <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
        </div>
        <Failure>{failure}</Failure>
        <Button type="submit" mt="md" loading={busy} disabled={!form.isDirty()}>
          Save name
        </Button>
      </form>
    </section>
  );
}

function PasswordForm({ email }: { email: string }) {
  const form = useForm({
    initialValues: { current: "", password: "" },
    validate: {
      current: (value) => (value ? null : "Enter the password that you have now."),
      password: (value) => (value.length >= 10 ? null : "Use at least 10 characters."),
    },
  });
  const { busy, failure, onSubmit } = useSubmit(form, async (values) => {
    try {
      await client.identity.changePassword(values);
    } catch (error) {
      if (!isProblem(error, "wrong_credentials")) throw error;
      form.setFieldError("current", "This isn't your password.");
      return;
    }
    form.reset();
    toast.done("Your password is changed. Other devices are signed out.");
  });
  return (
    <section className={css.section}>
      <Title order={2}>Password</Title>
      <p className={css.hint}>Changing it signs you out everywhere but here.</p>
      <form onSubmit={onSubmit} noValidate>
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <div className={css.fields}>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            {...form.getInputProps("current")}
          />
          <PasswordInput
            label="New password"
            description="At least 10 characters"
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
        </div>
        <Failure>{failure}</Failure>
        <Button type="submit" variant="default" mt="md" loading={busy}>
          Change password
        </Button>
      </form>
    </section>
  );
}
