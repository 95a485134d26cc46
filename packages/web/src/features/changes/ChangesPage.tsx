import type { ChangeSet } from "@bellwether/contracts/changes";
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api.ts";
import { inPages, itemsOf } from "../../paging.ts";
import { useMay } from "../../session.tsx";
import {
  EmptyState,
  ErrorState,
  LinkButton,
  LoadMore,
  NotAllowed,
  PageHeader,
  RelativeTime,
  SkeletonRows,
} from "../../ui/index.ts";
import { undoChange, useUndoKey } from "./bulk.tsx";
import css from "./changes.module.css";
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

const running_look_ms = 1500;

function useHistory() {
  return useInfiniteQuery({
    ...api.changes.list.infiniteOptions(inPages({ limit: 50 })),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some((each) => !isOver(each.state)))
        ? running_look_ms
        : false,
  });
}

function History() {
  const history = useHistory();
  const changes = itemsOf(history.data);
  useUndoKey();
  return (
    <>
      <PageHeader
        title="History"
        lead="What was done to many leads at once, bulk changes, merges and imports, and the way back."
      />
      {history.isPending && <SkeletonRows rows={5} height={64} />}
      {history.isError && <ErrorState error={history.error} retry={() => void history.refetch()} />}
      {history.isSuccess && changes.length === 0 && (
        <EmptyState
          icon={IconHistory}
          title="Nothing yet"
          action={<LinkButton to="/leads">Go to leads</LinkButton>}
        >
          Choose several leads in the list and change them together. What you did is kept here, and can be
          taken back.
        </EmptyState>
      )}
      {changes.length > 0 && (
        <ul className={css.list}>
          {changes.map((each) => (
            <li key={each.id} className={css.item}>
              <Change of={each} />
            </li>
          ))}
        </ul>
      )}
      <LoadMore pages={history}>Load older ones</LoadMore>
    </>
  );
}

function Change({ of }: { of: ChangeSet }) {
  const [busy, setBusy] = useState(false);
  const going = !isOver(of.state);
  return (
    <>
      <div className={css.head}>
        <div className={css.grow}>
          <div className={css.summary}>
            {of.import_id === undefined ? (
              of.summary
            ) : (
              <Link to="/imports/$id" params={{ id: of.import_id }}>
                {of.summary}
              </Link>
            )}
          </div>
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
          : {undoneWords(of.undone, of)}
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
