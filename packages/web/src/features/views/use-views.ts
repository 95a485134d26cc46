import type { View } from "@bellwether/contracts/views";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import * as z from "zod";
import { api } from "../../api.ts";
import { useSession } from "../../session.tsx";
import { inOrder, movedBy } from "./model.ts";

const none: View[] = [];

/** My views and those shared with me, in the order I gave them in this browser. */
export function useViews(): { views: View[]; pending: boolean; move: (id: string, by: -1 | 1) => void } {
  const { workspace } = useSession();
  const key = `bellwether.views.${workspace.id}`;
  const [order, setOrder] = useState(() => read(key));
  const { data, isPending } = useQuery(api.views.list.queryOptions({ staleTime: 60_000 }));
  const views = useMemo(() => inOrder(data?.data ?? none, order), [data, order]);
  return {
    views,
    pending: isPending,
    move: (id, by) => {
      const next = movedBy(views, id, by);
      setOrder(next);
      write(key, next);
    },
  };
}

// Storage may be full or forbidden; the order then lasts as long as the page.
function read(key: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(localStorage.getItem(key) ?? "[]"));
  } catch {
    return [];
  }
}

function write(key: string, order: string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(order));
  } catch {
    return;
  }
}
