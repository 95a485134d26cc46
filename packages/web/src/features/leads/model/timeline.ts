import type { TimelineEvent } from "@bellwether/contracts/leads";

export interface TimelinePages {
  pages: { data: TimelineEvent[]; next_cursor: string | null }[];
  pageParams: (string | null)[];
}

/**
 * The pages with what is newest before them, so that one more event costs one page at any depth. Where something may be
 * missing in between, they begin anew: a timeline with a hole would say that nothing had happened there.
 */
export function withNewestEvents(old: TimelinePages, newest: TimelinePages["pages"][number]): TimelinePages {
  const [first, ...others] = old.pages;
  const fresh = new Set(newest.data.map((event) => event.id));
  const rest = first?.data.filter((event) => !fresh.has(event.id)) ?? [];
  const joins = first !== undefined && (first.data.length === 0 || rest.length < first.data.length);
  if (!joins || newest.next_cursor === null) return { pages: [newest], pageParams: [null] };
  return { ...old, pages: [{ ...first, data: [...newest.data, ...rest] }, ...others] };
}

/**
 * Whether one that happened then stands among those that are shown, below the newest page: by hand and by slow senders,
 * events are told long after they happened.
 */
export function standsBelow(
  occurred_at: string,
  newest: readonly TimelineEvent[],
  { pages }: TimelinePages,
): boolean {
  const [bottom, last] = [newest.at(-1), pages.at(-1)];
  if (bottom === undefined || last === undefined || occurred_at === "") return false;
  const oldest = last.next_cursor === null ? undefined : last.data.at(-1);
  const at = Date.parse(occurred_at);
  return (
    at < Date.parse(bottom.occurred_at) && (oldest === undefined || at >= Date.parse(oldest.occurred_at))
  );
}
