import type { Rule } from "@bellwether/contracts/rule";

/** What a rule looks at: when none of it changes, and no time passes, neither does who meets it. */
export interface Dependencies {
  /** Standard fields by their names, custom ones as `attributes.<key>`. */
  fields: Set<string>;
  segments: Set<string>;
  /** Events by their names; `shop.*` for all that begin so. */
  events: Set<string>;
  words: boolean;
}

export function dependenciesOf(rule: Rule): Dependencies {
  const found: Dependencies = { fields: new Set(), segments: new Set(), events: new Set(), words: false };
  for (const leaf of leavesOf(rule)) {
    if ("words" in leaf) {
      found.words = true;
    } else if ("segment" in leaf) {
      found.segments.add(leaf.segment);
    } else if ("event" in leaf) {
      found.events.add(leaf.event);
    } else {
      found.fields.add(leaf.field);
    }
  }
  return found;
}

export type Leaf = Exclude<Rule, { all: Rule[] } | { any: Rule[] } | { not: Rule }>;

/** A rule's conditions, in the order in which they stand. */
export function leavesOf(rule: Rule): Leaf[] {
  if ("all" in rule || "any" in rule) {
    return ("all" in rule ? rule.all : rule.any).flatMap(leavesOf);
  }
  return "not" in rule ? leavesOf(rule.not) : [rule];
}
