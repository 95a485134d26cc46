/** When somebody is at work: by working hours of the week and absences, in a time zone of their own. */
import type { Availability } from "@bellwether/contracts/assignment";

type Hours = Pick<Availability, "time_zone" | "hours" | "absences">;

/** So far ahead somebody's next working hours are looked for. */
const days_max = 60;

function localOf({ time_zone }: Hours, at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(time_zone);
}

/** The last day of the absence that somebody is in; null where in none. Absences that follow each other are one. */
export function absentUntil(hours: Hours, at: Date): string | null {
  let until: string | null = null;
  for (let day = localOf(hours, at).toPlainDate(), left = hours.absences.length; left >= 0; left -= 1) {
    const spans = hours.absences.filter(({ from, to }) => from <= day.toString() && day.toString() <= to);
    const last = spans
      .map(({ to }) => to)
      .toSorted()
      .at(-1);
    if (last === undefined) break;
    until = last;
    day = Temporal.PlainDate.from(last).add({ days: 1 });
  }
  return until;
}

/** When the absence that somebody is in is over; null where in none. */
export function backAt(hours: Hours, at: Date): Date | null {
  const until = absentUntil(hours, at);
  return until === null
    ? null
    : new Date(
        Temporal.PlainDate.from(until).add({ days: 1 }).toZonedDateTime(hours.time_zone).epochMilliseconds,
      );
}

/** `at` itself for somebody at work; null when that isn't within the next days. */
export function nextAtWork(hours: Hours, at: Date): Date | null {
  const here = localOf(hours, at);
  const today = here.toPlainDate();
  const time = here.toPlainTime().toString({ smallestUnit: "minute" });
  for (let days = 0; days <= days_max; days += 1) {
    const day = today.add({ days });
    const begins = beginsOn(hours, day, days === 0 ? time : "00:00");
    if (begins !== null) {
      const plainTime = Temporal.PlainTime.from(begins);
      const start = day.toZonedDateTime({ timeZone: hours.time_zone, plainTime });
      return new Date(Math.max(at.getTime(), start.epochMilliseconds));
    }
  }
  return null;
}

/** When work begins on a day, or that it goes on at `from`. */
function beginsOn({ hours, absences }: Hours, day: Temporal.PlainDate, from: string): string | null {
  const date = day.toString();
  if (absences.some((absence) => absence.from <= date && date <= absence.to)) return null;
  if (hours === null) return from;
  const begins = hours
    .filter((span) => span.day === day.dayOfWeek && from < span.to)
    .map((span) => (span.from < from ? from : span.from));
  return begins.toSorted()[0] ?? null;
}
