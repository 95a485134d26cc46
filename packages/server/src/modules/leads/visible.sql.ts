import { sql } from "kysely";
import type { Actor } from "../../kernel/access.ts";
import type { Sql } from "../rules/index.ts";

/**
 * Which leads the actor may see, as a condition over `lead`; every lead query has it. The same holds in the database as
 * a policy on the table; here it also serves searches, which run without policies.
 */
export function visibleTo(actor: Actor): Sql {
  return sql`(lead.deleted_at is null and ${theirs(actor)})`;
}

/** The same of what lies in the bin. What was merged into another lead is out of sight too, but not in the bin. */
export function binnedFor(actor: Actor): Sql {
  return sql`(lead.deleted_at is not null and lead.merged_into is null and ${theirs(actor)})`;
}

function theirs(actor: Actor): Sql {
  return actor.own_only === null
    ? sql`true`
    : sql`(lead.owner_id is null or lead.owner_id = ${actor.own_only})`;
}
