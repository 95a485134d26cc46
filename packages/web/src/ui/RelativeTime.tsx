import { Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";

const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "long" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

// One clock for the whole page: a list of a hundred rows must not keep a hundred timers.
let now = Date.now();
const subscribers = new Set<() => void>();
let timer = 0;
function subscribe(wake: () => void): () => void {
  subscribers.add(wake);
  timer ||= window.setInterval(() => {
    now = Date.now();
    for (const each of subscribers) each();
  }, 30_000);
  return () => {
    subscribers.delete(wake);
    if (subscribers.size === 0) {
      window.clearInterval(timer);
      timer = 0;
    }
  };
}

/** "3 minutes ago" up to a week, a date after it; the whole moment on hover and for machines. */
export function relativeWords(iso: string, at = Date.now()): string {
  const then = Date.parse(iso);
  const seconds = Math.round((then - at) / 1000);
  const abs = Math.abs(seconds);
  if (abs < 45) return "just now";
  if (abs < 3600) return words.format(Math.round(seconds / 60), "minute");
  if (abs < 86_400) return words.format(Math.round(seconds / 3600), "hour");
  if (abs < 7 * 86_400) return words.format(Math.round(seconds / 86_400), "day");
  return day.format(then);
}

/** The time, half a minute coarse: what shows it is drawn again as it goes on. */
export function useNow(): number {
  return Math.max(
    useSyncExternalStore(subscribe, () => now),
    Date.now() - 30_000,
  );
}

export function RelativeTime({ at }: { at: string }) {
  const clock = useNow();
  return (
    <Tooltip label={full.format(Date.parse(at))}>
      <time dateTime={at}>{relativeWords(at, clock)}</time>
    </Tooltip>
  );
}

/** A moment in the reader's own zone, spelled out to the minute. */
export function formatMoment(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(
    Date.parse(iso),
  );
}
