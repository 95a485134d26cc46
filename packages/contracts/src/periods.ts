/** Days that move on with today, as rules name them: `today`, `last_week`, `in_5_days`. Weeks begin on Monday. */
export const periods = [
  "today",
  "yesterday",
  "tomorrow",
  "this_week",
  "last_week",
  "next_week",
  "this_month",
  "last_month",
  "next_month",
  "this_year",
  "last_year",
  "next_year",
] as const;
export type Period = (typeof periods)[number];

export function isPeriod(text: string): text is Period {
  return periods.some((period) => period === text);
}

/** How many days from today: 5 for `in_5_days`, -4 for `4_days_ago`; null for anything else. */
export function daysAway(text: string): number | null {
  const [, ahead, ago] = /^(?:in_([1-9]\d{0,3})_days?|([1-9]\d{0,3})_days?_ago)$/.exec(text) ?? [];
  return ahead !== undefined ? Number(ahead) : ago !== undefined ? -Number(ago) : null;
}

export function dayAway(days: number): string {
  const count = Math.abs(days);
  const unit = count === 1 ? "day" : "days";
  return days < 0 ? `${count}_${unit}_ago` : `in_${count}_${unit}`;
}

export function movesWithToday(text: string): boolean {
  return isPeriod(text) || daysAway(text) !== null;
}

/** “last week”, “in 5 days” */
export function periodWords(text: string): string {
  return text.replaceAll("_", " ");
}
