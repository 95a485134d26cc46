let frozenAt: number | null = null;

/** The time, for everything but the database's own `now()`. Tests may stop it with `clock`. */
export function now(): Date {
  return new Date(frozenAt ?? Date.now());
}

/** Milliseconds that only go forward, for measuring how long something took. */
export function stopwatch(): () => number {
  const started = performance.now();
  return () => performance.now() - started;
}

/** For tests: time stands still until it is advanced or released. */
export const clock = {
  freeze(date: Date | string = new Date()): Date {
    frozenAt = new Date(date).getTime();
    return now();
  },
  advance(milliseconds: number): Date {
    frozenAt = now().getTime() + milliseconds;
    return now();
  },
  release(): void {
    frozenAt = null;
  },
};
