import { type RawBuilder, sql } from "kysely";
import type { Rule } from "@bellwether/contracts/rule";
import type { Sql } from "./columns.sql.ts";
import { about } from "./place.ts";
import { askedOfProperty, moment, numeral, type PropertyAsked } from "./properties.ts";

/** A rule over the properties of an event, `e`; never unknown. */
export function compileProperties(rule: Rule, time_zone: string): Sql {
  if ("all" in rule || "any" in rule) {
    const [parts, by] = "all" in rule ? [rule.all, sql` and `] : [rule.any, sql` or `];
    const conditions = parts.map((part) => compileProperties(part, time_zone));
    return conditions.length === 0 ? sql`${sql.lit("all" in rule)}` : sql`(${sql.join(conditions, by)})`;
  }
  if ("not" in rule) {
    return sql`(not ${compileProperties(rule.not, time_zone)})`;
  }
  if (!("field" in rule)) {
    throw new Error("of an event only properties are asked, which the contract's check has seen to");
  }
  const asked = about(rule, () => askedOfProperty(rule, time_zone));
  const met = sql`coalesce(${conditionOf(asked, rule.field)}, false)`;
  return asked.negative ? sql`(not ${met})` : sql`(${met})`;
}

function conditionOf(asked: PropertyAsked, key: string): RawBuilder<unknown> {
  const value = sql`(e.data -> ${key}::text)`;
  const text = sql`(e.data ->> ${key}::text)`;
  const scalar = sql`jsonb_typeof(${value}) in ('string', 'number', 'boolean')`;
  switch (asked.kind) {
    case "set":
      return sql`${text} not in ('', '[]', '{}')`;
    case "equal": {
      const { texts, numbers, all } = asked;
      return all
        ? sql`case when jsonb_typeof(${value}) = 'array' then ${value} ?& ${texts}::text[] when ${scalar} then array[${text}] @> ${texts}::text[] end`
        : sql`case when jsonb_typeof(${value}) = 'array' then ${value} ?| ${texts}::text[]
            when ${scalar} then ${text} = any(${texts}::text[])
              or case when jsonb_typeof(${value}) = 'number' then ${text}::float8 = any(${numbers}::float8[]) else false end end`;
    }
    case "like": {
      const pattern = `${asked.at_start ? "" : "%"}${asked.text.replace(/[\\%_]/g, "\\$&")}%`;
      return sql`case when ${scalar} then app.folded(${text}) like app.folded(${pattern}) end`;
    }
    case "number": {
      const number = sql`case when jsonb_typeof(${value}) = 'number' or (jsonb_typeof(${value}) = 'string' and trim(${text}) ~ ${numeral.source}) then ${text}::float8 end`;
      const bounds = [
        ...(asked.low === null
          ? []
          : [sql`${asked.low.closed ? sql`>=` : sql`>`} ${asked.low.value}::float8`]),
        ...(asked.high === null
          ? []
          : [sql`${asked.high.closed ? sql`<=` : sql`<`} ${asked.high.value}::float8`]),
      ];
      return sql.join(
        bounds.map((bound) => sql`(${number}) ${bound}`),
        sql` and `,
      );
    }
    case "time": {
      const { low, high, time_zone } = asked;
      const day = sql`pg_input_is_valid(${text}, 'date') and length(${text}) = 10`;
      const at = sql`case when jsonb_typeof(${value}) = 'string' and ${text} ~ ${moment.source} then
          case when ${day} then ${text}::date::timestamp at time zone ${time_zone}
            when length(${text}) > 10 and pg_input_is_valid(${text}, 'timestamptz') then ${text}::timestamptz end end`;
      const bounds = [
        ...(low === null ? [] : [sql`>= ${low}::timestamptz`]),
        ...(high === null ? [] : [sql`< ${high}::timestamptz`]),
      ];
      return sql.join(
        bounds.map((bound) => sql`(${at}) ${bound}`),
        sql` and `,
      );
    }
  }
}
