import type { Nothing } from "@bellwether/contracts/common";
import { RoleName, type Member } from "@bellwether/contracts/identity";
import { mayGrant, type Role } from "@bellwether/contracts/permissions";
import type { Ctx } from "../../kernel/db.ts";
import type { Call } from "../../kernel/http.ts";
import { emit } from "../../kernel/events.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import { type Accounts, createResetToken } from "./accounts.ts";
import {
  lockOwners,
  markMemberRemoved,
  type MemberRow,
  selectMember,
  selectMembers,
  selectWorkspacesOf,
  updateMemberRole,
} from "./identity.sql.ts";

export function roleOf(text: string): Role {
  return RoleName.parse(text);
}

export function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: roleOf(row.role),
    created_at: row.created_at.toISOString(),
  };
}

export async function listMembers(ctx: Ctx): Promise<Member[]> {
  return (await selectMembers(ctx)).map(toMember);
}

/** Null when there is no such member, or not any more. */
export async function findMember(ctx: Ctx, id: string): Promise<Member | null> {
  const row = await selectMember(ctx, id);
  return row === undefined ? null : toMember(row);
}

export async function changeRole(ctx: Ctx, input: { id: string; role: Role }): Promise<Member> {
  const member = await changeable(ctx, input.id);
  demandGrant(ctx, input.role);
  if (member.role !== input.role) {
    await keepAnOwner(ctx, member, input.role);
    await updateMemberRole(ctx, member.id, input.role);
    await emit(
      ctx,
      "member.role_changed",
      { subject_id: member.id },
      { name: member.name, from: member.role, to: input.role },
    );
  }
  return { ...toMember(member), role: input.role };
}

/** Leads hear of it by `member.removed` and become unassigned. */
export async function removeMember(ctx: Ctx, input: { id: string }): Promise<Nothing> {
  const member = await changeable(ctx, input.id);
  await keepAnOwner(ctx, member, null);
  await markMemberRemoved(ctx, member.id);
  await emit(ctx, "member.removed", { subject_id: member.id }, { name: member.name, email: member.email });
  return {};
}

/**
 * For workspaces without a mail server: a link to hand on. Only for people of this workspace alone, since whoever holds
 * it signs in as them everywhere, and never for somebody above oneself.
 */
export async function createResetLink(accounts: Accounts, call: Call, input: { id: string }) {
  const member = await call.tenant((ctx) => changeable(ctx, input.id));
  const places = await call.db.acrossWorkspaces((tx) => selectWorkspacesOf(tx, member.user_id));
  if (places.length > 1) {
    throw problem("forbidden", {
      say: `${member.name} is in other workspaces too, so only mail can reset this password.`,
    });
  }
  const { token, expires_at } = await createResetToken(accounts, member.user_id);
  await call.tenant((ctx) =>
    emit(ctx, "member.reset_link_made", { subject_id: member.id }, { name: member.name }),
  );
  return { url: `${call.config.publicUrl}/reset/${token}`, expires_at: expires_at.toISOString() };
}

export function demandGrant(ctx: Ctx, role: Role): void {
  if (!mayGrant(ctx.actor.role, role)) {
    throw problem("forbidden", { say: `Only an owner can make somebody ${role}.` });
  }
}

async function changeable(ctx: Ctx, id: string): Promise<MemberRow> {
  const member = await selectMember(ctx, id);
  if (member === undefined) {
    throw notFound("member");
  }
  if (!mayGrant(ctx.actor.role, roleOf(member.role))) {
    throw problem("forbidden", { say: `${member.name} is ${member.role}. Only an owner can change that.` });
  }
  return member;
}

async function keepAnOwner(ctx: Ctx, member: MemberRow, becomes: Role | null): Promise<void> {
  if (member.role !== "owner" || becomes === "owner") {
    return;
  }
  const owners = await lockOwners(ctx);
  if (owners.length <= 1) {
    throw problem("last_owner", {
      say: `${member.name} is the only owner. Make somebody else an owner first.`,
    });
  }
}
