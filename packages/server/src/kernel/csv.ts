/**
 * Cells that a spreadsheet would take for a formula get a ' in front, and lose it again when a file is read here. A cell
 * that begins with ' and then such a sign is guarded too, so that reading gives back exactly what was written.
 */
export const formulaStarts = "'*[=+\\-@\\t\\r]";
const formula = new RegExp(`^${formulaStarts}`);
const guardedFormula = /^'+[=+\-@\t\r]/;
const quote = 39;

export function guarded(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

/** The inverse of `guarded`. Nearly every cell begins with something else, so that is asked first. */
export function unguarded(cell: string): string {
  return cell.charCodeAt(0) === quote && guardedFormula.test(cell) ? cell.slice(1) : cell;
}

/** One line of RFC 4180, safe for spreadsheets. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(guarded(cell))).join(",")}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Makes Excel read UTF-8. */
export const byte_order_mark = "\uFEFF";
