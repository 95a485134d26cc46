import type { PipelineFilter, PipelineReport } from "@bellwether/contracts/reports";
import { IconChartBar } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { api } from "../../api.ts";
import { useMay, useSession } from "../../session.tsx";
import { Page } from "../../shell/Shell.tsx";
import {
  dayOf,
  EmptyState,
  ErrorState,
  LinkButton,
  NotAllowed,
  PageHeader,
  SkeletonRows,
  useNow,
} from "../../ui/index.ts";
import { Filters } from "./filters.tsx";
import { Funnel } from "./funnel.tsx";
import { Groups } from "./groups.tsx";
import { Moves } from "./moves.tsx";
import css from "./reports.module.css";
import {
  daysOf,
  faultIn,
  filterOf,
  readReportSearch,
  type ReportSearch,
  writeReportSearch,
} from "./search.ts";
import { Times } from "./times.tsx";
import { daysWords, few, isQuiet, numberWords, shareWords } from "./words.ts";

/** What the moves of leads through the pipeline tell, for a period. */
export function ReportsPage() {
  return (
    <Page>
      {useMay("reports:read") ? (
        <Report />
      ) : (
        <>
          <PageHeader title="Pipeline report" />
          <NotAllowed what="Agents see figures of their own leads, managers those of all." />
        </>
      )}
    </Page>
  );
}

function Report() {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const { workspace, role } = useSession();
  const today = dayOf(useNow(), workspace.time_zone);
  // Agents have but their own leads: by owner would be one row.
  const search = useMemo((): ReportSearch => {
    const read = readReportSearch(raw);
    return role === "agent" ? { ...read, owner: null, by: "source" } : read;
  }, [raw, role]);
  const change = (to: Partial<ReportSearch>) =>
    void navigate({
      to: "/reports",
      search: writeReportSearch({ ...search, ...to }),
      replace: true,
      resetScroll: false,
    });
  const days = daysOf(search, today);
  const fault = faultIn(days);
  const filter = filterOf(search, today);
  const report = useQuery({
    ...api.reports.pipeline.queryOptions({ input: filter, enabled: fault === null }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHeader
        title="Pipeline report"
        lead={
          <>
            {fault !== null ? "" : `${daysWords(days)} · ${workspace.time_zone.replaceAll("_", " ")}`}
            {role === "agent" && " · your own leads"}
          </>
        }
      />
      <Filters search={search} change={change} today={today} fault={fault} />
      {fault !== null ? null : report.isError ? (
        <ErrorState error={report.error} retry={() => void report.refetch()} />
      ) : report.data ? (
        <div
          className={css.body}
          data-old={report.isPlaceholderData || undefined}
          aria-busy={report.isFetching}
        >
          <Figures report={report.data} filter={filter} search={search} change={change} />
        </div>
      ) : (
        <SkeletonRows rows={9} height={48} />
      )}
    </>
  );
}

interface Props {
  report: PipelineReport;
  filter: PipelineFilter;
  search: ReportSearch;
  change: (to: Partial<ReportSearch>) => void;
}

function Figures({ report, filter, search, change }: Props) {
  const narrowed = search.owner !== null || search.source !== null;
  if (isQuiet(report) && report.stages.every((stage) => stage.now === 0)) {
    return narrowed ? (
      <EmptyState icon={IconChartBar} title="No such leads" action={<ClearButton change={change} />}>
        Nobody has leads like these at the moment.
      </EmptyState>
    ) : (
      <EmptyState
        icon={IconChartBar}
        title="Nothing to report yet"
        action={<LinkButton to="/leads">Go to leads</LinkButton>}
      >
        The report tells how leads move through the stages. It begins with the first lead.
      </EmptyState>
    );
  }
  return (
    <>
      <Totals report={report} />
      {isQuiet(report) && (
        <p className={css.note} role="status">
          No lead came or moved in these days. Choose a longer period to see more than where leads stand now.
        </p>
      )}
      <Funnel stages={report.stages} filter={filter} own_only={report.own_only} />
      <Times stages={report.stages} filter={filter} />
      <Groups report={report} filter={filter} search={search} change={change} />
      <Moves report={report} filter={filter} />
    </>
  );
}

function ClearButton({ change }: Pick<Props, "change">) {
  return (
    <button type="button" className={css.textButton} onClick={() => change({ owner: null, source: null })}>
      Clear owner and source
    </button>
  );
}

function Totals({ report }: { report: PipelineReport }) {
  const { created, won, lost } = report;
  const ended = won + lost;
  return (
    <dl className={css.totals}>
      <Total label="New leads" value={numberWords(created)} />
      <Total label="Won" value={numberWords(won)} />
      <Total label="Lost" value={numberWords(lost)} />
      <Total
        label="Win rate"
        value={shareWords(won, ended)}
        hint={
          ended === 0
            ? "none ended"
            : ended < few
              ? `of only ${ended}`
              : `of ${numberWords(ended)} that ended`
        }
      />
    </dl>
  );
}

function Total({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value}
        {hint && <span className={css.hint}>{hint}</span>}
      </dd>
    </div>
  );
}
