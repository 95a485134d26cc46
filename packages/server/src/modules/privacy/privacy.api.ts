import { Readable } from "node:stream";
import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { eraseMany, eraseOne, showErasure, showErasureOfMany } from "./erasure.ts";
import { recordOf } from "./record.ts";

export const privacyApi: Implementation<typeof contract.privacy> = {
  erasure: tenant(showErasure),
  erase: tenant(eraseOne),
  erasureOfMany: tenant(showErasureOfMany),
  eraseMany: tenant(eraseMany),
  record: async (call, input) => {
    const { file_name, text } = await recordOf(call.db, call.actor, input.id);
    await call.reply
      .header("content-type", "application/json; charset=utf-8")
      .header(
        "content-disposition",
        `attachment; filename="lead.json"; filename*=UTF-8''${encodeURIComponent(file_name)}`,
      )
      .send(Readable.from(text, { objectMode: false }));
    // The answer is the stream; this only satisfies the contract's type.
    return new File([], file_name);
  },
};
