import type { ChangeSet } from "@bellwether/contracts/changes";
import type { Import } from "@bellwether/contracts/imports";
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api.ts";
import { useMay } from "../../session.tsx";
import {
  EmptyState,
  ErrorState,
  LinkButton,
  NotAllowed,
  PageHeader,
  RelativeTime,
  SkeletonRows,
} from "../../ui/index.ts";
import { undoChange, useUndoKey } from "./bulk.tsx";
import css from "./changes.module.css";
import { type Entry, merged } from "./history.ts";
import {
  formatNumber,
  isOver,
  leadsWord,
  resultWords,
  stateWords,
  undoneWords,
  unmergedWords,
} from "./words.ts";

/** What was done to many leads at once, and the way back. */
export function ChangesPage() {
  return useMay("leads:bulk") ? (
    <History />
  ) : (
    <>
      <PageHeader title="History" />
      <NotAllowed what="Managers and admins see and undo what was done to many leads at once." />
    </>
  );
}

const paged = {
  initialPageParam: null,
  getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor,
};
const pageInput = (cursor: string | null) => ({ limit: 50, ...(cursor === null ? {} : { cursor }) });
const running_look_ms = 1500;

function useHistory() {
  const changes = useInfiniteQuery({
    ...api.changes.list.infiniteOptions({ input: pageInput, ...paged }),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some((each) => !isOver(each.state)))
        ? running_look_ms
        : false,
  });
  const imports = useInfiniteQuery(api.imports.list.infiniteOptions({ input: pageInput, ...paged }));
  const both = [changes, imports];
  return {
    entries: merged(
      { data: changes.data?.pages.flatMap((page) => page.data) ?? [], more: changes.hasNextPage },
      { data: imports.data?.pages.flatMap((page) => page.data) ?? [], more: imports.hasNextPage },
    ),
    pending: both.some((list) => list.isPending),
    error: both.find((list) => list.isError)?.error ?? null,
    retry: () => both.forEach((list) => void list.refetch()),
    more: both.some((list) => list.hasNextPage),
    loadingMore: both.some((list) => list.isFetchingNextPage),
    loadMore: () => both.forEach((list) => void (list.hasNextPage && list.fetchNextPage())),
  };
}

function History() {
  const history = useHistory();
  useUndoKey();
  return (
    <>
      <PageHeader
        title="History"
        lead="What was done to many leads at once: bulk changes and merges, which can be undone, and imports."
      />
      {history.pending && <SkeletonRows rows={5} height={64} />}
      {history.error && <ErrorState error={history.error} retry={history.retry} />}
      {!history.pending && !history.error && history.entries.length === 0 && (
        <EmptyState
          icon={IconHistory}
          title="Nothing yet"
          action={<LinkButton to="/leads">Go to leads</LinkButton>}
        >
          Choose several leads in the list and change them together. What you did is kept here, and can be
          taken back.
        </EmptyState>
      )}
      {!history.pending && (
        <ul className={css.list}>
          {history.entries.map((entry) => (
            <Item key={entry.of.id} entry={entry} />
          ))}
        </ul>
      )}
      {history.more && (
        <Button variant="default" mt="md" loading={history.loadingMore} onClick={history.loadMore}>
          Load older ones
        </Button>
      )}
    </>
  );
}

function Item({ entry }: { entry: Entry }) {
  return (
    <li className={css.item}>
      {entry.kind === "change" ? <Change of={entry.of} /> : <Imported of={entry.of} />}
    </li>
  );
}

function Change({ of }: { of: ChangeSet }) {
  const [busy, setBusy] = useState(false);
  const going = !isOver(of.state);
  return (
    <>
      <div className={css.head}>
        <div className={css.grow}>
          <div className={css.summary}>{of.summary}</div>
          <div className={css.sub}>
            {of.made_by.name} · <RelativeTime at={of.created_at} />
          </div>
        </div>
        {of.can_undo && (
          <Button
            variant="default"
            size="compact-sm"
            loading={busy}
            aria-label={`Undo: ${of.summary}`}
            onClick={() => {
              setBusy(true);
              void undoChange(of.id).finally(() => setBusy(false));
            }}
          >
            Undo
          </Button>
        )}
      </div>
      {of.merged ? <Merged of={of} {...of.merged} /> : <Outcome of={of} going={going} />}
    </>
  );
}

function Outcome({ of, going }: { of: ChangeSet; going: boolean }) {
  return (
    <>
      <p className={css.result} data-state={of.state}>
        {going
          ? `${stateWords[of.state]}: ${formatNumber(of.done)} of ${leadsWord(of.total)}`
          : `${resultWords(of)}.`}
        {of.failure !== null && <span className={css.failure}> {of.failure}</span>}
      </p>
      {of.undone && of.state === "undone" && (
        <p className={css.result}>
          Undone{of.undone_by ? ` by ${of.undone_by.name}` : ""}
          {of.undone_at && (
            <>
              {" "}
              <RelativeTime at={of.undone_at} />
            </>
          )}
          : {undoneWords(of.undone)}
        </p>
      )}
      {of.refused.length > 0 && <Refusals of={of} />}
    </>
  );
}

/** Two leads became one; after an undo both are there again. */
function Merged({ of, lead_id, other_id }: { of: ChangeSet; lead_id: string; other_id: string }) {
  const apart = of.state === "undone";
  return (
    <p className={css.result}>
      {apart ? (
        <>
          Undone{of.undone_by ? ` by ${of.undone_by.name}` : ""}. {unmergedWords(of)}{" "}
        </>
      ) : (
        "Two leads became one. "
      )}
      <Link to="/leads/$id" params={{ id: lead_id }}>
        {apart ? "See the one" : "See the lead"}
      </Link>
      {apart && (
        <>
          {" "}
          <Link to="/leads/$id" params={{ id: other_id }}>
            and the other
          </Link>
        </>
      )}
    </p>
  );
}

/** Why some leads were left as they were, with a few of them to look at. */
function Refusals({ of }: { of: ChangeSet }) {
  return (
    <ul className={css.refusals}>
      {of.refused.map((each) => (
        <li key={each.code}>
          <span className="bw-num">{formatNumber(each.count)}</span> refused: {each.message}{" "}
          {each.samples.slice(0, 3).map((id, at) => (
            <span key={id}>
              <Link to="/leads/$id" params={{ id }}>
                {at === 0 ? "See one of them" : "another"}
              </Link>{" "}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Imported({ of }: { of: Import }) {
  return (
    <>
      <div className={css.head}>
        <div className={css.grow}>
          <div className={css.summary}>
            Import of{" "}
            <Link to="/imports/$id" params={{ id: of.id }}>
              {of.file_name}
            </Link>
          </div>
          <div className={css.sub}>
            {of.created_by.name} · <RelativeTime at={of.created_at} />
          </div>
        </div>
      </div>
      <p className={css.result}>
        {of.result
          ? `${formatNumber(of.result.created)} created, ${formatNumber(of.result.updated)} updated, ${formatNumber(of.result.unchanged)} unchanged, ${formatNumber(of.result.rejected)} refused.`
          : (importWords[of.state] ?? of.state)}
      </p>
    </>
  );
}

const importWords: Partial<Record<Import["state"], string>> = {
  draft: "Not begun: its columns aren’t mapped yet.",
  checking: "Every row is being checked.",
  checked: "Checked, not imported.",
  running: "Running.",
  failed: "Stopped by a failure.",
};
