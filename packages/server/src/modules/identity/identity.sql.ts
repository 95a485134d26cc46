import { sql } from "kysely";
import type { Role } from "@bellwether/contracts/permissions";
import { type Ctx, prepared, type Tx } from "../../kernel/db.ts";

export interface MemberRow {
  id: string;
  user_id: string;
  name: string;
  email: string;
  role: string;
  created_at: Date;
}
const memberColumns = ["id", "user_id", "name", "email", "role", "created_at"] as const;

export async function insertWorkspace(
  ctx: Ctx,
  workspace: { name: string; time_zone: string },
): Promise<void> {
  await ctx.db
    .insertInto("workspace")
    .values({ workspace_id: ctx.workspace_id, ...workspace })
    .execute();
}

export async function selectWorkspace(ctx: Ctx) {
  return ctx.db
    .selectFrom("workspace")
    .select([
      "workspace_id as id",
      "name",
      "time_zone",
      "default_country",
      "agents_see_own",
      "viewers_masked",
      "created_at",
    ])
    .where("workspace_id", "=", ctx.workspace_id)
    .executeTakeFirst();
}

export interface WorkspaceChanges {
  name?: string | undefined;
  time_zone?: string | undefined;
  default_country?: string | null | undefined;
  agents_see_own?: boolean | undefined;
  viewers_masked?: boolean | undefined;
}
export async function updateWorkspaceRow(ctx: Ctx, changes: WorkspaceChanges): Promise<void> {
  const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(set).length > 0) {
    await ctx.db.updateTable("workspace").set(set).where("workspace_id", "=", ctx.workspace_id).execute();
  }
}

/** True once anybody has signed up anywhere. */
export async function anyWorkspace(db: Tx): Promise<boolean> {
  return (await db.selectFrom("workspace").select("workspace_id").limit(1).executeTakeFirst()) !== undefined;
}

export async function anyUser(db: Tx, email: string): Promise<{ id: string } | undefined> {
  return db.selectFrom("auth_user").select("id").where("email", "=", email).executeTakeFirst();
}

/** Everywhere this person is a member; read across workspaces. */
export async function selectWorkspacesOf(db: Tx, user_id: string) {
  return db
    .selectFrom("member")
    .innerJoin("workspace", "workspace.workspace_id", "member.workspace_id")
    .select(["workspace.workspace_id as id", "workspace.name", "member.role"])
    .where("member.user_id", "=", user_id)
    .where("member.removed_at", "is", null)
    .orderBy("member.created_at")
    .execute();
}

export async function setSessionWorkspace(db: Tx, session_id: string, workspace_id: string): Promise<void> {
  await db.updateTable("auth_session").set({ workspace_id }).where("id", "=", session_id).execute();
}

export async function insertMember(
  ctx: Ctx,
  member: { id: string; user_id: string; name: string; email: string; role: Role },
): Promise<void> {
  await ctx.db
    .insertInto("member")
    .values({ workspace_id: ctx.workspace_id, ...member })
    .onConflict((conflict) =>
      conflict
        .columns(["workspace_id", "user_id"])
        .doUpdateSet({ role: member.role, name: member.name, removed_at: null }),
    )
    .execute();
}

export async function selectMembers(ctx: Ctx): Promise<MemberRow[]> {
  return ctx.db
    .selectFrom("member")
    .select(memberColumns)
    .where("workspace_id", "=", ctx.workspace_id)
    .where("removed_at", "is", null)
    .orderBy("name")
    .execute();
}

export async function selectMember(ctx: Ctx, id: string): Promise<MemberRow | undefined> {
  return ctx.db
    .selectFrom("member")
    .select(memberColumns)
    .where("workspace_id", "=", ctx.workspace_id)
    .where("id", "=", id)
    .where("removed_at", "is", null)
    .executeTakeFirst();
}

/** These members, whether or not they left. Whoever gives them leads holds them: removing one waits, and finds the leads. */
export async function holdMembers(
  ctx: Ctx,
  ids: string[],
): Promise<(MemberRow & { removed_at: Date | null })[]> {
  return ctx.db
    .selectFrom("member")
    .select([...memberColumns, "removed_at"])
    .where("workspace_id", "=", ctx.workspace_id)
    .where("id", "in", ids)
    .orderBy("id")
    .forShare()
    .execute();
}

/** Owners, locked until the transaction ends, so that two admins can't remove the last two at once. */
export async function lockOwners(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("member")
    .select("id")
    .where("workspace_id", "=", ctx.workspace_id)
    .where("role", "=", "owner")
    .where("removed_at", "is", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  return rows.map((row) => row.id);
}

export async function updateMemberRole(ctx: Ctx, id: string, role: Role): Promise<void> {
  await ctx.db
    .updateTable("member")
    .set({ role })
    .where("workspace_id", "=", ctx.workspace_id)
    .where("id", "=", id)
    .execute();
}

export async function renameMember(ctx: Ctx, user_id: string, name: string): Promise<void> {
  await ctx.db
    .updateTable("member")
    .set({ name })
    .where("workspace_id", "=", ctx.workspace_id)
    .where("user_id", "=", user_id)
    .execute();
}

export async function markMemberRemoved(ctx: Ctx, id: string): Promise<void> {
  await sql`
    update member set removed_at = now()
    where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(ctx.db);
}

export interface CallerRow {
  id: string;
  name: string;
  role: Role;
  agents_see_own: boolean;
  viewers_masked: boolean;
  time_zone: string;
  default_country: string | null;
}
const workspaceSettings = [
  "workspace.agents_see_own",
  "workspace.viewers_masked",
  "workspace.time_zone",
  "workspace.default_country",
] as const;

/** The member behind a session and their workspace's switches, in one look. */
export async function selectCaller(ctx: Ctx, user_id: string): Promise<CallerRow | undefined> {
  const query = ctx.db
    .selectFrom("member")
    .innerJoin("workspace", "workspace.workspace_id", "member.workspace_id")
    .select(["member.id", "member.name", sql<Role>`member.role`.as("role"), ...workspaceSettings])
    .where("member.workspace_id", "=", ctx.workspace_id)
    .where("member.user_id", "=", user_id)
    .where("member.removed_at", "is", null);
  return (await prepared(ctx, query))[0];
}

export async function selectKeyCaller(
  ctx: Ctx,
  id: string,
): Promise<(CallerRow & { secret_hash: Buffer; expires_at: Date | null; used_lately: boolean }) | undefined> {
  const query = ctx.db
    .selectFrom("api_key")
    .innerJoin("workspace", "workspace.workspace_id", "api_key.workspace_id")
    .select([
      "api_key.id",
      "api_key.name",
      sql<Role>`api_key.role`.as("role"),
      "api_key.secret_hash",
      "api_key.expires_at",
      sql<boolean>`coalesce(api_key.last_used_at > now() - interval '1 minute', false)`.as("used_lately"),
      ...workspaceSettings,
    ])
    .where("api_key.workspace_id", "=", ctx.workspace_id)
    .where("api_key.id", "=", id)
    .where("api_key.revoked_at", "is", null);
  return (await prepared(ctx, query))[0];
}

export async function touchKey(ctx: Ctx, id: string): Promise<void> {
  await sql`update api_key set last_used_at = now() where workspace_id = ${ctx.workspace_id} and id = ${id}`.execute(
    ctx.db,
  );
}

export async function insertKey(
  ctx: Ctx,
  key: {
    id: string;
    name: string;
    role: string;
    prefix: string;
    secret_hash: Buffer;
    created_by: string | null;
    expires_at: Date | null;
  },
): Promise<void> {
  await ctx.db
    .insertInto("api_key")
    .values({ workspace_id: ctx.workspace_id, ...key })
    .execute();
}

export async function selectKeys(ctx: Ctx) {
  return ctx.db
    .selectFrom("api_key")
    .leftJoin("member", (join) =>
      join
        .onRef("member.workspace_id", "=", "api_key.workspace_id")
        .onRef("member.id", "=", "api_key.created_by"),
    )
    .select([
      "api_key.id",
      "api_key.name",
      "api_key.role",
      "api_key.prefix",
      sql<string>`coalesce(member.name, 'Command line')`.as("created_by"),
      "api_key.created_at",
      "api_key.expires_at",
      "api_key.last_used_at",
    ])
    .where("api_key.workspace_id", "=", ctx.workspace_id)
    .where("api_key.revoked_at", "is", null)
    .orderBy("api_key.created_at", "desc")
    .execute();
}

export async function revokeKeyRow(ctx: Ctx, id: string): Promise<boolean> {
  const { rows } = await sql`
    update api_key set revoked_at = now()
    where workspace_id = ${ctx.workspace_id} and id = ${id} and revoked_at is null
    returning id`.execute(ctx.db);
  return rows.length > 0;
}

export async function upsertInvitation(
  ctx: Ctx,
  invitation: {
    id: string;
    email: string;
    role: string;
    token_hash: Buffer;
    invited_by: string;
    expires_at: Date;
  },
): Promise<void> {
  const { email: _email, ...again } = invitation;
  await ctx.db
    .insertInto("invitation")
    .values({ workspace_id: ctx.workspace_id, ...invitation })
    .onConflict((conflict) =>
      conflict.columns(["workspace_id", "email"]).doUpdateSet({ ...again, created_at: sql`now()` }),
    )
    .execute();
}

export async function selectInvitations(ctx: Ctx) {
  return ctx.db
    .selectFrom("invitation")
    .innerJoin("member", (join) =>
      join
        .onRef("member.workspace_id", "=", "invitation.workspace_id")
        .onRef("member.id", "=", "invitation.invited_by"),
    )
    .select([
      "invitation.id",
      "invitation.email",
      "invitation.role",
      "member.name as invited_by",
      "invitation.expires_at",
      "invitation.created_at",
    ])
    .where("invitation.workspace_id", "=", ctx.workspace_id)
    .where("invitation.expires_at", ">", sql<Date>`now()`)
    .orderBy("invitation.created_at", "desc")
    .execute();
}

export async function selectInvitation(ctx: Ctx, id: string) {
  return ctx.db
    .selectFrom("invitation")
    .innerJoin("member", (join) =>
      join
        .onRef("member.workspace_id", "=", "invitation.workspace_id")
        .onRef("member.id", "=", "invitation.invited_by"),
    )
    .innerJoin("workspace", "workspace.workspace_id", "invitation.workspace_id")
    .select([
      "invitation.id",
      "invitation.email",
      sql<Role>`invitation.role`.as("role"),
      "invitation.token_hash",
      "member.name as invited_by",
      "workspace.name as workspace",
    ])
    .where("invitation.workspace_id", "=", ctx.workspace_id)
    .where("invitation.id", "=", id)
    .where("invitation.expires_at", ">", sql<Date>`now()`)
    .executeTakeFirst();
}

export async function deleteInvitation(ctx: Ctx, id: string): Promise<boolean> {
  const done = await ctx.db
    .deleteFrom("invitation")
    .where("workspace_id", "=", ctx.workspace_id)
    .where("id", "=", id)
    .executeTakeFirst();
  return done.numDeletedRows > 0n;
}
