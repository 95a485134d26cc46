import type { Readable } from "node:stream";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { fileSize, readPart } from "../../kernel/files.ts";
import { problem } from "../../kernel/problems.ts";
import { fileName, findExport } from "./exports.ts";
import type { ExportRow } from "./record.ts";
import { exportPath } from "./run.ts";

interface Part {
  status: 200 | 206 | 416;
  headers: Record<string, string | number>;
  body: Readable | string;
}
interface Asked {
  id: string;
  range: string | undefined;
  if_range: string | string[] | undefined;
}

/** The file, or the part of it that is asked for (RFC 9110, 14): a download that broke off goes on where it was. */
export async function download(ctx: Ctx, asked: Asked, data_dir: string): Promise<Part> {
  const row = await findExport(ctx, asked.id);
  const path = exportPath(data_dir, ctx.workspace_id, row.id);
  const size = row.state === "done" ? await fileSize(path) : null;
  if (size === null) {
    throw problem("not_in_state", { say: stateOf(row), also: { state: row.state } });
  }
  const etag = `"${row.id}"`;
  // A part of another file is of no use to whoever has the beginning of this one.
  const range =
    asked.if_range === undefined || asked.if_range === etag ? rangeOf(asked.range, size) : "whole";
  const headers = { ...headersOf(row), etag };
  if (range === "beyond") {
    return { status: 416, headers: { ...headers, "content-range": `bytes */${size}` }, body: "" };
  }
  await emit(
    ctx,
    "export.downloaded",
    { subject_id: row.id },
    { rows: row.rows, size_bytes: size, ...(range === "whole" ? {} : { from_byte: range.start }) },
  );
  if (range === "whole") {
    return {
      status: 200,
      headers: { ...headers, "content-length": size },
      body: size === 0 ? "" : readPart(path, 0, size - 1),
    };
  }
  const { start, end } = range;
  return {
    status: 206,
    headers: {
      ...headers,
      "content-range": `bytes ${start}-${end}/${size}`,
      "content-length": end - start + 1,
    },
    body: readPart(path, start, end),
  };
}

function stateOf(row: ExportRow): string {
  if (row.state === "running") {
    return "The file is still being written. Ask again when the export is done.";
  }
  return row.state === "failed"
    ? "This export failed, so there is no file. Export again."
    : "The file is no longer there. Export again.";
}

function headersOf(row: ExportRow): Record<string, string> {
  const name = fileName(row);
  return {
    "content-type":
      row.format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/jsonl; charset=utf-8",
    "content-disposition": `attachment; filename="${name}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    "accept-ranges": "bytes",
  };
}

/** One range of bytes, as `start-end`, `start-` or `-last`. Several at once, and what is no range, get the whole file. */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "whole" | "beyond" {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "") ?? [];
  if (first === "" && last === "") {
    return "whole";
  }
  if (first === "") {
    return Number(last) === 0 || size === 0
      ? "beyond"
      : { start: Math.max(0, size - Number(last)), end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) {
    return "whole";
  }
  return start >= size ? "beyond" : { start, end };
}
