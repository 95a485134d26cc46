/** Where the keyboard is in the list. Row -1 is the header. */
export interface Spot {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  /** How many rows a page key moves. */
  page: number;
}

/** The spot a key leads to, or null when the key isn't one that moves. */
export function move(
  spot: Spot,
  key: { key: string; ctrl: boolean; shift: boolean; alt: boolean },
  extent: Extent,
): Spot | null {
  if (key.alt) return null;
  const to = target(spot, key, extent);
  return to && { row: clamp(to.row, -1, extent.rows - 1), column: clamp(to.column, 0, extent.columns - 1) };
}

function target(
  { row, column }: Spot,
  { key, ctrl, shift }: { key: string; ctrl: boolean; shift: boolean },
  extent: Extent,
): Spot | null {
  if (ctrl && key === "Home") return { row: 0, column: 0 };
  if (ctrl && key === "End") return { row: extent.rows - 1, column: extent.columns - 1 };
  if (ctrl || (shift && key !== "Tab")) return null;
  switch (key) {
    case "ArrowDown":
      return { row: row + 1, column };
    case "j":
      return { row: Math.max(0, row + 1), column };
    case "ArrowUp":
      return { row: row - 1, column };
    case "k":
      return { row: Math.max(0, row - 1), column };
    case "ArrowRight":
      return { row, column: column + 1 };
    case "ArrowLeft":
      return { row, column: column - 1 };
    case "PageDown":
      return { row: row + extent.page, column };
    case "PageUp":
      return { row: Math.max(0, row - extent.page), column };
    case "Home":
      return { row, column: 0 };
    case "End":
      return { row, column: extent.columns - 1 };
    default:
      return null;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
