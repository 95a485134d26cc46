import { Button } from "@mantine/core";
import { IconAddressBook, IconFilterOff } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { useMay } from "../../session.tsx";
import { EmptyState, ErrorState, LinkButton } from "../../ui/index.ts";
import css from "./page.module.css";
import type { LeadPages, Progress } from "./pages.ts";

/** Why there are no rows: nothing matches, or something failed. */
type Blank = Pick<LeadPages, "error" | "refused" | "retry">;

/** What the rest of the page needs to know of the list; it changes seldom, the list with every scroll. */
export interface Status {
  count: string;
  progress: Progress | null;
  refused: string | null;
  blank: Blank | null;
}

const unknown: Status = { count: "", progress: null, refused: null, blank: null };

function statusOf(pages: LeadPages): Status {
  const { error, refused, retry, progress } = pages;
  return {
    count: countWords(pages),
    progress,
    refused,
    blank: error || pages.empty ? { error, refused, retry } : null,
  };
}

/** “45,211 leads”, or “≈ 45,000 leads” when the count is an estimate. */
function countWords(pages: Pick<LeadPages, "count" | "empty" | "outdated">): string {
  const { count } = pages;
  if (!count || pages.outdated) return "";
  const words = `${count.value.toLocaleString()} ${count.value === 1 ? "lead" : "leads"}`;
  return count.exact ? words : `≈ ${words}`;
}

function sameStatus(a: Status, b: Status): boolean {
  return (
    a.count === b.count &&
    a.progress?.words === b.progress?.words &&
    a.refused === b.refused &&
    (a.blank === null) === (b.blank === null) &&
    a.blank?.error === b.blank?.error
  );
}

/** The list's state, and what the list tells it by: drawn again only when it became another. */
export function useStatus(): [Status, (pages: LeadPages) => void] {
  const [status, setStatus] = useState(unknown);
  const tell = useCallback((pages: LeadPages) => {
    const next = statusOf(pages);
    setStatus((now) => (sameStatus(now, next) ? now : next));
  }, []);
  return [status, tell];
}

/** What stands where the rows would: the way out of an empty list, or what failed. */
export function Instead(props: NothingProps) {
  return (
    <Alone>
      <Nothing {...props} />
    </Alone>
  );
}

interface NothingProps {
  blank: Blank;
  filtered: boolean;
  clear: () => void;
  /** Null where the list isn't sorted by anything in particular. */
  unsort?: (() => void) | null;
  create: (() => void) | null;
}

/** Why there is nothing, and the one next step. */
export function Nothing({ blank, filtered, clear, unsort, create }: NothingProps) {
  const may_import = useMay("imports:run");
  if (blank.refused) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title="This can’t be listed"
        action={
          <>
            {unsort && (
              <Button variant="default" onClick={unsort}>
                Clear the sorting
              </Button>
            )}
            {filtered && (
              <Button variant="default" onClick={clear}>
                Clear search and filters
              </Button>
            )}
          </>
        }
      >
        {blank.refused}
      </EmptyState>
    );
  }
  if (blank.error)
    return <ErrorState error={blank.error} retry={blank.retry} title="The leads can’t be shown" />;
  if (filtered) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title="No lead matches"
        action={
          <Button variant="default" onClick={clear}>
            Clear search and filters
          </Button>
        }
      >
        Nothing here fits what you asked for. Try fewer conditions or another spelling.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconAddressBook}
      title="No leads yet"
      action={
        <>
          {may_import && <LinkButton to="/imports/new">Import a file</LinkButton>}
          {create && (
            <Button variant="default" onClick={create}>
              Create a lead
            </Button>
          )}
        </>
      }
    >
      {create
        ? "Bring the people you already know from a CSV file, or add the first by hand."
        : "As soon as your colleagues add leads, they appear here."}
    </EmptyState>
  );
}

/** A grid has rows only: what stands instead of them is one cell. */
export function Alone({ children }: { children: React.ReactNode }) {
  return (
    <div role="rowgroup" className={css.alone}>
      <div role="row">
        <div role="gridcell">{children}</div>
      </div>
    </div>
  );
}
