import { bin_days } from "@bellwether/contracts/bin";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api.ts";
import { ErrorState, RelativeTime, SkeletonRows } from "../../ui/index.ts";
import { TypeBadge } from "./badges.tsx";
import { restore } from "./data.ts";
import css from "./deleted.module.css";

/** What was deleted lately, behind a line at the foot of the page; nothing where nothing was. */
export function Deleted() {
  const [open, setOpen] = useState(false);
  const deleted = useQuery(api.segments.deleted.queryOptions());
  const count = deleted.data?.data.length ?? 0;
  if (deleted.isPending || (deleted.isSuccess && count === 0)) return null;
  return (
    <section className={css.deleted} aria-label="Deleted segments">
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open
          ? "Hide deleted segments"
          : `Deleted in the last ${bin_days} days${count > 0 ? `: ${count}` : ""}`}
      </Button>
      {open && <List />}
    </section>
  );
}

function List() {
  const deleted = useQuery(api.segments.deleted.queryOptions());
  const [busy, setBusy] = useState<string | null>(null);
  if (deleted.isError && !deleted.data)
    return <ErrorState error={deleted.error} retry={() => void deleted.refetch()} />;
  if (!deleted.data) return <SkeletonRows rows={2} height={44} />;
  return (
    <ul>
      {deleted.data.data.map((segment) => (
        <li key={segment.id}>
          <span className={css.name}>{segment.name}</span>
          <TypeBadge type={segment.type} />
          <span className={css.when}>
            <RelativeTime at={segment.deleted_at} />
          </span>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`Restore ${segment.name}`}
            loading={busy === segment.id}
            onClick={() => {
              setBusy(segment.id);
              void restore(segment).finally(() => setBusy(null));
            }}
          >
            Restore
          </Button>
        </li>
      ))}
    </ul>
  );
}
