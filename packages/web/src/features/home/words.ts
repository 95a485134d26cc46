import { isReported } from "@bellwether/contracts/event-names";
import type { ActivityEntry } from "@bellwether/contracts/home";

/**
 * What each kind of thing that happens to leads is called: before and after the lead (“took Ann Lee out of the bin”), and
 * said of many (“37 leads taken out of the bin”). What isn't here is left to the timelines and the audit log.
 */
const about: Record<string, { before: string; after?: string; many: string }> = {
  "lead.created": { before: "created", many: "created" },
  "lead.updated": { before: "changed", many: "changed" },
  "lead.assigned": { before: "assigned", many: "assigned" },
  "stage.changed": { before: "moved", many: "moved" },
  "lead.deleted": { before: "put", after: "into the bin", many: "put into the bin" },
  "lead.restored": { before: "took", after: "out of the bin", many: "taken out of the bin" },
  "lead.hidden": { before: "hid", many: "hidden" },
  "lead.shown": { before: "showed", after: "again", many: "shown again" },
  "lead.merged": { before: "merged another lead into", many: "merged" },
  "lead.unmerged": { before: "parted", after: "from another lead", many: "parted" },
  "tag.added": { before: "tagged", many: "tagged" },
  "tag.removed": { before: "took a tag off", many: "rid of a tag" },
  "note.added": { before: "wrote a note on", many: "noted on" },
  "note.edited": { before: "edited a note on", many: "with notes edited" },
};

/** What is about no lead, or about many at once. */
const others: Record<string, { words: string; many?: (leads: string) => string }> = {
  "import.started": { words: "started an import" },
  "import.finished": { words: "finished an import", many: (leads) => `imported ${leads}` },
  "import.failed": { words: "had an import fail" },
  "import.cancelled": { words: "stopped an import" },
  "bulk.finished": { words: "changed many leads at once", many: (leads) => `changed ${leads} at once` },
  "bulk.undone": { words: "undid a change of many", many: (leads) => `undid a change of ${leads}` },
  "member.invited": { words: "invited somebody" },
  "member.joined": { words: "joined the workspace" },
  "workspace.created": { words: "created the workspace" },
};

/** What is done to things that have a name, before the name of one and of several: “added the fields Industry, Budget”. */
const named: Record<string, { one: string; many: string; nameless: string }> = {
  "field.created": { one: "added the field", many: "added the fields", nameless: "added a field" },
  "field.deleted": { one: "deleted the field", many: "deleted the fields", nameless: "deleted a field" },
  "stage.created": { one: "added the stage", many: "added the stages", nameless: "added a stage" },
  "stage.removed": { one: "removed the stage", many: "removed the stages", nameless: "removed a stage" },
  "segment.created": { one: "made the segment", many: "made the segments", nameless: "made a segment" },
  "segment.deleted": {
    one: "deleted the segment",
    many: "deleted the segments",
    nameless: "deleted a segment",
  },
  "segment.restored": {
    one: "restored the segment",
    many: "restored the segments",
    nameless: "restored a segment",
  },
  "member.removed": { one: "removed", many: "removed", nameless: "removed somebody" },
};

export const isTold = (name: string): boolean =>
  name in about || name in named || name in others || isReported(name);

/** Whether it is done to things that have a name, so that several can be told by their names in one line. */
export const isNamed = (name: string): boolean => name in named;

/** What stands before the names of so many things; null for what isn't done to things. */
export function beforeThings(name: string, count: number): string | null {
  const words = named[name];
  return words === undefined ? null : count === 1 ? words.one : words.many;
}

/** What programs report of leads, and what is added by hand, is told by its label. */
export type Labels = ReadonlyMap<string, string>;
export function reportedWords({ name, lead }: ActivityEntry, labels: Labels): string | null {
  return lead !== null && !(name in about) && isReported(name) ? (labels.get(name) ?? name) : null;
}

export const leadsWords = (count: number): string =>
  `${count.toLocaleString()} ${count === 1 ? "lead" : "leads"}`;

export function whoWords({ actor }: ActivityEntry): string {
  return actor.kind === "import" ? `Import of ${actor.name}` : actor.name;
}

/** The words around the lead's name; null for what is about no lead. */
export function aroundLead({ name, thing }: ActivityEntry): { before: string; after: string } | null {
  if (name === "tag.added" && thing !== null) return { before: "tagged", after: `with ${thing}` };
  if (name === "tag.removed" && thing !== null) return { before: `took the tag ${thing} off`, after: "" };
  const words = about[name];
  return words ? { before: words.before, after: words.after ?? "" } : null;
}

export function otherWords({ name, count }: ActivityEntry): string {
  const words = others[name];
  if (words === undefined) return named[name]?.nameless ?? name.replaceAll(/[._]/g, " ");
  return count === null || words.many === undefined ? words.words : words.many(leadsWords(count));
}

const kinds_max = 3;

/** “1,240 leads created · 12 moved”, the most frequent first. */
export function burstWords(names: Record<string, number>, labels: Labels): string {
  const reported = Object.entries(names).filter(([name]) => isReported(name));
  const told = Object.entries(names)
    .flatMap(([name, count]): [string, number][] => (about[name] ? [[about[name].many, count]] : []))
    .toSorted((a, b) => b[1] - a[1]);
  const [first, ...rest] = told;
  if (reported.length > 0) return burstOfEvents(reported, told, labels);
  if (first === undefined) {
    const count = Object.values(names).reduce((sum, each) => sum + each, 0);
    return `${count.toLocaleString()} things`;
  }
  const more = rest.slice(kinds_max - 1).reduce((sum, [, count]) => sum + count, 0);
  return [
    `${leadsWords(first[1])} ${first[0]}`,
    ...rest.slice(0, kinds_max - 1).map(([words, count]) => `${count.toLocaleString()} ${words}`),
    ...(more > 0 ? [`${more.toLocaleString()} other things`] : []),
  ].join(" · ");
}

/** “Page viewed 1,240 times · Order placed 12 times · 3 other things” */
function burstOfEvents(
  reported: readonly [string, number][],
  others_told: readonly [string, number][],
  labels: Labels,
): string {
  const all = [
    ...reported.map(([name, count]): [string, number] => [
      `${labels.get(name) ?? name} ${count === 1 ? "once" : `${count.toLocaleString()} times`}`,
      count,
    ]),
    ...others_told.map(([words, count]): [string, number] => [`${leadsWords(count)} ${words}`, count]),
  ].toSorted((a, b) => b[1] - a[1]);
  const more = all.slice(kinds_max).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...all.slice(0, kinds_max).map(([words]) => words),
    ...(more > 0 ? [`${more.toLocaleString()} other things`] : []),
  ].join(" · ");
}
