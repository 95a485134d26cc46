import type { GrowthDay } from "@bellwether/contracts/segments";

export interface Scale {
  x: (at: number) => number;
  y: (size: number) => number;
  /** Round numbers at which a line is drawn, the largest first. */
  ticks: number[];
}

/** From zero, so that half the height is half the leads; one day alone is a line all the way. */
export function scaleOf(
  days: readonly Pick<GrowthDay, "size">[],
  { width, height }: { width: number; height: number },
): Scale {
  const top = roundUp(Math.max(1, ...days.map((day) => day.size)));
  return {
    x: (at) => (days.length < 2 ? (at === 0 ? 0 : width) : (at / (days.length - 1)) * width),
    y: (size) => height - (size / top) * height,
    ticks: top % 2 === 0 ? [top, top / 2, 0] : [top, 0],
  };
}

/** 1, 2, 5, 10, 20, 50 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

const round = (value: number): number => Math.round(value * 10) / 10;

export function linePath(days: readonly Pick<GrowthDay, "size">[], { x, y }: Scale): string {
  const only = days.length === 1 ? days : [];
  return [...days, ...only]
    .map((day, at) => `${at === 0 ? "M" : "L"}${round(x(at))} ${round(y(day.size))}`)
    .join("");
}

export function areaPath(days: readonly Pick<GrowthDay, "size">[], scale: Scale, height: number): string {
  const last = Math.max(1, days.length - 1);
  return `${linePath(days, scale)}L${round(scale.x(last))} ${height}L0 ${height}Z`;
}

const words = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
export const dayWords = (day: string): string => words.format(Date.parse(`${day}T00:00:00Z`));
