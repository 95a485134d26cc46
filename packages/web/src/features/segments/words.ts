import type { Segment } from "@bellwether/contracts/segments";

const number = new Intl.NumberFormat();
export const numberWords = (value: number): string => number.format(value);
export const leadsWords = (count: number): string =>
  `${numberWords(count)} ${count === 1 ? "lead" : "leads"}`;

export const stateWords: Record<Segment["state"], string> = {
  draft: "Draft",
  active: "Active",
  retired: "Retired",
};
export const typeWords: Record<Segment["type"], string> = { static: "Static", dynamic: "Dynamic" };

/** How far a build is; it never says that it is through before it is. */
export function buildShare({ looked_at, of }: NonNullable<Segment["building"]>): number {
  return of === 0 ? 0 : Math.min(0.99, looked_at / of);
}

export const percentWords = (share: number): string => `${Math.floor(share * 100)}\u00a0%`;

/** Its size where a list has room for one word. */
export function sizeWords({ size, building }: Pick<Segment, "size" | "building">): string {
  if (size !== null) return numberWords(size);
  return building === null ? "–" : percentWords(buildShare(building));
}

/** What a person typed into the search, against names and descriptions, without regard to case and accents. */
export function matches(segment: Pick<Segment, "name" | "description">, typed: string): boolean {
  const plain = (text: string) => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const has = plain(`${segment.name} ${segment.description}`);
  return plain(typed)
    .split(/\s+/)
    .every((word) => has.includes(word));
}

/** “Plus 4, minus 1 in 7 days”, as short as a cell. */
export function changeWords(entered: number, left: number): string {
  if (entered === 0 && left === 0) return "–";
  return [
    ...(entered > 0 ? [`+${numberWords(entered)}`] : []),
    ...(left > 0 ? [`−${numberWords(left)}`] : []),
  ].join(" ");
}
