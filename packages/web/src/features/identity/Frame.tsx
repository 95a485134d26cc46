import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { usePageTitle, Wordmark } from "../../ui/index.ts";
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
