import type { Lead } from "@bellwether/contracts/leads";
import type { Rule } from "@bellwether/contracts/rule";
import type { SegmentDetail } from "@bellwether/contracts/segments";
import { Button, Modal, Progress, Tabs } from "@mantine/core";
import { IconAlertTriangle, IconUserPlus } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { isProblem } from "../../api.ts";
import { useMay } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import { EmptyState, ErrorState, LinkButton, PageHeader, SkeletonRows, TextLink } from "../../ui/index.ts";
import { addToSegment, FindLead, LeadsOf, type Lookups, useLookups } from "../leads/index.ts";
import { Actions } from "./actions.tsx";
import { StateBadge, TypeBadge } from "./badges.tsx";
import { useSegment } from "./data.ts";
import { GrowthTab } from "./growth.tsx";
import { RuleTab, Tester } from "./rule-tab.tsx";
import css from "./segments.module.css";
import { UsedIn } from "./used-in.tsx";
import { buildShare, leadsWords, percentWords } from "./words.ts";

/** One segment: who is in it, why, how it grew, and what is done with it. */
export function SegmentPage() {
  const { id = "" } = useParams({ strict: false });
  const segment = useSegment(id);
  const lookups = useLookups();
  if (segment.isError && !segment.data) {
    const retry = isProblem(segment.error, "not_found") ? {} : { retry: () => void segment.refetch() };
    return (
      <Page>
        <ErrorState error={segment.error} {...retry} title="This segment can’t be shown" />
      </Page>
    );
  }
  if (!segment.data || !lookups.ready)
    return (
      <Page>
        <SkeletonRows />
      </Page>
    );
  return <Shown key={id} segment={segment.data} lookups={lookups} />;
}

type Tab = "members" | "rule" | "growth";

function tabsOf({ type, state }: SegmentDetail): { tab: Tab; label: string }[] {
  return [
    ...(state === "draft" ? [] : [{ tab: "members", label: "Members" } as const]),
    ...(type === "dynamic" ? [{ tab: "rule", label: "Rule" } as const] : []),
    ...(state === "draft" ? [] : [{ tab: "growth", label: "Growth" } as const]),
  ];
}

function Shown({ segment, lookups }: { segment: SegmentDetail; lookups: Lookups }) {
  const may_write = useMay("segments:write");
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const tabs = tabsOf(segment);
  const tab = tabs.find((each) => each.tab === raw["tab"])?.tab ?? tabs[0]?.tab ?? "members";
  return (
    <div className={css.frame}>
      <div className={css.top}>
        <PageHeader
          title={segment.name}
          crumb={<TextLink to="/segments">Segments</TextLink>}
          lead={segment.description || undefined}
          actions={may_write && <Actions segment={segment} />}
        />
        <Facts segment={segment} counted={tab !== "members"} />
        <Tabs
          value={tab}
          onChange={(to) =>
            to !== null &&
            void navigate({
              to: "/segments/$id",
              params: { id: segment.id },
              search: to === tabs[0]?.tab ? {} : { tab: to },
              replace: true,
            })
          }
        >
          <Tabs.List>
            {tabs.map((each) => (
              <Tabs.Tab key={each.tab} value={each.tab}>
                {each.label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      </div>
      {tab === "members" && segment.size === null ? (
        <EmptyState title={segment.building ? "Its members are being found" : "It has no members yet"}>
          They are listed here as soon as all of them are found. You can go on working meanwhile.
        </EmptyState>
      ) : tab === "members" ? (
        <Members segment={segment} lookups={lookups} />
      ) : (
        <div className={css.body}>
          {tab === "rule" ? <RuleTab segment={segment} lookups={lookups} /> : <GrowthTab segment={segment} />}
        </div>
      )}
    </div>
  );
}

/** The list of members says how many they are itself. */
function Facts({ segment, counted }: { segment: SegmentDetail; counted: boolean }) {
  const { building, broken, size, used_in } = segment;
  return (
    <>
      <div className={css.facts}>
        <StateBadge state={segment.state} />
        <TypeBadge type={segment.type} />
        {counted && size !== null && <span className="bw-num">{leadsWords(size)}</span>}
        {segment.refresh === "hourly" && <span>Time is looked at every hour</span>}
        {used_in.length > 0 && (
          <span>
            Used in <UsedIn used_in={used_in} />
          </span>
        )}
      </div>
      {building && (
        <div className={css.building} role="status">
          <span>
            {size === null
              ? "Finding its members"
              : "Finding the members by the new rule; until then those by the old one stay"}
            : {percentWords(buildShare(building))}
          </span>
          <Progress value={buildShare(building) * 100} size="xs" aria-label="Members found" />
        </div>
      )}
      {broken && (
        <p className={css.alarm} role="alert">
          <IconAlertTriangle size={15} stroke={1.8} aria-hidden="true" />
          <span>It can’t be kept up to date: {broken} Its members stay as they were. Change the rule.</span>
        </p>
      )}
      {segment.state === "retired" && (
        <p className={css.hint}>Retired: its members stay as they were, and nothing new can use it.</p>
      )}
    </>
  );
}

function Members({ segment, lookups }: { segment: SegmentDetail; lookups: Lookups }) {
  const may_write = useMay("segments:write");
  const [adding, setAdding] = useState(false);
  const by_hand = segment.type === "static" && segment.state === "active" && may_write;
  const rule = useMemo((): Rule => ({ segment: segment.id, member: true }), [segment.id]);
  const add = by_hand && (
    <Button
      size="compact-md"
      variant="default"
      leftSection={<IconUserPlus size={15} stroke={1.6} />}
      onClick={() => setAdding(true)}
    >
      Add leads
    </Button>
  );
  return (
    <>
      <LeadsOf
        // Members by a new rule are another list.
        key={segment.built_at ?? ""}
        rule={rule}
        lookups={lookups}
        within={by_hand ? segment.id : undefined}
        beside={
          <div className={css.beside}>
            {add}
            {segment.type === "dynamic" && <Tester segment={segment} lookups={lookups} />}
            <LinkButton variant="subtle" color="gray" size="compact-md" to="/leads" search={{ rule }}>
              Open in Leads
            </LinkButton>
          </div>
        }
        empty={
          <EmptyState title="Nobody is in it" action={add}>
            {by_hand
              ? "Add leads here by name, or choose them in the list of leads and add them all at once."
              : segment.type === "static"
                ? "No lead was added yet."
                : "No lead meets its rule now. Leads come in by themselves as soon as they do."}
          </EmptyState>
        }
      />
      <Modal opened={adding} onClose={() => setAdding(false)} title={`Add to ${segment.name}`} centered>
        {adding && <Adding segment={segment} />}
      </Modal>
    </>
  );
}

/** One after another, without closing. */
function Adding({ segment }: { segment: SegmentDetail }) {
  const [added, setAdded] = useState(0);
  const pick = (lead: Lead) => {
    void addToSegment(segment, lead);
    setAdded(added + 1);
  };
  return (
    <FindLead
      // Begins anew after each, ready for the next name.
      key={added}
      label="Lead"
      pick={pick}
      idle={
        added === 0
          ? "Enter adds the first that is found. Many at once: choose them in the list of leads."
          : "Add another, or close."
      }
    />
  );
}
