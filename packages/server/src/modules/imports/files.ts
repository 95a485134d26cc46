/** Uploaded files: kept as they came, so that a run can begin again, and read in pieces. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { problem } from "../../kernel/problems.ts";
import { createDecoder, createUtf8Check, type Encoding } from "./encoding.ts";
import { createSplitter, type RowBatch } from "./rows.ts";

/** 1 GB: beyond it a file is split, not uploaded through a browser. */
export const FILE_BYTES_MAX = 1024 ** 3;
export const SAMPLE_BYTES = 256 * 1024;
const WINDOW_BYTES = 64 * 1024;
/** 64 KB a piece: 256 KB is no faster and takes 110 MB more memory at its peak (1,000,000 rows, 2 cores, Node 26). */
const PIECE_BYTES = 64 * 1024;

export function filePath(data_dir: string, workspace_id: string, import_id: string): string {
  return join(data_dir, "files", workspace_id, "imports", import_id);
}

/** Writes an upload to its place and answers its size, and a piece that isn't UTF-8 if there is one. */
export async function receiveFile(
  source: Readable,
  path: string,
  bytes_max: number,
): Promise<{ size_bytes: number; not_utf8: Buffer | undefined }> {
  await mkdir(dirname(path), { recursive: true });
  const check = createUtf8Check();
  let size_bytes = 0;
  async function* watched(): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
      size_bytes += bytes.length;
      if (size_bytes > bytes_max) throw tooLarge(bytes_max);
      check.push(bytes);
      yield bytes;
    }
  }
  try {
    await pipeline(watched, createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { size_bytes, not_utf8: check.evidence() };
}

export function tooLarge(bytes_max: number) {
  return problem("too_large", {
    say: `The file is larger than ${Math.round(bytes_max / 1024 ** 2).toLocaleString("en")} MB. Split it and import the parts one after the other.`,
  });
}

/** The beginning, and pieces from further on: a column's first thousand values may all be the same word. */
export async function readSample(
  path: string,
  size_bytes: number,
  head_bytes: number,
): Promise<{ head: Buffer; windows: Buffer[] }> {
  const file = await open(path);
  try {
    const piece = async (position: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    const head = await piece(0, Math.min(head_bytes, size_bytes));
    const windows: Buffer[] = [];
    if (size_bytes > SAMPLE_BYTES * 2) {
      for (const share of [0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
        windows.push(await piece(Math.floor(size_bytes * share) & ~1, WINDOW_BYTES));
      windows.push(await piece((size_bytes - WINDOW_BYTES) & ~1, WINDOW_BYTES));
    }
    return { head, windows };
  } finally {
    await file.close();
  }
}

export type ReadOptions = {
  encoding: Encoding;
  delimiter: string;
  newline: "\n" | "\r";
  /** Rows up to this line are header or titles. */ skip_lines: number;
};

/** The file's rows, in batches of a piece each. Memory stays flat whatever the size. */
export async function* readRows(path: string, options: ReadOptions): AsyncGenerator<RowBatch> {
  const decoder = createDecoder(options.encoding);
  const splitter = createSplitter({ delimiter: options.delimiter, newline: options.newline });
  const wide = options.encoding.startsWith("utf-16");
  const finish = (batch: RowBatch, nul: boolean): RowBatch => {
    if (nul) batch.notes.push({ line: batch.lines[0] ?? 1, code: "nul_removed" });
    // Half a surrogate pair is valid UTF-16 to a decoder and invalid text to PostgreSQL.
    if (wide) batch.rows = batch.rows.map((row) => row.map((cell) => cell.toWellFormed()));
    return withoutLines(batch, options.skip_lines);
  };
  for await (const bytes of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    const text = decoder.write(bytes);
    const nul = text.includes("\0");
    yield finish(splitter.push(nul ? text.replaceAll("\0", "") : text), nul);
  }
  const rest = splitter.push(decoder.end().replaceAll("\0", ""));
  yield finish(rest, false);
  yield finish(splitter.end(), false);
}

function withoutLines(batch: RowBatch, skip_lines: number): RowBatch {
  const first = batch.lines[0];
  if (first === undefined || first > skip_lines) return batch;
  const from = batch.lines.findIndex((line) => line > skip_lines);
  return from === -1
    ? { ...batch, lines: [], rows: [] }
    : { ...batch, lines: batch.lines.slice(from), rows: batch.rows.slice(from) };
}
