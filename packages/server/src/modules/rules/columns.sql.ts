/** Where a field's value stands, as SQL over a row called `lead`. */
import { type RawBuilder, sql, type SqlBool } from "kysely";
import type { RuleField } from "./catalogue.ts";

/** A condition over a row called `lead`. */
export type Sql = RawBuilder<SqlBool>;

/** Longer in its open stage than the stage's target. */
export const overdue = overdueAt(sql`now()`);

function overdueAt(moment: RawBuilder<unknown>): Sql {
  return sql`exists (
  select from stage s
  where s.workspace_id = lead.workspace_id and s.key = lead.stage and s.kind = 'open'
    and lead.stage_since < ${moment} - s.target_days * interval '24 hours')`;
}

/** Standard fields that aren't columns of the lead: some change with every event, some with time alone. */
export const besideFields: Record<string, RawBuilder<unknown>> = {
  overdue,
  score: sql`coalesce((select s.score from lead_stat s where s.workspace_id = lead.workspace_id and s.lead_id = lead.id), 0)`,
  hidden: sql`(lead.hidden_at is not null)`,
  last_seen_at: sql`(select s.last_seen_at from lead_stat s where s.workspace_id = lead.workspace_id and s.lead_id = lead.id)`,
};

/** The field's column: from the catalogue's own names, never from what somebody typed. */
export function column(field: RuleField, now?: Date): RawBuilder<unknown> {
  if (field.name === "overdue" && now !== undefined) {
    return overdueAt(sql`${now}::timestamptz`);
  }
  return besideFields[field.name] ?? sql.ref(`lead.${field.name}`);
}

/** The spare column that holds a fast field's values, once it holds all of them. */
export function slotOf(field: RuleField): RawBuilder<unknown> | null {
  const slot = field.custom?.slot ?? null;
  return slot === null || slot.state !== "ready" ? null : sql.ref(`lead.${slot.column}`);
}

export function attributeText(key: string): RawBuilder<string> {
  return sql`(lead.attributes ->> ${key})`;
}
