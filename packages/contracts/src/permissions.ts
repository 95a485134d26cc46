/**
 * Who may do what. This table is the whole of it: endpoints name one of these words in `needs`,
 * the server refuses by it, and the screen hides or explains by it.
 */
export const roles = ["owner", "admin", "manager", "agent", "viewer"] as const;
export type Role = (typeof roles)[number];

const everyone: readonly Role[] = roles;
const agents: readonly Role[] = ["owner", "admin", "manager", "agent"];
const managers: readonly Role[] = ["owner", "admin", "manager"];
const admins: readonly Role[] = ["owner", "admin"];

export const permissions = {
  "leads:read": everyone,
  "leads:write": agents,
  "leads:take": agents,
  "leads:own": agents,
  "leads:assign": managers,
  "leads:reopen": managers,
  "leads:delete": managers,
  "leads:erase": admins,
  "leads:bulk": managers,
  "leads:merge": managers,
  "leads:export": managers,
  "reports:read": agents,
  "events:write": agents,
  "views:share": managers,
  "segments:write": managers,
  "imports:run": managers,
  "fields:write": admins,
  "members:read": everyone,
  "members:write": admins,
  "keys:write": admins,
  "settings:write": admins,
  "audit:read": admins,
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof permissions;

/** What an endpoint asks of its caller: nothing, a signed-in person, any member of the workspace, or a permission. */
export type Needs = "public" | "signed_in" | "member" | Permission;

export function may(role: Role, permission: Permission): boolean {
  const allowed: readonly Role[] = permissions[permission];
  return allowed.includes(role);
}

/** Nobody can hand out more than they hold: an admin makes admins and below, an owner makes owners too. */
export function mayGrant(granter: Role, role: Role): boolean {
  return roles.indexOf(granter) <= roles.indexOf(role);
}
