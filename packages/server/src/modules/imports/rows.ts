/**
 * Text to rows, in pieces, forgiving and fast.
 *
 * Our own and not csv-parse or udsv because an import has to go on where they stop: a stray quote must
 * cost at most its own line, every row must know its line in the file, and a quote that never closes must
 * not swallow the rest of a gigabyte. `bench/import.ts` measures the three side by side.
 */
import { unguarded } from "../../kernel/csv.ts";

/** Longest record in characters. A quote still open after this many is a stray one, not a long cell. */
const RECORD_CHARS_MAX = 8_000_000;

export type RowNote = { line: number; code: "stray_quote" | "line_cut" | "nul_removed" };

export type RowBatch = {
  /** Line of the file on which each row starts, counted from 1, blank lines included. */
  lines: number[];
  rows: string[][];
  notes: RowNote[];
};

export type SplitOptions = { delimiter: string; newline: "\n" | "\r"; record_chars_max?: number };

export type Splitter = {
  /** Takes the next piece of text and answers the rows that are complete with it. */
  push: (text: string) => RowBatch;
  /** Answers what is left when there is no more text. */
  end: () => RowBatch;
};

type Scan = {
  text: string;
  pos: number;
  line: number;
  last: boolean;
  batch: RowBatch;
};

/** Splits text into rows; blank, space-only and delimiter-only lines are left out but counted. */
export function createSplitter(options: SplitOptions): Splitter {
  const recordMax = options.record_chars_max ?? RECORD_CHARS_MAX;
  let carry = "";
  let line = 1;
  let dropping = false;

  function run(text: string, last: boolean): RowBatch {
    const scan: Scan = { text, pos: 0, line, last, batch: { lines: [], rows: [], notes: [] } };
    if (dropping) dropping = !skipToNextLine(scan, options.newline);
    if (!dropping) scanRows(scan, options, recordMax);
    carry = scan.text.slice(scan.pos);
    if (!dropping && !last && carry.length > recordMax && !carry.includes(options.newline)) {
      cutLongLine(scan, carry.slice(0, recordMax), options);
      carry = "";
      dropping = true;
    }
    line = scan.line;
    return scan.batch;
  }

  return {
    push: (text) => run(carry === "" ? text : carry + text, false),
    end: () => {
      const rest = carry;
      carry = "";
      return run(rest, true);
    },
  };
}

function scanRows(scan: Scan, options: SplitOptions, recordMax: number): void {
  const { text, batch } = scan;
  const { delimiter, newline } = options;
  let nextQuote = text.indexOf('"', scan.pos);
  while (scan.pos < text.length) {
    let lineEnd = text.indexOf(newline, scan.pos);
    if (lineEnd === -1) {
      if (!scan.last) return;
      lineEnd = text.length;
    }
    if (nextQuote !== -1 && nextQuote < scan.pos) nextQuote = text.indexOf('"', scan.pos);
    if (nextQuote === -1 || nextQuote >= lineEnd) {
      addRow(batch, scan.line, plainCells(text, scan.pos, lineEnd, delimiter, newline));
      scan.pos = lineEnd + 1;
      scan.line += 1;
    } else if (!scanQuoted(scan, options, lineEnd, recordMax)) {
      return;
    }
  }
}

/** Reads one record that holds quotes. False: it isn't complete yet, come back with more text. */
function scanQuoted(scan: Scan, options: SplitOptions, lineEnd: number, recordMax: number): boolean {
  const record = quotedRecord(scan.text, scan.pos, options, scan.last);
  if (record.state === "more" && !scan.last && scan.text.length - scan.pos <= recordMax) return false;
  if (record.state !== "whole") {
    // The quote never closes, or closes in the middle of a later cell: it was typed, not written by a program.
    scan.batch.notes.push({ line: scan.line, code: "stray_quote" });
    addRow(scan.batch, scan.line, strayCells(scan.text, scan.pos, lineEnd, options));
    scan.pos = lineEnd + 1;
    scan.line += 1;
    return true;
  }
  addRow(scan.batch, scan.line, record.cells);
  scan.pos = record.end;
  scan.line += record.lines;
  return true;
}

type QuotedRecord =
  | { state: "whole"; cells: string[]; end: number; lines: number }
  | { state: "more" }
  | { state: "stray" };

function quotedRecord(text: string, start: number, options: SplitOptions, last: boolean): QuotedRecord {
  const { delimiter, newline } = options;
  const cells: string[] = [];
  let pos = start;
  let lines = 1;
  let lineEnd = -2;
  for (;;) {
    const open = openingQuote(text, pos);
    if (open === -1) {
      if (lineEnd !== -1 && lineEnd < pos) lineEnd = text.indexOf(newline, pos);
      const mark = text.indexOf(delimiter, pos);
      const cellEnd = mark === -1 || (lineEnd !== -1 && lineEnd < mark) ? lineEnd : mark;
      const atEnd = cellEnd === -1 ? text.length : cellEnd;
      if (cellEnd === -1 && !last) return { state: "more" };
      const endsRow = cellEnd === -1 || text.charAt(cellEnd) !== delimiter;
      cells.push(endsRow ? withoutReturn(text, pos, atEnd) : text.slice(pos, atEnd));
      if (endsRow) return { state: "whole", cells, end: atEnd + 1, lines };
      pos = atEnd + 1;
      continue;
    }
    const cell = quotedCell(text, open + 1, options, last);
    if (cell.state !== "whole") return cell;
    cells.push(cell.value);
    lines += cell.lines;
    if (cell.ends_row) return { state: "whole", cells, end: cell.next, lines };
    pos = cell.next;
  }
}

type QuotedCell =
  | { state: "whole"; value: string; next: number; ends_row: boolean; lines: number }
  | { state: "more" }
  | { state: "stray" };

function quotedCell(text: string, start: number, options: SplitOptions, last: boolean): QuotedCell {
  const { delimiter, newline } = options;
  let from = start;
  let value = "";
  let odd = false;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return { state: "more" };
    if (text.charCodeAt(quote + 1) === 34) {
      value += text.slice(from, quote + 1);
      from = quote + 2;
      continue;
    }
    let after = quote + 1;
    while (text.charCodeAt(after) === 32) after += 1;
    const ending = text.charAt(after);
    if (ending === "" && !last) return { state: "more" };
    if (ending === "\r" && newline === "\n" && after + 1 >= text.length && !last) return { state: "more" };
    const returns =
      ending === "\r" && newline === "\n" && (after + 1 >= text.length || text.charAt(after + 1) === "\n");
    if (ending === delimiter || ending === newline || ending === "" || returns) {
      value += text.slice(from, quote);
      const inside = countOf(text, newline, start, quote);
      if (odd && inside > 0) return { state: "stray" };
      const ends_row = ending !== delimiter;
      return { state: "whole", value, next: after + (returns ? 2 : 1), ends_row, lines: inside };
    }
    // A quote in the middle of a quoted cell that wasn't doubled: kept as it was typed.
    odd = true;
    value += text.slice(from, quote + 1);
    from = quote + 1;
  }
}

/** Position of the quote that opens the cell at `pos`, spaces before it allowed; -1 when it has none. */
function openingQuote(text: string, pos: number): number {
  let at = pos;
  while (text.charCodeAt(at) === 32) at += 1;
  return text.charCodeAt(at) === 34 ? at : -1;
}

function plainCells(text: string, start: number, end: number, delimiter: string, newline: string): string[] {
  const stop = newline === "\n" && end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  return text.slice(start, stop).split(delimiter);
}

/** The cells of one physical line of which one quote is literal; the properly quoted ones stay whole. */
function strayCells(text: string, start: number, end: number, options: SplitOptions): string[] {
  const line = withoutReturn(text, start, end);
  const cells: string[] = [];
  let pos = 0;
  while (pos <= line.length) {
    const open = openingQuote(line, pos);
    const quoted = open === -1 ? undefined : quotedCell(line, open + 1, options, true);
    if (quoted?.state === "whole") {
      cells.push(quoted.value);
      pos = quoted.ends_row ? line.length + 1 : quoted.next;
    } else {
      const stop = line.indexOf(options.delimiter, pos);
      cells.push(line.slice(pos, stop === -1 ? line.length : stop));
      pos = stop === -1 ? line.length + 1 : stop + 1;
    }
  }
  return cells;
}

function withoutReturn(text: string, start: number, end: number): string {
  return text.slice(start, end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
}

function addRow(batch: RowBatch, line: number, cells: string[]): void {
  const first = cells[0];
  // Nearly every row starts with something: look at the others only when it doesn't.
  if ((first === undefined || first.trim() === "") && cells.every((cell) => cell.trim() === "")) return;
  // What our export and others make safe for spreadsheets is what it was before. Only a ' in front can be such a mark.
  for (let at = 0; at < cells.length; at += 1) {
    if (cells[at]?.charCodeAt(0) === 39) cells[at] = unguarded(cells[at] ?? "");
  }
  batch.lines.push(line);
  batch.rows.push(cells);
}

function cutLongLine(scan: Scan, text: string, options: SplitOptions): void {
  scan.batch.notes.push({ line: scan.line, code: "line_cut" });
  addRow(scan.batch, scan.line, strayCells(text, 0, text.length, options));
}

function skipToNextLine(scan: Scan, newline: string): boolean {
  const end = scan.text.indexOf(newline);
  scan.pos = end === -1 ? scan.text.length : end + 1;
  if (end !== -1) scan.line += 1;
  return end !== -1;
}

function countOf(text: string, char: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf(char, from); at !== -1 && at < to; at = text.indexOf(char, at + 1)) count += 1;
  return count;
}
