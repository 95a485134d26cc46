import { oc } from "@orpc/contract";
import * as z from "zod";
import type { Needs } from "./permissions.ts";

/** What every endpoint says of itself beside its path: what it needs, and whether it streams outside the JSON handler. */
export interface EndpointMeta {
  needs: Needs;
  /** Served by a hand-written route because a body is streamed (uploads, downloads, server-sent events). */
  raw?: boolean;
  /** The members of the body whose items are judged one by one, so that a bad one doesn't fail the others. */
  items?: string;
  /** Which rate-limit budget it draws on; by default reads for GET, writes for the rest. */
  budget?: "read" | "write" | "search" | "sign_in";
}

export const endpoint = oc.$meta<EndpointMeta>({ needs: "member" });

export const Id = z.uuid().describe("UUIDv7");
export const ById = z.strictObject({ id: Id });
export const Time = z.iso.datetime().describe("UTC, ISO 8601");
export const Nothing = z.object({});
export type Nothing = z.infer<typeof Nothing>;

export const Paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
};
export const CountMode = z.enum(["none", "estimate", "exact"]);
export const Count = z.object({ value: z.int(), exact: z.boolean() });
export type Count = z.infer<typeof Count>;

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

/** Who did something: a member, an API key, an import on a member's behalf, or the system itself. */
export const ActorRef = z.object({
  kind: z.enum(["member", "key", "import", "system"]),
  id: z.string().nullable(),
  name: z.string(),
});
export type ActorRef = z.infer<typeof ActorRef>;
