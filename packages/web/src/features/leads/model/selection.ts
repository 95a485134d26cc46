/** Which leads of a list are chosen: these, or all that match whether they are loaded or not. */
export interface Selection {
  ids: ReadonlySet<string>;
  all: boolean;
  /** Where a range begins, and what was chosen before it. */
  range: { from: number; before: ReadonlySet<string> } | null;
}

export const nothing: Selection = { ids: new Set(), all: false, range: null };

/** The lead on a row, where it is loaded. */
type At = (row: number) => string | undefined;

export function isNothing(selection: Selection): boolean {
  return !selection.all && selection.ids.size === 0;
}

export function isChosen(selection: Selection, lead_id: string): boolean {
  return selection.all || selection.ids.has(lead_id);
}

/** Takes one lead in or out. Out of “all that match” leaves the loaded others. */
export function toggle(selection: Selection, row: number, at: At, loaded: readonly string[]): Selection {
  const id = at(row);
  if (id === undefined) return selection;
  const ids = new Set(selection.all ? loaded : selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, all: false, range: { from: row, before: ids } };
}

/** Chooses from where the range began (or from `start`) to a row; a range that shrinks lets go of what it held. */
export function extend(selection: Selection, row: number, at: At, start: number): Selection {
  const from = selection.range?.from ?? start;
  const before = selection.range?.before ?? selection.ids;
  const ids = new Set(before);
  for (let each = Math.min(from, row); each <= Math.max(from, row); each++) {
    const id = at(each);
    if (id !== undefined) ids.add(id);
  }
  return { ids, all: false, range: { from, before } };
}

/** The box in the header: chooses what is loaded, and lets go of it when all of that is chosen. */
export function toggleLoaded(selection: Selection, loaded: readonly string[]): Selection {
  if (loadedState(selection, loaded) === "all") return nothing;
  return { ids: new Set([...selection.ids, ...loaded]), all: false, range: null };
}

export function loadedState(selection: Selection, loaded: readonly string[]): "none" | "some" | "all" {
  if (selection.all) return "all";
  if (selection.ids.size === 0) return "none";
  return loaded.length > 0 && loaded.every((id) => selection.ids.has(id)) ? "all" : "some";
}
