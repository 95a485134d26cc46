import { Skeleton } from "@mantine/core";
import type { Lead } from "@bellwether/contracts/leads";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, isProblem } from "../../../api.ts";
import { rememberLead } from "../../../recent.ts";
import { useSession } from "../../../session.tsx";
import { ErrorState, usePageTitle } from "../../../ui/index.ts";
import { knownLead } from "../edits.tsx";
import type { Lookups } from "../lookups.ts";
import { useMe } from "../me.ts";
import { leadName } from "../model/columns.ts";
import { Timeline } from "../timeline/timeline.tsx";
import css from "./card.module.css";
import { CardHeader } from "./card-header.tsx";
import { Merged } from "./merged.tsx";
import { Notes } from "./notes.tsx";
import { Properties } from "./properties.tsx";
import { Stages } from "./stages.tsx";
import { CardSegments } from "../segments/card-segments.tsx";
import { Tags } from "./tags.tsx";

interface Props {
  id: string;
  lookups: Lookups;
  /** The panel's card is a part of the page; the page's card is the page. */
  heading: "h1" | "h2";
  /** The lead was put into the bin. */
  gone: () => void;
}

/** Everything known of one lead, and everything that can be done with it. The same beside the list and on its own page. */
export function LeadCard({ id, lookups, heading, gone }: Props) {
  const queries = useQueryClient();
  const me = useMe();
  const lead = useQuery(
    api.leads.show.queryOptions({ input: { id }, placeholderData: () => knownLead(queries, id) }),
  );
  const workspace_id = useSession().workspace.id;
  const seen = lead.data !== undefined && !lead.isPlaceholderData;
  useEffect(() => {
    if (seen) rememberLead(workspace_id, id);
  }, [seen, workspace_id, id]);
  if (isProblem(lead.error, "lead_merged")) return <Merged error={lead.error} page={heading === "h1"} />;
  if (lead.isError && !lead.data) {
    // What isn't there, or not for this person, isn't there on the second try either.
    const retry = isProblem(lead.error, "not_found") ? {} : { retry: () => void lead.refetch() };
    return <ErrorState error={lead.error} {...retry} title="This lead can’t be shown" />;
  }
  if (!lead.data || !lookups.ready) return <CardSkeleton />;
  const shared = { lead: lead.data, lookups, me };
  return (
    <article className={css.card} data-wide={heading === "h1" || undefined}>
      {heading === "h1" && <TabTitle lead={lead.data} />}
      <CardHeader {...shared} heading={heading} gone={gone} />
      <div className={css.facts}>
        <Properties {...shared} />
        <Tags {...shared} />
        <CardSegments lead={lead.data} lookups={lookups} />
        <Stages lead={lead.data} lookups={lookups} />
      </div>
      <div className={css.story}>
        <Notes {...shared} />
        <Timeline key={lead.data.id} lead={lead.data} lookups={lookups} />
      </div>
    </article>
  );
}

function TabTitle({ lead }: { lead: Lead }) {
  usePageTitle(leadName(lead));
  return null;
}

function CardSkeleton() {
  return (
    <div className={css.card} role="status" aria-label="Loading the lead">
      <div className={css.header}>
        <Skeleton circle height={44} />
        <div className={css.headText}>
          <Skeleton height={16} width={180} mt={4} />
          <Skeleton height={11} width={120} mt={10} />
        </div>
      </div>
      <div className={css.facts}>
        {Array.from({ length: 8 }, (_, at) => (
          <Skeleton key={at} height={11} width={`${55 + ((at * 17) % 35)}%`} my={11} />
        ))}
      </div>
    </div>
  );
}
