/**
 * Stages: where a lead can stand in the pipeline.
 * Owns: stage. Emits: nothing yet. Hears: nothing. Leaves to others: which lead stands where (leads).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { stagesApi } from "./stages.api.ts";

export { createDefaultStages, first_stage, listStages } from "./stages.ts";

export const stages: Module = {
  name: "stages",
  endpoints: endpointsOf(contract.stages, stagesApi, ["stages"]),
  jobs: [],
  reactions: [],
};
