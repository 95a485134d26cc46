import { Button, Title } from "@mantine/core";
import type { FormEventHandler, ReactNode } from "react";
import { Failure, usePageTitle, Wordmark } from "../../ui/index.ts";
import css from "./identity.module.css";

/** The page before one is in: one column, one question. */
export function Frame({
  title,
  lead,
  children,
  foot,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
  foot?: ReactNode;
}) {
  usePageTitle(title);
  return (
    <div className={css.frame}>
      <header>
        <Wordmark />
      </header>
      <main className={css.column}>
        <Title order={1}>{title}</Title>
        {lead && <p className={css.lead}>{lead}</p>}
        {children}
        {foot && <div className={css.foot}>{foot}</div>}
      </main>
    </div>
  );
}

interface FormProps {
  /** As `useSubmit` gives it. */
  form: { busy: boolean; failure: string; onSubmit: FormEventHandler<HTMLFormElement> };
  /** The verb on the button. */
  verb: string;
  children: ReactNode;
}

/** The question's fields, what was refused, and one button as wide as they are. */
export function FrameForm({ form: { busy, failure, onSubmit }, verb, children }: FormProps) {
  return (
    <form onSubmit={onSubmit} noValidate>
      <div className={css.fields}>{children}</div>
      <Failure>{failure}</Failure>
      <Button type="submit" fullWidth mt="lg" loading={busy}>
        {verb}
      </Button>
    </form>
  );
}
