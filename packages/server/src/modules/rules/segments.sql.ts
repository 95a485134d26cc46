import { sql } from "kysely";
import type { Rule } from "@bellwether/contracts/rule";
import type { Ctx } from "../../kernel/db.ts";
import type { RuleSegment } from "./catalogue.ts";
import { dependenciesOf } from "./dependencies.ts";

/** The segments that a rule or a query may name; none are read where neither does. */
export async function segmentsFor(
  ctx: Ctx,
  query: { rule?: Rule | undefined; q?: string | undefined },
): Promise<RuleSegment[]> {
  const typed = /segment:/i.test(query.q ?? "");
  const named = query.rule !== undefined && dependenciesOf(query.rule).segments.size > 0;
  return typed || named ? selectRuleSegments(ctx) : [];
}

export async function selectRuleSegments(ctx: Ctx): Promise<RuleSegment[]> {
  const { rows } = await sql<RuleSegment>`
    select id, name, state, set_id
    from segment
    where workspace_id = ${ctx.workspace_id} and deleted_at is null
    order by name_key`.execute(ctx.db);
  return rows;
}
