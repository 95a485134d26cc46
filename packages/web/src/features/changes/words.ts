import type { ChangeSet } from "@bellwether/contracts/changes";

const number = new Intl.NumberFormat();
export const formatNumber = (value: number): string => number.format(value);
export const leadsWord = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? "lead" : "leads"}`;

const refusedCount = (change: Pick<ChangeSet, "refused">): number =>
  change.refused.reduce((sum, each) => sum + each.count, 0);

/** What a bulk change did: “12 leads changed, 3 unchanged, 1 refused”. */
export function resultWords(
  change: Pick<ChangeSet, "changed" | "unchanged" | "refused" | "import_id">,
): string {
  const refused = refusedCount(change);
  return [
    `${leadsWord(change.changed)} ${change.import_id === undefined ? "changed" : "created or updated"}`,
    ...(change.unchanged > 0 ? [`${formatNumber(change.unchanged)} unchanged`] : []),
    ...(refused > 0 ? [`${formatNumber(refused)} refused`] : []),
  ].join(", ");
}

/** What an undo did: “12 leads put back. 2 were changed since and stay as they are.” */
export function undoneWords(
  undone: NonNullable<ChangeSet["undone"]>,
  change: Pick<ChangeSet, "import_id"> = {},
): string {
  // New leads aren't put back where they were, but into the bin.
  const done = change.import_id === undefined ? "put back" : "put back or moved to the bin";
  const kept =
    undone.kept === 0
      ? ""
      : ` ${formatNumber(undone.kept)} ${undone.kept === 1 ? "was changed since and stays as it is" : "were changed since and stay as they are"}.`;
  return `${leadsWord(undone.restored)} ${done}.${kept}`;
}

/** How the undo of a merge ended; what couldn’t be given back is named. */
export function unmergedWords({ refused }: Pick<ChangeSet, "refused">): string {
  const kept = refused.map((each) => ` ${each.message}`).join("");
  return kept === "" ? "Both leads are back." : `Both leads are back, but not all of it.${kept}`;
}

/** The sentence with which a change ends. */
export function outcomeWords(change: ChangeSet): string {
  if (change.merged && change.state === "undone") return `Undone. ${unmergedWords(change)}`;
  if (change.failure !== null) return `${change.summary}: ${change.failure}`;
  if (change.state === "undone" && change.undone)
    return `Undone: ${change.summary}. ${undoneWords(change.undone, change)}`;
  return `${change.summary}: ${resultWords(change)}.${refusedWords(change)}`;
}

/** Why some weren't changed: “2 refused: It is in a final stage.” One reason needs no number of its own. */
function refusedWords({ refused }: Pick<ChangeSet, "refused">): string {
  return refused
    .map((each) => ` ${refused.length > 1 ? `${formatNumber(each.count)}: ` : ""}${each.message}`)
    .join("");
}

export const stateWords: Record<ChangeSet["state"], string> = {
  running: "Running",
  done: "Done",
  failed: "Stopped",
  undoing: "Being undone",
  undone: "Undone",
};

export const isOver = (state: ChangeSet["state"]): boolean => state !== "running" && state !== "undoing";
