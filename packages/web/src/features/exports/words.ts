const number = new Intl.NumberFormat();
export const formatNumber = (value: number): string => number.format(value);

const units = ["bytes", "kB", "MB", "GB", "TB"];
/** “1.2 MB” */
export function sizeWords(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  const digits = step === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: digits })} ${units[step] ?? ""}`;
}
