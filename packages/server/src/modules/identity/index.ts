/**
 * Identity: who people are, which workspaces they are in, with which role; sessions, invitations, API keys.
 * Owns: auth_user, auth_session, auth_account, auth_verification, workspace, member, invitation, api_key.
 * Emits: workspace.*, member.*, key.*. Hears: nothing. Leaves to others: what a role may do (contracts/permissions.ts).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import type { Accounts } from "./accounts.ts";
import { identityApi } from "./identity.api.ts";

export { createAccounts, type Accounts, type Passwords } from "./accounts.ts";
export { createWorkspaceByHand } from "./by-hand.ts";
export { createAuthenticator } from "./callers.ts";
export { findMember, holdOwners, listMembers, ownsLeads } from "./members.ts";
export { assertTimeZone, differences, showWorkspace } from "./workspaces.ts";

export function identity(accounts: Accounts): Module {
  return {
    name: "identity",
    endpoints: endpointsOf(contract.identity, identityApi(accounts), ["identity"]),
    jobs: [],
    reactions: [],
  };
}
