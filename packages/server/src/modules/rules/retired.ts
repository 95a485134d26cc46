/** A retired segment serves what uses it already, and nothing new. */
import type { Rule } from "@bellwether/contracts/rule";
import { problem, ProblemError } from "../../kernel/problems.ts";
import type { Catalogue } from "./catalogue.ts";
import { leavesOf } from "./dependencies.ts";
import { about, placed } from "./place.ts";
import { parseQuery } from "./query-language.ts";

interface Query {
  rule?: Rule | null | undefined;
  q?: string | undefined;
}

/** Refuses a rule or query that is to be kept when it names a retired segment that what was kept before didn't. */
export function refuseRetired(query: Query, before: Query, catalogue: Catalogue): void {
  const known = new Set(namedIn(before, catalogue).map((leaf) => leaf.segment));
  for (const leaf of namedIn(query, catalogue)) {
    if (catalogue.isRetired(leaf.segment) && !known.has(leaf.segment)) {
      const name = catalogue.segmentName(leaf.segment) ?? "";
      placed(query.rule ?? undefined, () =>
        about(leaf, () => {
          throw retiredSegment(name);
        }),
      );
    }
  }
}

export function retiredSegment(name: string): ProblemError {
  const say = `“${name}” is retired. Choose another segment, or activate it again.`;
  return problem("invalid", { say, errors: [{ path: "rule", code: "retired_segment", message: say }] });
}

/** Conditions on segments, in the rule and in the text; a text that means nothing any more names none. */
export function namedIn({ rule, q }: Query, catalogue: Catalogue) {
  const rules = [...(rule ? [rule] : []), ...understood(q ?? "", catalogue)];
  return rules.flatMap(leavesOf).filter((leaf) => "segment" in leaf);
}

function understood(q: string, catalogue: Catalogue): Rule[] {
  try {
    return [parseQuery(q, catalogue)];
  } catch (error) {
    if (error instanceof ProblemError) {
      return [];
    }
    throw error;
  }
}
