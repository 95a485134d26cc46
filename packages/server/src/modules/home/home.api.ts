import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { listActivity } from "./activity.ts";
import { showHome } from "./home.ts";

export const homeApi: Implementation<typeof contract.home> = {
  show: tenant(showHome),
  activity: tenant(listActivity),
};
