import type { Segment, SegmentDetail } from "@bellwether/contracts/segments";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, client, queryClient } from "../../api.ts";
import { useLive } from "../../live.ts";
import { toast } from "../../ui/index.ts";

const building_look_ms = 700;
const gather_ms = 1000;

const busy = (segment: Segment | undefined): boolean => segment !== undefined && segment.building !== null;

export function useSegments() {
  useFresh();
  return useQuery({
    ...api.segments.list.queryOptions({ input: {} }),
    refetchInterval: ({ state }) => (state.data?.data.some(busy) ? building_look_ms : false),
  });
}

export function useSegment(id: string) {
  useFresh();
  return useQuery({
    ...api.segments.show.queryOptions({ input: { id } }),
    refetchInterval: ({ state }) => (busy(state.data) ? building_look_ms : false),
  });
}

/** Members come and go by the hundred: what is shown of them is read again once a second at most. */
function useFresh(): void {
  const timer = useRef(0);
  useLive((event) => {
    if (!/^(segment\.(entered|left)|lead\.|import\.|bulk\.|live\.)/.test(event.name)) return;
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      void queryClient.invalidateQueries({ queryKey: api.segments.list.key() });
      void queryClient.invalidateQueries({ queryKey: api.segments.show.key() });
      void queryClient.invalidateQueries({ queryKey: api.segments.growth.key() });
    }, gather_ms);
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);
}

/** Takes a deletion back, from the toast or later. */
export async function restore({ id, name }: Pick<Segment, "id" | "name">): Promise<void> {
  try {
    const back = await client.segments.restore({ id });
    await showSaved(back);
    toast.done(
      back.name === name
        ? `${name} is back.`
        : `${name} is back as ${back.name}: another segment has its name now.`,
    );
  } catch (error) {
    toast.failed(error, `${name} wasn’t restored`);
  }
}

/** Shows a segment as it now is, and reads again what depends on it. */
export async function showSaved(segment: SegmentDetail): Promise<void> {
  queryClient.setQueryData(api.segments.show.queryKey({ input: { id: segment.id } }), segment);
  await Promise.all(
    [api.segments.key(), api.leads.query.key()].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
