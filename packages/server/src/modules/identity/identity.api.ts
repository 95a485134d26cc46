import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import type { Accounts } from "./accounts.ts";
import {
  acceptInvitation,
  invite,
  listInvitations,
  revokeInvitation,
  showInvitation,
} from "./invitations.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import { changeRole, createResetLink, listMembers, removeMember } from "./members.ts";
import {
  changePassword,
  forgotPassword,
  listDevices,
  resetPassword,
  revokeDevice,
  setupState,
  showSession,
  signIn,
  signOut,
  signUp,
  switchWorkspace,
  updateProfile,
} from "./sessions.ts";
import { updateWorkspace } from "./workspaces.ts";

export function identityApi(accounts: Accounts): Implementation<typeof contract.identity> {
  return {
    setup: (call) => setupState(call),
    signUp: (call, input) => signUp(accounts, call, input),
    signIn: (call, input) => signIn(accounts, call, input),
    session: (call) => showSession(call),
    signOut: (call) => signOut(accounts, call),
    switchWorkspace: (call, input) => switchWorkspace(call, input),
    devices: (call) => listDevices(accounts, call),
    revokeDevice: (call, input) => revokeDevice(accounts, call, input),
    updateProfile: (call, input) => updateProfile(accounts, call, input),
    changePassword: (call, input) => changePassword(accounts, call, input),
    forgotPassword: (call, input) => forgotPassword(accounts, call, input),
    resetPassword: (call, input) => resetPassword(accounts, call, input),
    workspace: { update: tenant(updateWorkspace) },
    members: {
      list: tenant(async (ctx) => ({ data: await listMembers(ctx) })),
      update: tenant(changeRole),
      remove: tenant(removeMember),
      resetLink: (call, input) => createResetLink(accounts, call, input),
    },
    invitations: {
      list: tenant(async (ctx) => ({ data: await listInvitations(ctx) })),
      create: (call, input) => invite(call, input),
      revoke: tenant(revokeInvitation),
      show: (call, input) => showInvitation(call, input),
      accept: (call, input) => acceptInvitation(accounts, call, input),
    },
    keys: {
      list: tenant(async (ctx) => ({ data: await listKeys(ctx) })),
      create: tenant(createKey),
      revoke: tenant(revokeKey),
    },
  };
}
