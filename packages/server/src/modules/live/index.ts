/**
 * Live: the stream of what happens, for the screen.
 * Owns no table. Emits nothing. Hears everything, by the event log. Leaves to others: what a reader may see (leads).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { LiveStream } from "../../kernel/live.ts";
import type { Module } from "../../kernel/module.ts";
import { liveApi } from "./live.api.ts";

export function live(stream: LiveStream): Module {
  return {
    name: "live",
    endpoints: endpointsOf(contract.live, liveApi(stream), ["live"]),
    jobs: [],
    reactions: [],
  };
}
