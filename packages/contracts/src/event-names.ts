/** What events may be called, and those that are known before anybody sends one. */

export const event_name_length_max = 100;

/** Letters, digits and what programs put between them; quotes, commas, brackets and stars have a meaning in queries. */
const eventName = /^[\p{L}\p{N}_$][\p{L}\p{N}_ .:/$-]*$/u;
/** What the product itself writes into the log: nobody else can report that a lead was deleted. */
export const ownEvents =
  /^(assignment_rule|audit|bulk|change|duplicate|event|events|export|field|import|key|lead|lost_reasons|member|note|report|segment|stage|tag|view|workspace)\./;

/** Why this can't be the name of a reported event, in a sentence; null when it can. */
export function nameFault(name: string): string | null {
  if (name === "") {
    return "Give the event a name, such as order.placed.";
  }
  if (name.length > event_name_length_max) {
    return `A name has ${event_name_length_max} characters at most.`;
  }
  if (!eventName.test(name)) {
    return "A name is made of letters, digits, spaces and _ . : / $ -, and begins with a letter, a digit, _ or $.";
  }
  return ownEvents.test(name)
    ? `Names that begin with “${name.slice(0, name.indexOf(".") + 1)}” are kept for what happens in Bellwether itself.`
    : null;
}

/** Whether an event was reported from outside or by hand; the others tell what happened in the product itself. */
export function isReported(name: string): boolean {
  return !ownEvents.test(name);
}

/** Reported, but done to a lead, not by it. */
export const doneToLeads: ReadonlySet<string> = new Set(["email.sent", "email.delivered", "email.bounced"]);

/** Who tells of leads what they weren't there for. */
export const writtenDown: ReadonlySet<string> = new Set(["member", "system"]);

/** Whether an event says that the lead itself was there: no member noted it by hand, and it is the lead's own doing. */
export function isAlive(name: string, by: string): boolean {
  return isReported(name) && !doneToLeads.has(name) && !writtenDown.has(by);
}

/** What the product tells of leads, that rules may ask for and timelines show. */
export const builtInEvents: Readonly<Record<string, string>> = {
  "lead.created": "Created",
  "lead.updated": "Changed",
  "lead.assigned": "Assigned",
  "lead.deleted": "Put into the bin",
  "lead.restored": "Restored",
  "lead.hidden": "Hidden",
  "lead.shown": "Shown again",
  "lead.merged": "Merged",
  "lead.unmerged": "Merge undone",
  "lead.exported": "Record exported",
  "stage.changed": "Stage changed",
  "tag.added": "Tag added",
  "tag.removed": "Tag removed",
  "note.added": "Note added",
  "note.edited": "Note edited",
  "note.deleted": "Note deleted",
  "segment.entered": "Entered a segment",
  "segment.left": "Left a segment",
};
/** Known before anybody sends them, so that rules and filters can offer them. */
export const usualEvents: Readonly<Record<string, string>> = {
  "email.sent": "E-mail sent",
  "email.opened": "E-mail opened",
  "email.clicked": "E-mail link clicked",
  "email.replied": "E-mail replied to",
  "email.bounced": "E-mail bounced",
  "page.viewed": "Page viewed",
  "form.submitted": "Form submitted",
};
