interface InPages<Input> {
  input: (cursor: string | null) => Input & { cursor?: string };
  initialPageParam: string | null;
  getNextPageParam: (page: { next_cursor: string | null }) => string | null;
}

/** A list that comes page by page: `useInfiniteQuery(api.exports.list.infiniteOptions(inPages({ limit: 50 })))`. */
export function inPages<Input extends object>(input: Input): InPages<Input> {
  return {
    input: (cursor) => ({ ...input, ...(cursor === null ? {} : { cursor }) }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next_cursor,
  };
}

/** What all pages hold that came so far. */
export function itemsOf<Item>(data: { pages: { data: Item[] }[] } | undefined): Item[] {
  return data?.pages.flatMap((page) => page.data) ?? [];
}
