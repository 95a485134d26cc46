/** Conditions on dates and times, and whose answer changes as time goes on. */
import { type RawBuilder, sql } from "kysely";
import type { Operator } from "@bellwether/contracts/rule";
import type { RuleField } from "./catalogue.ts";
import { attributeText, column, slotOf, type Sql } from "./columns.sql.ts";
import type { RuleScope } from "./compile.sql.ts";
import { slotTime } from "./mirror.sql.ts";
import { dateSpan, duration, one, pair, type Scalar, span } from "./values.ts";

/** Days are the workspace's time zone's. A custom date has no zone and is compared as the day it is. */
export function timeCondition(field: RuleField, is: Operator, value: unknown, scope: RuleScope): Sql {
  const zone = scope.catalogue.time_zone;
  if (is === "in_last" || is === "not_in_last") {
    const since = new Date(scope.now.getTime() - duration(field, one(field, value)));
    const within = between(
      field,
      { from: since.toISOString(), to: new Date(scope.now.getTime() + 1).toISOString() },
      zone,
    );
    return is === "in_last" ? within : sql`(not coalesce(${within}, false))`;
  }
  const when = { now: scope.now, time_zone: zone };
  const spanOf = (each: Scalar) =>
    field.type === "date" ? dateSpan(field, each, when) : span(field, each, when);
  if (is === "between") {
    const [from, to] = pair(field, value);
    return between(field, { from: spanOf(from).from, to: spanOf(to).to }, zone);
  }
  const asked = spanOf(one(field, value));
  switch (is) {
    case "eq":
      return between(field, asked, zone);
    case "ne":
      return sql`(not coalesce(${between(field, asked, zone)}, false))`;
    case "gt":
      return after(field, asked.to);
    case "gte":
      return after(field, asked.from);
    case "lt":
      return before(field, asked.from);
    default:
      return before(field, asked.to);
  }
}

export function between(field: RuleField, within: { from: string; to: string }, zone: string): Sql {
  if (field.type !== "date" || within.from.length === 10) {
    return sql`(${after(field, within.from)} and ${before(field, within.to)})`;
  }
  const day = (moment: string) => Temporal.Instant.from(moment).toZonedDateTimeISO(zone).toPlainDate();
  return sql`(${after(field, day(within.from).toString())} and ${before(field, day(within.to).add({ days: 1 }).toString())})`;
}

function after(field: RuleField, from: string): Sql {
  return compared(field, sql`>=`, from);
}
function before(field: RuleField, to: string): Sql {
  return compared(field, sql`<`, to);
}

/** ISO 8601 text of one form sorts as time does, in the C collation. */
function compared(field: RuleField, by: RawBuilder<unknown>, moment: string): Sql {
  if (field.custom === null) {
    return sql`(${column(field)} ${by} ${moment}::timestamptz)`;
  }
  const slot = slotOf(field);
  return slot === null
    ? sql`(${attributeText(field.custom.key)} collate "C" ${by} ${moment})`
    : sql`(${slot} ${by} ${slotTime(field.type === "date" ? "date" : "datetime", moment)}::float8)`;
}
