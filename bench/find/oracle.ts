// What a generated rule means, said a second time: plain SQL over a plain table without an index, so every answer is a
// sequential scan. It shares nothing with the rule compiler but the product's meaning of missing values.
import type pg from "pg";
import { benchFields } from "../filling.ts";

export type Condition = { field: string; is: string; value?: unknown };
export type Rule = { all: Rule[] } | { any: Rule[] } | { not: Rule } | { words: string } | Condition;

const standard = [
  "email",
  "last_name",
  "company",
  "phone",
  "owner_id",
  "stage",
  "qualification",
  "source",
  "country",
  "city",
  "created_at",
  "updated_at",
];

export async function makeOracle(owner: pg.Client, workspace_id: string): Promise<void> {
  const types: Record<string, string> = {
    number: "numeric",
    money: "numeric",
    date: "date",
    datetime: "timestamptz",
    yes_no: "boolean",
  };
  const custom = benchFields.map(({ key, type }) =>
    type === "choices"
      ? `array(select jsonb_array_elements_text(lead.attributes -> '${key}')) as ${key}`
      : type in types
        ? `(lead.attributes ->> '${key}')::${types[type]} as ${key}`
        : `(lead.attributes ->> '${key}') collate "und-x-icu" as ${key}`,
  );
  await owner.query("drop table if exists bench_oracle");
  await owner.query(
    `create unlogged table bench_oracle with (autovacuum_enabled = off) as
     select lead.id, ${standard.map((name) => `lead.${name}`).join(", ")}, ${custom.join(", ")},
       coalesce(stat.score, 0) as score, coalesce(tags.names, '{}') as tags,
       lower(public.unaccent(concat_ws(' ', lead.first_name, lead.last_name, lead.email, lead.phone, lead.company, lead.external_id,
         lead.attributes ->> 'industry', lead.attributes ->> 'campaign', lead.attributes ->> 'site'))) as words
     from lead
     left join lead_stat stat on stat.workspace_id = lead.workspace_id and stat.lead_id = lead.id
     left join (
       select lt.lead_id, array_agg(t.name) as names
       from lead_tag lt join tag t on t.workspace_id = lt.workspace_id and t.id = lt.tag_id
       where lt.workspace_id = $1 group by 1
     ) tags on tags.lead_id = lead.id
     where lead.workspace_id = $1 and lead.deleted_at is null`,
    [workspace_id],
  );
}

/** The first `most` leads that meet the rule, in the list's order, and how many meet it. */
export async function asOracle(
  owner: pg.Client,
  rule: Rule,
  sort: { field: string; direction: string }[],
  most: number,
): Promise<{ ids: string[]; count: number }> {
  const keys = (sort.length === 0 ? [{ field: "created_at", direction: "desc" }] : sort).map(
    ({ field, direction }) => `${plain(field)} ${direction} nulls last`,
  );
  const last = sort.at(-1)?.direction ?? "desc";
  const { rows } = await owner.query<{ ids: string[]; count: number }>(
    `with met as materialized (select * from bench_oracle o where ${meaning(rule)})
     select (select count(*)::int from met) as count,
       array(select id::text from met order by ${keys.join(", ")}, id ${last} limit ${most}) as ids`,
  );
  return rows[0] ?? { ids: [], count: 0 };
}

function plain(field: string): string {
  return field.replace("attributes.", "");
}

function meaning(rule: Rule): string {
  if ("all" in rule) {
    return rule.all.length === 0 ? "true" : `(${rule.all.map(meaning).join(" and ")})`;
  }
  if ("any" in rule) {
    return rule.any.length === 0 ? "false" : `(${rule.any.map(meaning).join(" or ")})`;
  }
  if ("not" in rule) {
    return `(${meaning(rule.not)}) is not true`;
  }
  return "words" in rule ? `o.words like '%${rule.words}%'` : ofCondition(rule);
}

function ofCondition({ field, is, value }: Condition): string {
  const column = `o.${plain(field)}`;
  const list = (Array.isArray(value) ? value : [value]).map((each) => `'${String(each)}'`);
  const [first, second] = list;
  const isList = field === "tags" || field === "attributes.interests";
  const isTime = field === "created_at" || field === "updated_at" || field === "attributes.last_call";
  // Days are the workspace's.
  const compared = isTime ? `(${column} at time zone 'Europe/Berlin')::date` : column;
  const found = `lower(public.unaccent(${column}))`;
  switch (is) {
    case "eq":
      return `${compared} = ${first}`;
    case "ne":
      return `${compared} is distinct from ${first}`;
    case "in":
      return `${column} in (${list.join(", ")})`;
    case "not_in":
      return `(${column} in (${list.join(", ")})) is not true`;
    case "contains":
      return `${found} like '%' || lower(public.unaccent(${first})) || '%'`;
    case "not_contains":
      return `(${found} like '%' || lower(public.unaccent(${first})) || '%') is not true`;
    case "starts_with":
      return `${found} like lower(public.unaccent(${first})) || '%'`;
    case "set":
      return isList ? `cardinality(${column}) > 0` : `${column} is not null`;
    case "unset":
      return isList ? `cardinality(${column}) = 0` : `${column} is null`;
    case "gt":
      return `${compared} > ${first}`;
    case "gte":
      return `${compared} >= ${first}`;
    case "lt":
      return `${compared} < ${first}`;
    case "lte":
      return `${compared} <= ${first}`;
    case "between":
      return `${compared} between ${first} and ${second}`;
    case "any_of":
      return `${column} && array[${list.join(", ")}]`;
    case "all_of":
      return `${column} @> array[${list.join(", ")}]`;
    case "none_of":
      return `not (${column} && array[${list.join(", ")}])`;
    default:
      throw new Error(`the oracle knows no ${is}`);
  }
}
