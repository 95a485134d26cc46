/** Why a lead is in a segment, or isn't: the rule with each part marked, judged in memory as the database judges it. */
import type { Happened } from "@bellwether/contracts/happened";
import type { Lead } from "@bellwether/contracts/leads";
import type { Rule } from "@bellwether/contracts/rule";
import type { Explained, Explanation } from "@bellwether/contracts/segments";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { showLead } from "../leads/index.ts";
import {
  type Catalogue,
  dependenciesOf,
  type HasHappened,
  judgeHappened,
  leavesOf,
  meets,
  type MemoryScope,
} from "../rules/index.ts";
import { catalogueOf, effectiveRule, inItsZone } from "./meaning.ts";
import { selectEntered } from "./members.sql.ts";
import { findSegment } from "./show.ts";

export async function explainMembership(ctx: Ctx, input: { id: string; lead: string }): Promise<Explanation> {
  const segment = await findSegment(ctx, input.id);
  const lead = await showLead(ctx, { id: input.lead });
  const entered_at = (await selectEntered(ctx, lead.id)).get(segment.id) ?? null;
  const membership = { member: entered_at !== null, entered_at: entered_at?.toISOString() ?? null };
  if (segment.type === "static") {
    return { ...membership, meets: null, explained: null, note: null };
  }
  const rule = effectiveRule(segment);
  const zoned = await inItsZone(ctx);
  const [explained] = await explainLeads(zoned, rule, [lead], await catalogueOf(zoned));
  const left_out = lead.hidden && !dependenciesOf(rule).fields.has("hidden");
  return {
    ...membership,
    meets: explained?.met === true && !left_out,
    explained: explained ?? null,
    note: left_out ? "Hidden leads are in no segment whose rule doesn't ask for them." : null,
  };
}

export async function explainLeads(
  ctx: Ctx,
  rule: Rule,
  leads: Lead[],
  catalogue: Catalogue,
): Promise<Explained[]> {
  const explained: Explained[] = [];
  const asked = leavesOf(rule).filter((leaf) => "event" in leaf);
  for (const lead of leads) {
    // oxlint-disable-next-line no-await-in-loop -- a handful
    const segments = new Set((await selectEntered(ctx, lead.id)).keys());
    const at = now();
    // oxlint-disable-next-line no-await-in-loop -- a handful
    const happened = await judgeHappened(ctx, lead.id, asked, { catalogue, now: at });
    explained.push(
      explain(rule, lead, {
        catalogue,
        now: at,
        member_id: null,
        words: () => false,
        segments,
        happened: (condition) => happened.get(condition)?.met ?? false,
        has: happened,
      }),
    );
  }
  return explained;
}

type Scope = MemoryScope & { has: Map<Happened, HasHappened> };

function explain(rule: Rule, lead: Lead, scope: Scope): Explained {
  const met = meets(rule, lead, scope);
  if ("all" in rule) {
    return { kind: "all", met, parts: rule.all.map((part) => explain(part, lead, scope)) };
  }
  if ("any" in rule) {
    return { kind: "any", met, parts: rule.any.map((part) => explain(part, lead, scope)) };
  }
  if ("not" in rule) {
    return { kind: "not", met, parts: [explain(rule.not, lead, scope)] };
  }
  return { kind: "condition", met, rule, has: valueIn(lead, rule, scope) };
}

function valueIn(lead: Lead, rule: Rule, scope: Scope): unknown {
  if ("event" in rule) {
    const { count = 0, as_asked = 0, last_at = null } = scope.has.get(rule) ?? {};
    return count === 0 ? null : { count, as_asked, last_at };
  }
  if ("segment" in rule) {
    return scope.segments?.has(rule.segment) ?? false;
  }
  if (!("field" in rule)) {
    return null;
  }
  const { custom, name } = scope.catalogue.get(rule.field);
  const values = custom === null ? lead : lead.attributes;
  const has: unknown = new Map<string, unknown>(Object.entries(values)).get(
    custom === null ? name : custom.key,
  );
  return has ?? null;
}
