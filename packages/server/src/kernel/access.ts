import type { ActorRef } from "@bellwether/contracts/common";
import { may, type Permission, type Role } from "@bellwether/contracts/permissions";
import { problem } from "./problems.ts";

/** Who acts, in which workspace, and how much of it they see. */
export interface Actor {
  kind: ActorRef["kind"];
  /** A member's, key's or import's id; null for the system. */
  id: string | null;
  name: string;
  role: Role;
  workspace_id: string;
  /** The member behind it, where there is one: owner of what they create, target of "take". */
  member_id: string | null;
  user_id: string | null;
  session_id: string | null;
  /** Set: sees only leads of this member and unassigned ones. */
  own_only: string | null;
  /** Contact details arrive masked. */
  masked: boolean;
  time_zone: string;
  default_country: string | null;
  /** From where they act, for the audit log alone; null for the program itself. */
  ip: string | null;
}

export function actorRef(actor: Actor): ActorRef {
  return { kind: actor.kind, id: actor.id, name: actor.name };
}

/** Bellwether itself, for work that nobody asked for. */
export function systemActor(workspace_id: string): Actor {
  return {
    kind: "system",
    id: null,
    name: "Bellwether",
    role: "owner",
    workspace_id,
    member_id: null,
    user_id: null,
    session_id: null,
    own_only: null,
    masked: false,
    time_zone: "UTC",
    default_country: null,
    ip: null,
  };
}

/** Refuses for rights that depend on more than the endpoint, such as assigning to somebody else. */
export function demand(actor: Actor, permission: Permission, say: string): void {
  if (!may(actor.role, permission)) {
    throw problem("forbidden", { say });
  }
}
