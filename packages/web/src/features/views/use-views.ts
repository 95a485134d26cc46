import type { View } from "@bellwether/contracts/views";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { oneByOne } from "../../one-by-one.ts";
import { toast } from "../../ui/index.ts";
import { movedTo } from "./model.ts";

const none: View[] = [];
const list = api.views.list.queryOptions({ staleTime: 60_000 });

export interface Views {
  views: View[];
  pending: boolean;
  /** Asks for them again, where they couldn't be had; else null. */
  failed: (() => void) | null;
  /** Puts a view at another place of my order. */
  move: (id: string, place: number) => void;
  /** What the last move did, for who doesn't see it. */
  moved: string;
}

/** My views and those shared with me, in my order. */
export function useViews(): Views {
  const { data, isPending, isError, refetch } = useQuery(list);
  const views = data?.data ?? none;
  const [moved, setMoved] = useState("");
  const move = (id: string, place: number) => {
    const next = movedTo(views, id, place);
    const at = next.findIndex((view) => view.id === id);
    if (at < 0 || views[at]?.id === id) return;
    setMoved(`${next[at]?.name} is now ${at + 1} of ${next.length}.`);
    void save(next);
  };
  const failed = isError && data === undefined ? () => void refetch() : null;
  return { views, pending: isPending, failed, move, moved };
}

const send = oneByOne<View[]>(async (next, last) => {
  try {
    const saved = await client.views.order({ view_ids: next.map((view) => view.id) });
    if (last()) queryClient.setQueryData(list.queryKey, saved);
  } catch (error) {
    toast.failed(error, "The order stays as it was");
    await queryClient.invalidateQueries({ queryKey: list.queryKey });
  }
});

/** Shown at once. */
async function save(next: View[]): Promise<void> {
  await queryClient.cancelQueries({ queryKey: list.queryKey });
  queryClient.setQueryData(list.queryKey, { data: next });
  await send(next);
}
