import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { createField, deleteField, listFields, orderFields, updateField } from "./fields.ts";

export const fieldsApi: Implementation<typeof contract.fields> = {
  list: tenant(async (ctx, input) => ({
    data: await listFields(ctx, input.archived === "true" ? "too" : "not"),
  })),
  create: tenant(createField),
  update: tenant(updateField),
  order: tenant(orderFields),
  remove: tenant(deleteField),
};
