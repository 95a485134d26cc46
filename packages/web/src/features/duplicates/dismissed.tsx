import { Button } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { EmptyState, LinkButton, LoadMore } from "../../ui/index.ts";
import { leadName } from "../leads/index.ts";
import css from "./duplicates.module.css";
import { suggest } from "./merging.ts";
import type { PairList } from "./pairs.ts";
import { reasonWords } from "./words.ts";

/** What somebody has called two people: it isn't suggested again, unless it is taken back here. */
export function Dismissed({ pages, pairs }: PairList) {
  const [busy, setBusy] = useState<string | null>(null);
  if (pairs.length === 0) {
    return (
      <EmptyState
        icon={IconUsers}
        title="No pair was told apart yet"
        action={<LinkButton to="/leads/duplicates">Review pairs</LinkButton>}
      >
        Pairs that you call two people are kept here, and never suggested again.
      </EmptyState>
    );
  }
  return (
    <div className={css.body}>
      <ul className={css.dismissed}>
        {pairs.map((pair) => {
          const names = pair.leads.map(leadName).join(" and ");
          const [a, b] = pair.leads;
          return (
            <li key={pair.id}>
              <div className={css.grow}>
                <div className={css.queueNames}>{names}</div>
                <div className={css.queueWhy}>{reasonWords(pair.reasons)}</div>
              </div>
              {a && b && (
                <LinkButton
                  to="/leads/$id/merge/$other"
                  params={{ id: a.id, other: b.id }}
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  aria-label={`Compare ${names}`}
                >
                  Compare
                </LinkButton>
              )}
              <Button
                variant="default"
                size="compact-sm"
                loading={busy === pair.id}
                aria-label={`Suggest again: ${names}`}
                onClick={() => {
                  setBusy(pair.id);
                  void suggest(pair).finally(() => setBusy(null));
                }}
              >
                Suggest again
              </Button>
            </li>
          );
        })}
      </ul>
      <LoadMore pages={pages}>Load more</LoadMore>
    </div>
  );
}
