import type { Happened } from "@bellwether/contracts/happened";
import type { Explained } from "@bellwether/contracts/segments";
import * as z from "zod";
import type { Lookups } from "../lookups.ts";
import { formatTime, inWords, isEmpty, type Names } from "../model/values.ts";

type Joined = Exclude<Explained, { kind: "condition" }>;
const joins = { all: "All of these", any: "Any of these", not: "None of these" } as const;

/** How a group's parts hold together. “Not any of” is one thing to people, and so is a group of one. */
export function unfolded(explained: Joined): { words: string; parts: readonly Explained[] } {
  const [only] = explained.parts;
  const parts = explained.kind === "not" && only?.kind === "any" ? only.parts : explained.parts;
  return { words: joins[explained.kind], parts };
}

/** What the lead has where a condition looks, such as “has Ulm” or “3 times, last on …”; null where the condition says it all. */
export function hasWords(
  { rule, has }: Extract<Explained, { kind: "condition" }>,
  { fields, names }: Pick<Lookups, "fields" | "names">,
): string | null {
  if ("event" in rule) return oftenWords(rule, has, names);
  const value = valueWords({ rule, has }, { fields, names });
  return value === null ? null : `has ${value}`;
}

/** How often it happened, whenever that was, and how many of those are meant where the condition asks for more. */
function oftenWords(rule: Happened, has: unknown, names: Names): string {
  const { count, as_asked, last_at } = HasHappened.safeParse(has).data ?? {
    count: 0,
    as_asked: 0,
    last_at: "",
  };
  if (count === 0) return "never";
  const last = formatTime(last_at, names);
  const narrow = (rule.within !== undefined && rule.which === undefined) || rule.where !== undefined;
  const fewer = narrow && as_asked < count;
  if (count === 1) return `once, on ${last}${fewer ? ", not as asked" : ""}`;
  const meant = as_asked === 0 ? ", none as asked" : `, ${as_asked.toLocaleString()} of them as asked`;
  return `${count.toLocaleString()} times${fewer ? meant : ""}, last on ${last}`;
}
const HasHappened = z.object({ count: z.number(), as_asked: z.number(), last_at: z.string() });

/** The lead's own value; null where the condition isn't about one. */
export function valueWords(
  { rule, has }: Pick<Extract<Explained, { kind: "condition" }>, "rule" | "has">,
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
