/**
 * Views: rule, columns and sort of the list, or the board and what its cards show, under a name, for one member or for all.
 * Owns: view, view_order. Emits: view.created, view.updated, view.deleted. Hears: nothing.
 * Leaves to others: what a rule means (rules), which leads it shows (leads).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { viewsApi } from "./views.api.ts";

export { forgetInViews } from "./views.sql.ts";

export const views: Module = {
  name: "views",
  endpoints: endpointsOf(contract.views, viewsApi, ["views"]),
  jobs: [],
  reactions: [],
};
