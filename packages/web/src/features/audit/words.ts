import type { AuditEntry } from "@bellwether/contracts/audit";

/** What each kind of entry is called; a name that isn't here is shown as it is. */
const words: Record<string, string> = {
  "lead.created": "created a lead",
  "lead.updated": "changed a lead",
  "lead.assigned": "assigned a lead",
  "stage.changed": "moved a lead",
  "lead.deleted": "put a lead into the bin",
  "lead.restored": "took a lead out of the bin",
  "lead.hidden": "hid a lead",
  "lead.shown": "showed a hidden lead again",
  "lead.exported": "exported everything about a lead",
  "lead.erased": "erased a lead for good",
  "lead.merged": "merged two leads",
  "lead.unmerged": "took a merge back",
  "duplicate.dismissed": "told two leads apart",
  "duplicate.suggested": "suggested two leads as one again",
  "stage.created": "added a stage",
  "stage.updated": "changed a stage",
  "stage.ordered": "put the stages in order",
  "stage.removed": "removed a stage",
  "stage.restored": "brought a stage back",
  "lost_reasons.saved": "changed the reasons for a loss",
  "tag.added": "tagged a lead",
  "tag.removed": "took a tag off a lead",
  "tag.updated": "changed a tag",
  "tag.merged": "merged two tags",
  "tag.deleted": "deleted a tag",
  "note.added": "wrote a note",
  "note.edited": "edited a note",
  "note.deleted": "deleted a note",
  "bulk.started": "changed many leads",
  "bulk.finished": "finished a bulk change",
  "bulk.failed": "had a bulk change stop",
  "bulk.undoing": "undid a bulk change",
  "bulk.undone": "finished undoing a bulk change",
  "import.uploaded": "uploaded a file",
  "import.started": "started an import",
  "import.finished": "finished an import",
  "import.failed": "had an import fail",
  "import.cancelled": "stopped an import",
  "export.created": "exported leads",
  "export.finished": "finished an export",
  "export.failed": "had an export fail",
  "export.downloaded": "downloaded an export",
  "report.exported": "downloaded a report",
  "audit.exported": "downloaded the audit log",
  "view.created": "made a view",
  "view.updated": "changed a view",
  "view.deleted": "deleted a view",
  "field.created": "added a field",
  "field.updated": "changed a field",
  "field.deleted": "deleted a field",
  "key.created": "made an API key",
  "key.revoked": "revoked an API key",
  "event.removed": "removed an event of a lead",
  "event.restored": "put a removed event back",
  "event.updated": "changed an event’s label",
  "events.settings_changed": "changed how long events are kept",
  "member.signed_in": "signed in",
  "member.sign_in_failed": "failed to sign in",
  "member.signed_out": "signed out",
  "member.session_revoked": "ended a session",
  "member.password_changed": "changed a password",
  "member.reset_link_made": "made a password link",
  "member.invited": "invited somebody",
  "member.invitation_revoked": "took an invitation back",
  "member.joined": "joined the workspace",
  "member.role_changed": "changed somebody’s role",
  "member.removed": "removed somebody",
  "member.availability_changed": "changed working hours",
  "assignment_rule.created": "added an assignment rule",
  "assignment_rule.updated": "changed an assignment rule",
  "assignment_rule.removed": "removed an assignment rule",
  "assignment_rule.ordered": "put the assignment rules in order",
  "segment.created": "made a segment",
  "segment.updated": "changed a segment",
  "segment.built": "found a segment’s members",
  "segment.deleted": "deleted a segment",
  "segment.restored": "restored a segment",
  "segment.entered": "moved a lead into a segment",
  "segment.left": "moved a lead out of a segment",
  "workspace.created": "created the workspace",
  "workspace.updated": "changed the workspace",
};

export const whatWords = (name: string): string => words[name] ?? name.replaceAll(/[._]/g, " ");

/** What one can ask for: all of an area, or one kind. */
export const kinds: { group: string; items: { value: string; label: string }[] }[] = [
  {
    group: "All about",
    items: [
      ["lead.*", "Leads"],
      ["stage.*", "Moves and stages"],
      ["assignment_rule.*", "Assignment rules"],
      ["duplicate.*", "Duplicates"],
      ["bulk.*", "Bulk changes"],
      ["import.*", "Imports"],
      ["export.*", "Exports"],
      ["member.*", "Members and sign-ins"],
      ["key.*", "API keys"],
      ["field.*", "Fields"],
      ["event.*", "Events"],
      ["tag.*", "Tags"],
      ["note.*", "Notes"],
      ["view.*", "Views"],
      ["segment.*", "Segments"],
      ["workspace.*", "The workspace"],
    ].flatMap(([value, label]) => (value && label ? [{ value, label }] : [])),
  },
  {
    group: "One kind",
    items: Object.entries(words).map(([value, label]) => ({
      value,
      label: label.charAt(0).toUpperCase() + label.slice(1),
    })),
  },
];

/** The names behind ids and keys, as they are called now. */
export interface Known {
  /** Of fields, by `city` or `attributes.plan`. */
  fields: ReadonlyMap<string, string>;
  /** Of members by their id and stages by their key. */
  values: ReadonlyMap<string, string>;
}

export interface Detail {
  label: string;
  /** What was before; null for what only is. */
  from: string | null;
  to: string;
}

/** Before and after of each thing that changed, else whatever else is known of it. */
export function detailsOf(entry: Pick<AuditEntry, "data">, known: Known): Detail[] {
  const { changes, ...others } = entry.data;
  const changed = isObject(changes)
    ? Object.entries(changes).flatMap(([field, change]): Detail[] =>
        isObject(change)
          ? [
              {
                label: known.fields.get(field) ?? field,
                from: say(change["from"], known),
                to: say(change["to"], known),
              },
            ]
          : [],
      )
    : [];
  const told = Object.entries(others).flatMap(([key, value]): Detail[] =>
    unsaid.has(key) || isNothing(value)
      ? []
      : [{ label: key.replaceAll("_", " "), from: null, to: say(value, known) }],
  );
  return [...changed, ...told];
}

/** Ids that the entry's own links say better. */
const unsaid = new Set(["change_set_id", "import_id", "import_ids"]);
const length_max = 200;

function say(value: unknown, known: Known): string {
  if (isNothing(value)) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return value.toLocaleString();
  const text =
    typeof value === "string"
      ? (known.values.get(value) ?? value)
      : Array.isArray(value) && value.every((item) => typeof item === "string")
        ? value.map((item) => known.values.get(item) ?? known.fields.get(item) ?? item).join(", ")
        : isObject(value) && typeof value["kind"] === "string" && typeof value["name"] === "string"
          ? value["name"]
          : JSON.stringify(value);
  return text.length > length_max ? `${text.slice(0, length_max)}…` : text;
}

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
