import type { EventName } from "@bellwether/contracts/events";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconBolt, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, queryClient } from "../../../api.ts";
import { useLive } from "../../../live.ts";
import { useMay } from "../../../session.tsx";
import { EmptyState, ErrorState, PageHeader, SkeletonRows } from "../../../ui/index.ts";
import css from "../settings.module.css";
import { EventRow } from "./EventRow.tsx";
import own from "./events.module.css";
import { HowToSend } from "./HowToSend.tsx";
import { Keeping } from "./Keeping.tsx";
import { listed, matches } from "./model.ts";

const search_from = 9;
/** Counts and times go on while one looks, no faster than one reads. */
const look_ms = 2000;

/** What programs report of leads: every name, how often it came, and with which properties. */
export function EventsPage() {
  const names = useQuery(api.eventNames.list.queryOptions());
  const may_write = useMay("fields:write");
  const [find, setFind] = useState("");
  const [others, setOthers] = useState(false);
  const again = useDebouncedCallback(
    () => void queryClient.invalidateQueries({ queryKey: api.eventNames.key() }),
    { delay: look_ms, leading: false },
  );
  useLive((event) => {
    if (event.lead_id !== null || event.name === "live.reconnected") again();
  });
  const { reported, known, max } = listed(names.data);
  const shown = reported.filter((each) => matches(each, find));
  const row = (each: EventName) => <EventRow key={each.name} event={each} may_write={may_write} />;
  return (
    <>
      <PageHeader
        title="Events"
        lead={`What your programs report of leads, and what is added by hand. Labels are what people read; a hidden event goes on being recorded, but isn’t offered in filters.${may_write ? "" : " Only admins change them."}`}
      />
      {names.isPending && <SkeletonRows rows={5} height={56} />}
      {names.isError && !names.data && <ErrorState error={names.error} retry={() => void names.refetch()} />}
      {names.data && reported.length === 0 && (
        <EmptyState icon={IconBolt} title="No events yet">
          Send one from your shop, site or app, as shown below, or add one by hand on a lead’s card. Its name
          then appears here by itself.
        </EmptyState>
      )}
      {names.data && reported.length > 0 && (
        <section aria-label="Your events">
          <div className={own.top}>
            {reported.length >= search_from && (
              <TextInput
                aria-label="Search events"
                placeholder="Search"
                value={find}
                onChange={(event) => setFind(event.currentTarget.value)}
              />
            )}
            <span className={`${own.limit} bw-num`} data-near={reported.length >= max * 0.9 || undefined}>
              {reported.length.toLocaleString()} of {max.toLocaleString()} names
            </span>
          </div>
          {shown.map(row)}
          {shown.length === 0 && <p className={css.hint}>No event is called so.</p>}
          {reported.length >= max && (
            <p role="status" className={own.full}>
              Events with a new name are refused now. Names such as “viewed product 4711” belong into a
              property of one event.
            </p>
          )}
        </section>
      )}
      {names.data && (
        <>
          <Button
            className={own.others ?? ""}
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-expanded={others}
            leftSection={others ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
            onClick={() => setOthers(!others)}
          >
            {known.length} usual and built-in events
          </Button>
          {others && <section aria-label="Usual and built-in events">{known.map(row)}</section>}
          <HowToSend open={reported.length === 0} />
          <Keeping />
        </>
      )}
    </>
  );
}
