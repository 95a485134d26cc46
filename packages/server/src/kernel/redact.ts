import { type RawBuilder, sql, type SqlBool } from "kysely";
import type { Ctx } from "./db.ts";

type Raw = RawBuilder<unknown>;

/** What may be an e-mail address or a number, in what people type and in JSON. */
const address_like = String.raw`[^\s"\\,;:=()<>{}\[\]]+@[^\s"\\,;:=()<>{}\[\]]*[[:alnum:]]|\+?\d{6,}`;

interface Columns {
  text?: string[];
  json?: string[];
  /** Which rows of the workspace, called `t`. */
  only?: RawBuilder<SqlBool>;
  /** What stands where an address was; by default the same everywhere. */
  mark?: Raw;
}

/**
 * Takes these addresses (e-mail, phone) out of what somebody typed: a question asked of the list, a saved view. Where they
 * stand alone, that is: joann@example.com isn't ann@example.com. To be called by the table's owner. Every text is taken
 * apart once, and what may be an address is looked up among these: one pattern of them all would take a millisecond a row.
 */
export async function redact(
  ctx: Ctx,
  table: string,
  { text = [], json = [], only = sql`true`, mark = sql`'[erased]'` }: Columns,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) {
    return;
  }
  const all = sql`concat_ws(' ', ${sql.join([...text, ...json].map((name) => sql`${column(name)}::text`))})`;
  const clean = (value: Raw) => sql`regexp_replace(${value}, named.pattern, ${mark}, 'gi')`;
  const sets = [
    ...text.map((name) => sql`${sql.ref(name)} = ${clean(column(name))}`),
    ...json.map((name) => sql`${sql.ref(name)} = ${clean(sql`${column(name)}::text`)}::jsonb`),
  ];
  await sql`
    with wanted as materialized (
      select key, pattern from unnest(${addresses.map(keyOf)}::text[], ${addresses.map(patternOf)}::text[]) w(key, pattern)
    ), named as (
      select t.tableoid as relation, t.ctid as place,
        '(?<![\\w.+-])(?:' || string_agg(distinct wanted.pattern, '|') || ')(?![\\w-]|\\.\\w)' as pattern
      from ${sql.table(table)} t
      cross join lateral regexp_matches(lower(${all}), ${address_like}, 'g') part
      join wanted on wanted.key = ltrim(part[1], '+')
      where t.workspace_id = ${ctx.workspace_id} and ${only} and ${all} ~ '@|[0-9]{6}'
      group by 1, 2
    )
    update ${sql.table(table)} t set ${sql.join(sets)}
    from named
    where t.workspace_id = ${ctx.workspace_id} and t.tableoid = named.relation and t.ctid = named.place`.execute(
    ctx.db,
  );
}

function column(name: string): Raw {
  return sql.ref(`t.${name}`);
}

function keyOf(address: string): string {
  return address.replace(/^\+/, "").toLowerCase();
}

/** A number also without its plus. */
function patternOf(address: string): string {
  const escaped = address.replace(/^\+/, "").replace(/[^\p{L}\p{N}]/gu, "\\$&");
  return address.startsWith("+") ? `\\+?${escaped}` : escaped;
}
