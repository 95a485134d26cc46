import { standsAt } from "@bellwether/contracts/query-language";
import type { Rule } from "@bellwether/contracts/rule";
import { ProblemError } from "../../kernel/problems.ts";

const refused = new WeakMap<ProblemError, object>();

/** Remembers which condition a refusal is about. */
export function about<T>(condition: object, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProblemError && !refused.has(error)) {
      refused.set(error, condition);
    }
    throw error;
  }
}

/**
 * Says of a refused condition where it stands in what was sent: `rule.all[2].value`, or in a query's text by the
 * characters it takes. People see what is refused in words; this is for programs and for the screen's underlining.
 */
export function placed<T>(rule: Rule | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const condition = error instanceof ProblemError ? refused.get(error) : undefined;
    throw condition === undefined || !(error instanceof ProblemError) ? error : told(error, rule, condition);
  }
}

const parts: Record<string, string> = {
  bad_value: ".value",
  bad_operator: ".is",
  bad_time: ".within",
  unknown_segment: ".segment",
  unusable_segment: ".segment",
  retired_segment: ".segment",
};

function told(error: ProblemError, rule: Rule | undefined, condition: object): ProblemError {
  const { options } = error;
  const place = rule === undefined ? null : pathTo(rule, condition, "rule");
  const at = standsAt(condition);
  const also = place === null && at !== undefined ? { ...options.also, at } : options.also;
  const errors = options.errors?.map((each) => ({
    ...each,
    path:
      place === null ? (at === undefined ? each.path : "query") : `${place}${parts[each.code] ?? ".field"}`,
  }));
  return new ProblemError(error.code, {
    ...options,
    ...(also === undefined ? {} : { also }),
    ...(errors === undefined ? {} : { errors }),
  });
}

function pathTo(rule: Rule, condition: object, path: string): string | null {
  if (rule === condition) {
    return path;
  }
  if ("not" in rule) {
    return pathTo(rule.not, condition, `${path}.not`);
  }
  if ("event" in rule) {
    return rule.where === undefined ? null : pathTo(rule.where, condition, `${path}.where`);
  }
  const [name, inner] = "all" in rule ? ["all", rule.all] : "any" in rule ? ["any", rule.any] : ["", []];
  for (const [index, each] of inner.entries()) {
    const found = pathTo(each, condition, `${path}.${name}[${index}]`);
    if (found !== null) {
      return found;
    }
  }
  return null;
}
