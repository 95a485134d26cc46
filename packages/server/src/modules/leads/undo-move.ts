/** One's own move of a lead, taken back. Moves of many are undone as the change they were (modules/changes). */
import type { Lead } from "@bellwether/contracts/leads";
import { undo_move_minutes } from "@bellwether/contracts/moves";
import { may } from "@bellwether/contracts/permissions";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { problem } from "../../kernel/problems.ts";
import { lockLead, showLead, valueScope } from "./leads.ts";
import { movedMeanwhile } from "./moves.ts";
import { selectLastMove, takeBackMove } from "./moves.sql.ts";

/**
 * Takes back one's own move as if it hadn't been: the stage, since when, and why it was lost. Also out of a final stage,
 * which everything else leaves by reopening alone; therefore only the move that brought the lead there, and not for long.
 */
export async function undoMove(ctx: Ctx, input: { id: string; from?: string | undefined }): Promise<Lead> {
  const scope = await valueScope(ctx);
  const lead = await lockLead(ctx, input.id);
  if (input.from !== undefined && input.from !== lead.columns.stage) {
    throw await movedMeanwhile(ctx, scope, lead);
  }
  const move = await selectLastMove(ctx, lead.id);
  const { stage } = lead.columns;
  const here = scope.stages.get(stage);
  if (move === null) {
    throw problem("not_in_state", {
      say: `Nothing moved this lead to “${here?.name ?? stage}” that could be undone.`,
    });
  }
  const instead = here?.kind === "open" ? "Move it where it belongs." : insteadOfUndo(ctx);
  if (ctx.actor.id === null || move.actor.id !== ctx.actor.id) {
    throw problem("forbidden", {
      say: `${move.actor.name} moved this lead to “${here?.name ?? stage}”. Who moved it can undo that. ${instead}`,
    });
  }
  if (move.of_many) {
    throw problem("not_in_state", { say: "This lead was moved together with others. Undo that change." });
  }
  if (now().getTime() - move.moved_at.getTime() > undo_move_minutes * 60_000) {
    throw problem("not_in_state", {
      say: `This move is more than ${undo_move_minutes} minutes old, so it can't be undone. ${instead}`,
    });
  }
  if (!scope.stages.has(move.from)) {
    throw problem("not_in_state", { say: `The stage that this lead came from was removed. ${instead}` });
  }
  await takeBackMove(ctx, { id: move.id }, lead.id);
  const data = { from: stage, to: move.from, reason: move.was_reason, how: move.how, undo: true };
  await emit(ctx, "stage.changed", { lead_id: lead.id }, data);
  return showLead(ctx, lead);
}

function insteadOfUndo(ctx: Ctx): string {
  return may(ctx.actor.role, "leads:reopen") ? "Reopen the lead." : "Ask a manager to reopen the lead.";
}
