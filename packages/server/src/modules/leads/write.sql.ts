import { type RawBuilder, sql } from "kysely";
import { actorRef } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import { type Ctx, json, scan } from "../../kernel/db.ts";
import { counted, keepCounts } from "./counts.sql.ts";
import { alsoInsert, alsoSet, type Mirror, textIn } from "../rules/index.ts";
import { held, type MoveBy, moveColumns, recordMoves } from "./moves.sql.ts";
import { columnNames, type Columns, identifiers, type LeadState, textColumns } from "./values.ts";
import { visibleTo } from "./visible.sql.ts";

const columnList = sql.join(columnNames.map((name) => sql.ref(name)));
const recordTypes = sql.join([
  ...textColumns.map((name) => sql`${sql.ref(name)} text`),
  sql`qualification smallint`,
  sql`stage text`,
  sql`lost_reason text`,
  sql`owner_id uuid`,
]);

function records(leads: LeadState[]) {
  return json(leads.map((lead) => ({ id: lead.id, attributes: lead.attributes, ...lead.columns })));
}

/** Inserts by set. The ids of those that were new; the others' e-mail, phone or id belongs to a lead already. */
export async function insertLeads(ctx: Ctx, leads: LeadState[], mirrors: Mirror[]): Promise<Set<string>> {
  const slots = alsoInsert(mirrors, textIn(sql`r.attributes`));
  const { rows } = await sql<{ id: string }>`
    with made as (
    insert into lead (workspace_id, id, attributes, created_by, stage_since, final, held_stage, held_owner, ${columnList}${slots.columns})
    select ${ctx.workspace_id}, r.id, r.attributes, ${json(actorRef(ctx.actor))}, ${now()}::timestamptz,
      t.final, case when t.final then r.stage end, case when t.final then r.owner_id end, ${sql.join(columnNames.map((name) => sql.ref(`r.${name}`)))}${slots.values}
    from jsonb_to_recordset(${records(leads)}) as r(id uuid, attributes jsonb, ${recordTypes})
    join stage t on t.workspace_id = ${ctx.workspace_id} and t.key = r.stage
    on conflict do nothing
    returning new.id, ${counted}
    ), ${keepCounts(ctx, "made")}
    select id from made`.execute(ctx.db);
  return new Set(rows.map((row) => row.id));
}

/** Rows that the caller holds locked (`lockLeads`) and judged (`judgeMove`); moves are recorded by the same statement. */
export async function updateLeads(
  ctx: Ctx,
  leads: LeadState[],
  mirrors: Mirror[],
  by: MoveBy,
): Promise<void> {
  await sql`
    with written as (
      update lead set attributes = r.attributes, updated_at = now(), revision = lead.revision + 1,
        ${sql.join(columnNames.map((name) => sql`${sql.ref(name)} = ${sql.ref(`r.${name}`)}`))}${alsoSet(mirrors, textIn(sql`r.attributes`))},
        stage_since = case when lead.stage = r.stage then lead.stage_since else ${now()}::timestamptz end,
        ${held(sql`r.stage`, sql`r.owner_id`, sql`t.final`)}
      from jsonb_to_recordset(${records(leads)}) as r(id uuid, attributes jsonb, ${recordTypes})
      join stage t on t.workspace_id = ${ctx.workspace_id} and t.key = r.stage
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = r.id
      returning ${moveColumns}, ${counted}
    ), ${recordMoves(ctx, "written", by)}, ${keepCounts(ctx, "written")}
    select 1`.execute(ctx.db);
}

/** Visible leads by id or by a match key, locked until the transaction ends, always in the same order: no deadlocks. */
export async function lockLeads(
  ctx: Ctx,
  by: "id" | "email" | "phone" | "external_id",
  values: string[],
): Promise<LeadState[]> {
  const wanted = sql`${sql.ref(`lead.${by}`)} = any(${values}::${sql.raw(by === "id" ? "uuid" : "text")}[])`;
  return selectStates(ctx, sql`${wanted} and ${visibleTo(ctx.actor)}`);
}

/** Leads that meet this, locked until the transaction ends, in the order of their ids. */
export async function selectStates(ctx: Ctx, condition: RawBuilder<unknown>): Promise<LeadState[]> {
  const { rows } = await sql<Columns & { id: string; attributes: Record<string, unknown>; revision: number }>`
    select lead.id, lead.attributes, lead.revision, ${columnList}
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and ${condition}
    order by lead.id
    for update`.execute(ctx.db);
  return rows.map(({ id, attributes, revision, ...columns }) => ({ id, attributes, revision, columns }));
}

export interface Owned {
  identifier: (typeof identifiers)[number];
  value: string;
  lead_id: string;
}

/** Who has these e-mails, phones and ids already, whether or not the actor may see them. */
export async function selectOwners(ctx: Ctx, wanted: Partial<Columns>[]): Promise<Owned[]> {
  return scan(ctx, async () => {
    const found = await Promise.all(
      identifiers.map(async (identifier) => {
        const values = wanted.flatMap((columns) => columns[identifier] ?? []);
        if (values.length === 0) {
          return [];
        }
        const { rows } = await sql<Owned>`
          select ${sql.lit(identifier)} as identifier, ${sql.ref(identifier)} as value, id as lead_id
          from lead
          where workspace_id = ${ctx.workspace_id} and deleted_at is null and ${sql.ref(identifier)} = any(${values}::text[])`.execute(
          ctx.db,
        );
        return rows;
      }),
    );
    return found.flat();
  });
}

export interface Claim {
  lead_id: string;
  field_key: string;
  value: string;
}

/** Who holds these values of unique fields now. */
export async function selectClaims(ctx: Ctx, claims: Claim[]): Promise<Claim[]> {
  const { rows } = await sql<Claim>`
    select lead_id, field_key, value
    from lead_unique
    where workspace_id = ${ctx.workspace_id}
      and (field_key, value) in (select r.field_key, r.value from jsonb_to_recordset(${json(claims)}) as r(field_key text, value text))`.execute(
    ctx.db,
  );
  return rows;
}

/** Marks leads as changed where the change is beside the row, such as a tag. */
export async function touchLeads(ctx: Ctx, ids: string[]): Promise<void> {
  if (ids.length > 0) {
    await sql`
      update lead set updated_at = now(), revision = revision + 1
      where workspace_id = ${ctx.workspace_id} and id = any(${ids}::uuid[])`.execute(ctx.db);
  }
}

/** Makes these the leads' only values of unique fields. Answers the claims that others hold. */
export async function claimUnique(ctx: Ctx, lead_ids: string[], claims: Claim[]): Promise<Claim[]> {
  await sql`
    delete from lead_unique
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])`.execute(ctx.db);
  if (claims.length === 0) {
    return [];
  }
  const { rows } = await sql<Claim>`
    with wanted as (
      select * from jsonb_to_recordset(${json(claims)}) as r(lead_id uuid, field_key text, value text)
    ), made as (
      insert into lead_unique (workspace_id, field_key, value, lead_id)
      select ${ctx.workspace_id}, field_key, value, lead_id from wanted
      on conflict do nothing
      returning field_key, value, lead_id
    )
    select lead_id, field_key, value from wanted except select lead_id, field_key, value from made`.execute(
    ctx.db,
  );
  return rows;
}

/** False when it is not there, not visible, or in the bin already. */
export async function binLead(ctx: Ctx, id: string): Promise<boolean> {
  const { rows } = await sql`
    with binned as (
      update lead set deleted_at = now(), updated_at = now(), revision = revision + 1
      where workspace_id = ${ctx.workspace_id} and id = ${id} and ${visibleTo(ctx.actor)}
      returning new.workspace_id, new.id, ${counted}
    ), ${keepCounts(ctx, "binned")}, freed as (
      delete from lead_unique using binned where lead_unique.workspace_id = binned.workspace_id and lead_unique.lead_id = binned.id
    )
    select id from binned`.execute(ctx.db);
  return rows.length > 0;
}

/** Some of the leads in the bin that these members own become nobody's; final ones stay with who won or lost them. */
export async function unassignBinned(
  ctx: Ctx,
  owner_ids: string[],
  limit: number,
): Promise<{ id: string; owner_id: string }[]> {
  const { rows } = await sql<{ id: string; owner_id: string }>`
    with theirs as (
      select id, owner_id from lead
      where workspace_id = ${ctx.workspace_id} and owner_id = any(${owner_ids}::uuid[]) and not final and deleted_at is not null
      order by id
      limit ${limit}
      for update
    ), freed as (
      update lead set owner_id = null, updated_at = now(), revision = revision + 1
      from theirs
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = theirs.id
      returning ${counted}
    ), ${keepCounts(ctx, "freed")}
    select id, owner_id from theirs`.execute(ctx.db);
  return rows;
}

/** Clears one attribute, and its slot, from the next leads by id, in the bin or not. Answers the last lead looked at; undefined at the end. */
export async function clearAttribute(
  ctx: Ctx,
  { key, column }: { key: string; column: string | null },
  after: string,
  limit: number,
): Promise<string | undefined> {
  const emptied = column === null ? sql`` : sql`, ${sql.ref(column)} = null`;
  const { rows } = await sql<{ last: string | null }>`
    with next as (
      select id, attributes from lead
      where workspace_id = ${ctx.workspace_id} and id > ${after}::uuid
      order by id
      limit ${limit}
    ), cleared as (
      update lead set attributes = lead.attributes - ${key}${emptied}, updated_at = now(), revision = revision + 1
      from next
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = next.id and next.attributes ? ${key}
    )
    select max(id::text) as last from next`.execute(ctx.db);
  return rows[0]?.last ?? undefined;
}
