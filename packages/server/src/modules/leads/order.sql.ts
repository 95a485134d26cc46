/** What leads are sorted by: each key's value as SQL, and how the list is read in its order. */
import { type RawBuilder, sql, type SqlBool } from "kysely";
import { mirrorOf, type RuleField, type Sql, textIn } from "../rules/index.ts";

type Raw = RawBuilder<unknown>;
type Value = string | null;

/** Leads with one value of a key, or without one. */
export interface Group {
  kind: "group";
  value: Value;
  condition: Sql;
  /** An index lists the group; and gives it in the order of ids. */
  indexed: boolean;
  by_id: boolean;
}
/** Leads whose values of a key lie in the index's order. */
export interface Range {
  kind: "range";
  holds: (value: Value) => boolean;
  /** Of `lead`, or of `stat` where the index is there. */
  condition: Sql;
  /** The same of `lead`. */
  of_leads: Sql;
}
export type Part = Group | Range;

export interface Key {
  /** As asked. */
  field: string;
  label: string;
  direction: "asc" | "desc";
  type: "text" | "float8" | "int" | "timestamptz" | "uuid";
  /** Of `lead`. */
  value: Raw;
  /** Where an index orders it: in the lead itself or beside it, and its column there. */
  from: "lead" | "stat";
  column: Raw;
  /** The list in this key's order, apart from missing values at its end; null where no index gives it. */
  parts: Part[] | null;
  /** Values in an order of their own, such as a pipeline's stages; null: they sort as they are. */
  listed: string[] | null;
}

export const way = (direction: Key["direction"]): Raw => (direction === "asc" ? sql`asc` : sql`desc`);
export const beyond = (direction: Key["direction"]): Raw => (direction === "asc" ? sql`>` : sql`<`);

/** The id is what makes the order total; it goes the way of the last key, as indexes do. */
export function idDirection(keys: readonly Key[]): Key["direction"] {
  return keys.at(-1)?.direction ?? "desc";
}

/** A value from a cursor, typed. */
export function typed(key: Key, value: Value): Raw {
  return sql`${value}::${sql.raw(key.type)}`;
}

/** A key's value as it sorts: itself, or its place among the values that have an order of their own. */
export function sortable(key: Key): Raw {
  return key.listed === null
    ? key.value
    : sql`array_position(${key.listed}::${sql.raw(key.type)}[], ${key.value})`;
}

export function sortableOf(key: Key, value: Value): Raw {
  return key.listed === null
    ? typed(key, value)
    : sql`array_position(${key.listed}::${sql.raw(key.type)}[], ${typed(key, value)})`;
}

const stat = sql`select from lead_stat s where s.workspace_id = lead.workspace_id and s.lead_id = lead.id`;
const scoreOf = sql`coalesce((select s.score from lead_stat s where s.workspace_id = lead.workspace_id and s.lead_id = lead.id), 0)`;
const seenOf = sql`(select s.last_seen_at from lead_stat s where s.workspace_id = lead.workspace_id and s.lead_id = lead.id)`;

/** A column with an index (workspace_id, column, id), whole or of the values that there are. */
export function indexedKey(
  base: Pick<Key, "field" | "label" | "direction" | "type">,
  column: string,
  nullable: boolean,
): Key {
  const value = sql.ref(`lead.${column}`);
  const valued: Sql = nullable ? sql`(${value} is not null)` : sql`true`;
  const range: Range = {
    kind: "range",
    holds: (each) => each !== null,
    condition: valued,
    of_leads: valued,
  };
  const missing: Group = {
    kind: "group",
    value: null,
    condition: sql`(${value} is null)`,
    indexed: false,
    by_id: false,
  };
  return {
    ...base,
    value,
    from: "lead",
    column: value,
    parts: nullable ? [range, missing] : [range],
    listed: null,
  };
}

/** A column with an index, by id or else, and few values, which have an order of their own; others come last, as if missing. */
export function listedKey(
  base: Pick<Key, "field" | "label" | "direction" | "type">,
  { column, by_id }: { column: string; by_id: boolean },
  values: string[],
): Key {
  const value = sql.ref(`lead.${column}`);
  const ordered = base.direction === "asc" ? values : values.toReversed();
  const type = sql.raw(base.type);
  const groups = ordered.map((each): Group => ({
    kind: "group",
    value: each,
    condition: sql`(${value} = ${each}::${type})`,
    indexed: true,
    by_id,
  }));
  const others: Group = {
    kind: "group",
    value: null,
    condition: sql`(not coalesce(${value} = any(${values}::${type}[]), false))`,
    indexed: false,
    by_id: false,
  };
  return { ...base, value, from: "lead", column: value, parts: [...groups, others], listed: values };
}

/** Most leads have no score yet: they are a group between those above and below zero. */
export function scoreKey(base: Pick<Key, "field" | "label" | "direction">): Key {
  const above: Range = {
    kind: "range",
    holds: (value) => Number(value) > 0,
    condition: sql`(stat.score > 0)`,
    of_leads: sql`(${scoreOf} > 0)`,
  };
  const none: Group = {
    kind: "group",
    value: "0",
    condition: sql<SqlBool>`(not exists (${stat} and s.score <> 0))`,
    indexed: false,
    by_id: false,
  };
  const below: Range = {
    kind: "range",
    holds: (value) => Number(value) < 0,
    condition: sql`(stat.score < 0)`,
    of_leads: sql`(${scoreOf} < 0)`,
  };
  const parts = base.direction === "asc" ? [below, none, above] : [above, none, below];
  return {
    ...base,
    type: "int",
    value: scoreOf,
    from: "stat",
    column: sql.ref("stat.score"),
    parts,
    listed: null,
  };
}

export function seenKey(base: Pick<Key, "field" | "label" | "direction">): Key {
  const seen: Range = {
    kind: "range",
    holds: (value) => value !== null,
    condition: sql`(stat.last_seen_at is not null)`,
    of_leads: sql`(${seenOf} is not null)`,
  };
  const never: Group = {
    kind: "group",
    value: null,
    condition: sql<SqlBool>`(not exists (${stat} and s.last_seen_at is not null))`,
    indexed: false,
    by_id: false,
  };
  return {
    ...base,
    type: "timestamptz",
    value: seenOf,
    from: "stat",
    column: sql.ref("stat.last_seen_at"),
    parts: [seen, never],
    listed: null,
  };
}

/** What no index orders: sorted only where the leads are few enough. */
export function plainKey(base: Pick<Key, "field" | "label" | "direction">, field: RuleField): Key {
  const { custom } = field;
  const is_text = field.type === "text" || field.type === "url" || field.type === "choice";
  const value =
    custom === null
      ? sql.ref(`lead.${field.name}`)
      : mirrorOf(custom.type, textIn(sql`lead.attributes`)(custom.key));
  return {
    ...base,
    type: is_text ? "text" : field.type === "datetime" && custom === null ? "timestamptz" : "float8",
    value: is_text ? sql`(${value} collate "und-x-icu")` : value,
    from: "lead",
    column: value,
    parts: null,
    listed: custom?.type === "choice" ? custom.options.map((option) => option.value) : null,
  };
}

/** Leads with this value of a key, of those that have one. */
export function groupOf(key: Key, value: Value): Group {
  const inside = key.from === "lead";
  const condition: Sql = inside
    ? sql`(${key.value} = ${typed(key, value)})`
    : sql<SqlBool>`exists (
        select from lead_stat stat
        where stat.workspace_id = lead.workspace_id and stat.lead_id = lead.id and ${key.column} = ${typed(key, value)})`;
  return { kind: "group", value, condition, indexed: true, by_id: inside };
}

/** A value as a cursor keeps it, whatever time zone the database shows. */
export function shown(key: Key, value: Raw): Raw {
  return key.type === "timestamptz"
    ? sql`((${value} at time zone 'UTC')::text || '+00')`
    : sql`${value}::text`;
}

/** To follow `order by`: missing values last, either way. `values` are the keys' values, as they sort. */
export function inOrder(keys: readonly Key[], values: readonly Raw[], id: Raw, by_id: Key["direction"]): Raw {
  const each = keys.map((key, n) => {
    // Said of what has no nulls, it would only keep the planner from its index.
    const last = key.parts?.some((part) => part.kind === "group" && part.value === null) ?? true;
    return sql`${values[n]} ${way(key.direction)} ${last ? sql`nulls last` : sql``}`;
  });
  return sql.join([...each, sql`${id} ${way(by_id)}`]);
}
