import type { Lead } from "@bellwether/contracts/leads";
import type { Move, MoveWay } from "@bellwether/contracts/pipeline";
import { useInfiniteQuery } from "@tanstack/react-query";
import type * as z from "zod";
import { api } from "../../../api.ts";
import { inPages, itemsOf } from "../../../paging.ts";
import { ErrorState, LoadMore, spentWords, useNow } from "../../../ui/index.ts";
import type { Lookups } from "../lookups.ts";
import type { Stay } from "../model/stays.ts";
import { staysOf, totalsOf } from "../model/stays.ts";
import type { Names } from "../model/values.ts";
import { formatTime } from "../model/values.ts";
import { StageValue } from "../value.tsx";
import css from "./card.module.css";

const moves_at_once = 10;

/** Where the lead stood before, for how long each time, and who moved it on. */
export function Stages({ lead, lookups: { names } }: { lead: Lead; lookups: Lookups }) {
  const moves = useInfiniteQuery(
    api.leads.moves.infiniteOptions(inPages({ id: lead.id, limit: moves_at_once })),
  );
  const now = useNow();
  const all = itemsOf(moves.data);
  if (moves.isPending || (moves.isSuccess && all.length === 0)) return null;
  const stays = staysOf(lead, all, now);
  // Sums of what isn't loaded yet would be wrong.
  const totals = moves.hasNextPage ? new Map<string, number>() : totalsOf(stays);
  return (
    <section aria-label="Stages" className={css.stays}>
      <h3>Stages</h3>
      {moves.isError && !moves.data ? (
        <ErrorState error={moves.error} retry={() => void moves.refetch()} title="Its moves can’t be shown" />
      ) : (
        <ol>
          {stays.map((stay) => (
            <StayRow key={stay.id} stay={stay} total={totals.get(stay.stage)} names={names} />
          ))}
        </ol>
      )}
      <LoadMore pages={moves} quiet>
        Load older
      </LoadMore>
    </section>
  );
}

function StayRow({ stay, total, names }: { stay: Stay; total: number | undefined; names: Names }) {
  return (
    <li className={css.stay}>
      <StageValue stage={stay.stage} names={names} />
      <span className="bw-num" title={total === undefined ? undefined : `${spentWords(total)} in all`}>
        {spentWords(stay.seconds)}
      </span>
      <span className={css.stayHow}>{stay.left === null ? "now" : leftWords(stay.left, names)}</span>
    </li>
  );
}

const ways: Partial<Record<z.infer<typeof MoveWay>, string>> = {
  bulk: "with many",
  import: "by an import",
  api: "through the API",
  stage_removed: "its stage was removed",
  reopen: "reopened",
  automation: "by a rule",
};

function leftWords(move: Move, names: Names): string {
  const to = names.stages.find((stage) => stage.key === move.to)?.name ?? move.to;
  const how = ways[move.how];
  return [
    `to ${to} by ${move.actor.name}, ${formatTime(move.moved_at, names)}`,
    ...(how ? [how] : []),
    ...(move.reason ? [`“${move.reason}”`] : []),
  ].join(" · ");
}
