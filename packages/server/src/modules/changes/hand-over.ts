/** Changes of owners that nobody asks for as such: of who leaves the workspace, and of what an import made. */
import type { ActorRef } from "@bellwether/contracts/common";
import * as z from "zod";
import { systemActor } from "../../kernel/access.ts";
import type { Ctx } from "../../kernel/db.ts";
import { newId } from "../../kernel/ids.ts";
import { findMember, holdOwners } from "../identity/index.ts";
import { begin, type Work } from "./changes.ts";
import { selectChangeSet } from "./changes.sql.ts";
import { countMatching, openLeadsOf, ownerlessOf } from "./choose.sql.ts";
import type { Edit } from "./record.ts";

/** What is said in `member.removed`. */
const Removal = z.object({
  name: z.string(),
  leads: z.enum(["unassign", "by_rules", "hand_over"]).default("unassign"),
  hand_to: z.string().optional(),
});

export interface Removed {
  /** The event's, and then the change set's: told of twice, it is one change. */
  id: string;
  member_id: string;
  by: ActorRef;
  data: unknown;
}

/** The open leads of who was removed go on, in the name of who removed them. */
export async function handOver(as_system: Ctx, removed: Removed, work: Work): Promise<void> {
  const ctx = { ...as_system, actor: { ...as_system.actor, ...removed.by } };
  const { id, member_id } = removed;
  // Who was invited again keeps what they have.
  if ((await selectChangeSet(ctx, id)) !== null || (await findMember(ctx, member_id)) !== null) return;
  const { name, leads, hand_to } = Removal.parse(removed.data);
  const heir = hand_to === undefined ? undefined : (await holdOwners(ctx, [hand_to])).get(hand_to);
  const { edit, summary } = handing(name, leads, heir !== undefined && "member" in heir ? heir.member : null);
  const matching = openLeadsOf(ctx, member_id);
  if ((await countMatching(ctx, edit, matching)).total === 0) return;
  const asked = { removed_member: member_id, leads, ...(hand_to === undefined ? {} : { hand_to }) };
  await begin(ctx, { id, kind: "hand_over", summary, asked, edit }, matching, work);
}

/** Where the heir left meanwhile too, nobody owns them. */
function handing(
  name: string,
  leads: z.infer<typeof Removal>["leads"],
  heir: { id: string; name: string } | null,
): { edit: Edit; summary: string } {
  if (leads === "by_rules") {
    return {
      edit: { kind: "assign", reassign: true, rest: "unassign" },
      summary: `Spread the open leads of ${name}`,
    };
  }
  return {
    edit: { kind: "column", column: "owner_id", value: heir?.id ?? null },
    summary:
      heir === null
        ? `Unassign the open leads of ${name}`
        : `Hand over the open leads of ${name} to ${heir.name}`,
  };
}

/** In Bellwether's own name: an import's undo takes back leads that nobody else has touched. */
export async function assignImported(
  ctx: Ctx,
  { import_id, file_name }: { import_id: string; file_name: string },
  work: Work,
): Promise<void> {
  const system = { ...ctx, actor: systemActor(ctx.workspace_id) };
  const matching = ownerlessOf(system, import_id);
  const change = {
    id: newId(),
    kind: "assign_by_rules",
    summary: `Assign the new leads of “${file_name.slice(0, 100)}”`,
    asked: { import_id },
    edit: { kind: "assign", reassign: false, rest: "keep", waits: true } as const,
  };
  if ((await countMatching(system, change.edit, matching)).total === 0) return;
  await begin(system, change, matching, work);
}
