/** The refused rows as a file: their original columns in their order, then line and reason. */
import type { Ctx, Database } from "../../kernel/db.ts";
import type { Actor } from "../../kernel/access.ts";
import { fileSize } from "../../kernel/files.ts";
import { problem } from "../../kernel/problems.ts";
import { filePath, readRows } from "./files.ts";
import { findImport } from "./imports.ts";
import { type Refused, selectRefusals } from "./imports.sql.ts";
import type { ImportRow } from "./record.ts";
import { messageOf } from "./refusal.ts";
import { stagedRefusals } from "./staging.sql.ts";

const PAGE = 5000;

/** Pieces of CSV. The file is read once more beside the list of refused lines, so nothing of it is held in memory. */
export async function rejectedCsv(
  db: Database,
  actor: Actor,
  import_id: string,
  data_dir: string,
): Promise<{ file_name: string; text: AsyncGenerator<string> }> {
  const row = await db.tenant(actor, (ctx) => findImport(ctx, import_id));
  if (row.state === "draft" || row.state === "checking") {
    throw problem("not_in_state", {
      say: "Nothing has been checked yet, so nothing has been refused.",
      also: { state: row.state },
    });
  }
  const path = filePath(data_dir, actor.workspace_id, row.id);
  if ((await fileSize(path)) === null) {
    throw problem("not_in_state", {
      say: "The uploaded file was deleted, because somebody in it was erased. The reasons for refused rows are still counted on the import's page.",
      also: { state: row.state },
    });
  }
  const base = row.file_name.replace(/\.[a-z]{2,4}$/i, "").replace(/[^\p{L}\p{N} ._-]/gu, "_");
  return {
    file_name: `${base} – rejected.csv`,
    text: lines(db, actor, row, path),
  };
}

async function* lines(db: Database, actor: Actor, row: ImportRow, path: string): AsyncGenerator<string> {
  const { delimiter } = row.dialect;
  const width = row.columns.length;
  // The mark makes Excel read UTF-8.
  yield `\uFEFF${csvLine([...row.columns.map((column) => column.header), "line", "reason"], delimiter)}`;
  const refused = refusals(db, actor, row);
  let next = await refused.next();
  for await (const batch of readRows(path, row.dialect)) {
    let text = "";
    for (const [at, cells] of batch.rows.entries()) {
      const line = batch.lines[at] ?? 0;
      while (next.done !== true && next.value.line < line) next = await refused.next();
      if (next.done === true) break;
      if (next.value.line !== line) continue;
      const padded = Array.from(
        { length: Math.max(width, cells.length) },
        (_, column) => cells[column] ?? "",
      );
      text += csvLine([...padded, String(line), reasonOf(next.value, row)], delimiter);
    }
    if (text !== "") yield text;
    if (next.done === true) break;
  }
  await refused.return(undefined);
}

async function* refusals(db: Database, actor: Actor, row: ImportRow): AsyncGenerator<Refused, undefined> {
  const { staging } = row.cursor;
  const read = (ctx: Ctx, after: number): Promise<Refused[]> =>
    row.state === "checked" && staging !== null
      ? stagedRefusals(ctx, staging, after, PAGE)
      : selectRefusals(ctx, row.id, after, PAGE);
  for (let after = 0; ;) {
    const page = await db.tenant(actor, (ctx) => read(ctx, after));
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return undefined;
    after = last.line;
  }
}

function reasonOf(refused: Refused, row: ImportRow): string {
  const header = refused.column_index === null ? undefined : row.columns[refused.column_index]?.header;
  return header === undefined ? messageOf(refused.code) : `${header}: ${messageOf(refused.code)}`;
}

function csvLine(cells: string[], delimiter: string): string {
  return `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`;
}

/** Quoted where needed, and never a formula to a spreadsheet. A number or phone with its sign is none. */
function csvCell(cell: string, delimiter: string): string {
  // A ' before such a sign is guarded too, since the next import takes one away.
  const formula = /^\s*'*[=+\-@]|^'*[\t\r]/.test(cell) && !/^[+-]?\d[\d\s().,/]*(?:-\d+)*$/.test(cell);
  const safe = formula ? `'${cell}` : cell;
  return /["\r\n]/.test(safe) || safe.includes(delimiter) || safe !== safe.trim()
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}
