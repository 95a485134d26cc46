import type { AssignmentMethod, AssignmentRule, LeadTaker } from "@bellwether/contracts/assignment";
import { waiting_max } from "@bellwether/contracts/assignment";

export const methodWords: Record<AssignmentMethod, { label: string; hint: string }> = {
  round_robin: { label: "In turn", hint: "One after the other, each as often" },
  least_loaded: { label: "Fewest open leads first", hint: "Whoever owns the fewest open leads" },
};
export const methods = Object.entries(methodWords).map(([value, { label }]) => ({ value, label }));
export const isMethod = (value: string | null): value is AssignmentMethod =>
  value !== null && value in methodWords;

/** How a rule gives its leads away: “In turn, only to those at work”. */
export function wayWords({ method, only_at_work }: Pick<AssignmentRule, "method" | "only_at_work">): string {
  const { label } = methodWords[method];
  return only_at_work ? `${label}, only to those at work` : label;
}

/** “3 leads wait until somebody is back”; empty when none does. */
export function waitingWords(waiting: number): string {
  if (waiting === 0) return "";
  const leads =
    waiting === 1
      ? "1 lead waits"
      : `${waiting.toLocaleString()}${waiting < waiting_max ? "" : "+"} leads wait`;
  return `${leads} until somebody of it is back`;
}

export const leadsWords = (count: number): string =>
  `${count.toLocaleString()} open ${count === 1 ? "lead" : "leads"}`;

const day_parts = { day: "numeric", month: "short", timeZone: "UTC" } as const;
const day = new Intl.DateTimeFormat(undefined, day_parts);
const day_of_year = new Intl.DateTimeFormat(undefined, { ...day_parts, year: "numeric" });
const moment = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** A calendar day, which has no zone: “5 Jun”, with its year where that isn't this one. */
function dayWords(date: string): string {
  const own = date.startsWith(`${new Date().getFullYear()}-`);
  return (own ? day : day_of_year).format(Date.parse(`${date}T00:00:00Z`));
}

/** Whether somebody would get a lead now: “Absent until 5 Jun”. */
export function whenWords(taker: Pick<LeadTaker, "absent_until" | "at_work" | "next_at_work">): string {
  if (taker.absent_until !== null) return `Absent until ${dayWords(taker.absent_until)}`;
  if (taker.at_work) return "At work";
  return taker.next_at_work === null
    ? "Not at work in the next 60 days"
    : `Not at work until ${moment.format(Date.parse(taker.next_at_work))}`;
}
