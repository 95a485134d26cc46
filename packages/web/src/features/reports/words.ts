import type { GroupFigures, PipelineReport } from "@bellwether/contracts/reports";
import type { GroupSort } from "./search.ts";

/** Fewer than so many stays or ends say little. */
export const few = 5;

export const numberWords = (value: number): string => value.toLocaleString();

/** How many of a hundred; nothing of nothing. */
export function shareWords(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = (part / whole) * 100;
  const words = share > 0 && share < 1 ? "< 1" : share > 99 && share < 100 ? "> 99" : Math.round(share);
  return `${words}\u00a0%`;
}

/** How many of those that ended were won. */
function winRate({ won, lost }: { won: number; lost: number }): number | null {
  return won + lost === 0 ? null : won / (won + lost);
}

export function daysWords({ from, to }: { from: string; to: string }): string {
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
  return day.formatRange(Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`));
}

/** Whether anything at all happened in the period. */
export function isQuiet(report: PipelineReport): boolean {
  return report.created === 0 && report.moves.length === 0;
}

/** Those without a rate come last whichever way it goes. */
export function sortedGroups(
  groups: readonly GroupFigures[],
  sort: { by: GroupSort; down: boolean },
): GroupFigures[] {
  const turn = sort.down ? -1 : 1;
  if (sort.by === "label") return groups.toSorted((a, b) => turn * a.label.localeCompare(b.label));
  const value = (group: GroupFigures) =>
    sort.by === "rate" ? winRate(group) : sort.by === "label" ? null : group[sort.by];
  return groups.toSorted((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return turn * (one - other);
  });
}
