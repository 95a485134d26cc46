import { createHash } from "node:crypto";
import { type Lead, type LeadQuery, type Sort, sort_keys_max } from "@bellwether/contracts/leads";
import type { Operator, Rule } from "@bellwether/contracts/rule";
import { hurry, now } from "../../kernel/clock.ts";
import { type Ctx, scan } from "../../kernel/db.ts";
import { problem } from "../../kernel/problems.ts";
import { listFields } from "../fields/index.ts";
import {
  Catalogue,
  compileRule,
  parseQuery,
  placed,
  segmentsFor,
  type Sql,
  dependenciesOf,
} from "../rules/index.ts";
import { type Asked, countLeads, matched, notHidden, timeToCount, withoutContacts } from "./find.sql.ts";
import { orderOf } from "./order.ts";
import type { Key } from "./order.sql.ts";
import { findPage, type Looking } from "./pages.ts";
import { decodePosition, encodePosition } from "./position.ts";
import { selectLeads } from "./rows.sql.ts";
import { wordsOf } from "./words.ts";
import { holds, isNumber, wordsFound } from "./words.sql.ts";

export interface Question {
  asked: Asked;
  /** The same for who looks at all leads at once. */
  of_all: Asked;
  /** Nothing is asked: all visible leads that are not hidden. */
  everything: boolean;
  /** How the matches are best found, see `Compiled`. */
  index: "none" | "some" | "few";
  weight: number;
  /** What the list is sorted by. */
  keys: [Key, ...Key[]];
  within: Sql | null;
}

/** A page of leads by rule and query, in keyset order. */
export async function queryLeads(ctx: Ctx, query: LeadQuery) {
  const question = await understand(ctx, query);
  const of = fingerprint(query);
  const after = query.cursor === undefined ? null : decodePosition(query.cursor, of, question.keys);
  // Ids are found as a search; the leads themselves are then read under row-level security.
  const elapsed = hurry();
  const { page, count } = await scan(ctx, async () => ({
    page: await findPage(lookingFor(ctx, question), after, query.limit),
    count:
      query.count === "none"
        ? undefined
        : await countLeads(ctx, question.of_all, query.count, timeToCount(elapsed())),
  }));
  const data: Lead[] = await selectLeads(
    ctx,
    page.found.map((each) => each.id),
  );
  return {
    data,
    next_cursor: page.next === null ? null : encodePosition({ of, ...page.next }),
    ...(count === undefined ? {} : { count }),
    ...(page.looked_at === undefined ? {} : { looked_at: page.looked_at }),
  };
}

/** The same by a query, and a sort written as `stage,-created_at`. */
export async function searchLeads(
  ctx: Ctx,
  {
    query: q,
    sort,
    ...paging
  }: Omit<LeadQuery, "rule" | "q" | "sort"> & { query: string; sort?: string | undefined },
) {
  const keys = sort?.split(",").map((key): Sort => {
    const field = key.trim();
    return { field: field.replace(/^-/, ""), direction: field.startsWith("-") ? "desc" : "asc" };
  });
  if (keys !== undefined && keys.length > sort_keys_max) {
    const say = `Leads are sorted by at most ${sort_keys_max} fields at once.`;
    throw problem("bad_query", { say, errors: [{ path: "sort", code: "too_many", message: say }] });
  }
  return queryLeads(ctx, { ...paging, q, ...(keys === undefined ? {} : { sort: keys }) });
}

/** What a rule and a query ask, as one condition over `lead`: for work on all leads that match. */
export async function matchingLeads(
  ctx: Ctx,
  query: Pick<LeadQuery, "rule" | "q">,
  at = now(),
): Promise<Sql> {
  return matched(ctx, (await understand(ctx, query, at)).of_all);
}

/** The same for few leads that are known already. */
export async function matchingFew(ctx: Ctx, query: Pick<LeadQuery, "rule" | "q">): Promise<Sql> {
  return matched(ctx, (await understand(ctx, query)).asked);
}

/** Whether a rule takes leads that are known already, hidden ones among them, as a condition over `lead`. */
export async function taking(ctx: Ctx, rule: Rule): Promise<Sql> {
  const { asked } = await understand(ctx, { rule });
  return matched(ctx, { ...asked, condition: asked.with_hidden ?? asked.condition });
}

/** What is asked, judged at `at`: refuses what names no field or has no meaning. */
export async function understand(
  ctx: Ctx,
  query: Pick<LeadQuery, "rule" | "q" | "sort">,
  at = now(),
): Promise<Question> {
  const { actor } = ctx;
  const catalogue = new Catalogue(await listFields(ctx), actor, await segmentsFor(ctx, query));
  const parts = flattened([
    ...(query.rule === undefined ? [] : [query.rule]),
    parseQuery(query.q ?? "", catalogue),
  ]);
  const texts = parts.flatMap((part) => ("words" in part ? [part.words] : []));
  const { all, number } = wordsOf(texts, actor.default_country);
  // For whom contact details are masked, a number is but a text.
  const known = number !== null && !actor.masked && (await isNumber(ctx, number.e164, number.typed));
  const looked_up: Rule[] = known ? [byNumber(number.e164, number.typed)] : [];
  const words = known ? [] : all;
  const without = parts.flatMap((part) => ("not" in part && "words" in part.not ? [part.not.words] : []));
  const rest = parts.filter((part) => !("words" in part) && !("not" in part && "words" in part.not));
  const scope = {
    catalogue,
    now: at,
    member_id: actor.member_id,
    words: (text: string) => wordsFound(holds(text, actor.masked)),
  };
  const rule = { all: [...rest, ...looked_up] };
  const { condition, index, weight } = placed(query.rule, () => compileRule(rule, scope));
  const asked = { ...withoutHidden(condition, rule), words, without };
  const { events, fields } = dependenciesOf(rule);
  const listed = events.size > 0 || fields.has("score");
  const of_all = listed
    ? { ...asked, ...withoutHidden(compileRule(rule, { ...scope, whole: true }).condition, rule) }
    : asked;
  const keys = await orderOf(ctx, query, catalogue);
  const ranges = rest.filter(
    (part) => "field" in part && part.field === keys[0].field && rangesOf.has(part.is),
  );
  return {
    asked: actor.masked ? withoutContacts(asked) : asked,
    of_all: actor.masked ? withoutContacts(of_all) : of_all,
    everything: rule.all.length + words.length + without.length === 0,
    index,
    weight,
    keys,
    within: ranges.length === 0 ? null : compileRule({ all: ranges }, scope).condition,
  };
}

const rangesOf = new Set<Operator>(["gt", "gte", "lt", "lte", "between", "in_last"]);

/** Hidden leads are left out unless the rule has a say in it. */
function withoutHidden(condition: Sql, rule: Rule): Pick<Asked, "condition" | "with_hidden"> {
  return asksFor(rule, "hidden")
    ? { condition, with_hidden: null }
    : { condition: notHidden(condition), with_hidden: condition };
}

function asksFor(rule: Rule, field: string): boolean {
  if ("all" in rule || "any" in rule) {
    return ("all" in rule ? rule.all : rule.any).some((part) => asksFor(part, field));
  }
  return "not" in rule ? asksFor(rule.not, field) : "field" in rule && rule.field === field;
}

/** What must hold all together, as one list: words there have an index to begin with. */
function flattened(rules: Rule[]): Rule[] {
  return rules.flatMap((rule) => ("all" in rule ? flattened(rule.all) : [rule]));
}

function lookingFor(ctx: Ctx, { asked, index, weight, keys, within }: Question): Looking {
  // Whoever sees only their own leads may have few among very many.
  const theirs = ctx.actor.own_only !== null;
  const words = asked.words.length + asked.without.length;
  return {
    ctx,
    asked,
    keys,
    within,
    listable: theirs || wayTo(asked, index).listable,
    few: index === "few",
    weight: weight + (words === 0 ? 0 : 2),
  };
}

/** Whether an index lists the matches, and whether to begin with it. */
export function wayTo(asked: Asked, index: Question["index"]): { listable: boolean; direct: boolean } {
  const listable = index !== "none" || asked.words.some((word) => word.length >= 3);
  return { listable, direct: index === "few" || (listable && asked.words.length > 0) };
}

function byNumber(e164: string, typed: string): Rule {
  return {
    any: [
      { field: "phone", is: "eq", value: e164 },
      { field: "whatsapp_id", is: "eq", value: e164 },
      { field: "external_id", is: "eq", value: typed },
    ],
  };
}

export function fingerprint(query: Pick<LeadQuery, "rule" | "q" | "sort">): string {
  return createHash("sha256")
    .update(JSON.stringify([query.rule ?? null, query.q ?? "", query.sort ?? []]))
    .digest("base64url")
    .slice(0, 12);
}
