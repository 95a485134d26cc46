import type { Absence, Availability, WorkingSpan } from "@bellwether/contracts/assignment";

const monday = Date.UTC(2024, 0, 1);
const day_ms = 86_400_000;
const name = new Intl.DateTimeFormat(undefined, { weekday: "long", timeZone: "UTC" });
/** 1 is Monday. */
export const days = [1, 2, 3, 4, 5, 6, 7].map((day) => ({
  day,
  label: name.format(monday + (day - 1) * day_ms),
}));

/** Where hours begin that nobody has said yet. */
export const officeHours: WorkingSpan[] = [1, 2, 3, 4, 5].map((day) => ({ day, from: "09:00", to: "17:00" }));

/** Another span on a day: after its last one, where there is room. */
export function spanAfter(hours: readonly WorkingSpan[], day: number): WorkingSpan {
  const last = hours
    .filter((span) => span.day === day)
    .map((span) => span.to)
    .toSorted()
    .at(-1);
  if (last === undefined) return { day, from: "09:00", to: "17:00" };
  const hour = Math.min(23, Number(last.slice(0, 2)) + 1);
  return {
    day,
    from: `${String(hour).padStart(2, "0")}:00`,
    to: hour < 20 ? `${String(hour + 4).padStart(2, "0")}:00` : "24:00",
  };
}

/** The field of a browser for times knows no 24:00: midnight at the end of a day is its 00:00. */
export const shownEnd = (to: string): string => (to === "24:00" ? "00:00" : to);
export const readEnd = (typed: string): string => (typed === "00:00" ? "24:00" : typed);

/** What is wrong with a draft, in a sentence; null when nothing is. */
export function faultOf({ hours, absences }: Pick<Availability, "hours" | "absences">): string | null {
  const bad = hours?.find((span) => span.from === "" || span.to === "" || span.from >= span.to);
  if (bad) {
    const { label } = days.find(({ day }) => day === bad.day) ?? { label: "A day" };
    return `${label}: working hours end after they begin.`;
  }
  return absences.some(isBad)
    ? "An absence has a first day, and a last day that is the same or later."
    : null;
}

const isBad = ({ from, to }: Absence): boolean => from === "" || to === "" || to < from;
