/**
 * Reports: what the moves of leads tell, for a period in the workspace's zone.
 * Owns nothing: leads keeps the leads and their moves, stages the stages.
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { reportsApi } from "./reports.api.ts";

export const reports: Module = {
  name: "reports",
  endpoints: endpointsOf(contract.reports, reportsApi, ["reports"]),
  jobs: [],
  reactions: [],
};
