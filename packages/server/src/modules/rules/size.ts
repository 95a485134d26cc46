import { type Rule, rule_conditions_max, rule_depth_max } from "@bellwether/contracts/rule";
import { problem } from "../../kernel/problems.ts";

/** The contract's parser recurses; what is deeper or longer than anybody means is refused before it costs anything. */
export function assertSize(rule: Rule): void {
  let conditions = 0;
  const walk = (part: Rule, depth: number): void => {
    if (depth > rule_depth_max) {
      throw problem("bad_query", { say: `The rule is nested deeper than ${rule_depth_max} levels.` });
    }
    if ("all" in part || "any" in part) {
      for (const each of "all" in part ? part.all : part.any) {
        walk(each, depth + 1);
      }
    } else if ("not" in part) {
      walk(part.not, depth + 1);
    } else if ("event" in part && part.where !== undefined) {
      walk(part.where, depth + 1);
    } else if (++conditions > rule_conditions_max) {
      throw problem("bad_query", { say: `The rule has more than ${rule_conditions_max} conditions.` });
    }
  };
  // Who asks puts rule and query into one {all}, which is no level of either.
  walk(rule, 0);
}
