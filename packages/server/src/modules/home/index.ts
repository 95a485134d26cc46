/**
 * Home: what a member sees first.
 * Owns nothing: leads keeps the leads, the event log what happened.
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { homeApi } from "./home.api.ts";

export const home: Module = {
  name: "home",
  endpoints: endpointsOf(contract.home, homeApi, ["home"]),
  jobs: [],
  reactions: [],
};
