/** What a segment's rule means: whom it matches, what it looks at, and how time changes it. */
import type { Rule } from "@bellwether/contracts/rule";
import type { Ctx } from "../../kernel/db.ts";
import { ProblemError, problem } from "../../kernel/problems.ts";
import { listFields } from "../fields/index.ts";
import { showWorkspace } from "../identity/index.ts";
import {
  Catalogue,
  compileRule,
  type Compiled,
  dependenciesOf,
  leavesOf,
  movingParts,
  type RuleSegment,
  selectRuleSegments,
} from "../rules/index.ts";
import type { Pace, SegmentRow } from "./record.ts";

/** With the workspace's own days, whoever acts; Bellwether itself has none. */
export async function inItsZone(ctx: Ctx): Promise<Ctx> {
  const { time_zone, default_country } = await showWorkspace(ctx);
  return { ...ctx, actor: { ...ctx.actor, time_zone, default_country } };
}

export async function catalogueOf(ctx: Ctx, segments?: readonly RuleSegment[]): Promise<Catalogue> {
  return new Catalogue(await listFields(ctx), ctx.actor, segments ?? (await selectRuleSegments(ctx)));
}

/** “Everyone” is said by name; a rule without conditions matches nobody. */
export function effectiveRule({ rule, everyone }: Pick<SegmentRow, "rule" | "everyone">): Rule {
  if (rule === null || leavesOf(rule).length === 0) {
    return everyone ? { all: [] } : { any: [] };
  }
  return rule;
}

/** As the list shows it: hidden leads are left out unless the rule has a say in it. */
export function understandRule(
  rule: Rule,
  catalogue: Catalogue,
  at: Date,
): Compiled & { hidden_too: boolean } {
  const compiled = compileRule(rule, {
    catalogue,
    now: at,
    member_id: null,
    words: () => {
      throw withoutWords();
    },
  });
  return { ...compiled, hidden_too: dependenciesOf(rule).fields.has("hidden") };
}

/** Refuses what can be asked of a list and can't be kept: free words, and “me”, who is another one for everybody. */
export function refuseUnkeepable({ rule, everyone }: Pick<SegmentRow, "rule" | "everyone">): void {
  if (rule === null) {
    return;
  }
  const leaves = leavesOf(rule);
  if (everyone && leaves.length > 0) {
    throw badRule("everyone", "A segment of everyone has no conditions. Leave one of the two out.");
  }
  if (leaves.length > 0 && hasEmptyGroup(rule)) {
    throw badRule("rule", "A group in the rule has no conditions. Fill it or take it out.");
  }
  if (leaves.some((leaf) => "words" in leaf)) {
    throw withoutWords();
  }
  if (
    leaves.some((leaf) => "field" in leaf && [leaf.value].flat().includes("me") && leaf.field === "owner_id")
  ) {
    throw badRule("rule", "“Me” is somebody else for everybody who looks. Name the member instead.");
  }
}

function hasEmptyGroup(rule: Rule): boolean {
  if ("all" in rule || "any" in rule) {
    const parts = "all" in rule ? rule.all : rule.any;
    return parts.length === 0 || parts.some(hasEmptyGroup);
  }
  return "not" in rule && hasEmptyGroup(rule.not);
}

function withoutWords(): ProblemError {
  return badRule(
    "rule",
    "Free words find leads in a list and can't be kept up to date. Name the field, such as Company contains “…”.",
  );
}

function badRule(path: string, say: string): ProblemError {
  return problem("bad_query", { say, errors: [{ path, code: "bad_rule", message: say }] });
}

/** How often time alone may change who meets it; null: never. Refuses what asks too much for the pace. */
export function paceOf(rule: Rule, catalogue: Catalogue, refresh: Pace): Pace | null {
  const costly = whyCostly(rule, catalogue);
  if (costly !== null && refresh === "live") {
    throw problem("invalid", {
      say: costly,
      errors: [{ path: "refresh", code: "too_costly", message: costly }],
    });
  }
  return movingParts(rule, catalogue).length === 0 ? null : refresh;
}

/** Why time can't be followed second by second; null where it can. */
export function whyCostly(rule: Rule, catalogue: Catalogue): string | null {
  const labels = new Set(movingParts(rule, catalogue).flatMap((part) => part.costly ?? []));
  return labels.size === 0
    ? null
    : `Who meets this rule changes with the time, and ${[...labels].join(", ")} has no index by which that is seen at once. Have the segment refreshed hourly, or make the field fast.`;
}

/** Why a rule can't be judged any more; null where it can. */
export function whyBroken(rule: Rule, catalogue: Catalogue, at: Date): string | null {
  try {
    understandRule(rule, catalogue, at);
    return null;
  } catch (error) {
    if (error instanceof ProblemError) {
      return error.message;
    }
    throw error;
  }
}
