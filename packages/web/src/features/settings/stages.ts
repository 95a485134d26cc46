import type { Field } from "@bellwether/contracts/fields";
import { standardFields } from "@bellwether/contracts/fields";
import type { Stage, StageKind } from "@bellwether/contracts/pipeline";
import { StageKind as Kinds } from "@bellwether/contracts/pipeline";
import { api, queryClient } from "../../api.ts";

export const kindWords: Record<StageKind, { label: string; hint: string }> = {
  open: { label: "Open", hint: "Leads here are being worked on." },
  won: { label: "Won", hint: "Final: stage and owner are held until a manager reopens the lead." },
  lost: { label: "Lost", hint: "Final, and asks why the lead came to nothing." },
  archived: { label: "Archived", hint: "Final: put aside, neither won nor lost." },
};
export const kinds = Kinds.options.map((kind) => ({ value: kind, label: kindWords[kind].label }));
export const isKind = (word: string | null): word is StageKind => Kinds.safeParse(word).success;

const never = new Set(["stage", "lost_reason", "tags"]);
/** The fields that a stage may ask for. */
export function askable(fields: readonly Field[]): { value: string; label: string }[] {
  return [
    ...standardFields
      .filter((field) => (field.writable || field.key === "owner_id") && !never.has(field.key))
      .map((field) => ({ value: field.key, label: field.label })),
    ...fields
      .filter((field) => !field.archived)
      .map((field) => ({ value: `attributes.${field.key}`, label: field.label })),
  ];
}

/** What a stage asks for and how long leads should stay, in a few words. */
export function stageWords(stage: Stage, labels: ReadonlyMap<string, string>): string {
  const asked = stage.required_fields.map((id) => labels.get(id) ?? id.replace(/^attributes\./, ""));
  const words = [
    ...(stage.target_days === null
      ? []
      : [`target ${stage.target_days} ${stage.target_days === 1 ? "day" : "days"}`]),
    ...(stage.kind === "lost" ? ["asks for a reason"] : []),
    ...(asked.length === 0 ? [] : [`asks for ${asked.join(", ")}`]),
  ].join(" · ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export async function readStages(): Promise<void> {
  await Promise.all(
    [api.stages, api.board].map((area) => queryClient.invalidateQueries({ queryKey: area.key() })),
  );
}
