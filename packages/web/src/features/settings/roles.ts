import { mayGrant, type Role, roles } from "@bellwether/contracts/permissions";

/** What a role is for, in one line each. */
export const roleWords: Record<Role, { label: string; hint: string }> = {
  owner: { label: "Owner", hint: "Everything, and makes other owners" },
  admin: { label: "Admin", hint: "Everything: members, fields, keys, settings" },
  manager: { label: "Manager", hint: "Imports, assigns and deletes leads" },
  agent: { label: "Agent", hint: "Works with leads" },
  viewer: { label: "Viewer", hint: "Reads leads" },
};

export const isRole = (value: string | null): value is Role => roles.some((role) => role === value);

/** The roles that somebody with this one may hand out. */
export function grantable(granter: Role): { value: Role; label: string }[] {
  return roles
    .filter((role) => mayGrant(granter, role))
    .map((value) => ({ value, label: roleWords[value].label }));
}
