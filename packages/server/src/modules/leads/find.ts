import { createHash } from "node:crypto";
import type { Lead, LeadQuery } from "@bellwether/contracts/leads";
import type { Rule } from "@bellwether/contracts/rule";
import { now } from "../../kernel/clock.ts";
import { type Ctx, scan } from "../../kernel/db.ts";
import { problem } from "../../kernel/problems.ts";
import { listFields } from "../fields/index.ts";
import { Catalogue, compileRule, parseQuery, placed, type Sql } from "../rules/index.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import {
  type Asked,
  countLeads,
  type Found,
  look_ahead,
  matched,
  notHidden,
  type Order,
  pick,
  type Position,
  sortColumns,
  type SortColumn,
  walk,
  walkEnd,
  withoutContacts,
} from "./find.sql.ts";
import { selectLeads } from "./rows.sql.ts";
import { wordsOf } from "./words.ts";
import { holds, isNumber, wordsFound } from "./words.sql.ts";

interface Page {
  found: Found[];
  /** Where to go on; null at the end. */
  next: Position | null;
  /** Set when the search stopped before the page was full. */
  looked_at?: number;
}

export interface Question {
  asked: Asked;
  /** Nothing is asked: all visible leads that are not hidden. */
  everything: boolean;
  /** How the matches are best found, see `Compiled`. */
  index: "none" | "some" | "few";
  order: Order;
}

/** A page of leads by rule and query, in keyset order. */
export async function queryLeads(ctx: Ctx, query: LeadQuery) {
  const question = await understand(ctx, query);
  const of = fingerprint(query);
  const cursor = query.cursor === undefined ? null : decodeCursor(query.cursor, of);
  const after = cursor === null ? null : { id: cursor.id, value: cursor.value ?? null };
  // Ids are found as a search; the leads themselves are then read under row-level security.
  const { page, count } = await scan(ctx, async () => ({
    page: await findPage(ctx, question, after, query.limit),
    count: query.count === "none" ? undefined : await countLeads(ctx, question.asked, query.count),
  }));
  const data: Lead[] = await selectLeads(
    ctx,
    page.found.map((each) => each.id),
  );
  return {
    data,
    next_cursor: page.next === null ? null : encodeCursor({ of, ...page.next }),
    ...(count === undefined ? {} : { count }),
    ...(page.looked_at === undefined ? {} : { looked_at: page.looked_at }),
  };
}

/** What a rule and a query ask, as one condition over `lead`: for work on all leads that match. */
export async function matchingLeads(ctx: Ctx, query: Pick<LeadQuery, "rule" | "q">): Promise<Sql> {
  return matched(ctx, (await understand(ctx, query)).asked);
}

/** What is asked, judged at `at`: refuses what names no field or has no meaning. */
export async function understand(
  ctx: Ctx,
  query: Pick<LeadQuery, "rule" | "q" | "sort">,
  at = now(),
): Promise<Question> {
  const { actor } = ctx;
  const catalogue = new Catalogue(await listFields(ctx), actor);
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
  const { condition, index } = placed(query.rule, () => compileRule(rule, scope));
  const asked = { ...withoutHidden(condition, rule), words, without };
  return {
    asked: actor.masked ? withoutContacts(asked) : asked,
    everything: rule.all.length + words.length + without.length === 0,
    index,
    order: orderOf(query, catalogue),
  };
}

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

/**
 * What to try first depends on what is asked. An e-mail or phone names its lead. Words are mostly rare, and their index
 * tells fast. Everything else is mostly common: a walk in the list's own order fills the page at once, and where it
 * doesn't, the matches are few enough to list by an index, if there is one.
 */
async function findPage(ctx: Ctx, question: Question, after: Position | null, limit: number): Promise<Page> {
  const { asked, index, order } = question;
  const { listable, direct } = wayTo(asked, index);
  if (direct) {
    const picked = await pick(ctx, asked, order, after, limit + 1);
    if (picked !== null) {
      return full(picked, limit);
    }
  }
  const walked = await walkPage(ctx, asked, order, after, limit);
  if (walked.looked_at === undefined || direct || !listable) {
    return walked;
  }
  const picked = await pick(ctx, asked, order, after, limit + 1);
  return picked === null ? walked : full(picked, limit);
}

/** Whether an index lists the matches, and whether to begin with it. */
export function wayTo(asked: Asked, index: Question["index"]): { listable: boolean; direct: boolean } {
  const listable = index !== "none" || asked.words.some((word) => word.length >= 3);
  return { listable, direct: index === "few" || (listable && asked.words.length > 0) };
}

async function walkPage(
  ctx: Ctx,
  asked: Asked,
  order: Order,
  after: Position | null,
  limit: number,
): Promise<Page> {
  const parts = sortColumns[order.column].nullable ? (["valued", "missing"] as const) : (["valued"] as const);
  const start = after !== null && after.value === null && parts.length === 2 ? 1 : 0;
  const found: Found[] = [];
  for (const [place, part] of parts.entries()) {
    if (place < start) {
      continue;
    }
    const from = place === start ? after : null;
    found.push(...(await walk(ctx, asked, order, part, from, limit + 1 - found.length)));
    if (found.length > limit) {
      return full(found, limit);
    }
    const end = await walkEnd(ctx, order, part, from);
    if (end !== undefined) {
      return {
        found,
        next: { id: end.id, value: part === "missing" ? null : end.value },
        looked_at: look_ahead,
      };
    }
  }
  return full(found, limit);
}

/** One more than a page was asked for: it tells whether there is a next one. */
function full(rows: Found[], limit: number): Page {
  const found = rows.slice(0, limit);
  const last = found.at(-1);
  return { found, next: rows.length > limit && last !== undefined ? last : null };
}

function orderOf(query: Pick<LeadQuery, "sort">, catalogue: Catalogue): Order {
  const [sort] = query.sort ?? [];
  if (sort === undefined) {
    return { column: "created_at", direction: "desc" };
  }
  if (!isSortColumn(sort.field)) {
    throw problem("bad_query", {
      say: `Leads can't be sorted by ${sort.field}. They can be by ${Object.keys(sortColumns).join(", ")}.`,
      errors: [
        { path: "sort", code: "not_sortable", message: `Use one of ${Object.keys(sortColumns).join(", ")}.` },
      ],
    });
  }
  // Refuses what is hidden from the caller: an order by it tells it, and a cursor holds it.
  catalogue.get(sort.field);
  return { column: sort.field, direction: sort.direction };
}

function isSortColumn(name: string): name is SortColumn {
  return Object.hasOwn(sortColumns, name);
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
