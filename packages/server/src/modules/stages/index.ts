/**
 * Stages: where a lead can stand in the pipeline, and what a stage asks of a lead that enters.
 * Owns: stage, lost_reason_list. Emits: stage.created, stage.updated, stage.ordered, stage.removed, stage.restored,
 * lost_reasons.saved. Hears: nothing. Leaves to others: which lead stands where, and moves (leads); the settings'
 * endpoints, since a stage's leads go elsewhere by a bulk change (pipeline).
 */
export { beginStage, createDefaultStages, listStages, unknownStage } from "./stages.ts";
export { addStage, changeStage, closeStage, orderStages, restoreStage } from "./settings.ts";
export { listLostReasons, saveLostReasons } from "./lost-reasons.ts";
export { holdStages } from "./stages.sql.ts";
