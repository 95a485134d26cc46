/** What rules name can come to mean something else for leads that did not change: such segments are built again. */
import type { Ctx } from "../../kernel/db.ts";
import type { LoggedEvent } from "../../kernel/events.ts";
import { enqueueBuild, rebuild, type Work } from "./build.ts";
import { type KnownSet, knowSets } from "./judge.ts";
import { hasSets } from "./sets.sql.ts";

export const meaningEvents = [
  "tag.updated",
  "tag.merged",
  "tag.deleted",
  "field.created",
  "field.updated",
  "stage.created",
  "stage.updated",
  "stage.restored",
  "workspace.updated",
  "segment.restored",
];

export async function followMeanings(ctx: Ctx, events: LoggedEvent[], work: Work): Promise<void> {
  if (!(await hasSets(ctx))) {
    return;
  }
  const known = await knowSets(ctx);
  const sets = known.sets.filter((set) => events.some((event) => changesMeaning(event, set)));
  if (sets.length > 0) {
    await rebuild(known, sets);
    await enqueueBuild(ctx, work);
  }
}

function changesMeaning({ name, data, subject_id }: LoggedEvent, { depends, moves }: KnownSet): boolean {
  const changes = typeof data["changes"] === "object" && data["changes"] !== null ? data["changes"] : {};
  if (name.startsWith("tag.")) {
    return depends.fields.has("tags");
  }
  if (name.startsWith("stage.")) {
    return depends.fields.has("overdue");
  }
  // What named it was not there to be asked about for as long.
  if (name === "segment.restored") {
    return subject_id !== null && depends.segments.has(subject_id);
  }
  if (name === "workspace.updated") {
    return "time_zone" in changes && (moves !== null || depends.fields.size > 0);
  }
  // A field that was archived and is back: what changed meanwhile was judged by nobody.
  const back = name === "field.created" || "archived" in changes;
  return back && typeof data["key"] === "string" && depends.fields.has(`attributes.${data["key"]}`);
}
