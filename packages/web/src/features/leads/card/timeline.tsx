import { Button, Skeleton } from "@mantine/core";
import type { Lead, TimelineEvent } from "@bellwether/contracts/leads";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "../../../api.ts";
import { byDay, ErrorState, RelativeTime } from "../../../ui/index.ts";
import type { Lookups } from "../lookups.ts";
import { actorName, tell } from "../model/story.ts";
import { formatClock } from "../model/values.ts";
import css from "./card.module.css";

const events_at_once = 50;

/** What happened, newest first, by day. A live event reads the newest page again, so it grows at the top. */
export function Timeline({ lead, lookups }: { lead: Lead; lookups: Lookups }) {
  const events = useInfiniteQuery(
    api.leads.timeline.infiniteOptions({
      input: (cursor: string | null) => ({
        id: lead.id,
        limit: events_at_once,
        ...(cursor ? { cursor } : {}),
      }),
      initialPageParam: null,
      getNextPageParam: (page) => page.next_cursor,
    }),
  );
  const all = events.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section aria-label="Timeline" className={css.timeline}>
      <h3>Timeline</h3>
      {events.isPending && <Skeleton height={11} width="60%" my={12} />}
      {events.isError && !events.data && (
        <ErrorState
          error={events.error}
          retry={() => void events.refetch()}
          title="The timeline can’t be shown"
        />
      )}
      {events.isSuccess && all.length === 0 && (
        <p className={css.quiet}>Nothing has happened yet. Changes, notes and events appear here.</p>
      )}
      {byDay(all, (event) => event.occurred_at, { ...lookups.names, now: Date.now() }).map((day) => (
        <div key={day.day} className={css.day}>
          <h4>{day.label}</h4>
          <ol>
            {day.items.map((event) => (
              <Item key={event.id} event={event} lookups={lookups} today={day.label === "Today"} />
            ))}
          </ol>
        </div>
      ))}
      {events.hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          loading={events.isFetchingNextPage}
          onClick={() => void events.fetchNextPage()}
        >
          Load older
        </Button>
      )}
    </section>
  );
}

function Item({ event, lookups, today }: { event: TimelineEvent; lookups: Lookups; today: boolean }) {
  const { sentence, changes, quote } = tell(event, lookups.fields, lookups.names);
  return (
    <li className={css.event}>
      <div>
        <b>{actorName(event)}</b> {sentence}
        <span className={css.when}>
          {today ? (
            <RelativeTime at={event.occurred_at} />
          ) : (
            <time dateTime={event.occurred_at}>{formatClock(event.occurred_at, lookups.names)}</time>
          )}
        </span>
      </div>
      {quote && <p className={css.quote}>{quote}</p>}
      {changes.map(({ label, from, to }) => (
        <div key={label} className={css.change}>
          <span className={css.changeLabel}>{label}</span>
          {from && (
            <>
              <span className={css.from}>{from}</span>
              <span aria-label="became" role="img" className={css.arrow}>
                →
              </span>
            </>
          )}
          <span>{to}</span>
        </div>
      ))}
    </li>
  );
}
