/** Numbers that look random and are the same every time. */
export type Dice = ReturnType<typeof newDice>;

export function newDice(seed: number) {
  let state = seed;
  // mulberry32: small, fast, and good enough for people who don't exist.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    chance: (probability: number): boolean => next() < probability,
    between: (least: number, most: number): number => least + Math.floor(next() * (most - least + 1)),
    pick: <T>(list: readonly [T, ...T[]]): T => list[Math.floor(next() * list.length)] ?? list[0],
    some: <T>(list: readonly T[], most: number): T[] => {
      const count = Math.floor(next() * (most + 1));
      return list.filter(() => next() < (count * 1.4) / list.length).slice(0, count);
    },
  };
}
