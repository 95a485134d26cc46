import type { Rule } from "@bellwether/contracts/rule";
import type { View, ViewLayout } from "@bellwether/contracts/views";

/** Where leads are shown: as a list or as a board. */
export type LeadsPlace = "/leads" | "/leads/board";

/** What a view asks for, beside its columns. */
export interface Question {
  q: string;
  rule: Rule | null;
  sort: { field: string; direction: "asc" | "desc" }[];
}

export function questionOf(view: View): Question {
  return { q: view.q, rule: view.rule, sort: view.sort };
}

/** Where a view opens; null: it has no opinion, and opens as what is on the screen. */
export function placeOf({ layout }: Pick<View, "layout">): LeadsPlace | null {
  switch (layout) {
    case "board":
      return "/leads/board";
    case "list":
      return "/leads";
    case null:
      return null;
  }
}

export function layoutAt(place: LeadsPlace): ViewLayout {
  return place === "/leads/board" ? "board" : "list";
}

/** The same leads in the same order, however it is written. */
export function sameQuestion(a: Question, b: Question): boolean {
  return (
    a.q.trim() === b.q.trim() &&
    JSON.stringify(plain(a.rule)) === JSON.stringify(plain(b.rule)) &&
    a.sort.length === b.sort.length &&
    a.sort.every(({ field, direction }, at) => {
      const other = b.sort[at];
      return other?.field === field && other.direction === direction;
    })
  );
}

/** One condition alone is a list of one; a list of none is no rule. */
function plain(rule: Rule | null): Rule | null {
  if (rule === null || ("all" in rule && rule.all.length === 0)) return null;
  return "all" in rule ? rule : { all: [rule] };
}

/** The order after a view went to another place; over the edge is at the edge. */
export function movedTo(views: readonly View[], id: string, place: number): View[] {
  const from = views.findIndex((view) => view.id === id);
  const view = views[from];
  if (!view) return [...views];
  return views.toSpliced(from, 1).toSpliced(Math.max(0, Math.min(place, views.length - 1)), 0, view);
}
