import { sql } from "kysely";
import type { DuplicatePair, DuplicateReason } from "@bellwether/contracts/duplicates";
import type { Ctx } from "../../kernel/db.ts";
import { visibleTo } from "../leads/index.ts";

export interface PairRow {
  id: string;
  lead_a: string;
  lead_b: string;
  reasons: DuplicateReason[];
  likeness: number;
  state: DuplicatePair["state"];
  found_at: Date;
}
export interface PairFilter {
  state: DuplicatePair["state"];
  lead_id?: string | undefined;
}

const columns = sql.raw(
  "pair.id, pair.lead_a, pair.lead_b, pair.reasons, pair.likeness, pair.state, pair.found_at",
);

/** Pairs whose leads are both there and visible, the surest first. */
export async function selectPairs(
  ctx: Ctx,
  filter: PairFilter,
  page: { after: { likeness: string; id: string } | null; limit: number },
): Promise<PairRow[]> {
  const { after } = page;
  const from =
    after === null ? sql`true` : sql`(pair.likeness, pair.id) < (${after.likeness}::real, ${after.id}::uuid)`;
  const { rows } = await sql<PairRow>`
    select ${columns}
    from duplicate_pair pair
    where ${asked(ctx, filter)} and ${from}
    order by pair.likeness desc, pair.id desc
    limit ${page.limit}`.execute(ctx.db);
  return rows;
}

/** Up to a limit, where one is given. */
export async function countPairs(ctx: Ctx, filter: PairFilter, limit: number | null): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (select from duplicate_pair pair where ${asked(ctx, filter)} limit ${limit}) counted`.execute(
    ctx.db,
  );
  return rows[0]?.count ?? 0;
}

function asked(ctx: Ctx, { state, lead_id }: PairFilter) {
  const of =
    lead_id === undefined
      ? sql`true`
      : sql`(pair.lead_a = ${lead_id}::uuid or pair.lead_b = ${lead_id}::uuid)`;
  return sql`pair.workspace_id = ${ctx.workspace_id} and pair.state = ${state} and ${of} and ${bothVisible(ctx)}`;
}

/** Looked up pair by pair (`offset 0`): joined by old statistics, all leads were read again for each pair. */
function bothVisible(ctx: Ctx) {
  const one = (side: "lead_a" | "lead_b") => sql`exists (
      select from lead
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = ${sql.ref(`pair.${side}`)} and ${visibleTo(ctx.actor)}
      offset 0)`;
  return sql`${one("lead_a")} and ${one("lead_b")}`;
}

/** Undefined where it isn't there, or one of its leads isn't, or may not be seen. */
export async function updatePairState(
  ctx: Ctx,
  id: string,
  state: DuplicatePair["state"],
): Promise<(PairRow & { was: DuplicatePair["state"] }) | undefined> {
  const { rows } = await sql<PairRow & { was: DuplicatePair["state"] }>`
    update duplicate_pair pair set state = ${state}
    where pair.workspace_id = ${ctx.workspace_id} and pair.id = ${id} and ${bothVisible(ctx)}
    returning new.id, new.lead_a, new.lead_b, new.reasons, new.likeness, new.state, new.found_at, old.state as was`.execute(
    ctx.db,
  );
  return rows[0];
}
