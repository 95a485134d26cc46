/** What a chunk writes beside lead: tags, members of a segment, and the claims of unique fields. Found by the identifiers, new and known leads alike. */
import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import { enterSet, keepSize, recordJoined, recordTagged } from "../changes/index.ts";
import type { Merge } from "./merge.sql.ts";
import { identifiers } from "./plan.ts";
import { knowLeads } from "./statistics.sql.ts";
import { matches, type Range, stagingTable } from "./staging.sql.ts";

export async function tagRows(ctx: Ctx, merge: Merge, range: Range): Promise<void> {
  const { names, ids, always } = merge.tags;
  if (names.length + always.length === 0) return;
  await knowLeads(ctx);
  const given = merge.plan.has_tags
    ? sql`select u.id from unnest(${names}::text[], ${ids}::uuid[]) u(name, id) where u.name = any(s.tags) union`
    : sql``;
  for (const identifier of merge.plan.match) {
    const added = sql`
      insert into lead_tag (workspace_id, lead_id, tag_id)
      select ${ctx.workspace_id}, l.id, t.id
      from ${stagingTable(merge.staging)} s
      join lead l on ${matches(ctx, identifier)}
      cross join lateral (${given} select unnest(${always}::uuid[])) t(id)
      where s.how = ${sql.lit(identifiers.indexOf(identifier))} and s.n > ${range.after} and s.n <= ${range.upto}
      on conflict do nothing`;
    if (merge.all_new) {
      await added.execute(ctx.db);
      continue;
    }
    // New leads go as a whole when the import is undone; of others it must be known which tags they had.
    const known = sql`
      select a.lead_id, a.tag_id
      from added a join lead l on l.workspace_id = ${ctx.workspace_id} and l.id = a.lead_id
      where l.import_id is distinct from ${merge.import_id}`;
    await sql`with added as (${added} returning lead_id, tag_id) ${recordTagged(ctx, merge.import_id, known)}`.execute(
      ctx.db,
    );
  }
}

/** Every lead of the chunk that isn't in it yet; of those that were there before the import it must be known. */
export async function joinSegment(ctx: Ctx, merge: Merge, range: Range): Promise<void> {
  const { segment } = merge;
  if (segment === null) return;
  await knowLeads(ctx);
  for (const identifier of merge.plan.match) {
    const ids = sql`
      select l.id
      from ${stagingTable(merge.staging)} s join lead l on ${matches(ctx, identifier)}
      where s.how = ${sql.lit(identifiers.indexOf(identifier))} and s.n > ${range.after} and s.n <= ${range.upto}`;
    const known = sql`
      select j.id as lead_id
      from joined j join lead l on l.workspace_id = ${ctx.workspace_id} and l.id = j.id
      where l.import_id is distinct from ${merge.import_id}`;
    await sql`
      with joined as (${enterSet(ctx, segment, ids)}), ${keepSize(ctx, segment, "joined", true)},
      recorded as (${recordJoined(ctx, merge.import_id, segment, known)})
      select count(*) from joined`.execute(ctx.db);
  }
}

/** A value that meanwhile became another lead's violates the key, which makes the chunk be looked at again. */
export async function claimUniqueValues(ctx: Ctx, merge: Merge, range: Range): Promise<void> {
  const keys = merge.plan.custom.filter((field) => field.unique).map((field) => field.key);
  if (keys.length > 0) await knowLeads(ctx);
  for (const key of keys) {
    for (const identifier of merge.plan.match) {
      const rows = sql`${stagingTable(merge.staging)} s join lead l on ${matches(ctx, identifier)}
        where s.how = ${sql.lit(identifiers.indexOf(identifier))} and s.n > ${range.after} and s.n <= ${range.upto}`;
      await sql`
        delete from lead_unique o using (select l.id, lower(l.attributes ->> ${key}) as value from ${rows}) r
        where o.workspace_id = ${ctx.workspace_id} and o.field_key = ${key} and o.lead_id = r.id and o.value is distinct from r.value`.execute(
        ctx.db,
      );
      await sql`
        insert into lead_unique (workspace_id, field_key, value, lead_id)
        select ${ctx.workspace_id}, ${key}, r.value, r.id from (select l.id, lower(l.attributes ->> ${key}) as value from ${rows}) r
        where r.value is not null
          and not exists (select from lead_unique o where o.workspace_id = ${ctx.workspace_id} and o.field_key = ${key} and o.value = r.value and o.lead_id = r.id)`.execute(
        ctx.db,
      );
    }
  }
}
