import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { problem } from "../../kernel/problems.ts";
import { selectLostReasons, selectStages, upsertLostReasons } from "./stages.sql.ts";

const defaults = ["Price", "No budget", "Chose a competitor", "Bad timing", "No answer", "Not a fit"];

export async function listLostReasons(ctx: Ctx): Promise<{ data: string[] }> {
  return { data: (await selectLostReasons(ctx)) ?? defaults };
}

/** Twice the same in other capitals is kept once. */
export async function saveLostReasons(
  ctx: Ctx,
  input: { reasons: string[]; was?: string[] | undefined },
): Promise<{ data: string[] }> {
  // With the stages, of which there always are some: the list itself has no row until it is first changed.
  await selectStages(ctx, "lock");
  const { data: current } = await listLostReasons(ctx);
  if (input.was !== undefined && JSON.stringify(input.was) !== JSON.stringify(current)) {
    throw problem("changed_meanwhile", {
      say: "Somebody else changed the lost reasons meanwhile. Look at theirs, then decide.",
      also: { current },
    });
  }
  const seen = new Set<string>();
  const reasons = input.reasons.filter((reason) => {
    const key = reason.toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
  await upsertLostReasons(ctx, reasons);
  await emit(ctx, "lost_reasons.saved", {}, { reasons });
  return listLostReasons(ctx);
}
