/** What an import brought: its new leads, and those it tagged, have no events of their own. */
import type { Ctx } from "../../kernel/db.ts";
import { firstIdAt, timeOfId } from "../../kernel/ids.ts";
import { enqueue, type Job, type JobCtx } from "../../kernel/jobs.ts";
import { selectImported } from "./imported.sql.ts";
import { judge, knowSets } from "./judge.ts";
import { hasSets } from "./sets.sql.ts";

export type ImportWork = Job<{ import_id: string }>;

/** So many leads are judged in one transaction. In one place, so that tests can make it small. */
const bounds = { step_leads: 5_000 };
/** Leads of an import are younger than it, by their ids; an hour for clocks that differ. */
const clocks_differ_ms = 60 * 60 * 1000;

export async function hearImports(ctx: Ctx, import_ids: string[], work: ImportWork): Promise<void> {
  if (!(await hasSets(ctx))) {
    return;
  }
  for (const import_id of new Set(import_ids)) {
    // oxlint-disable-next-line no-await-in-loop -- a handful
    await enqueue(ctx, work, { import_id }, { key: `segments.imported:${import_id}` });
  }
}

/** Step by step; from the beginning when it is broken off, which changes nothing twice. */
export async function followImport(job: JobCtx, { import_id }: { import_id: string }): Promise<void> {
  const begun = new Date(timeOfId(import_id).getTime() - clocks_differ_ms);
  for (const kind of ["made", "touched"] as const) {
    for (let after: string | null = firstIdAt(kind === "made" ? begun : new Date(0)); after !== null;) {
      const from: string = after;
      job.signal.throwIfAborted();
      // oxlint-disable-next-line no-await-in-loop -- step by step: a long transaction would hold every reader back
      after = await job.db.tenant(job.actor, (ctx) => judgeImported(ctx, { import_id, kind, after: from }), {
        timeout_ms: 0,
      });
    }
  }
}

async function judgeImported(
  ctx: Ctx,
  asked: { import_id: string; kind: "made" | "touched"; after: string },
): Promise<string | null> {
  const known = await knowSets(ctx);
  const found = await selectImported(known.ctx, asked, bounds.step_leads);
  const lead_ids = found.filter((lead) => lead.theirs).map((lead) => lead.id);
  if (lead_ids.length > 0) {
    await judge(known, known.sets, lead_ids);
  }
  return found.length < bounds.step_leads ? null : (found.at(-1)?.id ?? null);
}
