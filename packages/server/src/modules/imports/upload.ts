/** From an upload to a draft: what the file is, how it is written, and what its columns may mean. */
import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { may } from "@bellwether/contracts/permissions";
import { type Column, encodings, type Import, type ImportOptions } from "@bellwether/contracts/imports";
import { actorRef } from "../../kernel/access.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import type { Actor } from "../../kernel/access.ts";
import { byte_order_mark } from "../../kernel/csv.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { invalid, problem } from "../../kernel/problems.ts";
import { listFields } from "../fields/index.ts";
import { listStages } from "../stages/index.ts";
import { delimiters, guessLayout, tableOf, type Layout } from "./dialect.ts";
import { decodeSample, fileKind, guessEncoding, knownEncoding, refusals, type Encoding } from "./encoding.ts";
import { FILE_BYTES_MAX, filePath, readSample, receiveFile, SAMPLE_BYTES } from "./files.ts";
import { insertImport, selectImport } from "./imports.sql.ts";
import { Cursor, type KeptDialect, toImport } from "./record.ts";
import { suggestColumns, type Known } from "./suggest.ts";

/** A single row may be larger than the sample: then more is read, up to this. */
const HEAD_BYTES_MAX = 16 * 1024 * 1024;

export type Upload = { source: Readable; file_name: string; data_dir: string; bytes_max?: number };

/** Keeps the file and proposes what to do with it. Nothing of a file that can't be read stays behind. */
export async function uploadImport(db: Database, actor: Actor, upload: Upload): Promise<Import> {
  const id = newId();
  const path = filePath(upload.data_dir, actor.workspace_id, id);
  const { size_bytes, not_utf8 } = await receiveFile(upload.source, path, upload.bytes_max ?? FILE_BYTES_MAX);
  try {
    const encoding = not_utf8 === undefined ? undefined : guessEncoding(not_utf8).encoding;
    return await db.tenant(actor, async (ctx) => {
      const read = await readLayout(
        ctx,
        path,
        size_bytes,
        encoding === undefined ? {} : { fallback: encoding },
      );
      const file_name = upload.file_name.trim().slice(0, 300) || "upload.csv";
      await insertImport(ctx, {
        id,
        file_name,
        size_bytes,
        ...read,
        cursor: Cursor.parse({}),
        created_by: actorRef(actor),
      });
      await emit(ctx, "import.uploaded", { subject_id: id }, { file_name, size_bytes });
      const row = await selectImport(ctx, id);
      if (row === null) throw new Error("the import just inserted is not there");
      return toImport(row, null);
    });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

export type LayoutChoice = Pick<ImportOptions, "encoding" | "delimiter" | "header_row"> & {
  /** Where the first megabyte is plain ASCII and something else comes later. */ fallback?: Encoding;
};

/** Reads a file's beginning again, with what the person chose instead of a guess. */
export async function readLayout(
  ctx: Ctx,
  path: string,
  size_bytes: number,
  choice: LayoutChoice,
  head_bytes = SAMPLE_BYTES,
): Promise<{ dialect: KeptDialect; columns: Column[] }> {
  const { head, windows } = await readSample(path, size_bytes, head_bytes);
  const kind = fileKind(head);
  if (kind !== "text") throw problem("unsupported_file", { say: refusals[kind], also: { file_kind: kind } });
  const encoding = chosenEncoding(choice) ?? guessOrFallback(head, choice.fallback);
  const whole = head.length >= size_bytes;
  const text = decodeSample(head, encoding)
    .replace(/^\uFEFF/, "")
    .replaceAll("\0", "");
  const layout = guessLayout(text, whole, chosenLayout(choice));
  const table = tableOf(text, layout.delimiter, layout.newline, whole);
  const skip_lines = layout.has_header ? layout.header_line : layout.sep_line ? 1 : 0;
  const header = layout.has_header ? (table.rows[table.lines.indexOf(layout.header_line)] ?? []) : [];
  const rows = table.rows.filter((_, at) => (table.lines[at] ?? 0) > skip_lines);
  if (rows.length === 0 && !whole && head_bytes < HEAD_BYTES_MAX) {
    return readLayout(ctx, path, size_bytes, choice, head_bytes * 8);
  }
  if (rows.length === 0)
    throw problem("unsupported_file", {
      say: "This file has a header but no rows below it, so there is nobody to import.",
      also: { file_kind: "no_rows" },
    });
  const headers = headersOf(header, rows);
  const further = windows.flatMap((window) =>
    wholeRows(decodeSample(window, encoding), layout, headers.length),
  );
  return {
    dialect: {
      encoding,
      delimiter: layout.delimiter,
      quote: '"',
      header_row: layout.has_header ? layout.header_line : null,
      newline: layout.newline,
      skip_lines,
    },
    columns: suggestColumns(headers, [...rows, ...further], {
      ...(await knownTo(ctx)),
      marked: head.subarray(0, 3).equals(utf8Mark),
    }),
  };
}

const utf8Mark = Buffer.from(byte_order_mark);

function guessOrFallback(head: Buffer, fallback: Encoding | undefined): Encoding {
  const guess = guessEncoding(head);
  return guess.encoding === "utf-8" && !guess.bom && fallback !== undefined ? fallback : guess.encoding;
}

function chosenEncoding(choice: LayoutChoice): Encoding | undefined {
  if (choice.encoding === undefined) return undefined;
  const known = knownEncoding(choice.encoding);
  if (known === undefined) {
    throw invalid([
      {
        path: "options.encoding",
        code: "unknown_encoding",
        message: `There is no encoding “${choice.encoding}” here. Use one of ${encodings.join(", ")}.`,
      },
    ]);
  }
  return known;
}

function chosenLayout(choice: LayoutChoice): Parameters<typeof guessLayout>[2] {
  const delimiter = delimiters.find((mark) => mark === choice.delimiter);
  if (choice.delimiter !== undefined && delimiter === undefined) {
    throw invalid([
      {
        path: "options.delimiter",
        code: "unknown_delimiter",
        message: "Cells can be parted by a comma, semicolon, tab or |.",
      },
    ]);
  }
  if (choice.header_row === undefined) return { delimiter };
  return choice.header_row === null
    ? { delimiter, has_header: false, header_line: 1 }
    : { delimiter, has_header: true, header_line: choice.header_row };
}

/** A name for every column, the nameless ones and those that only rows have included. */
function headersOf(header: string[], rows: string[][]): string[] {
  const usual = new Map<number, number>();
  for (const row of rows) usual.set(row.length, (usual.get(row.length) ?? 0) + 1);
  const [common = 0] = [...usual].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [];
  const width = Math.max(header.length, common);
  const seen = new Map<string, number>();
  return Array.from({ length: width }, (_, at) => {
    const name = (header[at] ?? "").trim().replace(/\s+/g, " ") || `Column ${at + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** Rows of a piece cut out of the middle: only those that are as wide as the table, and not the first and last. */
function wholeRows(text: string, layout: Layout, width: number): string[][] {
  const { rows } = tableOf(text, layout.delimiter, layout.newline, false);
  return rows.slice(1, -1).filter((row) => row.length === width);
}

async function knownTo(ctx: Ctx): Promise<Known> {
  const [fields, stages] = [await listFields(ctx), await listStages(ctx)];
  return {
    fields,
    stages: stages.flatMap((stage) => [stage.key, stage.name]),
    may_create_fields: may(ctx.actor.role, "fields:write"),
  };
}
