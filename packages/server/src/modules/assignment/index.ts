/**
 * Assignment: who gets which leads by themselves: rules in order, whose turn it is, and when members are at work.
 * Owns: assignment_rule, member_availability, assignment_wait (leads that came while nobody of their rule was there; its pulse
 * gives them away once somebody is). Emits: assignment_rule.*, member.availability_changed, lead.assigned (with
 * `how`, the rule's name). Hears: lead.created. Leaves to others: what an owner is (leads), members (identity), work on
 * many leads with its undo, and the leads of who leaves (changes).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { assignmentApi } from "./assignment.api.ts";
import { assignmentReactions } from "./assignment.reacts.ts";
import { assignWaiting } from "./waiting.ts";

export { type Choice, choose, takenByAny } from "./choose.ts";
export { waitFor } from "./waiting.ts";

export const assignment: Module = {
  name: "assignment",
  endpoints: endpointsOf(contract.assignment, assignmentApi, ["assignment"]),
  jobs: [],
  reactions: assignmentReactions,
  pulse: assignWaiting,
};
