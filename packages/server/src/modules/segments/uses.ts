/** Who uses a segment, and what a rule may use. */
import type { SegmentState, UsedIn } from "@bellwether/contracts/segments";
import type { Rule } from "@bellwether/contracts/rule";
import type { Ctx } from "../../kernel/db.ts";
import { problem, type ProblemError } from "../../kernel/problems.ts";
import { type Catalogue, dependenciesOf, namedIn, retiredSegment } from "../rules/index.ts";
import { catalogueOf } from "./meaning.ts";
import type { SegmentRow } from "./record.ts";
import { selectNamingRules, selectNamings, selectNamingViews, selectSegments } from "./segments.sql.ts";

/** Other segments, rules of assignment, and views; of views that the actor may not see, only that there are some. */
export async function usersOf(ctx: Ctx, segment: SegmentRow, catalogue: Catalogue): Promise<UsedIn[]> {
  const segments = (await selectSegments(ctx)).filter(
    ({ id, rule }) => id !== segment.id && rule !== null && uses(rule, segment.id),
  );
  const views = (await selectNamingViews(ctx, segment.id)).filter(
    ({ by_rule, q }) => by_rule || namedInQuery(q, catalogue).has(segment.id),
  );
  const rules = await selectNamingRules(ctx, segment.id);
  return [
    ...segments.map(({ id, name }): UsedIn => ({ kind: "segment", id, name })),
    ...rules.map(({ id, name }): UsedIn => ({ kind: "assignment_rule", id, name })),
    ...views.map(({ id, name, seen }): UsedIn => ({
      kind: "view",
      id,
      name: seen ? name : "Somebody's own view",
    })),
  ];
}

/** Refuses what users of a segment would suffer from; retiring it, which they may live with, only until that is said. */
export async function refuseUsed(
  ctx: Ctx,
  row: SegmentRow,
  state: SegmentState | "gone",
  meant = false,
): Promise<void> {
  const used_in = await usersOf(ctx, row, await catalogueOf(ctx));
  if (used_in.length > 0 && (state !== "retired" || !meant)) {
    throw problem("not_in_state", { say: inUse(row, used_in, state), also: { used_in } });
  }
}

function inUse(row: SegmentRow, used_in: UsedIn[], state: SegmentState | "gone"): string {
  const names = used_in.slice(0, 3).map(({ kind, name }) => `the ${kind.replace("_", " ")} “${name}”`);
  const more = used_in.length > 3 ? ` and ${used_in.length - 3} more` : "";
  const what =
    state === "retired"
      ? "Retired, it would stay as it is for them and change no more. Say that you mean it, or change them first."
      : "Change them first.";
  return `“${row.name}” is used by ${names.join(", ")}${more}. ${what}`;
}

/** How many name each segment: the same as `usersOf` of each, in one pass. */
export async function countUses(ctx: Ctx, catalogue: Catalogue): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const count = (ids: Iterable<string>, but?: string) => {
    for (const id of ids) {
      if (id !== but) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
  };
  for (const { id, rule } of await selectSegments(ctx)) {
    count(rule === null ? [] : dependenciesOf(rule).segments, id);
  }
  for (const { q, named } of await selectNamings(ctx)) {
    count(new Set([...named, ...namedInQuery(q, catalogue)]));
  }
  return counts;
}

function uses(rule: Rule, id: string): boolean {
  return dependenciesOf(rule).segments.has(id);
}

function namedInQuery(q: string, catalogue: Catalogue): ReadonlySet<string> {
  return new Set(namedIn({ q }, catalogue).map((leaf) => leaf.segment));
}

/**
 * Refuses a rule that names a segment which isn't there, is a draft, or is retired and wasn't named before; and one that
 * comes back to the segment it is of, by whatever way.
 */
export async function refuseUnusable(
  ctx: Ctx,
  segment: { id: string; name: string; rule: Rule | null },
  rule: Rule,
): Promise<void> {
  const named = dependenciesOf(rule).segments;
  if (named.size === 0) {
    return;
  }
  const all = new Map((await selectSegments(ctx)).map((each) => [each.id, each]));
  const before = segment.rule === null ? new Set<string>() : dependenciesOf(segment.rule).segments;
  const circle = wayBack(segment.id, rule, all);
  if (circle !== null) {
    const path = [segment.name, ...circle.map((each) => each.name), segment.name].map((name) => `“${name}”`);
    throw refused(
      "circle",
      circle.length === 0
        ? `${path[0] ?? ""} can't be its own condition.`
        : `This goes in a circle: ${path.join(" uses ")}. Take one of these conditions out.`,
    );
  }
  for (const id of named) {
    const other = all.get(id);
    if (other === undefined) {
      throw refused(
        "unknown_segment",
        "The rule names a segment that doesn't exist any more. Choose another one.",
      );
    }
    if (other.state === "draft") {
      throw refused("unusable_segment", `“${other.name}” is a draft. Activate it first.`);
    }
    if (other.state === "retired" && !before.has(id)) {
      throw retiredSegment(other.name);
    }
  }
}

/** The segments by which a rule comes back to the one it is of; null where it doesn't. */
function wayBack(
  id: string,
  rule: Rule,
  all: ReadonlyMap<string, SegmentRow>,
  seen = new Set<string>(),
): SegmentRow[] | null {
  for (const named of dependenciesOf(rule).segments) {
    if (named === id) {
      return [];
    }
    const other = all.get(named);
    if (other?.rule === undefined || other.rule === null || seen.has(named)) {
      continue;
    }
    seen.add(named);
    const rest = wayBack(id, other.rule, all, seen);
    if (rest !== null) {
      return [other, ...rest];
    }
  }
  return null;
}

function refused(code: string, say: string): ProblemError {
  return problem("bad_query", { say, errors: [{ path: "rule", code, message: say }] });
}
