import type { CountIs, Happened } from "@bellwether/contracts/happened";
import { eventProperties } from "@bellwether/contracts/query-happened";
import { printQuery } from "@bellwether/contracts/query-print";

const often: Record<CountIs, string> = {
  gte: "at least",
  lte: "at most",
  eq: "exactly",
  gt: "more than",
  lt: "fewer than",
};
const units: Record<string, string> = { m: "minute", h: "hour", d: "day", w: "week" };

/** “did page.viewed at least 3 times in the last 14 days” */
export function happenedWords(rule: Happened): string {
  const { event, did = true, count, within, which = "any", where } = rule;
  return [
    did ? "did" : "did not do",
    event,
    where === undefined ? "" : `with ${printQuery(where, eventProperties)}`,
    count === undefined ? "" : `${often[count.is]} ${count.value} ${count.value === 1 ? "time" : "times"}`,
    which === "any" ? "" : `for the ${which} time`,
    within === undefined ? "" : withinWords(within),
  ]
    .filter(Boolean)
    .join(" ");
}

function withinWords(within: NonNullable<Happened["within"]>): string {
  if ("last" in within) {
    const until = within.until === undefined ? "" : `, up to ${lastingWords(within.until)} ago`;
    return `in the last ${lastingWords(within.last)}${until}`;
  }
  const { from, to } = within;
  if (from === undefined) return `until ${to ?? ""}`;
  return to === undefined ? `since ${from}` : `from ${from} to ${to}`;
}

function lastingWords(text: string): string {
  const count = Number.parseInt(text, 10);
  return `${count} ${units[text.trim().at(-1) ?? ""] ?? ""}${count === 1 ? "" : "s"}`;
}
