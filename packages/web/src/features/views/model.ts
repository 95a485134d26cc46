import type { Rule } from "@bellwether/contracts/rule";
import type { View } from "@bellwether/contracts/views";

/** What a view asks for, beside its columns. */
export interface Question {
  q: string;
  rule: Rule | null;
  sort: { field: string; direction: "asc" | "desc" } | null;
}

export function questionOf(view: View): Question {
  return { q: view.q, rule: view.rule, sort: view.sort[0] ?? null };
}

/** The same leads in the same order, however it is written. */
export function sameQuestion(a: Question, b: Question): boolean {
  return (
    a.q.trim() === b.q.trim() &&
    JSON.stringify(plain(a.rule)) === JSON.stringify(plain(b.rule)) &&
    a.sort?.field === b.sort?.field &&
    a.sort?.direction === b.sort?.direction
  );
}

/** One condition alone is a list of one; a list of none is no rule. */
function plain(rule: Rule | null): Rule | null {
  if (rule === null || ("all" in rule && rule.all.length === 0)) return null;
  return "all" in rule ? rule : { all: [rule] };
}

/** Views in the order somebody gave them; those that came since stand at the end. */
export function inOrder(views: readonly View[], order: readonly string[]): View[] {
  const place = (view: View) => {
    const at = order.indexOf(view.id);
    return at < 0 ? order.length : at;
  };
  return views.toSorted((a, b) => place(a) - place(b));
}

/** The order after a view went one place to the left or right. */
export function movedBy(views: readonly View[], id: string, by: -1 | 1): string[] {
  const ids = views.map((view) => view.id);
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return ids;
  return ids.toSpliced(from, 1).toSpliced(to, 0, id);
}
