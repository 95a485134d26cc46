import { type RawBuilder, sql, type SqlBool } from "kysely";
import type { Ctx } from "./db.ts";

/** What stands where an address was. */
const mark = "[erased]";

/**
 * Takes these addresses (e-mail, phone) out of what somebody typed: a question asked of the list, a saved view. Where they
 * stand alone, that is: joann@example.com isn't ann@example.com. To be called by the table's owner.
 */
export async function redact(
  ctx: Ctx,
  table: string,
  columns: { text?: string[]; json?: string[] },
  addresses: readonly string[],
  only: RawBuilder<SqlBool> = sql`true`,
): Promise<void> {
  if (addresses.length === 0) {
    return;
  }
  const pattern = addressPattern(addresses);
  const all = [
    ...(columns.text ?? []).map((name) => ({ name, text: sql.ref(name), back: (text: Raw) => text })),
    ...(columns.json ?? []).map((name) => ({
      name,
      text: sql`${sql.ref(name)}::text`,
      back: (text: Raw) => sql`${text}::jsonb`,
    })),
  ];
  const sets = all.map(
    ({ name, text, back }) =>
      sql`${sql.ref(name)} = ${back(sql`regexp_replace(${text}, ${pattern}, ${mark}, 'gi')`)}`,
  );
  await sql`
    update ${sql.table(table)} set ${sql.join(sets)}
    where workspace_id = ${ctx.workspace_id} and ${only}
      and (${sql.join(
        all.map(({ text }) => sql`${text} ~* ${pattern}`),
        sql` or `,
      )})`.execute(ctx.db);
}
type Raw = RawBuilder<unknown>;

/** Finds any of them by PostgreSQL's `~*`. */
export function addressPattern(addresses: readonly string[]): string {
  // As they are, and as JSON writes them.
  const spellings = new Set(addresses.flatMap((each) => [each, JSON.stringify(each).slice(1, -1)]));
  const any = [...spellings].map((each) => each.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|");
  return `(?<![\\w.+-])(?:${any})(?![\\w-]|\\.\\w)`;
}
