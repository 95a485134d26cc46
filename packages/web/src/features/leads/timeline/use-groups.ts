import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api.ts";

/** What happened to a lead, by kind; the latest kind first. */
export function useGroups(lead_id: string, enabled = true) {
  return useQuery(api.events.groups.queryOptions({ input: { id: lead_id }, enabled }));
}
