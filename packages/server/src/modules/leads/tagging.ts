import type { Ctx } from "../../kernel/db.ts";
import { emitMany } from "../../kernel/events.ts";
import { ensureTags, insertLeadTags } from "./tags.sql.ts";

/** Tags by set, making tags that don't exist yet. Answers the leads that got one they didn't have. */
export async function tagLeads(ctx: Ctx, wanted: { lead_id: string; tag: string }[]): Promise<Set<string>> {
  if (wanted.length === 0) {
    return new Set();
  }
  // The first spelling stays, so the map is filled from the end.
  const names = new Map(wanted.toReversed().map(({ tag }) => [tagKey(tag), tag.trim()]));
  const ids = await ensureTags(ctx, names);
  const pairs = wanted.flatMap(({ lead_id, tag }) => {
    const tag_id = ids.get(tagKey(tag));
    return tag_id === undefined ? [] : [{ lead_id, tag_id }];
  });
  const added = await insertLeadTags(ctx, pairs);
  const nameOf = new Map([...ids].map(([key, id]) => [id, names.get(key) ?? key]));
  await emitMany(
    ctx,
    added.map(({ lead_id, tag_id }) => ({
      name: "tag.added",
      lead_id,
      subject_id: tag_id,
      data: { tag: nameOf.get(tag_id) },
    })),
  );
  return new Set(added.map((pair) => pair.lead_id));
}

/** What makes two spellings one tag. */
export function tagKey(name: string): string {
  return name.trim().toLowerCase();
}
