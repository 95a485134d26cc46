/** What a rule would give, before anything is saved. */
import type { Rule } from "@bellwether/contracts/rule";
import type { SegmentPreview } from "@bellwether/contracts/segments";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { queryLeads, selectLeads } from "../leads/index.ts";
import { countDiffering, sampleDiffering } from "./build.sql.ts";
import { explainLeads } from "./explain.ts";
import { membersOnly } from "./judge.sql.ts";
import {
  catalogueOf,
  effectiveRule,
  inItsZone,
  refuseUnkeepable,
  understandRule,
  whyCostly,
} from "./meaning.ts";
import { findSegment } from "./show.ts";
import { refuseUnusable } from "./uses.ts";

interface Question {
  rule: Rule | null;
  everyone: boolean;
}

const sample_leads = 5;

export async function previewRule(
  ctx: Ctx,
  input: Question & { count: "estimate" | "exact" },
): Promise<SegmentPreview> {
  refuseUnkeepable(input);
  const rule = effectiveRule(input);
  const zoned = await inItsZone(ctx);
  const catalogue = await catalogueOf(zoned);
  const page = await queryLeads(zoned, { rule, limit: sample_leads, count: input.count });
  const explained = await explainLeads(zoned, rule, page.data, catalogue);
  return {
    count: page.count ?? { value: page.data.length, exact: page.next_cursor === null },
    sample: page.data.map((lead, index) => ({ lead, explained: explained[index] ?? null })),
    costly: whyCostly(rule, catalogue),
  };
}

/** Exact: it is what somebody confirms. */
export async function showImpact(ctx: Ctx, input: Question & { id: string }) {
  const segment = await findSegment(ctx, input.id);
  refuseUnkeepable(input);
  await refuseUnusable(ctx, segment, effectiveRule(input));
  const zoned = await inItsZone(ctx);
  const { condition, hidden_too } = understandRule(effectiveRule(input), await catalogueOf(zoned), now());
  const members = membersOnly(zoned, condition, hidden_too);
  const counts = await countDiffering(zoned, segment.set_id, members);
  const { enter, leave } = await sampleDiffering(zoned, segment.set_id, members, sample_leads);
  return {
    ...counts,
    enter_sample: await selectLeads(ctx, enter),
    leave_sample: await selectLeads(ctx, leave),
  };
}
