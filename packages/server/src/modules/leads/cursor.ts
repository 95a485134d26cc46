import * as z from "zod";
import { problem } from "../../kernel/problems.ts";

const Cursor = z.strictObject({
  /** Which question it goes on with; a cursor of another one would skip or repeat leads. */
  of: z.string(),
  id: z.uuid(),
  /** The sort field's value at `id`; null where that lead has none. */
  value: z.string().nullable().optional(),
});
export type Cursor = z.infer<typeof Cursor>;

/** Opaque to callers. It holds nothing secret and is checked like any input, so it is not signed. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

export function decodeCursor(text: string, of: string): Cursor {
  const parsed = Cursor.safeParse(jsonOf(Buffer.from(text, "base64url").toString()));
  if (!parsed.success || parsed.data.of !== of) {
    throw problem("bad_cursor", { say: "This cursor is not from this query. Start again without a cursor." });
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
