import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";

export interface Age {
  /** As short as a card has room for: “12 d”. */
  words: string;
  /** In a sentence, for who doesn't see the colour. */
  spoken: string;
  state: "fine" | "soon" | "over";
}

const minute_ms = 60_000;
const hour_ms = 60 * minute_ms;
const day_ms = 24 * hour_ms;
/** From this share of the target on a lead is soon overdue. */
const soon_from = 0.75;

/** How long a lead has been in its stage, and how that is against the stage's target. */
export function ageOf(
  lead: Pick<Lead, "stage_since">,
  stage: Pick<Stage, "kind" | "target_days">,
  now: number,
): Age {
  const spent_ms = Math.max(0, now - Date.parse(lead.stage_since));
  const [count, unit, short] = inUnits(spent_ms);
  const words = spent_ms < minute_ms ? "now" : `${count} ${short}`;
  const spoken = `${count} ${unit}${count === 1 ? "" : "s"} in this stage`;
  // Who arrived stays: a final stage has no hurry.
  if (stage.target_days === null || stage.kind !== "open") return { words, spoken, state: "fine" };
  const target = `${stage.target_days} ${stage.target_days === 1 ? "day" : "days"}`;
  const target_ms = stage.target_days * day_ms;
  if (spent_ms > target_ms)
    return { words, spoken: `${spoken}, past the target of ${target}`, state: "over" };
  if (spent_ms >= target_ms * soon_from)
    return { words, spoken: `${spoken}, near the target of ${target}`, state: "soon" };
  return { words, spoken: `${spoken}, within the target of ${target}`, state: "fine" };
}

function inUnits(spent_ms: number): [number, string, string] {
  if (spent_ms < hour_ms) return [Math.floor(spent_ms / minute_ms), "minute", "min"];
  if (spent_ms < day_ms) return [Math.floor(spent_ms / hour_ms), "hour", "h"];
  return [Math.floor(spent_ms / day_ms), "day", "d"];
}
