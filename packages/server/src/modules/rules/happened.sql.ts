/** What happened to a lead, as SQL over a row called `lead`. */
import { type RawBuilder, sql } from "kysely";
import type { Happened } from "@bellwether/contracts/happened";
import { type Ctx, scan } from "../../kernel/db.ts";
import type { Sql } from "./columns.sql.ts";
import type { Compiled, RuleScope } from "./compile.sql.ts";
import { askedOf, builtInsOf, type HappenedAsked } from "./happened.ts";
import { compileProperties } from "./properties.sql.ts";

type Raw = RawBuilder<unknown>;

/** How one condition is asked: of the log, `e`, and of what is rolled up from it, `r`. */
interface Asking extends HappenedAsked {
  workspace_id: string;
  /** Beside name and time: what the properties must be. */
  where: Sql | null;
  /** Only what was reported is rolled up. */
  rolled: boolean;
  /** All leads are looked at, not few of them. */
  whole: boolean;
}

/**
 * Reported events are rolled up by lead and name: first, last, how often. What that answers is answered there; what it
 * doesn't (counts within a time, properties) is counted in the log, of those leads only of which it says that they may
 * be meant. The product's own events are read from the log.
 */
export function compileHappened(
  rule: Happened,
  scope: Pick<RuleScope, "catalogue" | "now" | "whole">,
): Compiled {
  const asking = askingOf(rule, scope);
  const { condition, positive } = met(asking);
  const holds = positive === asking.did;
  return {
    condition: holds ? condition : sql`(not ${condition})`,
    index: holds && asking.rolled ? "some" : "none",
    weight: 1,
  };
}

export function askingOf(rule: Happened, scope: Pick<RuleScope, "catalogue" | "now" | "whole">): Asking {
  const asked = askedOf(rule, scope);
  return {
    ...asked,
    workspace_id: scope.catalogue.workspace_id,
    where: rule.where === undefined ? null : compileProperties(rule.where, scope.catalogue.time_zone),
    rolled: builtInsOf(asked).length === 0,
    whole: scope.whole === true,
  };
}

/** A condition that is never unknown. Not positive: it holds of those who don't meet what is asked. */
function met(asking: Asking): { condition: Sql; positive: boolean } {
  const { min, max } = asking;
  if (min > 0) {
    return { condition: atLeastOnce(asking), positive: true };
  }
  if (max === null || max < 0) {
    return { condition: sql`true`, positive: max === null };
  }
  // Whoever never did it did so at most so often too.
  return { condition: atLeastOnce({ ...asking, min: max + 1, max: null }), positive: false };
}

function atLeastOnce(asking: Asking): Sql {
  const { rolled, prefix, which, where, whole } = asking;
  const plain = asking.min === 1 && asking.max === null && which === "any";
  const in_log = where !== null || !rolled || (!plain && which === "any" && isTimed(asking));
  if (whole && in_log) {
    return among(asking);
  }
  if (plain && in_log) {
    return existsInLog(asking);
  }
  if (which !== "any") {
    return ofAll(asking, which);
  }
  if (!rolled) {
    return inRange(asking, countInLog(asking));
  }
  return prefix ? ofNames(asking) : sql`exists (${rollUp(asking)} and ${often(asking)})`;
}

function isTimed({ from, to }: Asking): boolean {
  return from !== null || to !== null;
}

/** Whoever it happened to so often, found in one read of the log: for who looks at all leads. */
function among(asking: Asking): Sql {
  const { workspace_id, which, min, max, from, to } = asking;
  const times = max === null ? sql`count(*) >= ${min}` : sql`count(*) between ${min}::int and ${max}::int`;
  const time = sql.raw(which === "first" ? "min(e.occurred_at)" : "max(e.occurred_at)");
  const having = which === "any" ? times : bounded(time, from, to);
  const once = which === "any" && min === 1 && max === null;
  const looked = which === "any" ? asking : { ...asking, from: null, to: null };
  return sql`lead.id in (
      with recursive line as (
        select merged.id as part, merged.merged_into as root
        from lead merged
        where merged.workspace_id = ${workspace_id}::uuid and merged.merged_into is not null
        union all
        select line.part, merged.merged_into
        from line join lead merged on merged.workspace_id = ${workspace_id}::uuid and merged.id = line.root and merged.merged_into is not null
      )
      select coalesce(line.root, e.lead_id)
      from ${log(asking)} e left join line on line.part = e.lead_id
      where ${inLog(looked, sql`e.lead_id is not null`)} and ${toldOnce(asking, sql`line.root is not null`)}
      ${once ? sql`` : sql`group by 1 having ${having}`})`;
}

/** Of all names that begin so, added up. */
function ofNames(asking: Asking): Sql {
  const { min, max, from, to, where } = asking;
  if (where === null && min === 1 && max === null) {
    return sql`exists (${rollUp(asking)} and ${within(asking)})`;
  }
  const count =
    where === null && from === null && to === null
      ? sql`select coalesce(sum(r.count), 0) ${ofLead(asking)}`
      : countInLog(asking);
  return sql`(exists (${rollUp(asking)} and ${guard(asking)}) and ${inRange(asking, count)})`;
}

/** How often and when it happened last, whenever and with whatever properties; and how often as the rule asks. */
export interface HasHappened {
  met: boolean;
  count: number;
  as_asked: number;
  last_at: string | null;
}

/** Of one lead: what is so of each of these conditions; for saying why. */
export async function judgeHappened(
  ctx: Ctx,
  lead_id: string,
  rules: Happened[],
  scope: Pick<RuleScope, "catalogue" | "now" | "whole">,
): Promise<Map<Happened, HasHappened>> {
  if (rules.length === 0) {
    return new Map();
  }
  const asked = rules.map((rule) => {
    const asking = askingOf(rule, scope);
    const all = { ...asking, from: null, to: null, where: null };
    return sql`select ${compileHappened(rule, scope).condition} as met, count(*)::int as count, max(e.occurred_at) as last_at,
        count(*) filter (where ${bounded("e.occurred_at", asking.from, asking.to)} and ${asking.where ?? sql`true`})::int as as_asked
      from ${log(all)} e where ${inLog(all, family(all))}`;
  });
  const rows = await scan(ctx, async () => {
    const { rows: found } = await sql<{
      n: number;
      met: boolean;
      count: number;
      as_asked: number;
      last_at: Date | null;
    }>`
      select one.*
      from lead cross join lateral (${sql.join(
        asked.map((one, n) => sql`select ${sql.lit(n)} as n, of_one.* from (${one}) of_one`),
        sql` union all `,
      )}) one
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = ${lead_id}::uuid
      order by one.n`.execute(ctx.db);
    return found;
  });
  return new Map(
    rules.map((rule, n) => {
      const row = rows[n];
      return [
        rule,
        {
          met: row?.met ?? false,
          count: row?.count ?? 0,
          as_asked: row?.as_asked ?? 0,
          last_at: row?.last_at?.toISOString() ?? null,
        },
      ];
    }),
  );
}

function rollUp(asking: Asking): Raw {
  return sql`select ${ofLead(asking)}`;
}

function ofLead(asking: Asking): Raw {
  return sql`
    from lead_event r
    where r.workspace_id = ${asking.workspace_id}::uuid and r.lead_id = lead.id and ${named(asking, "r")}`;
}

/** Of one name's row: whether it happened so often. */
function often(asking: Asking): Raw {
  const { min, max, from, to, where } = asking;
  if (where === null && from === null && to === null) {
    if (max !== null) {
      return sql`r.count between ${min}::int and ${max}::int`;
    }
    // Whoever has a row has a count of one at least: so asked, the index alone answers.
    return min > 1 ? sql`r.count >= ${min}::int` : sql`true`;
  }
  if (where === null && min === 1 && max === null) {
    return within(asking);
  }
  const count =
    where === null
      ? sql`case when ${bounded("r.first_at", from, null)} and ${bounded("r.last_at", null, to)} then r.count else ${countInLog(asking)} end`
      : countInLog(asking);
  return sql`r.count >= ${min}::int and ${guard(asking)} and ${inRange(asking, count)}`;
}

/** Whether it happened within the time at least once. Only where first and last lie on either side is the log looked at. */
function within(asking: Asking): Raw {
  const { from, to } = asking;
  if (from === null || to === null) {
    return from === null ? bounded("r.first_at", null, to) : bounded("r.last_at", from, null);
  }
  const one = { ...asking, min: 1, max: null };
  return sql`(${bounded("r.first_at", from, to)} or ${bounded("r.last_at", from, to)}
      or (r.first_at < ${from}::timestamptz and r.last_at >= ${to}::timestamptz and ${inRange(one, countInLog(one))}))`;
}

/** What must be so if it happened within the time. */
function guard({ from, to }: Asking): Raw {
  return sql`${bounded("r.last_at", from, null)} and ${bounded("r.first_at", null, to)}`;
}

function bounded(time: string | Raw, from: string | null, to: string | null): Raw {
  const column = typeof time === "string" ? sql.ref(time) : time;
  const bounds = [
    ...(from === null ? [] : [sql`${column} >= ${from}::timestamptz`]),
    ...(to === null ? [] : [sql`${column} < ${to}::timestamptz`]),
  ];
  return bounds.length === 0 ? sql`true` : sql`(${sql.join(bounds, sql` and `)})`;
}

function inRange({ min, max }: Pick<Asking, "min" | "max">, count: Raw): Sql {
  return max === null ? sql`(${count}) >= ${min}` : sql`(${count}) between ${min} and ${max}`;
}

/** Whether the first or last of all lies within the time. */
function ofAll(asking: Asking, which: "first" | "last"): Sql {
  const { from, to, rolled, prefix, where } = asking;
  if (rolled && !prefix && where === null) {
    return sql`exists (${rollUp(asking)} and ${bounded(which === "first" ? "r.first_at" : "r.last_at", from, to)})`;
  }
  const aggregate = which === "first" ? sql`min` : sql`max`;
  const at = sql`(select ${aggregate}(e.occurred_at) as ${sql.ref(which)} from ${log(asking)} e where ${inLog({ ...asking, from: null, to: null }, family(asking))})`;
  const found = sql`exists (select from ${at} happened where ${bounded(`happened.${which}`, from, to)})`;
  return rolled ? sql`(exists (${rollUp(asking)} and ${guard(asking)}) and ${found})` : sql`(${found})`;
}

export function named({ name, prefix, workspace_id, rolled }: Asking, table: "e" | "r"): Raw {
  const column = sql.ref(`${table}.name`);
  if (!prefix) {
    return sql`${column} = ${name}`;
  }
  const own = rolled ? [] : builtInsOf({ name, prefix });
  return sql`${column} = any(array(
      select n.name from event_name n where n.workspace_id = ${workspace_id}::uuid and starts_with(n.name, ${name})) || ${own}::text[])`;
}

/** Leads that an import made have no row that says so: the log is read as if they had, as the timeline shows it. */
function log(asking: Asking): Raw {
  return asksOfBeginning(asking)
    ? sql`(
        select workspace_id, lead_id, name, occurred_at, data from event
        union all
        select workspace_id, id, 'lead.created'::text, created_at, jsonb_build_object('import_id', import_id, 'source', source)
        from lead where import_id is not null)`
    : sql`event`;
}

export function asksOfBeginning(asking: Pick<Asking, "name" | "prefix">): boolean {
  return builtInsOf(asking).includes("lead.created");
}

function inLog(asking: Asking, whose: Raw): Raw {
  const { workspace_id, from, to, where } = asking;
  return sql`e.workspace_id = ${workspace_id}::uuid and ${whose} and ${named(asking, "e")} and ${bounded("e.occurred_at", from, to)} and ${where ?? sql`true`}`;
}

/** A merge is told by both leads; of the one that was merged it is told by the other. */
function toldOnce(asking: Asking, merged: Raw): Raw {
  const asks = builtInsOf(asking).some((name) => name === "lead.merged" || name === "lead.unmerged");
  return asks
    ? sql`not (${merged} and e.name in ('lead.merged', 'lead.unmerged') and e.data ? 'into')`
    : sql`true`;
}

/** How often, up to one more than is asked for; of a lead that others were merged into with theirs. */
function countInLog(asking: Asking): Raw {
  const limit = asking.max === null ? asking.min : asking.max + 1;
  const count = (whose: Raw) =>
    sql`(select count(*) from (select from ${log(asking)} e where ${inLog(asking, whose)} limit ${limit}) counted)`;
  return sql`case when ${hasMerged(asking)} then ${count(family(asking))} else ${count(sql`e.lead_id = lead.id`)} end`;
}

function existsInLog(asking: Asking): Sql {
  const exists = (whose: Raw) => sql`exists (select from ${log(asking)} e where ${inLog(asking, whose)})`;
  return sql`(${exists(sql`e.lead_id = lead.id`)} or (${hasMerged(asking)} and ${exists(family(asking))}))`;
}

/** Few leads were merged into: they are listed once, and nobody else pays for them. */
function hasMerged({ workspace_id }: Asking): Raw {
  return sql`lead.id in (
      select into_this.merged_into from lead into_this
      where into_this.workspace_id = ${workspace_id}::uuid and into_this.merged_into is not null)`;
}

function family(asking: Asking): Raw {
  const { workspace_id } = asking;
  return sql`${toldOnce(asking, sql`e.lead_id <> lead.id`)} and e.lead_id = any(array(
      with recursive family as (
        select lead.id as id
        union all
        select merged.id from family join lead merged on merged.workspace_id = ${workspace_id}::uuid and merged.merged_into = family.id
      )
      select id from family))`;
}
