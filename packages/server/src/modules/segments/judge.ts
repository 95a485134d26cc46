/** Members follow their leads: which rules could care for a change, and what comes of judging them. */
import { isAlive } from "@bellwether/contracts/event-names";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import type { LoggedEvent } from "../../kernel/events.ts";
import { ProblemError } from "../../kernel/problems.ts";
import { type Catalogue, type Dependencies, dependenciesOf, looksAt, movingParts } from "../rules/index.ts";
import { followStatic, type Judged, judgeSets, membersOnly, type Moved } from "./judge.sql.ts";
import { catalogueOf, inItsZone, understandRule } from "./meaning.ts";
import type { SetRow } from "./record.ts";
import { hasSets, lockPass, type Pass, selectSets } from "./sets.sql.ts";

/** Sets as they can be judged at a moment. */
export interface Known {
  ctx: Ctx;
  at: Date;
  pass: Pass;
  catalogue: Catalogue;
  sets: KnownSet[];
}

export interface KnownSet extends SetRow {
  depends: Dependencies;
  /** Null: its rule can't be judged now, since what it names is gone; its members stay as they are. */
  condition: Judged["condition"] | null;
}

/**
 * Holds the workspace's pass until the transaction ends, so that members are judged by one at a time. Judged is as of
 * now; for looking whether all is right, as of the moment until when time has been taken account of.
 */
export async function knowSets(ctx: Ctx, as_of: "now" | "passed" = "now"): Promise<Known> {
  const zoned = await inItsZone(ctx);
  const pass = await lockPass(zoned, now());
  // What was judged once was judged by this time; of machines whose clocks differ the later one counts.
  const at =
    as_of === "passed" ? pass.passed_at : new Date(Math.max(now().getTime(), pass.passed_at.getTime()));
  const catalogue = await catalogueOf(zoned);
  const sets = (await selectSets(zoned)).map((set) => knownSet(zoned, set, catalogue, at));
  return { ctx: zoned, at, pass, catalogue, sets };
}

function knownSet(ctx: Ctx, set: SetRow, catalogue: Catalogue, at: Date): KnownSet {
  const depends = dependenciesOf(set.rule);
  try {
    const { condition, hidden_too } = understandRule(set.rule, catalogue, at);
    return { ...set, depends, condition: membersOnly(ctx, condition, hidden_too) };
  } catch (error) {
    if (error instanceof ProblemError) {
      return { ...set, depends, condition: null };
    }
    throw error;
  }
}

/** Judges these leads for these sets and for all that follow from them, those that use others after them. */
export async function judge(known: Known, first: KnownSet[], lead_ids: string[]): Promise<Moved[]> {
  const chosen = withUsers(first, known.sets);
  const moved: Moved[] = [];
  for (const level of levelsOf(chosen)) {
    const judged = level.flatMap((set) =>
      set.condition === null ? [] : [{ set, condition: set.condition }],
    );
    if (judged.length > 0) {
      // oxlint-disable-next-line no-await-in-loop -- a level reads what the one before it wrote
      moved.push(...(await judgeSets(known.ctx, judged, lead_ids, known.at)));
    }
  }
  return moved;
}

/** With those that use one of them, and those that use these. */
function withUsers<S extends { segment_id: string; depends: Dependencies }>(first: S[], all: S[]): S[] {
  const chosen = new Set(first);
  for (let before = -1; before < chosen.size;) {
    before = chosen.size;
    const segments = new Set([...chosen].map((set) => set.segment_id));
    for (const set of all) {
      if (!set.depends.segments.isDisjointFrom(segments)) {
        chosen.add(set);
      }
    }
  }
  return [...chosen];
}

/** What uses no other of them, then what uses those alone, and so on. Rules go in no circle: such are refused. */
export function levelsOf<S extends { segment_id: string; depends: Dependencies }>(sets: S[]): S[][] {
  const levels: S[][] = [];
  for (let left = sets; left.length > 0;) {
    const waiting = new Set(left.map((set) => set.segment_id));
    const ready = left.filter((set) => set.depends.segments.isDisjointFrom(waiting));
    const level = ready.length === 0 ? left : ready;
    levels.push(level);
    left = left.filter((set) => !level.includes(set));
  }
  return levels;
}

/** What happened to leads, as far as it concerns who is in which segment. */
export async function followEvents(ctx: Ctx, events: LoggedEvent[]): Promise<void> {
  const heard = events.filter((event) => event.lead_id !== null && !isOurs(event));
  if (heard.length === 0 || !(await hasSets(ctx))) {
    return;
  }
  const known = await knowSets(ctx);
  const passing = idsOf(heard.filter((event) => comings.has(event.name)));
  if (passing.length > 0) {
    await followStatic(known.ctx, passing, known.at);
  }
  const concerned = known.sets.filter((set) => heard.some((event) => concerns(event, set)));
  if (concerned.length > 0) {
    const about = heard.filter((event) => concerned.some((set) => concerns(event, set)));
    await judge(known, concerned, [...new Set([...idsOf(about), ...passing])].toSorted());
  }
}

/** What judging itself has told, with all that followed from it. */
function isOurs(event: LoggedEvent): boolean {
  return (event.name === "segment.entered" || event.name === "segment.left") && event.data["how"] === "rule";
}

function idsOf(events: LoggedEvent[]): string[] {
  return [...new Set(events.flatMap((event) => event.lead_id ?? []))].toSorted();
}

/** A lead comes into sight, or goes: every rule is concerned. */
const comings = new Set([
  "lead.created",
  "lead.deleted",
  "lead.restored",
  "lead.merged",
  "lead.unmerged",
  "lead.erased",
  "lead.hidden",
  "lead.shown",
]);
/** Beside what they say themselves, all that is known of changes touches this. */
const touched = "updated_at";
const fieldsOf: Record<string, readonly string[]> = {
  "lead.assigned": ["owner_id"],
  "stage.changed": ["stage", "stage_since", "lost_reason", "overdue", "owner_id"],
  "tag.added": ["tags"],
  "tag.removed": ["tags"],
};

/** Whether this can have changed who meets the set's rule. */
function concerns(event: LoggedEvent, { depends }: KnownSet): boolean {
  const { data } = event;
  // One that was taken back is judged as one that came.
  const name = event.name === "event.removed" ? String(data["event"]) : event.name;
  if (comings.has(name)) {
    return true;
  }
  if (name === "segment.entered" || name === "segment.left") {
    return event.subject_id !== null && depends.segments.has(event.subject_id);
  }
  if ([...depends.events].some((asked) => looksAt(asked, name))) {
    return true;
  }
  const changes = typeof data["changes"] === "object" && data["changes"] !== null ? data["changes"] : {};
  const alive = event.name !== name || isAlive(name, event.actor.kind);
  const seen = alive ? ["last_seen_at"] : [];
  const fields = [...(fieldsOf[name] ?? []), ...Object.keys(changes), ...seen, touched];
  return fields.some((field) => depends.fields.has(field));
}

/** Those in which time alone may move leads at this pace, with what moves. */
export function movingSets({ sets, catalogue }: Known, pace: string) {
  return sets
    .filter((set) => set.moves === pace && set.condition !== null)
    .map((set) => ({ set, parts: movingParts(set.rule, catalogue) }));
}
