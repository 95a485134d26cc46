/** Imports in the history of changes. What an import writes, and when, is its own business. */
import type { ChangeSet } from "@bellwether/contracts/changes";
import type { Ctx } from "../../kernel/db.ts";
import { closeImport, countImported, openImport, selectOfImports, type Written } from "./imported.sql.ts";
import { toChangeSet } from "./record.ts";

/** `fields`: as in lead_change, of everything that it may overwrite; `unique`: which of them two leads can't share. */
export async function beginImport(
  ctx: Ctx,
  made: { id: string; file_name: string; rows: number; fields: string[]; unique: string[]; tags: boolean },
): Promise<void> {
  const { id, file_name, rows, fields, unique, tags } = made;
  await openImport(ctx, {
    id,
    summary: `Import “${file_name.length > 100 ? `${file_name.slice(0, 100)}…` : file_name}”`,
    asked: { import_id: id },
    edit: { kind: "import", fields, unique, uncounted: tags },
    total: rows,
  });
}

export async function importWrote(ctx: Ctx, id: string, rows: number, written: Written): Promise<void> {
  await countImported(ctx, id, rows, written);
}

/** `failure`: why it stopped before its end. */
export async function endImport(ctx: Ctx, id: string, failure: string | null): Promise<void> {
  const rest = "What was written so far stays, and can be undone.";
  await closeImport(ctx, id, failure === null ? null : `${failure} ${rest}`);
}

/** What each of these imports changed, by its id; none for those that never ran. */
export async function changesOfImports(ctx: Ctx, import_ids: string[]): Promise<Map<string, ChangeSet>> {
  const rows = await selectOfImports(ctx, import_ids);
  return new Map(rows.map((row) => [row.id, toChangeSet(row)]));
}
