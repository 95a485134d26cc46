import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { isProblem, sentenceOf } from "../api.ts";
import css from "./ui.module.css";

type Icon = ComponentType<{ size?: number; stroke?: number }>;

/** Nothing here yet: says so, and teaches the one next step. */
export function EmptyState({
  icon: IconOf,
  title,
  children,
  action,
}: {
  icon?: Icon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={css.state}>
      {IconOf && (
        <div className={css.stateIcon} aria-hidden="true">
          <IconOf size={28} stroke={1.4} />
        </div>
      )}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className={css.stateActions}>{action}</div>}
    </div>
  );
}

/** Something failed: what, what to do, and the number a bug report needs. */
export function ErrorState({ error, retry, title }: { error: unknown; retry?: () => void; title?: string }) {
  const request_id = isProblem(error) ? error.request_id : "";
  return (
    <div className={css.state} role="alert">
      <div className={css.stateIcon} aria-hidden="true">
        <IconAlertTriangle size={28} stroke={1.4} />
      </div>
      <h2>{title ?? (isProblem(error, "not_found") ? "This isn't here" : "This didn't work")}</h2>
      <p>{sentenceOf(error)}</p>
      {retry && (
        <div className={css.stateActions}>
          <Button variant="default" onClick={retry}>
            Try again
          </Button>
        </div>
      )}
      {request_id && <p className={css.requestId}>Request {request_id}</p>}
    </div>
  );
}

/** What the page would offer to another role: it says why it doesn't offer it here. */
export function NotAllowed({ what }: { what: string }) {
  return (
    <EmptyState icon={IconLock} title="Not part of your role">
      {what} Ask an admin of this workspace if you need it.
    </EmptyState>
  );
}

/** Rows of the height of the real ones, so that nothing jumps when they arrive. */
export function SkeletonRows({ rows = 6, height = 40 }: { rows?: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={css.skeletonRow} style={{ height }}>
          <Skeleton height={12} width={`${22 + ((i * 7) % 18)}%`} />
          <Skeleton height={12} width={`${30 - ((i * 5) % 14)}%`} />
          <Skeleton height={12} width="12%" ml="auto" />
        </div>
      ))}
    </div>
  );
}
