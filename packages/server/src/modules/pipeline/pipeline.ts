import { standardFields } from "@bellwether/contracts/fields";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { Ctx } from "../../kernel/db.ts";
import { invalid, problem } from "../../kernel/problems.ts";
import { moveAll } from "../changes/index.ts";
import { listFields } from "../fields/index.ts";
import { countInStage } from "../leads/index.ts";
import { addStage, changeStage, closeStage } from "../stages/index.ts";

type NewStage = Parameters<typeof addStage>[1];
export async function createStage(ctx: Ctx, input: NewStage): Promise<Stage> {
  await refuseUnknownFields(ctx, input.required_fields);
  return addStage(ctx, input);
}

export async function updateStage(ctx: Ctx, input: Parameters<typeof changeStage>[1]): Promise<Stage> {
  if (input.required_fields !== undefined) {
    await refuseUnknownFields(ctx, input.required_fields);
  }
  return changeStage(ctx, input);
}

/** What Bellwether keeps itself can't be asked for; neither can the stage, nor why a lead is lost. */
const never = new Set(["stage", "lost_reason", "tags"]);
const requirable = new Set<string>(
  standardFields
    .filter((field) => (field.writable || field.key === "owner_id") && !never.has(field.key))
    .map((field) => field.key),
);

async function refuseUnknownFields(ctx: Ctx, names: string[]): Promise<void> {
  const custom = new Set((await listFields(ctx)).map((field) => `attributes.${field.key}`));
  const unknown = names.filter((name) => !requirable.has(name) && !custom.has(name));
  if (unknown.length > 0) {
    throw invalid(
      unknown.map((name) => ({
        path: "required_fields",
        code: "unknown_field",
        message: `“${name}” isn't a field that a stage can ask for.`,
      })),
    );
  }
  if (new Set(names).size < names.length) {
    throw invalid([
      { path: "required_fields", code: "duplicate", message: "A field is named twice. Name each once." },
    ]);
  }
}

/** Takes the stage off the list; its leads go where somebody says, in the background. */
export async function removeStage(ctx: Ctx, input: { key: string; move_to?: string | undefined }) {
  const { stage, to } = await closeStage(ctx, input);
  const leads = await countInStage(ctx, stage.key);
  if (leads === 0) {
    return { change_set_id: null };
  }
  if (to === null) {
    const count = leads.toLocaleString("en");
    throw problem("not_in_state", {
      say: `${count} ${leads === 1 ? "lead is" : "leads are"} in “${stage.name}”. Choose the stage where ${leads === 1 ? "it goes" : "they go"} (move_to).`,
      errors: [{ path: "move_to", code: "required", message: "Choose where its leads go." }],
      also: { leads },
    });
  }
  return { change_set_id: await moveAll(ctx, { from: stage, to }) };
}
