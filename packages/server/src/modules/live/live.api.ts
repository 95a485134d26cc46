import type { contract } from "@bellwether/contracts";
import type { Implementation } from "../../kernel/http.ts";
import type { LiveStream } from "../../kernel/live.ts";

export function liveApi(stream: LiveStream): Implementation<typeof contract.live> {
  return {
    stream: async (call) => {
      await stream.serve(call.actor, call.reply);
      return "";
    },
  };
}
