import type { AuditFilter } from "@bellwether/contracts/audit";

/** What the address of the page says. */
export interface AuditSearch {
  who: string;
  what: string;
  lead: string;
  /** Days of the calendar, in the reader's own zone; both belong to it. */
  from: string;
  to: string;
}

export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const text = (key: string) => (typeof raw[key] === "string" ? raw[key] : "");
  return { who: text("who"), what: text("what"), lead: text("lead"), from: text("from"), to: text("to") };
}

export function writeAuditSearch(search: AuditSearch): Record<string, string> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ""));
}

const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** A lead by its id, or by the address of its page. */
export function leadIdIn(text: string): string | null {
  return id.exec(text)?.[0].toLowerCase() ?? null;
}

export function filterOf(search: AuditSearch): AuditFilter {
  const lead_id = leadIdIn(search.lead);
  const from = startOf(search.from, 0);
  const to = startOf(search.to, 1);
  return {
    ...(search.who ? { actor_id: search.who } : {}),
    ...(search.what ? { name: search.what } : {}),
    ...(lead_id ? { lead_id } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

function startOf(day: string, days_later: number): string | null {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return null;
  const start = new Date(year, month - 1, date + days_later);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}

/** The same as the query of a download's address. */
export function queryOf(filter: AuditFilter): string {
  const pairs = Object.entries(filter).flatMap(([key, value]) =>
    typeof value === "string" ? [[key, value] as [string, string]] : [],
  );
  const query = new URLSearchParams(pairs).toString();
  return query === "" ? "" : `?${query}`;
}
