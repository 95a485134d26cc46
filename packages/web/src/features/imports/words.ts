import type { Import } from "@bellwether/contracts/imports";

export const stateWords: Record<Import["state"], string> = {
  draft: "Columns not mapped yet",
  checking: "Checking",
  checked: "Checked, not run",
  running: "Running",
  done: "Done",
  cancelled: "Stopped",
  failed: "Failed",
};

/** Once an undo was asked for. */
export const undoWords: Record<NonNullable<Import["change"]>["state"], string> = {
  running: "Running",
  done: "Done",
  failed: "Undone in part",
  undoing: "Being undone",
  undone: "Undone",
};

const number = new Intl.NumberFormat();
export const formatNumber = (n: number): string => number.format(n);
export const rowsWord = (n: number): string => `${number.format(n)} ${n === 1 ? "row" : "rows"}`;
export const leadsWord = (n: number): string => `${number.format(n)} ${n === 1 ? "lead" : "leads"}`;

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < 2) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export const delimiters = [
  { value: ",", label: "Comma (,)" },
  { value: ";", label: "Semicolon (;)" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar (|)" },
];
