import type { Explained } from "@bellwether/contracts/segments";
import type { Lookups } from "../lookups.ts";
import { inWords, isEmpty } from "../model/values.ts";

type Joined = Exclude<Explained, { kind: "condition" }>;
const joins = { all: "All of these", any: "Any of these", not: "None of these" } as const;

/** How a group's parts hold together. “Not any of” is one thing to people, and so is a group of one. */
export function unfolded(explained: Joined): { words: string; parts: readonly Explained[] } {
  const [only] = explained.parts;
  const parts = explained.kind === "not" && only?.kind === "any" ? only.parts : explained.parts;
  return { words: joins[explained.kind], parts };
}

/** What the lead has where a condition looks; null where the condition says it all. */
export function hasWords(
  { rule, has }: Extract<Explained, { kind: "condition" }>,
  { fields, names }: Pick<Lookups, "fields" | "names">,
): string | null {
  if (!("field" in rule)) return null;
  const column = fields.find((field) => field.id === rule.field);
  if (column === undefined) return null;
  return isEmpty(has) ? (column.id === "owner_id" ? "no owner" : "no value") : inWords(column, has, names);
}

/** What a lead has of all that a rule asks and finds: the reasons in one line. */
export function reasonsIn(explained: Explained): Extract<Explained, { kind: "condition" }>[] {
  if (explained.kind === "condition") return explained.met ? [explained] : [];
  if (explained.kind === "not") return [];
  return explained.met ? explained.parts.flatMap(reasonsIn) : [];
}
