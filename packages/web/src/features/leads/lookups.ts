import type { EventName } from "@bellwether/contracts/events";
import type { Field } from "@bellwether/contracts/fields";
import type { Tag } from "@bellwether/contracts/leads";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api.ts";
import { useSession } from "../../session.tsx";
import type { Column } from "./model/columns.ts";
import { fieldColumns, listColumns } from "./model/columns.ts";
import type { EventKind, Names, SegmentName } from "./model/values.ts";

const noFields: Field[] = [];
const noTags: Tag[] = [];
const building_look_ms = 2000;
const noSegments: SegmentName[] = [];
const noEvents: EventKind[] = [];
// What changes seldom; a live event refreshes it at once when it does.
const staleTime = 5 * 60_000;

/** The workspace's fields, stages and people, and what is made of them. */
export interface Lookups {
  ready: boolean;
  names: Names;
  /** What the list can show. */
  columns: Column[];
  /** Every field of a lead. */
  fields: Column[];
  /** What may be filtered by: not the addresses, for somebody who sees them masked. */
  filters: Column[];
}

export function useLookups(): Lookups {
  const session = useSession();
  const fields = useQuery(api.fields.list.queryOptions({ input: {}, staleTime }));
  const stages = useQuery(api.stages.list.queryOptions({ staleTime }));
  const members = useQuery(api.identity.members.list.queryOptions({ staleTime }));
  const segments = useSegmentNames();
  const events = useEventKinds();
  const tags = useTags();
  const tag_colours = useMemo(() => new Map(tags.map((tag) => [tag.name, tag.colour])), [tags]);
  const custom = fields.data?.data ?? noFields;
  const stageList = stages.data?.data;
  const memberList = members.data?.data;
  const { time_zone, viewers_masked } = session.workspace;
  const masked = viewers_masked && session.role === "viewer";
  return useMemo(
    () => ({
      ready: !fields.isPending && !stages.isPending,
      names: {
        stages: stageList ?? [],
        members: memberList ?? [],
        tag_colours,
        segments,
        events,
        time_zone,
        locale: undefined,
      },
      columns: listColumns(custom),
      fields: fieldColumns(custom),
      filters: fieldColumns(custom).filter((column) => !(masked && column.contact)),
    }),
    [
      fields.isPending,
      stages.isPending,
      custom,
      stageList,
      memberList,
      tag_colours,
      segments,
      events,
      time_zone,
      masked,
    ],
  );
}

function useSegmentNames(): SegmentName[] {
  const names = useQuery({
    ...api.segments.names.queryOptions({ staleTime }),
    // How far one is that is being built is told by nothing but asking.
    refetchInterval: ({ state }) =>
      state.data?.data.some((each) => each.building !== null) ? building_look_ms : false,
  });
  return names.data?.data ?? noSegments;
}

// The same goes for how often each was heard.
const kindsOf = ({ data }: { data: EventName[] }): EventKind[] =>
  data.map(({ name, label, kind, hidden, properties }) => ({ name, label, kind, hidden, properties }));

/** The events this workspace knows, with their labels and properties. */
function useEventKinds(): EventKind[] {
  return useQuery(api.eventNames.list.queryOptions({ staleTime, select: kindsOf })).data ?? noEvents;
}

export function useTags(enabled = true): Tag[] {
  return useQuery(api.tags.list.queryOptions({ staleTime: 60_000, enabled })).data?.data ?? noTags;
}

const noReasons: string[] = [];
/** Why leads are lost, as choices; read when somebody asks. */
export function useLostReasons(enabled: boolean): { value: string; label: string }[] {
  const reasons =
    useQuery(api.lostReasons.list.queryOptions({ staleTime: 60_000, enabled })).data?.data ?? noReasons;
  return useMemo(() => reasons.map((reason) => ({ value: reason, label: reason })), [reasons]);
}
