import type { Nothing } from "@bellwether/contracts/common";
import type { Lead, Tag } from "@bellwether/contracts/leads";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { invalid, notFound } from "../../kernel/problems.ts";
import { lockLead, showLead } from "./leads.ts";
import { tagKey, tagLeads } from "./tagging.ts";
import { deleteLeadTag, deleteTagRow, moveTag, selectTag, selectTags, updateTagRow } from "./tags.sql.ts";
import { touchLeads } from "./write.sql.ts";

export async function addTag(ctx: Ctx, input: { id: string; tag: string }): Promise<Lead> {
  const lead = await lockLead(ctx, input.id);
  const tagged = await tagLeads(ctx, [{ lead_id: lead.id, tag: input.tag }]);
  await touchLeads(ctx, [...tagged]);
  return showLead(ctx, lead);
}

export async function removeTag(ctx: Ctx, input: { id: string; tag: string }): Promise<Lead> {
  const lead = await lockLead(ctx, input.id);
  if (await deleteLeadTag(ctx, lead.id, tagKey(input.tag))) {
    await touchLeads(ctx, [lead.id]);
    await emit(ctx, "tag.removed", { lead_id: lead.id }, { tag: input.tag });
  }
  return showLead(ctx, lead);
}

export async function listTags(ctx: Ctx): Promise<Tag[]> {
  return selectTags(ctx);
}

/** Renaming to the name of another tag merges the two. */
export async function updateTag(
  ctx: Ctx,
  input: { id: string; name?: string | undefined; colour?: string | null | undefined },
): Promise<Tag> {
  const tag = await tagOf(ctx, input.id);
  if (input.colour !== undefined && input.colour !== null && !/^#[0-9a-f]{6}$/i.test(input.colour)) {
    throw invalid([{ path: "colour", code: "invalid_colour", message: "Give a colour such as #0f7b6c." }]);
  }
  const colour = input.colour === undefined ? {} : { colour: input.colour };
  const other = input.name === undefined ? undefined : await selectTag(ctx, { name_key: tagKey(input.name) });
  if (other !== undefined && other.id !== tag.id) {
    await moveTag(ctx, tag.id, other.id);
    await deleteTagRow(ctx, tag.id);
    await updateTagRow(ctx, other.id, colour);
    await emit(ctx, "tag.merged", { subject_id: other.id }, { from: tag.name, into: other.name });
    return shownTag(ctx, other.id);
  }
  await updateTagRow(ctx, tag.id, {
    ...colour,
    ...(input.name === undefined ? {} : { name: input.name, name_key: tagKey(input.name) }),
  });
  await emit(ctx, "tag.updated", { subject_id: tag.id }, { from: tag.name, to: input.name ?? tag.name });
  return shownTag(ctx, tag.id);
}

export async function deleteTag(ctx: Ctx, input: { id: string }): Promise<Nothing> {
  const tag = await tagOf(ctx, input.id);
  await deleteTagRow(ctx, tag.id);
  await emit(ctx, "tag.deleted", { subject_id: tag.id }, { tag: tag.name });
  return {};
}

async function tagOf(ctx: Ctx, id: string) {
  const tag = await selectTag(ctx, { id });
  if (tag === undefined) {
    throw notFound("tag");
  }
  return tag;
}

async function shownTag(ctx: Ctx, id: string): Promise<Tag> {
  const tag = (await selectTags(ctx)).find((each) => each.id === id);
  if (tag === undefined) {
    throw notFound("tag");
  }
  return tag;
}
