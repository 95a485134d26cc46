import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { download } from "./download.ts";
import { createExport, type ExportJobs, listExports, showExport } from "./exports.ts";

export function exportsApi(jobs: ExportJobs): Implementation<typeof contract.exports> {
  return {
    create: (call, input) => call.tenant((ctx) => createExport(ctx, input, jobs)),
    list: tenant(listExports),
    show: tenant(showExport),
    file: async (call, input) => {
      const { range, "if-range": if_range } = call.request.headers;
      // Compressed on the way, the bytes would be others than those that a later range counts.
      call.request.headers["x-no-compression"] = "1";
      const part = await call.tenant((ctx) =>
        download(ctx, { ...input, range, if_range }, call.config.dataDir),
      );
      await call.reply.code(part.status).headers(part.headers).send(part.body);
      // The answer is the stream; this only satisfies the contract's type.
      return new File([], "");
    },
  };
}
