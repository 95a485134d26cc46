/** Which leads a bulk change is about: counted for a preview, or kept as they are at this moment. */
import { sql } from "kysely";
import type { BulkPreview } from "@bellwether/contracts/changes";
import { type Ctx, scan } from "../../kernel/db.ts";
import { visibleTo } from "../leads/index.ts";
import type { Sql } from "../rules/index.ts";
import { bounds } from "./bounds.ts";
import { cellOf, differs, type Refusal, refusalOf } from "./cells.sql.ts";
import { insertParts, openChangeSet } from "./changes.sql.ts";
import type { Edit } from "./record.ts";

const parts_at_once = 20;

/** Of these, the ones that the actor may see. */
export function theseLeads(ctx: Ctx, lead_ids: string[]): Sql {
  return sql`(lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[]) and ${visibleTo(ctx.actor)})`;
}

/** The open leads of a member, hidden ones among them. */
export function openLeadsOf(ctx: Ctx, owner_id: string): Sql {
  return sql`(lead.workspace_id = ${ctx.workspace_id} and lead.owner_id = ${owner_id} and not lead.final and ${visibleTo(ctx.actor)})`;
}

/** What an import made and gave to nobody. Such leads are newer than the import itself. */
export function ownerlessOf(ctx: Ctx, import_id: string): Sql {
  return sql`(lead.workspace_id = ${ctx.workspace_id} and lead.id > ${import_id}::uuid and lead.import_id = ${import_id} and lead.owner_id is null and not lead.final and ${visibleTo(ctx.actor)})`;
}

/** Where this doesn't hold. */
export function unmet(condition: Sql): Sql {
  return sql`(not coalesce(${condition}, false))`;
}

/** What the edit would do to them, and why it couldn't to some. `also`: what else is refused once it comes to them. */
export async function countMatching(
  ctx: Ctx,
  edit: Edit,
  matching: Sql,
  also: Refusal[] = [],
): Promise<BulkPreview> {
  const plain = cellOf(edit);
  const cell = { ...plain, refusals: [...plain.refusals, ...also] };
  return scan(ctx, async () => {
    const { rows } = await sql<{ refusal: string | null; total: number; differing: number }>`
      select ${refusalOf(cell)} as refusal, count(*)::int as total,
        count(*) filter (where ${differs(cell)})::int as differing
      from lead
      where ${matching}
      group by 1`.execute(ctx.db);
    const differing = new Map(rows.map((row) => [row.refusal, row.differing]));
    const refused = cell.refusals
      .map(({ code, message }) => ({ code, message, count: differing.get(code) ?? 0 }))
      .filter(({ count }) => count > 0);
    return {
      total: rows.reduce((sum, row) => sum + row.total, 0),
      would_change: differing.get(null) ?? 0,
      would_refuse: refused.reduce((sum, { count }) => sum + count, 0),
      refused,
    };
  });
}

/**
 * Keeps the ids of all that match, in parts. Found as a search (bellwether_scan may read by every index, and write
 * nothing), written as ourselves: a cursor keeps the rights with which it was opened. Answers how many there are.
 */
export async function freezeMatching(ctx: Ctx, id: string, matching: Sql): Promise<number> {
  await scan(ctx, () =>
    sql`
      declare matching no scroll cursor for
      select ((n - 1) / ${bounds.part_leads}::int)::int as part, array_agg(id order by id)::text as lead_ids, count(*)::int as leads
      from (select lead.id, row_number() over (order by lead.id) as n from lead where ${matching}) numbered
      group by 1
      order by 1`.execute(ctx.db),
  );
  let total = 0;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a cursor, so that memory stays flat
    const { rows } = await sql<{ part: number; lead_ids: string; leads: number }>`
      fetch ${sql.lit(parts_at_once)} from matching`.execute(ctx.db);
    if (rows.length > 0) {
      // oxlint-disable-next-line no-await-in-loop
      await insertParts(ctx, id, rows);
    }
    total += rows.reduce((sum, row) => sum + row.leads, 0);
    if (rows.length < parts_at_once) {
      break;
    }
  }
  if (total > 0) {
    await openChangeSet(ctx, id, total);
  }
  return total;
}
