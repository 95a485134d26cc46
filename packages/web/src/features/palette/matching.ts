/** Something one can go to or do. It is found by its label and by other words for it. */
export interface Command {
  id: string;
  group: "Go to" | "Views" | "Segments" | "Do";
  label: string;
  words?: string;
  /** An address of ours, which can be opened in another tab too; or what to do. */
  target: string | (() => void);
}

/**
 * Commands of which every typed word begins a word: “im fi” finds “Import a file”. Letters inside of words are left to
 * the search for leads, which would otherwise have commands in its way at every second letter.
 */
export function matching<T extends Pick<Command, "label" | "words">>(
  commands: readonly T[],
  typed: string,
): T[] {
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return [...commands];
  const begins = (text: string) => {
    const has = wordsOf(text);
    return wanted.every((word) => has.some((each) => each.startsWith(word)));
  };
  const byLabel = commands.filter((command) => begins(command.label));
  const byWords = commands.filter(
    (command) => !byLabel.includes(command) && begins(`${command.label} ${command.words ?? ""}`),
  );
  return [...byLabel, ...byWords];
}

function wordsOf(text: string): string[] {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Typed as `field:value`, or as such a comparison: then it is the query language. */
export function isQuery(typed: string): boolean {
  return /(^|[\s(-])[\p{L}_.]+[:<>=]+\S/u.test(typed);
}
