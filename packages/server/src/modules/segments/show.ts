/** Segments as the API shows them. */
import type { Segment, SegmentDetail, SegmentListed, SegmentName } from "@bellwether/contracts/segments";
import { printQuery } from "@bellwether/contracts/query-print";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import type { Catalogue } from "../rules/index.ts";
import { catalogueOf, effectiveRule, whyBroken } from "./meaning.ts";
import type { SegmentRow } from "./record.ts";
import {
  type Day,
  selectDays,
  selectRecent,
  selectSegment,
  selectSegments,
  selectShares,
  selectStandings,
  type Standing,
} from "./segments.sql.ts";
import { countUses, usersOf } from "./uses.ts";

export async function listSegments(
  ctx: Ctx,
  filter: { state?: string | undefined; type?: string | undefined },
): Promise<{ data: SegmentListed[] }> {
  const rows = (await selectSegments(ctx)).filter(
    ({ state, type }) => (filter.state ?? state) === state && (filter.type ?? type) === type,
  );
  const catalogue = await catalogueOf(asMaker(ctx));
  const standings = await selectStandings(
    ctx,
    rows.map(({ id }) => id),
  );
  const uses = await countUses(ctx, catalogue);
  const recent = ctx.actor.own_only === null ? await selectRecent(ctx, weekBegins(ctx)) : null;
  return {
    data: rows.map((row) => ({
      ...toSegment(row, catalogue, standings.get(row.id)),
      recent:
        recent === null || row.state === "draft" ? null : (recent.get(row.id) ?? { entered: 0, left: 0 }),
      uses: uses.get(row.id) ?? 0,
    })),
  };
}

/** Six days ago, as the workspace's calendar has it. */
function weekBegins(ctx: Ctx): string {
  return Temporal.Instant.fromEpochMilliseconds(now().getTime())
    .toZonedDateTimeISO(ctx.actor.time_zone)
    .toPlainDate()
    .subtract({ days: 6 })
    .toString();
}

export async function listNames(ctx: Ctx): Promise<{ data: SegmentName[] }> {
  const rows = await selectSegments(ctx);
  const shares = await selectShares(ctx);
  return {
    data: rows.map(({ id, name, type, state }) => ({
      id,
      name,
      type,
      state,
      building: shares.get(id) ?? null,
    })),
  };
}

export async function showSegment(ctx: Ctx, input: { id: string }): Promise<SegmentDetail> {
  const row = await findSegment(ctx, input.id);
  const catalogue = await catalogueOf(asMaker(ctx));
  const standings = await selectStandings(ctx, [row.id]);
  return {
    ...toSegment(row, catalogue, standings.get(row.id)),
    used_in: await usersOf(ctx, row, catalogue),
  };
}

/** Whether a rule can be kept is not a matter of who looks: contact details are hidden from some, not from the rule. */
function asMaker(ctx: Ctx): Ctx {
  return { ...ctx, actor: { ...ctx.actor, masked: false } };
}

export async function findSegment(ctx: Ctx, id: string): Promise<SegmentRow> {
  const row = await selectSegment(ctx, id);
  if (row === null) {
    throw notFound("segment");
  }
  return row;
}

function toSegment(row: SegmentRow, catalogue: Catalogue, standing: Standing | undefined): Segment {
  const { id, name, description, type, state, rule, everyone, refresh, version, made_by } = row;
  const building = standing?.building ?? null;
  return {
    id,
    name,
    description,
    type,
    state,
    rule,
    query: rule === null ? null : printQuery(rule, catalogue),
    everyone,
    refresh,
    version,
    size: standing?.size ?? null,
    building:
      building === null
        ? null
        : {
            looked_at: Math.min(building.looked_at, building.of),
            of: building.of,
            started_at: new Date(building.started_at).toISOString(),
          },
    broken: type === "dynamic" ? whyBroken(effectiveRule(row), catalogue, now()) : null,
    built_at: row.built_at?.toISOString() ?? null,
    was_dynamic: row.was_dynamic !== null,
    made_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** Day by day, those on which nobody came or went too. */
export async function showGrowth(ctx: Ctx, input: { id: string; days: number }): Promise<{ data: Day[] }> {
  const row = await findSegment(ctx, input.id);
  if (ctx.actor.own_only !== null) {
    throw problem("forbidden", { say: "Growth counts leads that you may not see. Ask a manager for it." });
  }
  const zone = ctx.actor.time_zone;
  const dayOf = (moment: Date) =>
    Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  const today = dayOf(now());
  const asked = today.subtract({ days: input.days - 1 });
  const made = dayOf(row.created_at);
  const from = Temporal.PlainDate.compare(asked, made) < 0 ? made : asked;
  const known = await selectDays(ctx, row.id, from.toString());
  const days = new Map(known.map((day) => [day.day, day]));
  let size = known.findLast((day) => day.day < from.toString())?.size ?? 0;
  const data: Day[] = [];
  for (let day = from; Temporal.PlainDate.compare(day, today) <= 0; day = day.add({ days: 1 })) {
    const kept = days.get(day.toString()) ?? { day: day.toString(), entered: 0, left: 0, size };
    size = kept.size;
    data.push(kept);
  }
  return { data };
}
