import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { previewMerge } from "../leads/index.ts";
import { dismissPair, listPairs, merge, suggestPair } from "./duplicates.ts";

export const duplicatesApi: Implementation<typeof contract.duplicates> = {
  list: tenant(listPairs),
  dismiss: tenant(dismissPair),
  suggest: tenant(suggestPair),
  preview: tenant(previewMerge),
  merge: tenant(merge),
};
