/** What is sent as an event, held to its rules: all that is wrong with one is said of that one. */
import { createHash } from "node:crypto";
import { nameFault } from "@bellwether/contracts/event-names";
import {
  event_bytes_max,
  EventIn,
  event_properties_max,
  event_property_length_max,
} from "@bellwether/contracts/events";
import type { FieldError } from "@bellwether/contracts/problems";
import { parseEmail, parseText } from "@bellwether/contracts/values";
import { unstorable } from "../../kernel/characters.ts";
import { brokenTexts, itemErrors } from "../../kernel/problems.ts";

/** A sender's clock may be so far ahead of ours. */
const ahead_ms_max = 5 * 60_000;
const earliest = Date.UTC(1970, 0, 1);

const whose = ["lead_id", "email", "external_id", "anonymous_id"] as const;
export interface Whose {
  by: (typeof whose)[number];
  value: string;
}

export interface Read {
  event_id: string | null;
  name: string;
  occurred_at: Date;
  properties: Record<string, unknown>;
  /** The same as the log keeps them. */
  json: string;
  whose: Whose | null;
  errors: FieldError[];
}

export function readEvent(sent: unknown, now: Date): Read {
  const none = { event_id: idOf(sent), name: "", occurred_at: now, properties: {}, json: "{}", whose: null };
  const broken = unstorable(sent);
  if (broken.length > 0) {
    return { ...none, errors: brokenTexts(broken) };
  }
  const parsed = EventIn.safeParse(sent);
  if (!parsed.success) {
    return { ...none, errors: itemErrors(parsed.error) };
  }
  const { name, properties = {}, event_id = null } = parsed.data;
  const occurred_at = parsed.data.occurred_at === undefined ? now : new Date(parsed.data.occurred_at);
  const owner = whoseOf(parsed.data);
  const fault = nameFault(name);
  const json = JSON.stringify(properties);
  return {
    event_id,
    name,
    occurred_at,
    properties,
    json,
    whose: "by" in owner ? owner : null,
    errors: [
      ...(fault === null ? [] : [{ path: "name", code: "bad_name", message: fault }]),
      ...timeFaults(occurred_at, now),
      ...propertyFaults(properties, json),
      ...("by" in owner ? [] : [owner]),
    ],
  };
}

/** Told back even when nothing else of the event can be read. */
function idOf(sent: unknown): string | null {
  const id = typeof sent === "object" && sent !== null && "event_id" in sent ? sent.event_id : null;
  return typeof id === "string" && unstorable(id).length === 0 ? id.slice(0, 200) : null;
}

function whoseOf(event: EventIn): Whose | FieldError {
  const given = whose.flatMap((by): Whose[] => {
    const value = event[by]?.trim();
    return value === undefined || value === "" ? [] : [{ by, value }];
  });
  const [first, ...rest] = given;
  if (first === undefined || rest.length > 0) {
    const list = "lead_id, email, external_id or anonymous_id";
    return rest.length > 0
      ? { path: rest[0]?.by ?? "", code: "whose_twice", message: `Say whose it is by one of ${list} only.` }
      : { path: "lead_id", code: "whose_required", message: `Say whose it is, by ${list}.` };
  }
  const parsed =
    first.by === "email"
      ? parseEmail(first.value)
      : first.by === "lead_id"
        ? { ok: true as const, value: first.value.toLowerCase() }
        : parseText(first.value);
  return parsed.ok
    ? { by: first.by, value: parsed.value ?? "" }
    : { path: first.by, code: parsed.code, message: parsed.message };
}

function timeFaults(occurred_at: Date, now: Date): FieldError[] {
  const ahead = occurred_at.getTime() - now.getTime();
  const say = (code: string, message: string) => [{ path: "occurred_at", code, message }];
  if (Number.isNaN(ahead)) {
    return say("bad_time", "Give a time such as 2026-03-15T14:30:00Z.");
  }
  if (ahead > ahead_ms_max) {
    return say(
      "in_the_future",
      `This is ${spelled(ahead)} ahead of our clock, which says ${now.toISOString()}. Check the sender's clock and time zone.`,
    );
  }
  return occurred_at.getTime() < earliest ? say("too_old", "This is before 1970.") : [];
}

function spelled(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [count, unit] =
    minutes < 120
      ? [minutes, "minute"]
      : minutes < 48 * 60
        ? [Math.round(minutes / 60), "hour"]
        : [Math.round(minutes / 1440), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function propertyFaults(properties: Record<string, unknown>, json: string): FieldError[] {
  const keys = Object.keys(properties);
  const say = (code: string, message: string) => [{ path: "properties", code, message }];
  if (keys.length > event_properties_max) {
    return say(
      "too_many",
      `An event has ${event_properties_max} properties at most; this one has ${keys.length.toLocaleString("en")}.`,
    );
  }
  const long = keys.find((key) => key.length > event_property_length_max);
  if (long !== undefined) {
    return say(
      "too_long",
      `A property's name has ${event_property_length_max} characters at most: “${long.slice(0, 40)}…” is longer.`,
    );
  }
  const bytes = Buffer.byteLength(json);
  return bytes > event_bytes_max
    ? say(
        "too_large",
        `An event's properties take ${event_bytes_max / 1024} kB at most; these take ${Math.ceil(bytes / 1024).toLocaleString("en")} kB.`,
      )
    : [];
}

/** 128 bits of the sender's own id, as wide as they may make it. */
export function keyOf(event_id: string): string {
  const hex = createHash("sha256").update(event_id).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

export type PropertyType = "text" | "number" | "yes_no" | "time" | "list" | "object";
const time = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)/;

/** A property has the type of what it holds; null where it holds nothing. */
export function typeOf(value: unknown): PropertyType | null {
  switch (typeof value) {
    case "string":
      return value === "" ? null : time.test(value) ? "time" : "text";
    case "number":
      return "number";
    case "boolean":
      return "yes_no";
    default:
      return value === null || value === undefined ? null : Array.isArray(value) ? "list" : "object";
  }
}
