import type { DuplicatePair } from "@bellwether/contracts/duplicates";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconUsers } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { queryClient, api } from "../../api.ts";
import { EmptyState, LinkButton, LoadMore, useHotkeys } from "../../ui/index.ts";
import { leadName, type Lookups, useWaitingPairs } from "../leads/index.ts";
import { Decide, type Decision } from "./decide.tsx";
import css from "./duplicates.module.css";
import { readAgain } from "./merging.ts";
import { nextAfter } from "./model.ts";
import type { PairList } from "./pairs.ts";
import { likenessWords, reasonWords } from "./words.ts";

/** The queue: one pair at a time, the surest first. */
export function Review({ pages, pairs, shown, lookups }: PairList & { shown: unknown; lookups: Lookups }) {
  const navigate = useNavigate();
  const decided = useRef(false);
  const at = Math.max(
    0,
    pairs.findIndex((pair) => pair.id === shown),
  );
  const pair = pairs[at];
  const open = (to: DuplicatePair | undefined) =>
    void navigate({ to: "/leads/duplicates", search: to ? { pair: to.id } : {}, replace: true });
  const step = (by: -1 | 1) => {
    const to = pairs[at + by];
    if (to) open(to);
  };
  useHotkeys([
    ["j", () => step(1)],
    ["k", () => step(-1)],
  ]);
  const count = useWaitingPairs();
  const waiting = count?.exact ? count.value : `${pairs.length}+`;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const at_end = at >= pairs.length - 5;
  useEffect(() => {
    if (at_end && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [at_end, hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (!pair) return <NoPairs />;
  const [a, b] = pair.leads;
  if (!a || !b) return <NoPairs />;

  const onDecided = (decision: Decision) => {
    decided.current = true;
    const gone = decision.kind === "merged" ? decision.gone : null;
    const left = pairs.filter((each) => each.id === pair.id || each.leads.every((lead) => lead.id !== gone));
    open(nextAfter(left, pair.id));
    takeOut(pair.id, gone);
    readAgain();
  };
  return (
    <div className={css.split}>
      <Queue pairs={pairs} shown={pair.id} open={open} pages={pages} />
      <section className={css.pane} aria-label="The pair to review">
        <div className={css.steps}>
          <span className="bw-num" role="status">
            {at + 1} of {hasNextPage ? waiting : pairs.length} · {likenessWords(pair.likeness)}
          </span>
          <Tooltip label="Previous pair (k)">
            <ActionIcon aria-label="Previous pair" disabled={at === 0} onClick={() => step(-1)}>
              <IconChevronUp size={17} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Next pair (j)">
            <ActionIcon aria-label="Next pair" disabled={at === pairs.length - 1} onClick={() => step(1)}>
              <IconChevronDown size={17} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
        <Decide
          key={pair.id}
          two={[a, b]}
          pair={pair}
          lookups={lookups}
          decided={onDecided}
          focus={decided.current}
        />
      </section>
    </div>
  );
}

/** At once, before the list is read again: the pair, and every other pair of a lead that is no more. */
function takeOut(id: string, gone: string | null): void {
  queryClient.setQueriesData<PairList["pages"]["data"]>(
    { queryKey: api.duplicates.list.key({ type: "infinite" }) },
    (all) =>
      all && {
        ...all,
        pages: all.pages.map((page) => ({
          ...page,
          data: page.data.filter((each) => each.id !== id && each.leads.every((lead) => lead.id !== gone)),
        })),
      },
  );
}

interface QueueProps extends Pick<PairList, "pairs" | "pages"> {
  shown: string;
  open: (pair: DuplicatePair) => void;
}

function Queue({ pairs, shown, open, pages }: QueueProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [shown]);
  return (
    <nav className={css.queue} aria-label="Pairs">
      <ul ref={list}>
        {pairs.map((pair) => (
          <li key={pair.id}>
            <button type="button" aria-current={pair.id === shown} onClick={() => open(pair)}>
              <span className={css.queueNames}>{pair.leads.map(leadName).join(" · ")}</span>
              <span className={css.queueWhy}>{reasonWords(pair.reasons)}</span>
            </button>
          </li>
        ))}
      </ul>
      <LoadMore pages={pages} quiet>
        Load more
      </LoadMore>
    </nav>
  );
}

function NoPairs() {
  return (
    <EmptyState
      icon={IconUsers}
      title="No duplicates found"
      action={<LinkButton to="/leads">Go to leads</LinkButton>}
    >
      New leads are compared as they arrive: by phone number, by mailbox in any spelling, and by name at the
      same company. Two cards you know to be one person are merged from the card’s menu.
    </EmptyState>
  );
}
