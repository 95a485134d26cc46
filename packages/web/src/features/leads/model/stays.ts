import type { Lead } from "@bellwether/contracts/leads";
import type { Move } from "@bellwether/contracts/pipeline";

/** One stretch of a lead in a stage. */
export interface Stay {
  id: string;
  stage: string;
  seconds: number;
  /** The move that ended it; null for where the lead stands now. */
  left: Move | null;
}

/** Where a lead stood and for how long, newest first. Moves that were undone ended nothing. */
export function staysOf(
  lead: Pick<Lead, "stage" | "stage_since">,
  moves: readonly Move[],
  now: number,
): Stay[] {
  const seconds = Math.max(0, (now - Date.parse(lead.stage_since)) / 1000);
  return [
    { id: "now", stage: lead.stage, seconds, left: null },
    ...moves
      .filter((move) => !move.undone)
      .map((move) => ({ id: move.id, stage: move.from, seconds: move.spent_seconds, left: move })),
  ];
}

/** How long in each stage altogether, where a lead was in one more than once. */
export function totalsOf(stays: readonly Stay[]): Map<string, number> {
  const sums = Map.groupBy(stays, (stay) => stay.stage);
  return new Map(
    [...sums].flatMap(([stage, of]): [string, number][] =>
      of.length > 1 ? [[stage, of.reduce((sum, stay) => sum + stay.seconds, 0)]] : [],
    ),
  );
}
