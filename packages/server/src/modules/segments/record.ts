import { ActorRef } from "@bellwether/contracts/common";
import { Rule } from "@bellwether/contracts/rule";
import { SegmentState, SegmentType } from "@bellwether/contracts/segments";
import * as z from "zod";

const Pace = z.enum(["live", "hourly"]);
export type Pace = z.infer<typeof Pace>;

/** How a segment found its members before it was made static. */
const WasDynamic = z.object({
  rule: Rule.nullable(),
  everyone: z.boolean(),
  refresh: Pace,
  state: SegmentState,
});

export const SegmentRow = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  type: SegmentType,
  state: SegmentState,
  rule: Rule.nullable(),
  everyone: z.boolean(),
  refresh: Pace,
  version: z.number(),
  set_id: z.string().nullable(),
  made_by: ActorRef,
  created_at: z.date(),
  updated_at: z.date(),
  built_at: z.date().nullable(),
  was_dynamic: WasDynamic.nullable(),
});
export type SegmentRow = z.infer<typeof SegmentRow>;

/** The members by one rule, served or being found. */
export const SetRow = z.object({
  id: z.string(),
  segment_id: z.string(),
  name: z.string(),
  state: z.enum(["building", "serving"]),
  rule: Rule,
  moves: Pace.nullable(),
  after: z.string().nullable(),
  looked_at: z.number(),
  started_at: z.date(),
  /** Of one that is being built: the one that serves meanwhile. */
  before_id: z.string().nullable(),
  /** Of a static segment: once all are found it follows its rule no more. */
  once: z.boolean(),
});
export type SetRow = z.infer<typeof SetRow>;
