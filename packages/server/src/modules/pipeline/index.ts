/**
 * Pipeline: the settings of a workspace's stages, and what removing one means for its leads.
 * Owns nothing: stages keeps them, leads moves through them, changes moves many at once and undoes it.
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { lostReasonsApi, stagesApi } from "./pipeline.api.ts";

export const pipeline: Module = {
  name: "pipeline",
  endpoints: [
    ...endpointsOf(contract.stages, stagesApi, ["stages"]),
    ...endpointsOf(contract.lostReasons, lostReasonsApi, ["lostReasons"]),
  ],
  jobs: [],
  reactions: [],
};
