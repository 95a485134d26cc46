/** The pipeline: stages as a workspace keeps them, what they ask for, and the moves of leads between them. */
import * as z from "zod";
import { ActorRef, endpoint, Id, Time } from "./common.ts";

export const StageKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "Use lower-case letters, digits and _, beginning with a letter.");
export const StageKind = z.enum(["open", "won", "lost", "archived"]);
export type StageKind = z.infer<typeof StageKind>;
export const Stage = z.object({
  key: z.string(),
  name: z.string(),
  colour: z.string(),
  kind: StageKind.describe("All but open are final: they hold stage and owner until a lead is reopened"),
  position: z.int(),
  target_days: z.int().nullable().describe("How long a lead should stay at most; null: no target"),
  required_fields: z
    .array(z.string())
    .describe("Fields that must have a value before a lead enters: `company`, `attributes.<key>`"),
});
export type Stage = z.infer<typeof Stage>;
export const stages_max = 200;
export const reason_length_max = 200;
export const Reason = z.string().trim().min(1).max(reason_length_max);

/** By what way a lead was moved. */
export const MoveWay = z.enum([
  "card",
  "board",
  "list",
  "bulk",
  "import",
  "api",
  "stage_removed",
  "reopen",
  "automation",
]);
export type MoveWay = z.infer<typeof MoveWay>;
export const Move = z.object({
  id: Id,
  from: z.string(),
  to: z.string(),
  moved_at: Time,
  actor: ActorRef,
  how: MoveWay,
  reason: z.string().nullable(),
  spent_seconds: z.number().describe("How long it had stayed in the stage it left"),
  undone: z.boolean().describe("Put back by an undo, so it doesn't count in reports"),
});
export type Move = z.infer<typeof Move>;

const writable = {
  name: z.string().trim().min(1).max(60),
  colour: z.string().regex(/^#[0-9a-f]{6}$/i, "Use a colour such as #2f6fb0."),
  kind: StageKind,
  target_days: z.int().min(1).max(3650).nullable(),
  required_fields: z.array(z.string().max(80)).max(20),
};
const Key = z.string().max(63);
const tags = ["Pipeline"];
const List = z.object({ data: z.array(Stage) });
export const stages = {
  list: endpoint
    .route({ method: "GET", path: "/stages", tags, summary: "The stages in their order" })
    .meta({ needs: "leads:read" })
    .output(List),
  create: endpoint
    .route({ method: "POST", path: "/stages", tags, successStatus: 201, summary: "Add a stage at the end" })
    .meta({ needs: "settings:write" })
    .input(
      z.strictObject({
        key: StageKey.optional().describe("From the name by default"),
        name: writable.name,
        colour: writable.colour.default("#64748b"),
        kind: writable.kind.default("open"),
        target_days: writable.target_days.default(null),
        required_fields: writable.required_fields.default([]),
      }),
    )
    .output(Stage),
  update: endpoint
    .route({
      method: "PATCH",
      path: "/stages/{key}",
      tags,
      summary: "Rename, recolour, set target and required fields; the key stays",
    })
    .meta({ needs: "settings:write" })
    .input(z.strictObject({ key: Key, ...z.strictObject(writable).partial().shape }))
    .output(Stage),
  order: endpoint
    .route({ method: "PUT", path: "/stage-order", tags, summary: "Put the stages in order" })
    .meta({ needs: "settings:write" })
    .input(
      z.strictObject({
        keys: z.array(Key).max(stages_max).describe("All of them"),
        was: z
          .array(Key)
          .max(stages_max)
          .optional()
          .describe("The order it was changed from: 412 when somebody else changed it meanwhile"),
      }),
    )
    .output(List),
  remove: endpoint
    .route({
      method: "DELETE",
      path: "/stages/{key}",
      tags,
      successStatus: 202,
      summary:
        "Remove a stage; its leads go to another one in the background, as a change that can be undone",
    })
    .meta({ needs: "settings:write" })
    .input(
      z.strictObject({ key: Key, move_to: Key.optional().describe("Needed when leads are in the stage") }),
    )
    .output(z.object({ change_set_id: Id.nullable() })),
};

const Reasons = z.object({ data: z.array(z.string()) });
const reasons_max = 50;
const ReasonWords = z.array(z.string().trim().min(1).max(100)).max(reasons_max);
export const lostReasons = {
  list: endpoint
    .route({
      method: "GET",
      path: "/lost-reasons",
      tags,
      summary: "Why leads are lost, as this workspace words it; other words may be given too",
    })
    .meta({ needs: "leads:read" })
    .output(Reasons),
  save: endpoint
    .route({ method: "PUT", path: "/lost-reasons", tags, summary: "Change the list; recorded reasons stay" })
    .meta({ needs: "settings:write" })
    .input(
      z.strictObject({
        reasons: ReasonWords,
        was: ReasonWords.optional().describe(
          "The list it was changed from: 412 when somebody else changed it meanwhile",
        ),
      }),
    )
    .output(Reasons),
};
