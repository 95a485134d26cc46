/** The work itself, part by part; each part commits with how far it is. */
import type { Refused } from "@bellwether/contracts/changes";
import { type Ctx, settleIndexes, violated } from "../../kernel/db.ts";
import { emit, ringDoorbell } from "../../kernel/events.ts";
import type { JobCtx } from "../../kernel/jobs.ts";
import { problem } from "../../kernel/problems.ts";
import { holdOwners } from "../identity/index.ts";
import { selectTag } from "../leads/index.ts";
import { holdStages, restoreStage } from "../stages/index.ts";
import { assignLocked } from "./assign.ts";
import { bounds } from "./bounds.ts";
import { byKeys, type Locked, lockDiffering, writeLocked } from "./apply.sql.ts";
import {
  advanceChangeSet,
  advanceUndo,
  closeChangeSet,
  deleteParts,
  failChangeSet,
  selectChangeSet,
  selectPart,
} from "./changes.sql.ts";
import { cellOf } from "./cells.sql.ts";
import { type ChangeRow, type Edit, isImport, isMerge, withRefused } from "./record.ts";
import { selectStaticSegment } from "./members.sql.ts";
import { lockUnedited, restoreLocked } from "./undo.sql.ts";
import { undoImportPart } from "./undo-import.ts";

/** From so many changed leads on, the indexes' pending lists are merged at the end (see settleIndexes). */
const settle_leads_min = 20_000;
const violations_max = 100;

/** Goes on where the change set is, until it is done or undone. */
export async function goOn(job: JobCtx, id: string): Promise<void> {
  let limit = bounds.part_leads;
  let changed = 0;
  let violations = 0;
  for (;;) {
    job.signal.throwIfAborted();
    const size = limit;
    try {
      // oxlint-disable-next-line no-await-in-loop -- part by part: a long transaction would hold every reader back
      const part = await job.db.tenant(job.actor, (ctx) => nextPart(ctx, id, size), { timeout_ms: 0 });
      if (part === null) break;
      changed += part;
      limit = bounds.part_leads;
    } catch (error) {
      // Between the look and the write another lead was given what one was to get back. The fewer leads at once, the
      // shorter that moment; a single one sees at its next look that its value is taken, and is kept as it is.
      violations += 1;
      if (violated(error) === null || violations > violations_max) throw error;
      limit = Math.max(1, Math.floor(limit / 8));
    }
  }
  if (changed >= settle_leads_min) await settleIndexes(job.db, "lead");
}

/** Null: nothing is left to do. Whoever has the row locked writes the part, so that no part is written twice. */
async function nextPart(ctx: Ctx, id: string, undo_limit: number): Promise<number | null> {
  const set = await selectChangeSet(ctx, id, "lock");
  if (set === null || isMerge(set)) {
    return null;
  }
  if (isImport(set)) {
    return set.state === "undoing" ? undoImportPart(ctx, set, undo_limit) : null;
  }
  if (set.state === "running") {
    return applyPart(ctx, set);
  }
  return set.state === "undoing" ? undoPart(ctx, set, undo_limit) : null;
}

async function applyPart(ctx: Ctx, set: ChangeRow): Promise<number | null> {
  const part = await selectPart(ctx, set.id, set.next_part);
  if (part === undefined) {
    await closeChangeSet(ctx, set.id, "done");
    await deleteParts(ctx, set.id);
    const { summary, total, changed, unchanged, refused } = set;
    await emit(ctx, "bulk.finished", { subject_id: set.id }, { summary, total, changed, unchanged, refused });
    return null;
  }
  await refuseWithoutTarget(ctx, set);
  await byKeys(ctx);
  const locked = await lockDiffering(ctx, set.edit, part.lead_ids);
  const { changed, refused: left } = await writePart(ctx, set, locked);
  const refused = [...refusedOf(locked, set.edit, part.leads), ...left];
  const unchanged = part.leads - changed - refused.reduce((sum, each) => sum + each.count, 0);
  await advanceChangeSet(ctx, set.id, {
    done: part.leads,
    changed,
    unchanged,
    refused: withRefused(set.refused, refused),
  });
  await ringDoorbell(ctx.db);
  return changed;
}

async function writePart(
  ctx: Ctx,
  set: ChangeRow,
  { locked, lead_ids }: Locked,
): Promise<{ changed: number; refused: Refused[] }> {
  if (locked === 0) return { changed: 0, refused: [] };
  return set.edit.kind === "assign"
    ? assignLocked(ctx, set, set.edit, lead_ids)
    : { changed: await writeLocked(ctx, set, lead_ids), refused: [] };
}

async function refuseWithoutTarget(ctx: Ctx, { edit }: ChangeRow): Promise<void> {
  if (edit.kind === "tag" && edit.add && (await selectTag(ctx, { id: edit.tag_id })) === undefined) {
    throw problem("not_in_state", { say: `The tag “${edit.tag}” was deleted meanwhile.` });
  }
  if (edit.kind === "segment" && (await selectStaticSegment(ctx, edit.segment_id))?.set_id !== edit.set_id) {
    throw problem("not_in_state", { say: `The segment “${edit.name}” was deleted meanwhile.` });
  }
  if (edit.kind === "stage" && !(await holdStages(ctx, [edit.stage])).has(edit.stage)) {
    throw problem("not_in_state", { say: `The stage “${edit.name}” was removed meanwhile.` });
  }
  if (edit.kind === "column" && edit.column === "owner_id" && typeof edit.value === "string") {
    const owner = (await holdOwners(ctx, [edit.value])).get(edit.value);
    if (owner !== undefined && "fault" in owner) {
      throw problem("not_in_state", { say: owner.fault.message });
    }
  }
}

function refusedOf(locked: Locked, edit: Edit, leads: number): Refused[] {
  const messages = new Map(cellOf(edit).refusals.map(({ code, message }) => [code, message]));
  return [
    ...locked.refused.map((each) => ({ ...each, message: messages.get(each.code) ?? each.code })),
    {
      code: "gone",
      message: "It was deleted after the change was asked for.",
      count: leads - locked.seen,
      samples: locked.gone_samples,
    },
  ];
}

async function undoPart(ctx: Ctx, set: ChangeRow, limit: number): Promise<number | null> {
  if (set.edit.kind === "stage" && set.edit.removes !== null) {
    await restoreStage(ctx, set.edit.removes);
  }
  await byKeys(ctx);
  const locked = await lockUnedited(ctx, set, limit);
  if (locked.last === null) {
    await closeChangeSet(ctx, set.id, "undone");
    const { summary, restored, kept } = set;
    await emit(ctx, "bulk.undone", { subject_id: set.id }, { summary, restored, kept });
    return null;
  }
  const restored = locked.locked === 0 ? 0 : await restoreLocked(ctx, set, locked.lead_ids);
  await advanceUndo(ctx, set.id, { after: locked.last, restored, kept: locked.looked_at - restored });
  await ringDoorbell(ctx.db);
  return restored;
}

/** What was written stays, and can be undone; an undo can be asked for again. */
export async function failChange(job: JobCtx, id: string, sentence: string): Promise<void> {
  await job.db.tenant(job.actor, async (ctx) => {
    const set = await selectChangeSet(ctx, id, "lock");
    if (set?.state !== "running" && set?.state !== "undoing") return;
    const rest =
      set.state === "running"
        ? "What was changed so far stays, and can be undone."
        : "Undo it again to go on.";
    const failure = `${sentence} ${rest}`;
    await failChangeSet(ctx, id, failure);
    await deleteParts(ctx, id);
    await emit(ctx, "bulk.failed", { subject_id: id }, { summary: set.summary, failure });
  });
}
