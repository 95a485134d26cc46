import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { createView, deleteView, listViews, orderViews, showView, updateView } from "./views.ts";

export const viewsApi: Implementation<typeof contract.views> = {
  list: tenant(async (ctx) => ({ data: await listViews(ctx) })),
  create: tenant(createView),
  show: tenant(showView),
  update: tenant(updateView),
  remove: tenant(deleteView),
  order: tenant(async (ctx, input) => ({ data: await orderViews(ctx, input) })),
};
