/**
 * Fields: what a workspace knows of a lead beyond the standard fields, and what a value of each type may be.
 * Owns: field. Emits: field.created, field.updated, field.ordered, field.deleted. Hears: nothing.
 * Leaves to others: the values themselves, in attributes and in the slots of fast fields (leads).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { fieldsApi } from "./fields.api.ts";

export { createField, forgetField, listFields } from "./fields.ts";
export { parsePhone } from "./phone.ts";
export type { KnownField } from "./slots.ts";
export {
  advanceSlotWork,
  beginSlotWork,
  fieldSlot,
  finishSlotWork,
  lockSlotWork,
  selectUnprepared,
  type SlotWork,
  writtenMirrors,
} from "./slots.sql.ts";

export const fields: Module = {
  name: "fields",
  endpoints: endpointsOf(contract.fields, fieldsApi, ["fields"]),
  jobs: [],
  reactions: [],
};
