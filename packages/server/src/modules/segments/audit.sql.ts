import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";

/**
 * Leads from all over the workspace to which nothing has happened for a while. Some begin at the first, the others
 * wherever chance falls: where ids are of a time in which few came, the sample is the smaller.
 */
export async function selectSettledSample(ctx: Ctx, at: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with ends as materialized (
      select (select id from lead where workspace_id = ${ctx.workspace_id} order by id limit 1) as low,
        (select id from lead where workspace_id = ${ctx.workspace_id} order by id desc limit 1) as high
    ), begins as materialized (
      select case when n = 0 then low else uuidv7((uuid_extract_timestamp(low) - clock_timestamp())
        + random() * (uuid_extract_timestamp(high) - uuid_extract_timestamp(low))) end as begin
      from ends cross join generate_series(0, 9) n
      where low is not null
    )
    select distinct lead.id
    from begins cross join lateral (
      select id from lead
      where workspace_id = ${ctx.workspace_id} and id >= begins.begin
      order by id
      limit ${Math.ceil(limit / 10)}
    ) lead
    where not exists (
      select from event e
      where e.workspace_id = ${ctx.workspace_id} and e.lead_id = lead.id and e.occurred_at > ${new Date(at.getTime() - 600_000)}::timestamptz)
    order by lead.id`.execute(ctx.db);
  return rows.map((row) => row.id);
}
