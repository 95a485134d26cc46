/** Leads whose words must be made again, since what words are made of has changed: looked through once, step by step. */
import { sql } from "kysely";
import type { Ctx, Database } from "../../kernel/db.ts";
import { refreshWords } from "./words.sql.ts";

/** Grows when `refreshWords` makes other text than before: every lead is then looked at again. */
const version = 1;
const before_all = "00000000-0000-0000-0000-000000000000";

/** Asks for another look at the leads with values of these fields. A look that is under way begins again with them too. */
export async function askForRefresh(ctx: Ctx, keys: string[]): Promise<void> {
  await sql`
    insert into word_refresh (workspace_id, version, keys, after)
    values (${ctx.workspace_id}, 0, ${keys}::text[], ${before_all})
    on conflict (workspace_id) do update set after = excluded.after,
      keys = case when word_refresh.after is null then excluded.keys else word_refresh.keys || excluded.keys end`.execute(
    ctx.db,
  );
}

/** One step of the look that is under way; false when it is at its end. The row is locked, so that steps take turns. */
export async function refreshSome(ctx: Ctx, limit: number): Promise<boolean> {
  const { rows } = await sql<{ after: string; keys: string[] | null }>`
    select after, keys from word_refresh where workspace_id = ${ctx.workspace_id} and after is not null for update`.execute(
    ctx.db,
  );
  const [row] = rows;
  if (row === undefined) {
    return false;
  }
  const { rows: looked } = await sql<{ id: string; holds: boolean }>`
    select id, ${row.keys === null ? sql`true` : sql`attributes ?| ${row.keys}::text[]`} as holds
    from lead
    where workspace_id = ${ctx.workspace_id} and id > ${row.after}
    order by id
    limit ${limit}`.execute(ctx.db);
  const ids = looked.filter((lead) => lead.holds).map((lead) => lead.id);
  if (ids.length > 0) {
    await refreshWords(ctx, ids);
  }
  await sql`
    update word_refresh
    set after = ${looked.at(-1)?.id ?? null}, version = case when keys is null and ${looked.length === 0} then ${version} else version end
    where workspace_id = ${ctx.workspace_id}`.execute(ctx.db);
  return looked.length > 0;
}

/** Workspaces whose words were made in another way, and nobody looks at them yet. */
export async function selectUnrefreshed(db: Database): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select w.workspace_id as id
      from workspace w left join word_refresh r on r.workspace_id = w.workspace_id
      where r.after is null and r.version is distinct from ${version}::int`.execute(tx);
    return rows.map((row) => row.id);
  });
}

/** Begins a look at all leads of a workspace whose words were made in another way. */
export async function refreshAll(ctx: Ctx): Promise<void> {
  await sql`
    insert into word_refresh (workspace_id, version, keys, after)
    values (${ctx.workspace_id}, 0, null, ${before_all})
    on conflict (workspace_id) do update set keys = null, after = excluded.after
    where word_refresh.version <> ${version}`.execute(ctx.db);
}
