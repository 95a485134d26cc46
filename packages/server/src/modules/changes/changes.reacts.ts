import { type Reaction, reaction } from "../../kernel/events.ts";
import { work } from "./changes.jobs.ts";
import { handOver } from "./hand-over.ts";

export const changeReactions: Reaction[] = [
  reaction("changes.hand_over", ["member.removed"], async (ctx, events) => {
    for (const { id, subject_id, actor, data } of events) {
      if (subject_id !== null) {
        // oxlint-disable-next-line no-await-in-loop -- a handful at most: somebody removed members by hand
        await handOver(ctx, { id, member_id: subject_id, by: actor, data }, work);
      }
    }
  }),
];
