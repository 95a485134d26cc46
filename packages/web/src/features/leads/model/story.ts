import { isReported } from "@bellwether/contracts/event-names";
import type { TimelineEvent } from "@bellwether/contracts/leads";
import { type Column, plain_column } from "./columns.ts";
import { spentWords } from "../../../ui/durations.ts";
import { eventLabel } from "./happened.ts";
import { propertyLines } from "./properties.ts";
import type { Names } from "./values.ts";
import { inWords, isEmpty, none } from "./values.ts";

/** Who did it, as the timeline names them. */
export function actorName(event: TimelineEvent): string {
  return event.actor.kind === "import" ? `The import of ${event.actor.name}` : event.actor.name;
}

/** One change of a value, as the timeline tells it. */
export interface Change {
  label: string;
  from: string;
  to: string;
}

/** An event in words: a sentence without its subject (“created this lead”), and the values that changed. */
export interface Told {
  /** What was reported to have happened; the sentence then only says by whom. */
  title?: string;
  sentence: string;
  changes: Change[];
  /** The words of a note. */
  quote?: string;
}

export function tell(event: TimelineEvent, columns: readonly Column[], names: Names): Told {
  const { data } = event;
  switch (event.name) {
    case "lead.created":
      return plain(
        typeof data["source"] === "string" && data["source"]
          ? `created this lead, source: ${data["source"]}`
          : "created this lead",
      );
    case "lead.updated":
    case "lead.field_changed":
      return tellUpdate(data["changes"], columns, names);
    case "lead.assigned":
    case "lead.unassigned":
      return event.actor.id !== null && data["to"] === event.actor.id
        ? plain("took this lead")
        : tellOwner(data, names);
    case "stage.changed":
    case "lead.stage_changed":
      return tellMove(data, columns, names);
    case "lead.deleted":
      return plain("put this lead into the bin");
    case "lead.restored":
      return plain("took this lead back out of the bin");
    case "lead.hidden":
      return plain("hid this lead until it is active again");
    case "lead.shown":
      return plain(
        data["active"] === true ? "shows this lead again: it was active" : "showed this lead again",
      );
    case "lead.exported":
      return plain("exported everything recorded about this lead");
    case "lead.merged":
      return {
        ...plain(data["into"] ? "merged this lead into another" : "merged another lead into this one"),
        changes: isRecord(data["changes"]) ? tellUpdate(data["changes"], columns, names).changes : [],
      };
    case "lead.unmerged":
      return plain("took a merge back: the two are apart again");
    case "tag.added":
      return plain(`added the tag ${quoted(data)}`);
    case "tag.removed":
      return plain(`removed the tag ${quoted(data)}`);
    case "note.added":
    case "note.created":
      return { ...plain("wrote a note"), ...quoteOf(data["text"]) };
    case "note.updated":
    case "note.edited":
      return { ...plain("edited a note"), ...quoteOf(data["to"]) };
    case "note.removed":
    case "note.deleted":
      return plain("deleted a note");
    case "segment.entered":
    case "segment.left":
      return plain(segmentWords(event.name === "segment.entered", data));
    default:
      return isReported(event.name) ? tellReported(event, names) : tellOther(event, names);
  }
}

const plain = (sentence: string): Told => ({ sentence, changes: [] });

function quoted(data: Record<string, unknown>): string {
  const name = data["tag"] ?? data["name"];
  return typeof name === "string" ? `“${name}”` : "";
}

/** By its rule leads come and go by themselves; else somebody put them in or took them out. */
function segmentWords(entered: boolean, { segment, how }: Record<string, unknown>): string {
  const which = typeof segment === "string" ? `the segment “${segment}”` : "a segment";
  if (how === "rule")
    return entered
      ? `moved this lead into ${which}: it meets the rule now`
      : `moved this lead out of ${which}: it meets the rule no more`;
  return entered ? `added this lead to ${which}` : `took this lead out of ${which}`;
}

const quote_length_max = 240;
function quoteOf(text: unknown): { quote?: string } {
  if (typeof text !== "string" || text === "") return {};
  return { quote: text.length > quote_length_max ? `${text.slice(0, quote_length_max)}…` : text };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const moved: Record<string, string> = {
  reopen: "reopened this lead",
  stage_removed: "moved this lead: its stage was removed",
  import: "moved this lead by an import",
  bulk: "moved this lead with others",
};

function tellMove(data: Record<string, unknown>, columns: readonly Column[], names: Names): Told {
  const { how, reason, spent_seconds } = data;
  return {
    sentence: data["undo"] === true ? "undid a move of this lead" : (moved[String(how)] ?? "moved this lead"),
    changes: [
      change(columnOf("stage", columns), data["from"], data["to"], names),
      ...(typeof reason === "string" && reason !== "" ? [{ label: "Reason", from: "", to: reason }] : []),
      ...(typeof spent_seconds === "number"
        ? [{ label: "Stayed", from: "", to: spentWords(spent_seconds) }]
        : []),
    ],
  };
}

function tellUpdate(changes: unknown, columns: readonly Column[], names: Names): Told {
  if (!isRecord(changes)) return plain("changed this lead");
  const told = Object.entries(changes).map(([field, value]) => {
    const { from, to } = isRecord(value) ? value : { from: null, to: value };
    return change(columnOf(field, columns), from, to, names);
  });
  const [only] = told;
  return {
    sentence: told.length === 1 && only ? `changed ${only.label}` : `changed ${told.length} fields`,
    changes: told,
  };
}

function tellOwner(data: Record<string, unknown>, names: Names): Told {
  const { from, to } = data;
  const who = (id: unknown) => names.members.find((member) => member.id === id)?.name ?? "somebody who left";
  if (isEmpty(to))
    return plain(isEmpty(from) ? "unassigned this lead" : `unassigned this lead from ${who(from)}`);
  const rule = typeof data["how"] === "string" ? ` by the rule “${data["how"]}”` : "";
  return plain(
    isEmpty(from)
      ? `assigned this lead to ${who(to)}${rule}`
      : `reassigned this lead from ${who(from)} to ${who(to)}${rule}`,
  );
}

function change(column: Column, from: unknown, to: unknown, names: Names): Change {
  const say = (value: unknown) =>
    isEmpty(value)
      ? none
      : typeof value === "object" && !Array.isArray(value)
        ? JSON.stringify(value)
        : inWords(column, value, names);
  return { label: column.label, from: say(from), to: say(to) };
}

/** The column an event speaks of; a field deleted since is shown by its key. */
function columnOf(field: string, columns: readonly Column[]): Column {
  const known = columns.find((column) => column.id === field || column.id === `attributes.${field}`);
  const key = field.replace(/^attributes\./, "");
  return known ?? { ...plain_column, id: field, label: key, type: "text", custom: true };
}

/** What somebody reported, by the business's own name for it, with its properties. */
function tellReported(event: TimelineEvent, names: Names): Told {
  return {
    title: eventLabel(event.name, names.events),
    sentence: `by ${actorName(event).replace(/^The /, "the ")}`,
    changes: propertyLines(event.data, names),
  };
}

/** One of ours that nobody has taught us: its name, and its plain values. */
function tellOther(event: TimelineEvent, names: Names): Told {
  return { sentence: event.name.replaceAll(/[._]/g, " "), changes: propertyLines(event.data, names) };
}
