/** The slots of fast fields, filled and emptied behind what people do. */
import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import type { SlotWork } from "../fields/index.ts";
import { mirrorOf, textIn } from "../rules/index.ts";

/** In the bin or not. */
export async function countAll(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from lead where workspace_id = ${ctx.workspace_id}`.execute(ctx.db);
  return rows[0]?.count ?? 0;
}

/**
 * Makes a slot of the next leads by id what it should be. Those that differ are locked in the order of their ids, as
 * everywhere. Nobody's change: neither revision nor time of change move.
 */
export async function writeSlot(
  ctx: Ctx,
  work: SlotWork,
  after: string,
  limit: number,
): Promise<{ last: string | null; looked_at: number; written: number }> {
  const slot = sql.ref(`lead.${work.column}`);
  const wanted =
    work.state === "clearing" ? sql`null` : mirrorOf(work.type, textIn(sql`lead.attributes`)(work.key));
  const { rows } = await sql<{ last: string | null; looked_at: number; written: number }>`
    with part as materialized (
      select id, ${slot} is distinct from ${wanted} as differs
      from lead
      where workspace_id = ${ctx.workspace_id} and id > ${after}::uuid
      order by id
      limit ${limit}
    ), locked as materialized (
      select lead.id
      from lead
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(array(select id from part where differs))
      order by lead.id
      for no key update
    ), written as (
      update lead set ${sql.ref(work.column)} = ${wanted}
      from locked
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = locked.id
      returning 1
    )
    select (select max(id::text) from part) as last, (select count(*) from part)::int as looked_at,
      (select count(*) from written)::int as written`.execute(ctx.db);
  return rows[0] ?? { last: null, looked_at: 0, written: 0 };
}
