import { Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import css from "./ui.module.css";

/** The top of a page: where am I, what is this, what can I do. Also names the browser's tab. */
export function PageHeader({
  title,
  lead,
  crumb,
  actions,
}: {
  title: string;
  lead?: ReactNode;
  crumb?: ReactNode;
  actions?: ReactNode;
}) {
  usePageTitle(title);
  return (
    <header className={css.header}>
      <div className={css.headerText}>
        {crumb && <div className={css.crumb}>{crumb}</div>}
        <Title order={1}>{title}</Title>
        {lead && <p className={css.lead}>{lead}</p>}
      </div>
      {actions && <div className={css.actions}>{actions}</div>}
    </header>
  );
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Bellwether`;
  }, [title]);
}
