/** The text by which words find a lead: how it is made, and looked into. */
import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import type { Sql } from "../rules/index.ts";

/** Of one custom value, and of all of a lead's together: who searches remembers how something begins. */
const value_length_max = 500;
const custom_length_max = 8_000;

/**
 * Refreshes what words find these leads, by set. On the first line is what everybody may see, on the second are
 * contact details. E.164 holds a number's digits in one piece, so a number typed in any notation is found by its digits;
 * so is an external id of digits, since it may look like one.
 */
export async function refreshWords(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    with fields as materialized (
      select key, type, (
        select coalesce(jsonb_object_agg(o ->> 'value', o ->> 'label'), '{}') from jsonb_array_elements(options) o
      ) as labels
      from field
      where workspace_id = ${ctx.workspace_id} and type in ('text', 'url', 'choice', 'choices') and archived_at is null and deleted_at is null
    )
    insert into lead_search (workspace_id, lead_id, words)
    select ${ctx.workspace_id}, made.id, app.folded(translate(made.open, E'\\n\\r', '  ')) || E'\\n' || app.folded(made.contact)
    from (
      select lead.id, concat_ws(' ', first_name, last_name, company, job_title, external_id,
          case when external_id ~ '^[^[:alpha:]]*[^[:alnum:]][^[:alpha:]]*$' then regexp_replace(external_id, '[^0-9]', '', 'g') end, custom.words) as open,
        concat_ws(' ', email, phone, nullif(whatsapp_id, phone)) as contact
      from lead cross join lateral (
        select left(string_agg(left(case
            when f.type <> 'choices' then coalesce(f.labels ->> (lead.attributes ->> f.key), lead.attributes ->> f.key)
            when jsonb_typeof(lead.attributes -> f.key) = 'array' then (
              select string_agg(coalesce(f.labels ->> v, v), ' ') from jsonb_array_elements_text(lead.attributes -> f.key) v)
          end, ${value_length_max}), ' ' order by f.key), ${custom_length_max}) as words
        from fields f
        where lead.attributes ? f.key
      ) custom
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[])
    ) made
    order by made.id
    on conflict (workspace_id, lead_id) do update set words = excluded.words
    where lead_search.words is distinct from excluded.words`.execute(ctx.db);
}

/**
 * That the word is found in `s.words`. For whom contact details are masked, not in those: a guess that found its lead
 * would tell them. Words made before they had two lines are contact details as a whole.
 */
export function holds(word: string, masked: boolean): Sql {
  const anywhere = sql<boolean>`s.words like app.word_pattern(${word})`;
  return masked
    ? sql`(${anywhere} and strpos(s.words, E'\\n') > 0 and split_part(s.words, E'\\n', 1) like app.word_pattern(${word}))`
    : anywhere;
}

/** Leads in whose words this is found. */
export function wordsFound(condition: Sql): Sql {
  return sql`exists (select from lead_search s where s.workspace_id = lead.workspace_id and s.lead_id = lead.id and ${condition})`;
}

/** Whether some lead has this very number, so that nothing longer that holds it is meant. */
export async function isNumber(ctx: Ctx, e164: string, typed: string): Promise<boolean> {
  const { rows } = await sql`
    select from lead
    where workspace_id = ${ctx.workspace_id} and deleted_at is null and (phone = ${e164} or whatsapp_id = ${e164} or external_id = ${typed})
    limit 1`.execute(ctx.db);
  return rows.length > 0;
}
