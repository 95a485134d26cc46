/** Where in a request a text stands that PostgreSQL can't store: one with NUL, or with half of a surrogate pair. */
export function unstorable(value: unknown, path: string[] = []): string[] {
  if (typeof value === "string") {
    return value.includes("\u0000") || !value.isWellFormed() ? [path.join(".")] : [];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, part]) => [
    ...unstorable(key, [...path, "(name)"]),
    ...unstorable(part, [...path, key]),
  ]);
}

/** Level by level, since what is too deep would end a recursion. */
export function deeperThan(levels: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth++) {
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
    if (level.length === 0) {
      return false;
    }
  }
  return true;
}
