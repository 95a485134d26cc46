/** Events leave a time, or come into its nearer end, as it moves on. */
import { type RawBuilder, sql } from "kysely";
import type { Happened } from "@bellwether/contracts/happened";
import type { Catalogue } from "./catalogue.ts";
import { periodOf } from "./happened.ts";
import { asksOfBeginning, askingOf, named } from "./happened.sql.ts";
import type { Moving } from "./moving.sql.ts";
import { namesPeriod } from "./values.ts";

/** Those to whom it happened at a moment that a bound has passed: a range of the log by its time. */
export function movingHappened(rule: Happened, catalogue: Catalogue): Moving[] {
  const { within } = rule;
  if (within === undefined || !("last" in within || [within.from, within.to].some(namesPeriod))) {
    return [];
  }
  const asking = askingOf(rule, { catalogue, now: new Date(0) });
  const bounds = (now: Date) => {
    const { from, to } = periodOf(rule, { catalogue, now });
    return [from, to];
  };
  return [
    {
      costly: null,
      passed: (workspace_id, since, until) => {
        const after = bounds(until);
        const passed = bounds(since).flatMap((bound, place) => {
          const next = after[place] ?? null;
          return bound === null || next === null || next === bound ? [] : [{ from: bound, to: next }];
        });
        return passed.length === 0
          ? null
          : sql`
            select id from (
              with recursive line as (
                select e.lead_id as id
                from event e
                where e.workspace_id = ${workspace_id}::uuid and e.lead_id is not null and ${named(asking, "e")} and ${passedOver("e.occurred_at", passed)}
                ${asksOfBeginning(asking) ? madeByImports(workspace_id, passed) : sql``}
                union
                select lead.merged_into
                from line join lead on lead.workspace_id = ${workspace_id}::uuid and lead.id = line.id and lead.merged_into is not null
              )
              select id from line
            ) happened`;
      },
    },
  ];
}

interface Range {
  from: string;
  to: string;
}

function passedOver(time: string, ranges: Range[]): RawBuilder<unknown> {
  const each = ranges.map(
    ({ from, to }) =>
      sql`(${sql.ref(time)} >= ${from}::timestamptz and ${sql.ref(time)} < ${to}::timestamptz)`,
  );
  return sql`(${sql.join(each, sql` or `)})`;
}

/** Leads in sight by the index of their beginning, and the few that were merged. */
function madeByImports(workspace_id: string, ranges: Range[]): RawBuilder<unknown> {
  const made = (which: RawBuilder<unknown>) => sql`
                union all
                select lead.id from lead
                where lead.workspace_id = ${workspace_id}::uuid and ${which} and lead.import_id is not null
                  and ${passedOver("lead.created_at", ranges)}`;
  return sql`${made(sql`lead.deleted_at is null`)} ${made(sql`lead.merged_into is not null`)}`;
}
