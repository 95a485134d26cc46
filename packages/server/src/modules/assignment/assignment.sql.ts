import { Absence, AssignmentMethod, WorkingSpan } from "@bellwether/contracts/assignment";
import { Rule } from "@bellwether/contracts/rule";
import { sql } from "kysely";
import * as z from "zod";
import { type Ctx, json } from "../../kernel/db.ts";
import type { Sql } from "../rules/index.ts";

const RuleRow = z.object({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  condition: Rule.nullable(),
  method: AssignmentMethod,
  members: z.string().array(),
  only_at_work: z.boolean(),
  last_member: z.string().nullable(),
  position: z.number(),
});
export type RuleRow = z.infer<typeof RuleRow>;

/** In their order. `lock`: nobody else changes them, or takes a turn, until the transaction ends. */
export async function selectRules(ctx: Ctx, lock?: "lock"): Promise<RuleRow[]> {
  const { rows } = await sql`
    select id, name, enabled, condition, method, members, only_at_work, last_member, position
    from assignment_rule
    where workspace_id = ${ctx.workspace_id}
    order by id
    ${lock === undefined ? sql`` : sql`for no key update`}`.execute(ctx.db);
  return RuleRow.array()
    .parse(rows)
    .toSorted((a, b) => a.position - b.position);
}

export type RuleChanges = Partial<Omit<RuleRow, "id" | "last_member" | "position">>;

export async function insertRule(ctx: Ctx, rule: Omit<RuleRow, "last_member">): Promise<void> {
  const { condition, ...rest } = rule;
  await ctx.db
    .insertInto("assignment_rule")
    .values({
      workspace_id: ctx.workspace_id,
      ...rest,
      condition: condition === null ? null : json(condition),
    })
    .execute();
}

export async function updateRule(ctx: Ctx, id: string, changes: RuleChanges): Promise<void> {
  const { condition, ...rest } = changes;
  const set = {
    ...rest,
    ...(condition === undefined ? {} : { condition: condition === null ? null : json(condition) }),
  };
  if (Object.keys(set).length === 0) return;
  await ctx.db
    .updateTable("assignment_rule")
    .set(set)
    .where("workspace_id", "=", ctx.workspace_id)
    .where("id", "=", id)
    .execute();
}

export async function deleteRule(ctx: Ctx, id: string): Promise<void> {
  await sql`
    delete from assignment_rule
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

export async function saveRuleOrder(ctx: Ctx, ids: string[]): Promise<void> {
  await sql`
    update assignment_rule set position = o.position
    from unnest(${ids}::uuid[]) with ordinality as o(id, position)
    where assignment_rule.workspace_id = ${ctx.workspace_id} and assignment_rule.id = o.id`.execute(ctx.db);
}

export async function saveTurn(ctx: Ctx, id: string, last_member: string): Promise<void> {
  await sql`
    update assignment_rule set last_member = ${last_member}
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

/** The first of these conditions that each lead meets, by its place; leads that meet none are left out. */
export async function firstMet(
  ctx: Ctx,
  conditions: (Sql | null)[],
  lead_ids: string[],
): Promise<{ id: string; place: number }[]> {
  if (conditions.length === 0 || lead_ids.length === 0) return [];
  const cases = conditions.map((met, place) => sql`when ${met ?? sql`true`} then ${sql.lit(place)}`);
  const { rows } = await sql<{ id: string; place: number }>`
    select id, place
    from (
      select lead.id, case ${sql.join(cases, sql` `)} end as place
      from lead
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[])
    ) judged
    where place is not null
    order by id`.execute(ctx.db);
  return rows;
}

/** Null takes every lead. */
export function anyMet(conditions: (Sql | null)[]): Sql {
  return conditions.length === 0
    ? sql`false`
    : sql`(${sql.join(
        conditions.map((met) => met ?? sql`true`),
        sql` or `,
      )})`;
}

const AvailabilityRow = z.object({
  member_id: z.string(),
  time_zone: z.string(),
  hours: WorkingSpan.array().nullable(),
  absences: Absence.array(),
});
export type AvailabilityRow = z.infer<typeof AvailabilityRow>;

/** Of all members who have said when they work; of the others there is nothing. */
export async function selectAvailability(ctx: Ctx, member_ids: string[]): Promise<AvailabilityRow[]> {
  const { rows } = await sql`
    select member_id, time_zone, hours, absences
    from member_availability
    where workspace_id = ${ctx.workspace_id} and member_id = any(${member_ids}::uuid[])`.execute(ctx.db);
  return AvailabilityRow.array().parse(rows);
}

export async function upsertAvailability(ctx: Ctx, row: AvailabilityRow): Promise<void> {
  await sql`
    insert into member_availability (workspace_id, member_id, time_zone, hours, absences)
    values (${ctx.workspace_id}, ${row.member_id}, ${row.time_zone}, ${row.hours === null ? null : json(row.hours)}, ${json(row.absences)})
    on conflict (workspace_id, member_id) do update set time_zone = excluded.time_zone, hours = excluded.hours, absences = excluded.absences`.execute(
    ctx.db,
  );
}
