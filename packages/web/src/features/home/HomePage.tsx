import type { Home } from "@bellwether/contracts/home";
import type { Lead } from "@bellwether/contracts/leads";
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { api, queryClient } from "../../api.ts";
import { useLive, useLiveMany } from "../../live.ts";
import { useSession } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import { ErrorState, PageHeader, RelativeTime, SkeletonRows, TextLink } from "../../ui/index.ts";
import { Activity } from "./Activity.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { greeting } from "./greeting.ts";
import css from "./home.module.css";
import { LeadLink } from "./lead-link.tsx";
import { MyLeads } from "./my-leads.tsx";
import { Overdue } from "./overdue.tsx";

type Scope = "mine" | "all";

/** What waits for me, what is new, and what happens. */
export function HomePage() {
  const { user, workspace } = useSession();
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const scope: Scope = raw["overdue"] === "all" ? "all" : "mine";
  const setScope = (to: Scope) =>
    void navigate({
      to: "/",
      search: to === "all" ? { overdue: to } : {},
      replace: true,
      resetScroll: false,
    });
  const home = useQuery({
    ...api.home.show.queryOptions({ input: { scope } }),
    placeholderData: keepPreviousData,
  });
  useNews();
  const empty = home.data?.newest.length === 0;
  return (
    <Page>
      <PageHeader
        title={greeting(new Date().getHours(), user?.name ?? "")}
        lead={empty ? `${workspace.name} has no leads yet.` : workspace.name}
      />
      {home.isError && !home.data ? (
        <ErrorState error={home.error} retry={() => void home.refetch()} />
      ) : empty ? (
        <FirstSteps />
      ) : (
        <>
          {home.data ? <MyLeads mine={home.data.mine} /> : <Skeleton height={96} mb={40} />}
          <div className={css.grid}>
            <div>
              <Overdue home={home.data} scope={scope} setScope={setScope} />
              <Newest home={home.data} />
            </div>
            <Activity />
          </div>
        </>
      )}
    </Page>
  );
}

const look_again_ms = 3000;

/** Reads the page's figures again when leads changed, however fast they do: at most so often. */
function useNews(): void {
  const timer = useRef(0);
  const soon = () => {
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      void queryClient.invalidateQueries({ queryKey: api.home.show.key() });
    }, look_again_ms);
  };
  useLive(soon);
  useLiveMany(soon);
  useEffect(() => () => window.clearTimeout(timer.current), []);
}

function Newest({ home }: { home: Home | undefined }) {
  return (
    <section aria-label="Newest leads">
      <div className={css.head}>
        <h2>Newest leads</h2>
        <TextLink to="/leads">All leads</TextLink>
      </div>
      {home ? (
        <ul className={css.list}>
          {home.newest.map((lead) => (
            <NewLead key={lead.id} lead={lead} />
          ))}
        </ul>
      ) : (
        <SkeletonRows rows={8} />
      )}
    </section>
  );
}

function NewLead({ lead }: { lead: Lead }) {
  return (
    <li>
      <LeadLink lead={lead} />
      <span className={css.dim}>
        <RelativeTime at={lead.created_at} />
      </span>
    </li>
  );
}
