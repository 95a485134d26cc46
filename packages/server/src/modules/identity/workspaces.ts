import type { Workspace } from "@bellwether/contracts/identity";
import { type Actor, systemActor } from "../../kernel/access.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { invalid, notFound } from "../../kernel/problems.ts";
import { createDefaultStages } from "../stages/index.ts";
import {
  insertMember,
  insertWorkspace,
  selectWorkspace,
  updateWorkspaceRow,
  type WorkspaceChanges,
} from "./identity.sql.ts";

export interface Person {
  id: string;
  name: string;
  email: string;
}

/** A workspace with everything it needs to be worked in, and its first owner. */
export async function createWorkspace(
  db: Database,
  input: { name: string; time_zone: string; owner: Person },
): Promise<{ workspace_id: string; member_id: string }> {
  assertTimeZone(input.time_zone);
  const workspace_id = newId();
  const member_id = newId();
  const actor: Actor = {
    ...systemActor(workspace_id),
    kind: "member",
    id: member_id,
    name: input.owner.name,
    member_id,
  };
  await db.tenant(actor, async (ctx) => {
    await insertWorkspace(ctx, { name: input.name, time_zone: input.time_zone });
    await createDefaultStages(ctx);
    await insertMember(ctx, {
      id: member_id,
      user_id: input.owner.id,
      name: input.owner.name,
      email: input.owner.email,
      role: "owner",
    });
    await emit(ctx, "workspace.created", { subject_id: workspace_id }, { name: input.name });
  });
  return { workspace_id, member_id };
}

export async function showWorkspace(ctx: Ctx): Promise<Workspace> {
  const row = await selectWorkspace(ctx);
  if (row === undefined) {
    throw notFound("workspace");
  }
  return { ...row, created_at: row.created_at.toISOString() };
}

export async function updateWorkspace(ctx: Ctx, changes: WorkspaceChanges): Promise<Workspace> {
  if (changes.time_zone !== undefined) {
    assertTimeZone(changes.time_zone);
  }
  const before = await showWorkspace(ctx);
  await updateWorkspaceRow(ctx, changes);
  const after = await showWorkspace(ctx);
  await emit(
    ctx,
    "workspace.updated",
    { subject_id: ctx.workspace_id },
    { changes: differences(before, after) },
  );
  return after;
}

/** What changed between two versions of one record: `{field: {from, to}}`. */
export function differences<T extends object>(
  before: T,
  after: T,
): Record<string, { from: unknown; to: unknown }> {
  const was = new Map<string, unknown>(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after)
      .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(was.get(key)))
      .map(([key, to]) => [key, { from: was.get(key) ?? null, to }]),
  );
}

export function assertTimeZone(time_zone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: time_zone });
  } catch {
    throw invalid([
      {
        path: "time_zone",
        code: "unknown_time_zone",
        message: `“${time_zone}” is no time zone. Use a name such as Europe/Berlin.`,
      },
    ]);
  }
}
