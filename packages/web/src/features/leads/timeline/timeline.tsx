import type { Lead } from "@bellwether/contracts/leads";
import { Button, Skeleton, Tabs } from "@mantine/core";
import { useRef, useState } from "react";
import { itemsOf } from "../../../paging.ts";
import { useMay } from "../../../session.tsx";
import { AddButton, byDay, ErrorState, LoadMore, useNow } from "../../../ui/index.ts";
import type { Lookups } from "../lookups.ts";
import { AddEvent } from "./add-event.tsx";
import { EventGroups } from "./event-groups.tsx";
import { KindFilter } from "./kind-filter.tsx";
import css from "./timeline.module.css";
import { TimelineItem } from "./timeline-item.tsx";
import { useStill } from "./use-still.ts";
import { useTimeline } from "./use-timeline.ts";

interface Props {
  lead: Lead;
  lookups: Lookups;
}

/** What happened, newest first, by day; or by kind, how often each. */
export function Timeline({ lead, lookups }: Props) {
  const [tab, setTab] = useState<"all" | "groups">("all");
  const [names, setNames] = useState<readonly string[]>([]);
  const [adding, setAdding] = useState(false);
  const may_add = useMay("events:write");
  return (
    <section aria-label="Timeline" className={css.timeline}>
      <Tabs
        value={tab}
        onChange={(next) => setTab(next === "groups" ? "groups" : "all")}
        keepMounted={false}
        unstyled
        classNames={{ tab: css.tab ?? "" }}
      >
        <div className={css.head}>
          <Tabs.List aria-label="Timeline">
            <Tabs.Tab value="all">Timeline</Tabs.Tab>
            <Tabs.Tab value="groups">Groups</Tabs.Tab>
          </Tabs.List>
          <span className={css.gap} />
          {tab === "all" && <KindFilter lead={lead} names={lookups.names} chosen={names} choose={setNames} />}
          {may_add && <AddButton onClick={() => setAdding(true)}>Add event</AddButton>}
        </div>
        <Tabs.Panel value="all">
          <Days lead={lead} lookups={lookups} names={names} showAll={() => setNames([])} />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <EventGroups
            lead={lead}
            show={(name) => {
              setNames([name]);
              setTab("all");
            }}
          />
        </Tabs.Panel>
      </Tabs>
      <AddEvent lead={lead} names={lookups.names} opened={adding} close={() => setAdding(false)} />
    </section>
  );
}

/** Days are the reader's own: "yesterday evening" is theirs, wherever the workspace is. */
const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Days({ lead, lookups, names, showAll }: Props & { names: readonly string[]; showAll: () => void }) {
  const events = useTimeline(lead.id, names);
  const now = useNow();
  const all = itemsOf(events.data);
  const here = { ...lookups.names, time_zone };
  const list = useRef<HTMLDivElement>(null);
  useStill(list, all[0]?.id);
  if (events.isPending)
    return (
      <div role="status" aria-label="Loading the timeline">
        {["60%", "45%", "70%"].map((width) => (
          <Skeleton key={width} height={11} width={width} my={14} />
        ))}
      </div>
    );
  if (events.isError && !events.data)
    return (
      <ErrorState
        error={events.error}
        retry={() => void events.refetch()}
        title="The timeline can’t be shown"
      />
    );
  return (
    <div ref={list} className={css.days}>
      {all.length === 0 &&
        (names.length === 0 ? (
          <p className={css.quiet}>Nothing has happened yet. Changes, notes and events appear here.</p>
        ) : (
          <p className={css.quiet}>
            Nothing of this kind has happened.{" "}
            <Button variant="subtle" size="compact-sm" onClick={showAll}>
              Show everything
            </Button>
          </p>
        ))}
      {byDay(all, (event) => event.occurred_at, { ...here, now }).map((day) => (
        <div key={day.day} className={css.day}>
          <h4>{day.label}</h4>
          <ol>
            {day.items.map((event) => (
              <TimelineItem
                key={event.id}
                lead_id={lead.id}
                event={event}
                fields={lookups.fields}
                names={here}
                today={day.label === "Today"}
              />
            ))}
          </ol>
        </div>
      ))}
      <LoadMore pages={events} quiet>
        Load older
      </LoadMore>
    </div>
  );
}
