import type { Nothing } from "@bellwether/contracts/common";
import { RoleName, type Member } from "@bellwether/contracts/identity";
import { may, mayGrant, type Role } from "@bellwether/contracts/permissions";
import type { Ctx } from "../../kernel/db.ts";
import type { Call } from "../../kernel/http.ts";
import { emit } from "../../kernel/events.ts";
import { invalid, notFound, problem } from "../../kernel/problems.ts";
import { type Accounts, createResetToken } from "./accounts.ts";
import {
  holdMembers,
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

interface Removal {
  id: string;
  leads: "unassign" | "by_rules" | "hand_over";
  hand_to?: string | undefined;
}

/** What happens to their open leads is said in `member.removed`, and done by who hears it. */
export async function removeMember(ctx: Ctx, input: Removal): Promise<Nothing> {
  const { id, hand_to, leads } = input;
  const member = await changeable(ctx, id);
  await keepAnOwner(ctx, member, null);
  const heir = await heirOf(ctx, input);
  await markMemberRemoved(ctx, id);
  await emit(
    ctx,
    "member.removed",
    { subject_id: id },
    {
      name: member.name,
      email: member.email,
      leads,
      ...(heir === null ? {} : { hand_to, handed_to: heir }),
    },
  );
  return {};
}

/** The name of who gets the leads; null where nobody is named. */
async function heirOf(ctx: Ctx, { id, leads, hand_to }: Removal): Promise<string | null> {
  const refuse = (code: string, message: string) => invalid([{ path: "hand_to", code, message }]);
  if (leads !== "hand_over") {
    if (hand_to !== undefined) {
      throw refuse("not_handed_over", "Only “hand_over” gives the leads to one member. Leave this out.");
    }
    return null;
  }
  if (hand_to === undefined) {
    throw refuse("required", "Say who gets the open leads.");
  }
  if (hand_to === id) {
    throw refuse("same_member", "Who leaves can't get the leads. Choose somebody else.");
  }
  const heir = (await holdOwners(ctx, [hand_to])).get(hand_to);
  if (heir === undefined || "fault" in heir) {
    throw refuse(heir?.fault.code ?? "unknown_member", heir?.fault.message ?? noSuchMember);
  }
  return heir.member.name;
}

export type MayOwn = { member: Member } | { fault: { code: string; message: string } };
const noSuchMember = "There is no such member.";

/** Whether leads may be given to these members, who then can't leave before the transaction ends; else why not. */
export async function holdOwners(ctx: Ctx, ids: string[]): Promise<Map<string, MayOwn>> {
  const rows = ids.length === 0 ? [] : await holdMembers(ctx, [...new Set(ids)]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return new Map(ids.map((id) => [id, mayOwn(found.get(id))]));
}

function mayOwn(row: (MemberRow & { removed_at: Date | null }) | undefined): MayOwn {
  if (row === undefined) {
    return { fault: { code: "unknown_member", message: noSuchMember } };
  }
  if (row.removed_at !== null) {
    const message = `${row.name} has left this workspace. Choose somebody else.`;
    return { fault: { code: "member_left", message } };
  }
  const member = toMember(row);
  return ownsLeads(member)
    ? { member }
    : {
        fault: {
          code: "cannot_own",
          message: `${row.name} is a ${member.role}, and ${member.role}s can't own leads. Choose somebody else.`,
        },
      };
}

export function ownsLeads(member: Pick<Member, "role">): boolean {
  return may(member.role, "leads:own");
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
