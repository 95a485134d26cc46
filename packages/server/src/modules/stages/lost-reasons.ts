import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { selectLostReasons, upsertLostReasons } from "./stages.sql.ts";

const defaults = ["Price", "No budget", "Chose a competitor", "Bad timing", "No answer", "Not a fit"];

export async function listLostReasons(ctx: Ctx): Promise<{ data: string[] }> {
  return { data: (await selectLostReasons(ctx)) ?? defaults };
}

/** Twice the same in other capitals is kept once. */
export async function saveLostReasons(ctx: Ctx, input: { reasons: string[] }): Promise<{ data: string[] }> {
  const seen = new Set<string>();
  const reasons = input.reasons.filter((reason) => {
    const key = reason.toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
  await upsertLostReasons(ctx, reasons);
  await emit(ctx, "lost_reasons.saved", {}, { reasons });
  return listLostReasons(ctx);
}
