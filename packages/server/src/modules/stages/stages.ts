import { Stage } from "@bellwether/contracts/pipeline";
import type { FieldError } from "@bellwether/contracts/problems";
import type { Ctx } from "../../kernel/db.ts";
import { insertStages, selectStages } from "./stages.sql.ts";

const defaults: [key: string, name: string, colour: string, kind: Stage["kind"]][] = [
  ["new", "New", "#64748b", "open"],
  ["contacted", "Contacted", "#2f6fb0", "open"],
  ["qualifying", "Qualifying", "#7a5cb8", "open"],
  ["qualified", "Qualified", "#0f7b6c", "open"],
  ["follow_up", "Follow-up", "#b26a00", "open"],
  ["converted", "Converted", "#2e7d32", "won"],
  ["lost", "Lost", "#b3383b", "lost"],
  ["archived", "Archived", "#7d7a75", "archived"],
];

export async function createDefaultStages(ctx: Ctx): Promise<void> {
  const rest = { target_days: null, required_fields: [] };
  await insertStages(
    ctx,
    defaults.map(([key, name, colour, kind], position) => ({ key, name, colour, kind, position, ...rest })),
  );
}

export async function listStages(ctx: Ctx): Promise<Stage[]> {
  return Stage.array().parse(await selectStages(ctx));
}

/** Where a lead begins when nobody says otherwise. A pipeline always has an open stage. */
export function beginStage(stages: Iterable<Stage>): Stage {
  const first = [...stages].find((stage) => stage.kind === "open");
  if (first === undefined) {
    throw new Error("this workspace has no open stage");
  }
  return first;
}

export function unknownStage(path: string, key: string, stages: Iterable<Stage>): FieldError {
  const all = [...stages];
  const near = nearestStage(key, all);
  const instead =
    near === null ? `Use one of ${all.map((stage) => stage.key).join(", ")}.` : `Did you mean “${near.key}”?`;
  return { path, code: "unknown_stage", message: `There is no stage “${key}”. ${instead}` };
}

/** The stage that was meant: by its name, or by the start that two words share. */
function nearestStage(word: string, stages: readonly Stage[]): Stage | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  const wanted = plain(word);
  if (wanted.length < 3) return null;
  return (
    stages.find((stage) => plain(stage.key) === wanted || plain(stage.name) === wanted) ??
    stages.find((stage) => plain(stage.key).startsWith(wanted) || wanted.startsWith(plain(stage.key))) ??
    stages.find((stage) => plain(stage.key).slice(0, 4) === wanted.slice(0, 4)) ??
    null
  );
}
