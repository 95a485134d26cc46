import { the } from "./program.ts";

/**
 * Where a slot isn't what its attribute says, or holds something that no field has: must be empty whenever nothing is
 * being written and no job waits. By another way than the program's own.
 */
export async function slotErrors(): Promise<string[]> {
  const columns = ["t", "n"].flatMap((kind) => [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `${kind}${n}`));
  const { rows } = await the().ownerPool.query<{ error: string }>(`
    with held as (
      select l.workspace_id, l.id, s.slot, to_jsonb(l) -> s.slot as has, f.key, f.type, l.attributes -> f.key as value
      from lead l
      cross join unnest('{${columns.join(",")}}'::text[]) s(slot)
      left join field f on f.workspace_id = l.workspace_id and f.slot = s.slot
    ), judged as (
      select held.*, case
        when value is null then null
        when type in ('text', 'choice', 'url') then to_jsonb(substr(value #>> '{}', 1, 200))
        when type in ('number', 'money') then value
        when type = 'yes_no' then to_jsonb(case when value = 'true' then 1 else 0 end)
        when type = 'date' then to_jsonb(extract(epoch from (value #>> '{}')::date) / 86400)
        else to_jsonb(extract(epoch from (value #>> '{}')::timestamptz) * 1000)
      end as wanted
      from held
    )
    select format('lead %s: %s of %s is %s, not %s', id, slot, key, has, wanted) as error
    from judged
    where nullif(has, 'null') is distinct from wanted`);
  const unready = await the().ownerPool.query<{ error: string }>(
    "select format('%s waits: %s', key, slot_state) as error from field where slot_state <> 'ready'",
  );
  return [...rows, ...unready.rows].map((row) => row.error);
}
