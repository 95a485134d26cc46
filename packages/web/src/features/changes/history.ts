import type { ChangeSet } from "@bellwether/contracts/changes";
import type { Import } from "@bellwether/contracts/imports";

/** What was done to many leads at once: by hand in the list, or by a file. */
export type Entry =
  | { kind: "change"; at: string; of: ChangeSet }
  | { kind: "import"; at: string; of: Import };

/**
 * Both lists as one, newest first. Each comes page by page: what lies below the last page of one may
 * still belong above the end of the other, so it waits until that one has gone as far.
 */
export function merged(
  changes: { data: readonly ChangeSet[]; more: boolean },
  imports: { data: readonly Import[]; more: boolean },
): Entry[] {
  const entries: Entry[] = [
    ...changes.data.map((of): Entry => ({ kind: "change", at: of.created_at, of })),
    ...imports.data.map((of): Entry => ({ kind: "import", at: of.created_at, of })),
  ].toSorted((a, b) => b.at.localeCompare(a.at));
  const ends = [changes, imports].flatMap((list) => (list.more ? (list.data.at(-1)?.created_at ?? []) : []));
  return entries.filter((entry) => ends.every((end) => entry.at >= end));
}
