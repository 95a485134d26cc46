/**
 * Conditions that time alone changes: “in the last 30 days”, “this week”, overdue. Each holds of leads whose value lies
 * between bounds that move, so those whose answer changes meanwhile are those over whose value a bound passed: a range,
 * which most often has an index.
 */
import { type RawBuilder, sql, type SqlBool } from "kysely";
import type { Condition, Operator, Rule } from "@bellwether/contracts/rule";
import type { Catalogue, RuleField } from "./catalogue.ts";
import { slotOf, type Sql } from "./columns.sql.ts";
import { leavesOf } from "./dependencies.ts";
import { movingHappened } from "./happened-moving.sql.ts";
import { between } from "./times.sql.ts";
import { dateSpan, duration, many, namesPeriod, one, span } from "./values.ts";

/** A condition, or part of one, that holds of other leads as time goes on. */
export interface Moving {
  /** Asked of every lead there is, and not at midnight alone: what an hour may pass between. Then, what it is about. */
  costly: string | null;
  /**
   * Lead ids for whom it may hold now and not before, or the other way round: a query. Null while no bound has moved.
   */
  passed: (workspace_id: string, from: Date, until: Date) => RawBuilder<unknown> | null;
}

/** Throws as compiling does for what can't be understood. */
export function movingParts(rule: Rule, catalogue: Catalogue): Moving[] {
  return leavesOf(rule).flatMap((leaf) => {
    if ("event" in leaf) {
      return movingHappened(leaf, catalogue);
    }
    return "field" in leaf ? movingField(leaf, catalogue) : [];
  });
}

function movingField(condition: Condition, catalogue: Catalogue): Moving[] {
  const field = catalogue.get(condition.field);
  if (field.name === "overdue") {
    return [{ costly: null, passed: overduePassed }];
  }
  const lasting = condition.is === "in_last" || condition.is === "not_in_last";
  const named = (field.type === "date" || field.type === "datetime") && namesPeriod(condition.value);
  if (!lasting && !named) {
    return [];
  }
  const bounds = (at: Date) => boundsAt(field, condition, { now: at, time_zone: catalogue.time_zone });
  const indexed = slotOf(field) !== null || indexedTimes.has(field.name);
  return [
    {
      costly: lasting && field.type === "datetime" && !indexed ? field.label : null,
      passed: (workspace_id, from, until) => {
        const [before, after] = [bounds(from), bounds(until)];
        const ranges = before.flatMap((bound, index) => {
          const next = after[index] ?? bound;
          return next === bound ? [] : [ordered(bound, next)];
        });
        if (field.name === "last_seen_at") {
          return ranges.length === 0 ? null : seenWithin(workspace_id, ranges);
        }
        const conditions = ranges.map((range) => between(field, range, catalogue.time_zone));
        return conditions.length === 0 ? null : passedOver(workspace_id, conditions);
      },
    },
  ];
}

/** `stage_since` by the index that has the stage before it: PostgreSQL skips from stage to stage. */
const indexedTimes = new Set(["created_at", "updated_at", "stage_since", "last_seen_at"]);
/**
 * Never in the future, so nothing enters at the near end of “in the last …” but by being written. When a lead was last
 * seen is by its sender's clock, which may be ahead.
 */
const pastTimes = new Set(["created_at", "updated_at", "stage_since"]);

/** The moments or days that the field's value is compared with at a time. */
function boundsAt(
  field: RuleField,
  { is, value }: Condition,
  when: { now: Date; time_zone: string },
): string[] {
  if (is === "in_last" || is === "not_in_last") {
    const since = new Date(when.now.getTime() - duration(field, one(field, value)));
    const until = new Date(when.now.getTime() + 1);
    if (field.type === "date") {
      return [dayOf(since, when.time_zone), dayOf(until, when.time_zone, 1)];
    }
    return pastTimes.has(field.name) ? [since.toISOString()] : [since.toISOString(), until.toISOString()];
  }
  return many(field, value).flatMap((each) => {
    const { from, to } = field.type === "date" ? dateSpan(field, each, when) : span(field, each, when);
    return sides[is] === undefined ? [from, to] : [sides[is] === "from" ? from : to];
  });
}

const sides: Partial<Record<Operator, "from" | "to">> = { gt: "to", gte: "from", lt: "from", lte: "to" };

function dayOf(moment: Date, time_zone: string, days_later = 0): string {
  const day = Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(time_zone)
    .toPlainDate();
  return day.add({ days: days_later }).toString();
}

/** Named periods can move backward: a workspace that changes its time zone. */
function ordered(a: string, b: string): { from: string; to: string } {
  return a < b ? { from: a, to: b } : { from: b, to: a };
}

function passedOver(workspace_id: string, ranges: Sql[]): RawBuilder<unknown> {
  return sql.join(
    ranges.map(
      (range) =>
        sql`select lead.id from lead where lead.workspace_id = ${workspace_id} and lead.deleted_at is null and ${range}`,
    ),
    sql` union all `,
  );
}

/** It stands beside the lead, with an index of its own. */
function seenWithin(workspace_id: string, ranges: { from: string; to: string }[]): RawBuilder<unknown> {
  const within = ranges.map(
    ({ from, to }) => sql`(s.last_seen_at >= ${from}::timestamptz and s.last_seen_at < ${to}::timestamptz)`,
  );
  return sql`
    select s.lead_id as id
    from lead_stat s
    where s.workspace_id = ${workspace_id} and s.last_seen_at is not null and (${sql.join(within, sql` or `)})`;
}

function overduePassed(workspace_id: string, from: Date, until: Date): RawBuilder<unknown> {
  const late = (moment: Date) => sql<SqlBool>`${moment}::timestamptz - s.target_days * interval '24 hours'`;
  return sql`
    select lead.id
    from stage s join lead on lead.workspace_id = s.workspace_id and lead.stage = s.key and lead.deleted_at is null
      and lead.stage_since >= ${late(from)} and lead.stage_since < ${late(until)}
    where s.workspace_id = ${workspace_id} and s.kind = 'open' and s.target_days is not null`;
}
