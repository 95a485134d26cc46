import type { contract } from "@bellwether/contracts";
import type { Implementation } from "../../kernel/http.ts";
import { pipelineCsv, showPipeline } from "./reports.ts";

/** Every lead created in ten years may be looked at. */
const timeout_ms = 60_000;

export const reportsApi: Implementation<typeof contract.reports> = {
  pipeline: (call, input) => call.tenant((ctx) => showPipeline(ctx, input), { timeout_ms }),
  pipelineFile: async (call, input) => {
    const { name, text } = await call.tenant((ctx) => pipelineCsv(ctx, input), { timeout_ms });
    await call.reply
      .header("content-type", "text/csv; charset=utf-8")
      .header("content-disposition", `attachment; filename="${name}"`)
      .send(text);
    // The answer was sent; this only satisfies the contract's type.
    return new File([], "");
  },
};
