import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { assignLead, listTakers, previewAssignment } from "./assign.ts";
import { saveAvailability, showAvailability } from "./availability.ts";
import { createRule, listRules, orderRules, removeRule, updateRule } from "./rules.ts";

export const assignmentApi: Implementation<typeof contract.assignment> = {
  rules: {
    list: tenant(async (ctx) => ({ data: await listRules(ctx) })),
    create: tenant(createRule),
    update: tenant(updateRule),
    remove: tenant(removeRule),
    order: tenant(orderRules),
    preview: tenant(previewAssignment),
  },
  assign: tenant(assignLead),
  takers: tenant(async (ctx) => ({ data: await listTakers(ctx) })),
  availability: {
    show: tenant(showAvailability),
    save: tenant(saveAvailability),
  },
};
