import { type EventName, event_names_max } from "@bellwether/contracts/events";

/** The workspace's own events, the latest first; and those that are known beforehand. */
export function listed(list: { data: EventName[]; names_max: number } | undefined): {
  reported: EventName[];
  known: EventName[];
  max: number;
} {
  const all = list?.data ?? [];
  return {
    reported: all
      .filter(({ kind }) => kind === "reported")
      .toSorted((a, b) => (b.last_seen_at ?? "").localeCompare(a.last_seen_at ?? "")),
    known: all.filter(({ kind }) => kind !== "reported"),
    max: list?.names_max ?? event_names_max,
  };
}

export function matches(event: EventName, find: string): boolean {
  const wanted = find.trim().toLowerCase();
  return [event.name, event.label, ...event.properties.map(({ key }) => key)].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

const typeWords = {
  text: "text",
  number: "number",
  yes_no: "yes or no",
  time: "time",
  list: "list",
  object: "object",
} as const;
/** “number”, or “number or text” where both came. */
export const typesWords = (types: EventName["properties"][number]["types"]): string =>
  types.map((type) => typeWords[type]).join(" or ");

export const timesWords = (count: number): string =>
  `${count.toLocaleString()} ${count === 1 ? "time" : "times"}`;

const usual_months = [3, 6, 12, 24, 36, 60];
/** What may be chosen; what was set otherwise is among it. */
export function monthChoices(keep_months: number | null): { value: string; label: string }[] {
  const months = [...new Set([...usual_months, ...(keep_months === null ? [] : [keep_months])])];
  return [
    { value: "", label: "For good" },
    ...months.toSorted((a, b) => a - b).map((each) => ({ value: String(each), label: monthsWords(each) })),
  ];
}

export function monthsWords(months: number): string {
  const [count, unit] = months % 12 === 0 ? [months / 12, "year"] : [months, "month"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Whether less would be kept than now. */
export const isShorter = (from: number | null, to: number | null): boolean =>
  to !== null && (from === null || to < from);

/** A request that works as it stands, but for the key. */
export function exampleOf(origin: string): string {
  return [
    `curl ${origin}/api/v1/events \\`,
    `  -H "Authorization: Bearer YOUR_KEY" -H "Content-Type: application/json" \\`,
    `  -d '{`,
    `    "events": [{`,
    `      "name": "order placed",`,
    `      "email": "ann@example.com",`,
    `      "event_id": "order-1042",`,
    `      "properties": { "amount": 120, "plan": "pro" }`,
    `    }],`,
    `    "create_leads": true`,
    `  }'`,
  ].join("\n");
}
