/** The nearest name by edit distance (optimal string alignment: a swap of neighbours is one slip), when near enough to be meant. */
export function nearest(word: string, names: readonly string[]): string | null {
  const wanted = bare(word.toLowerCase());
  // Nobody mistypes a name of eighty letters, and the distance takes their product in steps.
  if (wanted.length > 80) {
    return null;
  }
  const [best] = names
    .map((name) => ({ name, far: distance(wanted, bare(name)) }))
    .filter(({ far }) => far <= Math.max(1, Math.floor(wanted.length / 3)))
    .toSorted((a, b) => a.far - b.far);
  return best?.name ?? null;
}

function bare(name: string): string {
  return name.replace(/^attributes\./, "");
}

function distance(a: string, b: string): number {
  let last: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (last[j - 2] ?? 0) + 1 : changed;
      next.push(Math.min(changed, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    last = row;
    row = next;
  }
  return row[b.length] ?? b.length;
}
