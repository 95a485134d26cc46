import { builtInEvents } from "@bellwether/contracts/event-names";
import { type Reaction, reaction, reported } from "../../kernel/events.ts";
import { hearImports } from "./imported.ts";
import { followEvents } from "./judge.ts";
import { followMeanings, meaningEvents } from "./changed-meanings.ts";
import { buildJob, importedJob } from "./segments.jobs.ts";

export const segmentReactions: Reaction[] = [
  reaction(
    "segments.follow",
    [...Object.keys(builtInEvents), "lead.erased", "event.removed", reported],
    followEvents,
  ),
  // Also one that was stopped or failed has brought what it brought.
  reaction("segments.imports", ["import.finished", "import.cancelled", "import.failed"], (ctx, events) =>
    hearImports(
      ctx,
      events.flatMap((event) => event.subject_id ?? []),
      importedJob,
    ),
  ),
  reaction("segments.meanings", meaningEvents, (ctx, events) => followMeanings(ctx, events, buildJob)),
];
