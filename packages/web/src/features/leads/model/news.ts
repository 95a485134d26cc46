import type { Lead } from "@bellwether/contracts/leads";
import type { Column } from "./columns.ts";
import { valueOf } from "./columns.ts";
import { sameValue } from "./edits.ts";

/** How a row stands that others worked on while it is on the screen: it stays where it is, and says so. */
export interface Mark {
  /** It doesn't match the search any more; or it is deleted, or no longer this person's to see. */
  standing: "here" | "left" | "gone";
  /** The columns that show another value since a moment ago. */
  changed: ReadonlySet<string>;
}

/** What happened to a list since it was read. Nothing of it moves a row. */
export interface News {
  marks: ReadonlyMap<string, Mark>;
  /** New leads that match and aren't among the rows. */
  fresh: ReadonlySet<string>;
  /** How many more there are that aren't known by name, and whether there are still more than that. */
  unnamed: number;
  more: boolean;
}

export const noNews: News = { marks: new Map(), fresh: new Set(), unnamed: 0, more: false };
const unchanged: ReadonlySet<string> = new Set();

export interface Rechecked {
  asked: readonly string[];
  data: readonly Lead[];
  matching: readonly string[];
}

/** Takes in how some leads are now. `shown` is what the rows say of them. */
export function learnNews(
  news: News,
  { asked, data, matching }: Rechecked,
  shown: (lead_id: string) => Lead | undefined,
  columns: readonly Column[],
): News {
  const now = new Map(data.map((lead) => [lead.id, lead]));
  const matches = new Set(matching);
  const marks = new Map(news.marks);
  const fresh = new Set(news.fresh);
  for (const id of asked) {
    const before = shown(id);
    const after = now.get(id);
    if (!before) {
      if (matches.has(id)) fresh.add(id);
      else fresh.delete(id);
      continue;
    }
    fresh.delete(id);
    const changed = after ? changedColumns(before, after, columns) : unchanged;
    const standing = !after ? "gone" : matches.has(id) ? "here" : "left";
    if (standing === "here" && changed.size === 0) marks.delete(id);
    else if (!sameMark(marks.get(id), standing, changed)) marks.set(id, { standing, changed });
  }
  return { ...news, marks, fresh };
}

function sameMark(mark: Mark | undefined, standing: Mark["standing"], changed: ReadonlySet<string>): boolean {
  return mark?.standing === standing && mark.changed.size === 0 && changed.size === 0;
}

function changedColumns(before: Lead, after: Lead, columns: readonly Column[]): ReadonlySet<string> {
  const changed = columns.filter((column) => !sameValue(valueOf(before, column), valueOf(after, column)));
  return changed.length === 0 ? unchanged : new Set(changed.map((column) => column.id));
}

/** The light on changed cells goes out; what left or is gone stays marked. */
export function calmed(news: News): News {
  if (![...news.marks.values()].some((mark) => mark.changed.size > 0)) return news;
  const marks = new Map<string, Mark>();
  for (const [id, mark] of news.marks)
    if (mark.standing !== "here") marks.set(id, { standing: mark.standing, changed: unchanged });
  return { ...news, marks };
}

/** A page was read anew: what it holds needs no marks. */
export function reread(news: News, lead_ids: readonly string[], head: boolean): News {
  if (newsWords(news) === "" && news.marks.size === 0) return news;
  const marks = new Map(news.marks);
  const fresh = new Set(news.fresh);
  for (const id of lead_ids) {
    marks.delete(id);
    fresh.delete(id);
  }
  return head ? { ...noNews, marks } : { ...news, marks, fresh };
}

/**
 * The lead as the server has it now, or as the screen has it when that is newer: a value just typed here is on its way.
 * Tags, score and activity aren't part of the revision.
 */
export function newer(shown: Lead, now: Lead): Lead {
  if (now.revision > shown.revision) return now;
  const { tags, score, tier, last_seen_at } = now;
  const mixed = { ...shown, tags, score, tier, last_seen_at };
  return JSON.stringify(mixed) === JSON.stringify(shown) ? shown : mixed;
}

/** “3 new leads, 1 no longer matches”; nothing when there is nothing to say. */
export function newsWords(news: News): string {
  const standings = [...news.marks.values()];
  const count = (of: Mark["standing"]) => standings.filter((mark) => mark.standing === of).length;
  const [left, gone] = [count("left"), count("gone")];
  const fresh = news.fresh.size + news.unnamed;
  const number = `${fresh.toLocaleString()}${news.more ? "+" : ""}`;
  const words = [
    ...(fresh > 0 ? [`${number} new ${fresh === 1 && !news.more ? "lead" : "leads"}`] : []),
    ...(left > 0 ? [`${left.toLocaleString()} no longer ${left === 1 ? "matches" : "match"}`] : []),
    ...(gone > 0 ? [`${gone.toLocaleString()} gone`] : []),
  ];
  return words.join(", ");
}
