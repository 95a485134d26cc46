import type { Home } from "@bellwether/contracts/home";
import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { ageOf, SkeletonRows, StageBadge, TextLink, useNow } from "../../ui/index.ts";
import css from "./home.module.css";
import { LeadLink } from "./lead-link.tsx";

interface Props {
  home: Home | undefined;
  scope: "mine" | "all";
  setScope: (scope: "mine" | "all") => void;
}

/** Leads that are in their stage for longer than its target, the longest first. */
export function Overdue({ home, scope, setScope }: Props) {
  const stages = useQuery(api.stages.list.queryOptions({ staleTime: 60_000 })).data?.data;
  const { count, leads } = home?.overdue ?? { count: { value: 0, exact: true }, leads: [] };
  return (
    <section aria-label="Overdue in their stage">
      <div className={css.head}>
        <h2>Overdue in their stage</h2>
        {count.value > 0 && (
          <span className={`${css.overdueCount} bw-num`}>
            {count.value.toLocaleString()}
            {!count.exact && "+"}
          </span>
        )}
        <SegmentedControl
          className={css.scope ?? ""}
          size="xs"
          aria-label="Whose overdue leads"
          value={scope}
          onChange={(value) => setScope(value === "all" ? "all" : "mine")}
          data={[
            { value: "mine", label: "Mine" },
            { value: "all", label: "All" },
          ]}
        />
      </div>
      {!home || !stages ? (
        <SkeletonRows rows={4} />
      ) : leads.length === 0 ? (
        <None stages={stages} scope={scope} />
      ) : (
        <>
          <ul className={css.list}>
            {leads.map((lead) => (
              <Late key={lead.id} lead={lead} stage={stages.find((stage) => stage.key === lead.stage)} />
            ))}
          </ul>
          {count.value > leads.length && (
            <p className={css.all}>
              <TextLink to="/leads" search={{ rule: ruleOf(scope), sort: "stage_since" }}>
                All that are overdue
              </TextLink>
            </p>
          )}
        </>
      )}
    </section>
  );
}

function ruleOf(scope: Props["scope"]) {
  const overdue = { field: "overdue", is: "eq", value: true };
  return { all: scope === "mine" ? [{ field: "owner_id", is: "eq", value: "me" }, overdue] : [overdue] };
}

function None({ stages, scope }: { stages: readonly Stage[]; scope: Props["scope"] }) {
  const may_set = useMay("settings:write");
  const targets = stages.some((stage) => stage.kind === "open" && stage.target_days !== null);
  if (targets) {
    return (
      <p className={css.quietText}>
        {scope === "mine" ? "None of yours waits too long." : "No lead waits too long."}
      </p>
    );
  }
  return (
    <p className={css.quietText}>
      No stage has a target yet, so nothing is overdue.{" "}
      {may_set ? (
        <TextLink to="/settings/pipeline">Set targets</TextLink>
      ) : (
        "An admin can set targets in Settings › Pipeline."
      )}
    </p>
  );
}

function Late({ lead, stage }: { lead: Lead; stage: Stage | undefined }) {
  const now = useNow();
  if (!stage) return null;
  const { words, spoken } = ageOf(lead, stage, now);
  return (
    <li>
      <LeadLink lead={lead} />
      <span className={css.where}>
        <StageBadge stage={stage} />
      </span>
      <span className={css.late} title={spoken}>
        {words}
      </span>
    </li>
  );
}
