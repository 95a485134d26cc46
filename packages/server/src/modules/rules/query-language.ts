import type { Condition, Operator, Rule } from "@bellwether/contracts/rule";
import { family } from "@bellwether/contracts/rule";
import type { Catalogue, RuleField } from "./catalogue.ts";

/** A query as typed: conditions, words that must be there, words that must not. */
export interface ParsedQuery {
  rule: Rule | null;
  words: string[];
  without: string[];
}

// -field>="two words" | "two words" | -word
const token = /(-)?(?:([\p{L}_][\p{L}\p{N}_.]*)(>=|<=|>|<|:))?(?:"([^"]*)"?|([^\s"]+))/gu;

/**
 * The query language: words, "quoted words", `field:value`, `field:start*`, `field:*middle*`, `field>5`, `-` for not.
 * All must hold. An unknown field is refused with the nearest known one.
 */
export function parseQuery(text: string, catalogue: Catalogue): ParsedQuery {
  const conditions: Rule[] = [];
  const words: string[] = [];
  const without: string[] = [];
  for (const [, minus, name, comparison, quoted, bare] of text.matchAll(token)) {
    const value = quoted ?? bare ?? "";
    if (name === undefined || comparison === undefined) {
      if (value !== "") {
        (minus === undefined ? words : without).push(value);
      }
      continue;
    }
    const condition = conditionOf(catalogue.find(name), comparison, value, quoted !== undefined);
    conditions.push(minus === undefined ? condition : { not: condition });
  }
  return { rule: conditions.length === 0 ? null : { all: conditions }, words, without };
}

const comparisons: Record<string, Operator> = { ">": "gt", ">=": "gte", "<": "lt", "<=": "lte" };

function conditionOf(field: RuleField, comparison: string, value: string, quoted: boolean): Condition {
  const compared = comparisons[comparison];
  if (compared !== undefined) {
    return { field: field.name, is: compared, value };
  }
  const kind = family[field.type];
  if (!quoted && (value === "none" || value === "any") && kind !== "stage") {
    return { field: field.name, is: value === "none" ? "unset" : "set" };
  }
  if (kind === "tags" || kind === "choices") {
    return { field: field.name, is: "any_of", value: value.split(",") };
  }
  if (kind === "text" && !quoted && value.endsWith("*")) {
    const inside = value.startsWith("*");
    return { field: field.name, is: inside ? "contains" : "starts_with", value: value.slice(inside ? 1 : 0, -1) };
  }
  if (!quoted && value.includes(",") && (kind === "choice" || kind === "stage" || kind === "member")) {
    return { field: field.name, is: "in", value: value.split(",") };
  }
  return { field: field.name, is: "eq", value };
}
