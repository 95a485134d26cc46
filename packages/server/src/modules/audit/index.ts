/**
 * Audit: the event log as what it also is, the record of who did what, from where, with before and after.
 * Owns: no table. Emits: audit.exported. Hears: nothing. Leaves to others: writing events (everybody), a lead's timeline (leads).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { auditApi } from "./audit.api.ts";

export const audit: Module = {
  name: "audit",
  endpoints: endpointsOf(contract.audit, auditApi, ["audit"]),
  jobs: [],
  reactions: [],
};
