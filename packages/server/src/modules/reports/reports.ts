import { type PipelineFilter, type PipelineReport, report_days_max } from "@bellwether/contracts/reports";
import { byte_order_mark, csvLine } from "../../kernel/csv.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { invalid, problem } from "../../kernel/problems.ts";
import { type Asked, selectFigures } from "./reports.sql.ts";

export async function showPipeline(ctx: Ctx, filter: PipelineFilter): Promise<PipelineReport> {
  const { first, last, asked } = understand(ctx, filter);
  const { groups_of, ...figures } = await selectFigures(ctx, asked, filter.by);
  return {
    from: first.toString(),
    to: last.toString(),
    time_zone: ctx.actor.time_zone,
    own_only: ctx.actor.role === "agent",
    ...figures,
    groups: figures.groups.map((group) => ({ ...group, label: group.label ?? without[filter.by] })),
    groups_left_off: groups_of - figures.groups.length,
  };
}
const without = { none: "", owner: "Nobody", source: "Without a source" };

/** The days of a report, where none are asked for: these, up to today. */
const usual_days = 30;

function understand(ctx: Ctx, filter: PipelineFilter) {
  const { time_zone } = ctx.actor;
  const today = Temporal.Instant.fromEpochMilliseconds(now().getTime()).toZonedDateTimeISO(time_zone);
  const last = filter.to === undefined ? today.toPlainDate() : Temporal.PlainDate.from(filter.to);
  const usual = last.subtract({ days: usual_days - 1 });
  const first = filter.from === undefined ? usual : Temporal.PlainDate.from(filter.from);
  if (Temporal.PlainDate.compare(first, last) > 0) {
    throw invalid([{ path: "to", code: "before_from", message: "The last day is before the first one." }]);
  }
  if (first.until(last).days >= report_days_max) {
    throw invalid([{ path: "from", code: "too_long", message: "A report covers ten years at most." }]);
  }
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(time_zone).toInstant().toString();
  const asked: Asked = {
    from: midnight(first),
    until: midnight(last.add({ days: 1 })),
    owner: ownerOf(ctx, filter.owner_id),
    source: filter.source ?? null,
  };
  return { first, last, asked };
}

/** Agents see their own figures, whatever else they may see. */
function ownerOf(ctx: Ctx, asked: string | undefined): Asked["owner"] {
  const { actor } = ctx;
  if (actor.role !== "agent") {
    return asked === undefined ? { whose: "all" } : asked === "none" ? { whose: "nobody" } : { whose: asked };
  }
  if (asked !== undefined && asked !== actor.member_id) {
    throw problem("forbidden", { say: "Agents see their own figures. Ask a manager for those of others." });
  }
  // A key with the role of an agent has no leads of its own.
  return { whose: actor.member_id ?? "nothing" };
}

type File = PipelineFilter & { table: "stages" | "moves" | "groups" };
export async function pipelineCsv(ctx: Ctx, input: File): Promise<{ name: string; text: string }> {
  const { table, ...filter } = input;
  if (table === "groups" && filter.by === "none") {
    throw invalid([
      { path: "by", code: "required", message: "Say with `by` whether by owner or by source." },
    ]);
  }
  const report = await showPipeline(ctx, filter);
  await emit(ctx, "report.exported", {}, { report: "pipeline", ...input });
  const lines = tables[table](report);
  return {
    name: `pipeline ${table === "groups" ? `by ${filter.by}` : table} ${report.from} to ${report.to}.csv`,
    text: byte_order_mark + lines.map((line) => csvLine(line.map((cell) => String(cell ?? "")))).join(""),
  };
}

type Cell = string | number | null;
const tables: Record<File["table"], (report: PipelineReport) => Cell[][]> = {
  stages: ({ stages }) => [
    [
      "stage",
      "name",
      "kind",
      "now",
      "entered",
      "left",
      "converted",
      "lost",
      "stays",
      "median_days",
      "p90_days",
    ],
    ...stages.map((each): Cell[] => [
      each.stage,
      each.name,
      each.kind,
      each.now,
      each.entered,
      each.left,
      each.converted,
      each.lost,
      each.stays,
      days(each.median_seconds),
      days(each.p90_seconds),
    ]),
  ],
  moves: ({ moves, stages }) => {
    const names = new Map(stages.map((each) => [each.stage, each.name]));
    return [
      ["from", "to", "from_name", "to_name", "moves", "leads"],
      ...moves.map((each): Cell[] => [
        each.from,
        each.to,
        names.get(each.from) ?? each.from,
        names.get(each.to) ?? each.to,
        each.moves,
        each.leads,
      ]),
    ];
  },
  groups: ({ groups }) => [
    ["key", "label", "created", "won", "lost", "open", "total"],
    ...groups.map((each): Cell[] => [
      each.key,
      each.label,
      each.created,
      each.won,
      each.lost,
      each.open,
      each.total,
    ]),
  ],
};

function days(seconds: number | null): number | null {
  return seconds === null ? null : Number((seconds / 86_400).toFixed(3));
}
