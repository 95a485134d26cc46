/** How a text is laid out as a table: delimiter, newline, header. Everything guessed can be overridden. */
import { createSplitter } from "./rows.ts";
import { looksLikeData, normalHeader } from "./shapes.ts";
import { knownHeader } from "./synonyms.ts";

export const delimiters = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof delimiters)[number];

export type Layout = {
  delimiter: Delimiter;
  newline: "\n" | "\r";
  /** A first line `sep=;`, which Excel reads as a hint and which is not data. */
  sep_line: boolean;
  has_header: boolean;
  /** Line of the file on which the header stands; title lines above it are skipped. */
  header_line: number;
};

export type LayoutOverrides = {
  delimiter?: Delimiter | undefined;
  has_header?: boolean | undefined;
  header_line?: number | undefined;
};

type Table = { lines: number[]; rows: string[][] };

/** Rows looked at to choose the header: titles above one are few. */
const HEADER_ROWS_MAX = 20;

export function guessLayout(sample: string, whole: boolean, overrides: LayoutOverrides = {}): Layout {
  const newline = sample.includes("\n") || !sample.includes("\r") ? "\n" : "\r";
  const hint = /^\uFEFF?"?sep=(.)"?[ \t]*\r?(?:\n|\r|$)/i.exec(sample);
  const hinted = delimiters.find((delimiter) => delimiter === hint?.[1]);
  const delimiter = overrides.delimiter ?? hinted ?? guessDelimiter(sample, newline, whole);
  const table = tableOf(sample, delimiter, newline, whole);
  const firstRow = hint === null ? 0 : 1;
  const header = guessHeader({ lines: table.lines.slice(firstRow), rows: table.rows.slice(firstRow) });
  return {
    delimiter,
    newline,
    sep_line: hint !== null,
    has_header: overrides.has_header ?? header.has_header,
    header_line: overrides.header_line ?? header.line,
  };
}

/** Splits a sample; its last, perhaps unfinished row is left out unless it is the whole file. */
export function tableOf(sample: string, delimiter: Delimiter, newline: "\n" | "\r", whole: boolean): Table {
  const splitter = createSplitter({ delimiter, newline });
  const pushed = splitter.push(sample);
  if (!whole && pushed.rows.length > 0) return pushed;
  const rest = splitter.end();
  return { lines: [...pushed.lines, ...rest.lines], rows: [...pushed.rows, ...rest.rows] };
}

/** The delimiter under which most rows have the same number of cells, and more than one. */
function guessDelimiter(sample: string, newline: "\n" | "\r", whole: boolean): Delimiter {
  const piece = sample.slice(0, 200_000);
  const wholePiece = whole && piece.length === sample.length;
  let best: { delimiter: Delimiter; score: number } = { delimiter: ",", score: 0 };
  for (const delimiter of delimiters) {
    const score = evenness(tableOf(piece, delimiter, newline, wholePiece).rows);
    if (score > best.score + 1e-9) best = { delimiter, score };
  }
  return best.delimiter;
}

function evenness(rows: string[][]): number {
  const { width, share } = usualWidth(rows);
  // Width counts a little: `a;b` in prose is even too, a table of twelve columns hardly ever by accident.
  return width < 2 ? 0 : share * (1 + Math.log2(width) / 8);
}

function usualWidth(rows: string[][]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let width = 0;
  let most = 0;
  for (const [cells, count] of counts) {
    if (count > most || (count === most && cells > width)) [width, most] = [cells, count];
  }
  return { width, share: rows.length === 0 ? 0 : most / rows.length };
}

function guessHeader(table: Table): { has_header: boolean; line: number } {
  const rows = table.rows.slice(0, HEADER_ROWS_MAX);
  const { width } = usualWidth(table.rows);
  const names = rows.findIndex(
    (row) =>
      row.length >= width &&
      wordsLikeHeader(row) &&
      row.some((cell) => knownHeader(normalHeader(cell)) !== undefined),
  );
  if (names !== -1) return { has_header: true, line: table.lines[names] ?? 1 };
  const words = rows.findIndex((row) => row.length >= width && wordsLikeHeader(row));
  const firstLine = table.lines[0] ?? 1;
  // A header stands above the data: a row of words below rows of data is itself data.
  if (words > 0 && rows.slice(0, words).some((row) => row.length >= width && row.some(looksLikeData))) {
    return { has_header: false, line: firstLine };
  }
  return words === -1
    ? { has_header: false, line: firstLine }
    : { has_header: true, line: table.lines[words] ?? 1 };
}

/** Names, not values: something in it, nothing that is an address, a number or a date, and no name twice over half. */
function wordsLikeHeader(row: string[]): boolean {
  const filled = row.map((cell) => cell.trim()).filter((cell) => cell !== "");
  if (filled.length === 0 || filled.length * 2 < row.length) return false;
  if (filled.some((cell) => cell.length > 200 || looksLikeData(cell))) return false;
  return new Set(filled.map((cell) => cell.toLowerCase())).size * 2 > filled.length;
}
