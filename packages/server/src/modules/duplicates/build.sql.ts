/** How far the comparison of many leads is: those that were there before, and those that an import brought. */
import { sql } from "kysely";
import type { Ctx, Database } from "../../kernel/db.ts";

/** Has the leads from this id on compared, besides those that still wait. */
export async function openBuild(ctx: Ctx, after: string): Promise<void> {
  await sql`
    insert into duplicate_build as build (workspace_id, after)
    values (${ctx.workspace_id}, ${after}::uuid)
    on conflict (workspace_id) do update
      set after = case when build.finished_at is null then least(build.after, excluded.after) else excluded.after end,
        finished_at = null`.execute(ctx.db);
}

/** The next leads to compare; none at the end. Whoever has the row locked compares them, so that none does so twice. */
export async function nextOfBuild(ctx: Ctx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ after: string }>`
    select after
    from duplicate_build
    where workspace_id = ${ctx.workspace_id} and finished_at is null
    for update`.execute(ctx.db);
  const [build] = rows;
  if (build === undefined) {
    return [];
  }
  const next = await sql<{ id: string }>`
    select id
    from lead
    where workspace_id = ${ctx.workspace_id} and id > ${build.after}::uuid and deleted_at is null
    order by id
    limit ${limit}`.execute(ctx.db);
  return next.rows.map((row) => row.id);
}

export async function advanceBuild(ctx: Ctx, last: string | undefined): Promise<void> {
  await sql`
    update duplicate_build
    set ${last === undefined ? sql`finished_at = now()` : sql`after = ${last}::uuid`}
    where workspace_id = ${ctx.workspace_id} and finished_at is null`.execute(ctx.db);
}

/** Workspaces none of whose leads have been compared, though they are to be. */
export async function selectUnbegunBuilds(db: Database): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`
      select workspace_id
      from duplicate_build
      where finished_at is null and after = '00000000-0000-0000-0000-000000000000'`.execute(tx);
    return rows.map((row) => row.workspace_id);
  });
}
