import type { BoardColumn } from "@bellwether/contracts/board";
import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";

/** The order on the board: the way leads go, with where they end at the right. */
export function boardStages(stages: readonly Stage[]): Stage[] {
  const inOrder = stages.toSorted((a, b) => a.position - b.position);
  return [...inOrder.filter(isOpen), ...inOrder.filter((stage) => !isOpen(stage))];
}

export const isOpen = (stage: Pick<Stage, "kind">): boolean => stage.kind === "open";

/** Moves that were made here and that the server may not have told of yet, by lead. */
export type Moved = ReadonlyMap<string, { lead: Lead; to: string; at: string }>;

/** A column as it is with the moves under way: shown at once, and gone again when one is refused. */
export function withMoves(
  column: Pick<BoardColumn, "stage" | "count">,
  leads: readonly Lead[],
  moved: Moved,
): { leads: Lead[]; count: number } {
  const here = new Set(leads.map((lead) => lead.id));
  const arriving = [...moved.values()].filter(({ lead, to }) => to === column.stage && !here.has(lead.id));
  const left = leads.filter((lead) => (moved.get(lead.id)?.to ?? column.stage) === column.stage);
  const gone = [...moved.values()].filter(
    ({ lead, to }) => lead.stage === column.stage && to !== column.stage && here.has(lead.id),
  );
  return {
    leads: [
      ...arriving.map(({ lead, to, at }) => ({ ...lead, stage: to, stage_since: at })).toReversed(),
      ...left,
    ],
    count: Math.max(0, column.count + arriving.length - gone.length),
  };
}

/** Each lead once, where it came first: pages that were read at different moments may both hold it. */
export function eachOnce(leads: readonly Lead[]): Lead[] {
  return [...new Map(leads.map((lead) => [lead.id, lead])).values()];
}

/** “1,204”, or “≈ 1,200” when it is an estimate. */
export function countWords(count: number, exact: boolean): string {
  return `${exact ? "" : "≈ "}${count.toLocaleString()}`;
}
