/** Leads erased for good: by somebody who typed that they mean it, or because they lay in the bin for their time. */
import { bin_days } from "@bellwether/contracts/bin";
import type { Erasure } from "@bellwether/contracts/privacy";
import { systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { invalid, notFound } from "../../kernel/problems.ts";
import { countCells, forgetInChanges } from "../changes/index.ts";
import { countExports, forgetInExports } from "../exports/index.ts";
import {
  countKept,
  eraseLeads,
  type Erased,
  lockExpired,
  lockForErasure,
  mergedIds,
  selectExpiredWorkspaces,
  type Traces,
  tracesOf,
} from "../leads/index.ts";
import { forgetInSegments } from "../segments/index.ts";
import { forgetInViews } from "../views/index.ts";

export async function showErasure(ctx: Ctx, input: { id: string }): Promise<Erasure> {
  const lead = await oneOf(ctx, input.id);
  return preview(ctx, [lead], shownName(lead));
}

export async function eraseOne(
  ctx: Ctx,
  input: { id: string; confirm: string },
): Promise<{ erased: number }> {
  const lead = await oneOf(ctx, input.id);
  const typed = plain(input.confirm);
  const meant = [lead.name ?? "", ...lead.addresses].map(plain);
  if (typed === "" || !meant.includes(typed)) {
    throw unconfirmed(shownName(lead));
  }
  return { erased: await erase(ctx, [lead.id], "asked") };
}

export async function showErasureOfMany(ctx: Ctx, input: { ids: string[] }): Promise<Erasure> {
  const leads = await binnedOf(ctx, input.ids);
  return preview(ctx, leads, countWords(leads.length));
}

export async function eraseMany(
  ctx: Ctx,
  input: { ids: string[]; confirm: string },
): Promise<{ erased: number }> {
  const leads = await binnedOf(ctx, input.ids);
  if (plain(input.confirm) !== countWords(leads.length)) {
    throw unconfirmed(countWords(leads.length));
  }
  return {
    erased: await erase(
      ctx,
      leads.map(({ id }) => id),
      "asked",
    ),
  };
}

/** Each chunk commits by itself; workers beside each other take different leads. */
const chunk = 500;

/** Erases what has lain in the bin for its time. */
export async function emptyBins(db: Database, stopping: AbortSignal): Promise<void> {
  const before = new Date(now().getTime() - bin_days * 86_400_000);
  for (const workspace_id of await selectExpiredWorkspaces(db, before)) {
    let erased = chunk;
    while (erased === chunk && !stopping.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- chunk by chunk: a long transaction would hold every reader back
      erased = await db.tenant(
        systemActor(workspace_id),
        async (ctx) => {
          const ids = await lockExpired(ctx, before, chunk);
          if (ids.length > 0) {
            await erase(ctx, ids, "bin");
          }
          return ids.length;
        },
        { timeout_ms: 120_000 },
      );
    }
  }
}

/** Everything that anybody keeps of them, in one transaction. The caller holds them locked. */
async function erase(ctx: Ctx, ids: string[], reason: "asked" | "bin"): Promise<number> {
  const traces: Traces = await tracesOf(ctx, await mergedIds(ctx, ids));
  await forgetInChanges(ctx, traces);
  await forgetInViews(ctx, traces);
  await forgetInSegments(ctx, traces);
  await forgetInExports(ctx, traces);
  await eraseLeads(ctx, traces, reason);
  return ids.length;
}

async function preview(ctx: Ctx, leads: Erased[], confirm: string): Promise<Erasure> {
  const ids = leads.map(({ id }) => id);
  const all = await mergedIds(ctx, ids);
  const { import_ids } = await tracesOf(ctx, all);
  return {
    leads: ids.length,
    confirm,
    goes: {
      ...(await countKept(ctx, all)),
      changes: await countCells(ctx, all),
      merged: all.length - ids.length,
      imports: import_ids.length,
    },
    exports: await countExports(ctx),
  };
}

async function oneOf(ctx: Ctx, id: string): Promise<Erased> {
  const [lead] = await lockForErasure(ctx, [id]);
  if (lead === undefined) {
    throw notFound("lead");
  }
  return lead;
}

/** What was restored meanwhile is not erased: the number that was typed is another one then. */
async function binnedOf(ctx: Ctx, ids: string[]): Promise<Erased[]> {
  const leads = (await lockForErasure(ctx, ids)).filter((lead) => lead.in_bin);
  if (leads.length === 0) {
    throw notFound("lead in the bin");
  }
  return leads;
}

function shownName(lead: Erased): string {
  return lead.name ?? lead.addresses[0] ?? "this lead";
}

function countWords(count: number): string {
  return count === 1 ? "1 lead" : `${count} leads`;
}

/** People type what they read, not how it was spaced or capitalised. */
function plain(text: string): string {
  return text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
}

function unconfirmed(confirm: string) {
  return invalid([
    {
      path: "confirm",
      code: "not_confirmed",
      message: `To erase for good, type “${confirm}”. Nothing was erased.`,
    },
  ]);
}
