import type { ActivityEntry } from "@bellwether/contracts/home";
import type { Ctx } from "../../kernel/db.ts";
import { decodeCursor, encodeCursor } from "../leads/index.ts";
import { type ActivityRow, type Place, selectActivity, selectLookedAt } from "./activity.sql.ts";

const of = "activity";

/** What happened, newest first, as far as one may see it. */
export async function listActivity(ctx: Ctx, input: { limit: number; cursor?: string | undefined }) {
  const cursor = input.cursor === undefined ? null : decodeCursor(input.cursor, of);
  const before = cursor === null ? null : { id: cursor.id, at: cursor.value ?? "" };
  const rows = await selectActivity(ctx, before, input.limit + 1);
  const page = rows.slice(0, input.limit);
  const next: Place | null =
    rows.length > input.limit ? (page.at(-1) ?? null) : await selectLookedAt(ctx, before);
  return {
    data: page.map(toEntry),
    next_cursor: next === null ? null : encodeCursor({ of, id: next.id, value: next.at }),
  };
}

function toEntry(row: ActivityRow): ActivityEntry {
  const { id, name, actor, subject_id, thing, from, to, count } = row;
  const lead = row.lead_id === null ? null : { id: row.lead_id, name: row.lead_name };
  const occurred_at = row.occurred_at.toISOString();
  return { id, name, occurred_at, actor, lead, subject_id, thing, from, to, count };
}
