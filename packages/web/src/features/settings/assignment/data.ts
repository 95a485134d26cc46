import type { LeadTaker } from "@bellwether/contracts/assignment";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, queryClient } from "../../../api.ts";

const none: LeadTaker[] = [];

/** Everything about assignment: rules, what they would do, who gets leads. */
export const rereadAssignment = (): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: api.assignment.key() });

/** Who may own leads, by their member's id; for managers and above. */
export function useTakers(enabled = true) {
  const takers = useQuery(api.assignment.takers.queryOptions({ enabled, staleTime: 5_000 }));
  const all = takers.data?.data ?? none;
  return { query: takers, byId: useMemo(() => new Map(all.map((taker) => [taker.member_id, taker])), [all]) };
}
