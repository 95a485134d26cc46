/**
 * Events: what others report of leads, the catalogue of their names, and how long they are kept.
 * Owns: event_name, event_property, event_setting; what it writes into the log goes through kernel/reported.ts and taken-back.ts.
 * Emits: what is reported, by its own names; event.*, events.*. Hears: lead.erased (what came in while it was).
 * Leaves to others: what rules ask of events (rules), the timeline (leads), the log itself (kernel).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { eventNamesApi, eventsApi } from "./events.api.ts";
import { eventReactions } from "./events.reacts.ts";
import { keepInBounds } from "./upkeep.ts";

export const events: Module = {
  name: "events",
  endpoints: [
    ...endpointsOf(contract.events, eventsApi, ["events"]),
    ...endpointsOf(contract.eventNames, eventNamesApi, ["eventNames"]),
  ],
  jobs: [],
  reactions: eventReactions,
  upkeep: keepInBounds,
};
