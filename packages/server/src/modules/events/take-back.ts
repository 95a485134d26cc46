import type { Nothing } from "@bellwether/contracts/common";
import { isAlive, isReported } from "@bellwether/contracts/event-names";
import type { TimelineEvent } from "@bellwether/contracts/leads";
import { may } from "@bellwether/contracts/permissions";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import {
  lockRecorded,
  type Recorded,
  removeRecorded,
  restoreRecorded,
  selectTakenBack,
} from "../../kernel/taken-back.ts";
import { mergedIds, noteSeen, recallSeen, showLead } from "../leads/index.ts";
import { addProperties, countSeen, selectKnown, uncountSeen } from "./events.sql.ts";
import { newProperties } from "./record.ts";

/** Takes back what was reported or added by hand. What Bellwether itself tells is history. */
export async function removeEvent(ctx: Ctx, input: { id: string; event_id: string }): Promise<Nothing> {
  const lead = await showLead(ctx, { id: input.id });
  const event = await lockRecorded(ctx, await mergedIds(ctx, [lead.id]), input.event_id);
  if (event === undefined) {
    throw notFound("event");
  }
  if (!isReported(event.name)) {
    throw problem("not_in_state", {
      say: `“${event.name}” tells what happened in Bellwether, which stays. Only events that were reported or added by hand can be removed.`,
    });
  }
  refuseOthers(ctx, event);
  const { id, lead_id, name, at, actor, data } = event;
  for (const holder of await removeRecorded(ctx, event)) {
    // oxlint-disable-next-line no-await-in-loop -- one, but for merged leads
    await recallSeen(ctx, holder, at);
  }
  await emit(
    ctx,
    "event.removed",
    { lead_id, subject_id: id },
    { event: name, at, by: actor, properties: data },
  );
  await uncountSeen(ctx, name, at);
  return {};
}

/** Puts back what was taken back, as it was. Asked twice it is there once. */
export async function restoreEvent(
  ctx: Ctx,
  input: { id: string; event_id: string },
): Promise<TimelineEvent> {
  const lead = await showLead(ctx, { id: input.id });
  const event = await selectTakenBack(ctx, await mergedIds(ctx, [lead.id]), input.event_id);
  if (event === undefined) {
    throw notFound("removed event");
  }
  refuseOthers(ctx, event);
  const { id, lead_id, name, at, actor, data } = event;
  const occurred_at = new Date(at);
  const counting = await restoreRecorded(ctx, event);
  if (counting.length > 0) {
    if (isAlive(name, actor.kind)) {
      await noteSeen(ctx, counting, at);
    }
    await emit(ctx, "event.restored", { lead_id, subject_id: id }, { event: name });
    const { known } = await selectKnown(ctx, [name]);
    await countSeen(ctx, [{ name, count: 1, first_at: occurred_at, last_at: occurred_at }]);
    await addProperties(ctx, newProperties([{ name, properties: data }], known));
  }
  return { id, name, occurred_at: occurred_at.toISOString(), actor, data };
}

function refuseOthers({ actor }: Ctx, event: Recorded): void {
  const theirs = event.actor.kind === actor.kind && event.actor.id === actor.id;
  if (!theirs && !may(actor.role, "leads:delete")) {
    throw problem("forbidden", {
      say: `${event.actor.name} added this event. They or a manager can remove it.`,
    });
  }
}
