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

/** Tests make it small: what may take only so long gets long, and no answer depends on how busy the machine is. */
export const haste = { factor: 1 };

/** Milliseconds that count against such a bound. */
export function hurry(): () => number {
  const elapsed = stopwatch();
  return () => elapsed() * haste.factor;
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
