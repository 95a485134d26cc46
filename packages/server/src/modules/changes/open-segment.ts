/** Whether a segment takes members from a bulk change or an import. */
import type { FieldError } from "@bellwether/contracts/problems";
import type { Ctx } from "../../kernel/db.ts";
import { type MembersOf, selectStaticSegment } from "./members.sql.ts";

type Open = MembersOf & { name: string };

export async function openSegment(ctx: Ctx, id: string): Promise<Open | { fault: Omit<FieldError, "path"> }> {
  const segment = await selectStaticSegment(ctx, id);
  if (segment === null) {
    return { fault: { code: "unknown_segment", message: "There is no such segment." } };
  }
  const { name, type, state, set_id } = segment;
  if (type !== "static") {
    const message = `“${name}” follows its rule: leads can't be added or removed.`;
    return { fault: { code: "dynamic_segment", message } };
  }
  if (state === "retired") {
    return {
      fault: { code: "retired_segment", message: `“${name}” is retired and stays as it is.` },
    };
  }
  if (set_id === null) {
    const message = `“${name}” is still being filled. Try again when all its members are found.`;
    return { fault: { code: "unusable_segment", message } };
  }
  return { name, segment_id: id, set_id };
}
