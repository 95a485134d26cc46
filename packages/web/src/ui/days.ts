const parsers = new Map<string, Intl.DateTimeFormat>();

/** The day a moment falls on in a zone, as `2026-03-01`. */
export function dayOf(moment: string | number, time_zone: string): string {
  const time = typeof moment === "number" ? moment : Date.parse(moment);
  if (Number.isNaN(time)) return "";
  // Building one costs about 50 µs, and a long list asks for each of its rows.
  const parser =
    parsers.get(time_zone) ?? new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: time_zone });
  parsers.set(time_zone, parser);
  return parser.format(time);
}

const day_ms = 86_400_000;
/** A day of the calendar so many days later. */
export function daysLater(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * day_ms).toISOString().slice(0, 10);
}

export interface Day<Item> {
  day: string;
  label: string;
  items: Item[];
}

/** Things parted by the day they fall on in a zone, in the order given. */
export function byDay<Item>(
  items: readonly Item[],
  at: (item: Item) => string,
  zone: { time_zone: string; locale: string | undefined; now: number },
): Day<Item>[] {
  const days: Day<Item>[] = [];
  for (const item of items) {
    const day = dayOf(at(item), zone.time_zone);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, label: label(day, zone), items: [item] });
  }
  return days;
}

function label(day: string, zone: { time_zone: string; locale: string | undefined; now: number }): string {
  const today = dayOf(zone.now, zone.time_zone);
  if (day === today) return "Today";
  if (day === daysLater(today, -1)) return "Yesterday";
  return new Intl.DateTimeFormat(zone.locale, { dateStyle: "medium", timeZone: "UTC" }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}
