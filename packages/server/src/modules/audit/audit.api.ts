import { Readable } from "node:stream";
import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { auditCsv, listAudit } from "./audit.ts";

export const auditApi: Implementation<typeof contract.audit> = {
  list: tenant(listAudit),
  file: async (call, input) => {
    const text = await auditCsv(call.db, call.actor, input);
    await call.reply
      .header("content-type", "text/csv; charset=utf-8")
      .header("content-disposition", 'attachment; filename="audit log.csv"')
      .send(Readable.from(text, { objectMode: false }));
    // The answer is the stream; this only satisfies the contract's type.
    return new File([], "");
  },
};
