import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { listChanges, previewBulk, showChange, startBulk, undoChange, type Work } from "./changes.ts";

/** Counting or keeping all that match may read every lead: 5,000,000 in some seconds. */
const timeout_ms = 60_000;

export function bulkApi(work: Work): Implementation<typeof contract.bulk> {
  return {
    start: (call, input) => call.tenant((ctx) => startBulk(ctx, input, work), { timeout_ms }),
    preview: (call, input) => call.tenant((ctx) => previewBulk(ctx, input), { timeout_ms }),
  };
}

export function changesApi(work: Work): Implementation<typeof contract.changes> {
  return {
    list: tenant(listChanges),
    show: tenant(showChange),
    undo: (call, input) => call.tenant((ctx) => undoChange(ctx, input, work)),
  };
}
