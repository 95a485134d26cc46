import { type PipelineFilter, report_days_max } from "@bellwether/contracts/reports";
import { daysLater } from "../../ui/days.ts";

export const periods = [
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
  { value: "month", label: "This month" },
  { value: "quarter", label: "This quarter" },
  { value: "custom", label: "Other days" },
] as const;
export type Period = (typeof periods)[number]["value"];
export const isPeriod = (value: unknown): value is Period => periods.some((period) => period.value === value);

const groupSorts = ["label", "created", "won", "lost", "rate", "open", "total"] as const;
export type GroupSort = (typeof groupSorts)[number];

/** What the address of the page says. */
export interface ReportSearch {
  period: Period;
  /** Days of the calendar, both included; asked for when the period is `custom`. */
  from: string;
  to: string;
  /** A member's id, `none` for leads of nobody. */
  owner: string | null;
  /** An empty text: leads without a source. */
  source: string | null;
  by: "owner" | "source";
  sort: { by: GroupSort; down: boolean };
}

const usual_sort = { by: "total", down: true } as const;

/** Reads the address; whatever isn't understood is as if it weren't there. */
export function readReportSearch(raw: Record<string, unknown>): ReportSearch {
  // A source may be a number, and the router reads it as one.
  const text = (key: string) =>
    typeof raw[key] === "string" || typeof raw[key] === "number" ? String(raw[key]) : null;
  const from = dayIn(text("from"));
  const to = dayIn(text("to"));
  const period = text("period");
  return {
    period: from || to || period === "custom" ? "custom" : isPeriod(period) ? period : "30",
    from,
    to,
    owner: text("owner"),
    source: text("source"),
    by: raw["by"] === "source" ? "source" : "owner",
    sort: sortIn(text("sort")),
  };
}

function dayIn(text: string | null): string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
}

function sortIn(text: string | null): ReportSearch["sort"] {
  const by = groupSorts.find((key) => key === text?.replace(/^-/, ""));
  return by === undefined ? usual_sort : { by, down: text?.startsWith("-") === true };
}

/** The address for it; what is as usual is left out. */
export function writeReportSearch(search: ReportSearch): Record<string, string> {
  const { period, from, to, owner, source, by, sort } = search;
  const days = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const usual = sort.by === usual_sort.by && sort.down === usual_sort.down;
  return {
    ...(period === "30" ? {} : period !== "custom" ? { period } : from || to ? days : { period }),
    ...(owner === null ? {} : { owner }),
    ...(source === null ? {} : { source }),
    ...(by === "owner" ? {} : { by }),
    ...(usual ? {} : { sort: `${sort.down ? "-" : ""}${sort.by}` }),
  };
}

/** From which day to which, as of today. */
export function daysOf(
  { period, from, to }: Pick<ReportSearch, "period" | "from" | "to">,
  today: string,
): { from: string; to: string } {
  if (period === "custom") {
    const last = to || today;
    return { from: from || daysLater(last, -29), to: last };
  }
  if (period === "month") return { from: `${today.slice(0, 7)}-01`, to: today };
  if (period === "quarter") {
    const month = Number(today.slice(5, 7));
    const first = String(month - ((month - 1) % 3)).padStart(2, "0");
    return { from: `${today.slice(0, 4)}-${first}-01`, to: today };
  }
  return { from: daysLater(today, 1 - Number(period)), to: today };
}

/** What is wrong with the days, said before anybody asks the server: while one types a year it is one of long ago. */
export function faultIn({ from, to }: { from: string; to: string }): string | null {
  if (from > to) return "Ends before it begins.";
  return from <= daysLater(to, -report_days_max) ? "Ten years at most." : null;
}

export function filterOf(search: ReportSearch, today: string): PipelineFilter {
  return {
    ...daysOf(search, today),
    ...(search.owner === null ? {} : { owner_id: search.owner }),
    ...(search.source === null ? {} : { source: search.source }),
    by: search.by,
  };
}

/** The same as the query of a download's address. */
export function queryOf(filter: PipelineFilter, table: "stages" | "moves" | "groups"): string {
  const query = new URLSearchParams({ table });
  for (const [key, value] of Object.entries(filter)) if (typeof value === "string") query.set(key, value);
  return query.toString();
}
