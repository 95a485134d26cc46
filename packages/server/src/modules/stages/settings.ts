/** How a workspace changes its stages. */
import { type Stage, type StageKind, stages_max } from "@bellwether/contracts/pipeline";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { invalid, notFound, problem } from "../../kernel/problems.ts";
import { listStages } from "./stages.ts";
import {
  closeToLeads,
  insertStages,
  markRemoved,
  selectKeys,
  selectRemovedName,
  selectStages,
  stageIsUsed,
  unmarkRemoved,
  updateStageOrder,
  updateStageRow,
} from "./stages.sql.ts";

export interface StageIn {
  key?: string | undefined;
  name: string;
  colour: string;
  kind: StageKind;
  target_days: number | null;
  required_fields: string[];
}

export async function addStage(ctx: Ctx, input: StageIn): Promise<Stage> {
  const stages = await lockedStages(ctx);
  if (stages.length >= stages_max) {
    throw invalid([
      {
        path: "name",
        code: "too_many",
        message: `A pipeline has at most ${stages_max} stages. Remove one first.`,
      },
    ]);
  }
  refuseName(stages, input.name, null);
  const taken = await selectKeys(ctx);
  if (input.key !== undefined && taken.has(input.key)) {
    throw problem("name_taken", {
      say: `There is or was a stage with the key “${input.key}”. Choose another key.`,
      errors: [{ path: "key", code: "name_taken", message: "This key is taken." }],
    });
  }
  const key = input.key ?? freeKey(input.name, taken);
  const position = Math.max(-1, ...stages.map((stage) => stage.position)) + 1;
  await insertStages(ctx, [{ ...input, key, position }]);
  await emit(ctx, "stage.created", {}, { key, name: input.name });
  return stageOf(ctx, key);
}

export type StagePatch = { key: string } & { [K in Exclude<keyof StageIn, "key">]?: StageIn[K] | undefined };
export async function changeStage(ctx: Ctx, input: StagePatch): Promise<Stage> {
  const stages = await lockedStages(ctx);
  const { key, ...changes } = input;
  const stage = stages.find((each) => each.key === key);
  if (stage === undefined) {
    throw notFound("stage");
  }
  if (changes.name !== undefined) refuseName(stages, changes.name, key);
  if (changes.kind !== undefined) await refuseKind(ctx, stages, stage, changes.kind);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  await updateStageRow(ctx, key, given);
  await emit(ctx, "stage.updated", {}, { key, name: stage.name, changes: given });
  return stageOf(ctx, key);
}

/** Whether leads are held by their stage is written in each of them, so a stage with leads stays open or final. */
async function refuseKind(ctx: Ctx, stages: Stage[], stage: Stage, kind: StageKind): Promise<void> {
  if ((stage.kind === "open") === (kind === "open")) return;
  if (kind !== "open") refuseLastOpen(stages, stage, "become final");
  await closeToLeads(ctx, stage.key);
  if (await stageIsUsed(ctx, stage.key)) {
    throw problem("not_in_state", {
      say: `Leads are in “${stage.name}” (or were when they were deleted), so it stays ${stage.kind === "open" ? "open" : "final"}. Add another stage and move them there.`,
      errors: [{ path: "kind", code: "in_use", message: "Leads are in this stage." }],
    });
  }
}

export async function orderStages(
  ctx: Ctx,
  input: { keys: string[]; was?: string[] | undefined },
): Promise<{ data: Stage[] }> {
  const stages = await lockedStages(ctx);
  const keys = stages.map((stage) => stage.key);
  if (input.was !== undefined && input.was.join() !== keys.join()) {
    throw problem("changed_meanwhile", {
      say: "Somebody else changed the stages meanwhile. Look at their order, then put yours in.",
      also: { current: keys },
    });
  }
  const errors = [
    ...input.keys.filter((key) => !keys.includes(key)).map((key) => `There is no stage “${key}”.`),
    ...keys.filter((key) => !input.keys.includes(key)).map((key) => `The stage “${key}” is missing.`),
    ...(new Set(input.keys).size < input.keys.length ? ["A stage is named twice."] : []),
  ];
  if (errors.length > 0) {
    throw invalid(errors.map((message) => ({ path: "keys", code: "not_all_stages", message })));
  }
  await updateStageOrder(ctx, input.keys);
  await emit(ctx, "stage.ordered", {}, { keys: input.keys });
  return { data: await listStages(ctx) };
}

/** Takes a stage off the list. Its leads are the caller's business, in the same transaction. */
export async function closeStage(
  ctx: Ctx,
  input: { key: string; move_to?: string | undefined },
): Promise<{ stage: Stage; to: Stage | null }> {
  const stages = await lockedStages(ctx);
  const stage = stages.find((each) => each.key === input.key);
  if (stage === undefined) {
    throw notFound("stage");
  }
  if (stage.kind === "open") refuseLastOpen(stages, stage, "be removed");
  const to = input.move_to === undefined ? null : stages.find((each) => each.key === input.move_to);
  if (to === undefined || to?.key === stage.key) {
    throw invalid([
      { path: "move_to", code: "unknown_stage", message: "Choose another stage that exists for its leads." },
    ]);
  }
  await closeToLeads(ctx, stage.key);
  await markRemoved(ctx, stage.key, to?.key ?? null);
  await emit(ctx, "stage.removed", {}, { key: stage.key, name: stage.name, moved_to: to?.key ?? null });
  return { stage, to };
}

/** Brings a removed stage back, for the undo of its removal; under another name when its own is taken by now. */
export async function restoreStage(ctx: Ctx, key: string): Promise<void> {
  const stages = await lockedStages(ctx);
  const name = await selectRemovedName(ctx, key);
  if (name === null) return;
  const taken = stages.some((stage) => stage.name.toLowerCase() === name.toLowerCase());
  const restored = await unmarkRemoved(ctx, key, taken ? `${name} (${key})` : name);
  await emit(ctx, "stage.restored", {}, { key, name: restored });
}

/** One at a time: two who change the list see each other's change. */
async function lockedStages(ctx: Ctx): Promise<Stage[]> {
  await selectStages(ctx, "lock");
  // Again: a row that another one added while we waited is not among the locked ones.
  return listStages(ctx);
}

async function stageOf(ctx: Ctx, key: string): Promise<Stage> {
  const stage = (await listStages(ctx)).find((each) => each.key === key);
  if (stage === undefined) {
    throw notFound("stage");
  }
  return stage;
}

function refuseName(stages: Stage[], name: string, own: string | null): void {
  const other = stages.find((stage) => stage.key !== own && stage.name.toLowerCase() === name.toLowerCase());
  if (other !== undefined) {
    throw problem("name_taken", {
      say: `There is a stage “${other.name}” already. Choose another name.`,
      errors: [{ path: "name", code: "name_taken", message: `“${other.name}” exists already.` }],
    });
  }
}

function refuseLastOpen(stages: Stage[], stage: Stage, what: string): void {
  if (stages.filter((each) => each.kind === "open").length === 1) {
    throw problem("not_in_state", {
      say: `“${stage.name}” is the only open stage, and new leads need one, so it can't ${what}. Add another open stage first.`,
    });
  }
}

function freeKey(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[_0-9]+|_+$/g, "")
    .slice(0, 50);
  const key = plain === "" ? "stage" : plain;
  for (let n = 2, candidate = key; ; candidate = `${key}_${n}`, n += 1) {
    if (!taken.has(candidate)) return candidate;
  }
}
