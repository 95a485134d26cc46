/**
 * Privacy: what a person may ask of us: everything that is known of them, and that it is forgotten.
 * Owns: no table. Emits: lead.exported. Hears: nothing. Stands behind every module that keeps something of leads, and
 * uses their faces: what they keep is theirs to tell and to forget, in the one transaction in which the lead goes.
 * Leaves to others: the bin itself (leads), the files of imports (imports, by lead.erased).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { privacyApi } from "./privacy.api.ts";
import { emptyBins } from "./erasure.ts";

export const privacy: Module = {
  name: "privacy",
  endpoints: endpointsOf(contract.privacy, privacyApi, ["privacy"]),
  jobs: [],
  reactions: [],
  upkeep: emptyBins,
};
