import * as z from "zod";
import { ById, endpoint, Id, listOf, Nothing, Time } from "./common.ts";
import { roles } from "./permissions.ts";

export const RoleName = z.enum(roles);
const Email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email("Enter an e-mail address such as ada@example.com."))
  .pipe(z.string().max(254));
const Password = z.string().min(10, "Use at least 10 characters.").max(200);
const Name = z.string().trim().min(1, "Enter a name.").max(100);

export const Workspace = z.object({
  id: Id,
  name: z.string(),
  time_zone: z.string().describe("IANA name, such as Europe/Berlin"),
  default_country: z
    .string()
    .nullable()
    .describe("ISO 3166 alpha-2; national phone numbers are read as this country's"),
  agents_see_own: z.boolean().describe("Agents see only their own and unassigned leads"),
  viewers_masked: z.boolean().describe("Viewers see contact details masked"),
  created_at: Time,
});
export type Workspace = z.infer<typeof Workspace>;

export const Member = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  role: RoleName,
  created_at: Time,
});
export type Member = z.infer<typeof Member>;

export const Session = z.object({
  user: z
    .object({ id: z.string(), name: z.string(), email: z.string() })
    .nullable()
    .describe("Null when the caller is an API key"),
  member: Member.nullable(),
  role: RoleName,
  workspace: Workspace,
  workspaces: z.array(z.object({ id: Id, name: z.string(), role: RoleName })),
});
export type Session = z.infer<typeof Session>;

export const Device = z.object({
  id: z.string(),
  current: z.boolean(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: Time,
  last_seen_at: Time,
});
export const Invitation = z.object({
  id: Id,
  email: z.string(),
  role: RoleName,
  invited_by: z.string(),
  expires_at: Time,
  created_at: Time,
});
export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  role: RoleName,
  prefix: z.string().describe("The first characters, to tell keys apart; the key itself is shown once"),
  created_by: z.string(),
  created_at: Time,
  expires_at: Time.nullable(),
  last_used_at: Time.nullable(),
});

const tags = ["Identity"];
export const identity = {
  setup: endpoint
    .route({
      method: "GET",
      path: "/setup",
      tags,
      summary: "Tell whether anybody has signed up yet, and whether sign-up is open",
    })
    .meta({ needs: "public" })
    .output(z.object({ first_run: z.boolean(), sign_up_open: z.boolean(), mail: z.boolean() })),
  signUp: endpoint
    .route({
      method: "POST",
      path: "/sign-up",
      tags,
      successStatus: 201,
      summary: "Create an account and its workspace",
    })
    .meta({ needs: "public", budget: "sign_in" })
    .input(
      z.strictObject({
        name: Name,
        email: Email,
        password: Password,
        workspace: Name,
        time_zone: z.string().max(64).optional(),
      }),
    )
    .output(Session),
  signIn: endpoint
    .route({ method: "POST", path: "/session", tags, successStatus: 201, summary: "Sign in" })
    .meta({ needs: "public", budget: "sign_in" })
    .input(z.strictObject({ email: Email, password: z.string().min(1).max(200) }))
    .output(Session),
  session: endpoint
    .route({ method: "GET", path: "/session", tags, summary: "Who am I, where, and with which role" })
    .meta({ needs: "member" })
    .output(Session),
  signOut: endpoint
    .route({ method: "DELETE", path: "/session", tags, summary: "Sign out" })
    .meta({ needs: "signed_in" })
    .output(Nothing),
  switchWorkspace: endpoint
    .route({ method: "PUT", path: "/session/workspace", tags, summary: "Switch to another of my workspaces" })
    .meta({ needs: "signed_in" })
    .input(z.strictObject({ workspace_id: Id }))
    .output(Session),
  devices: endpoint
    .route({ method: "GET", path: "/sessions", tags, summary: "Where I am signed in" })
    .meta({ needs: "signed_in" })
    .output(z.object({ data: z.array(Device) })),
  revokeDevice: endpoint
    .route({ method: "DELETE", path: "/sessions/{id}", tags, summary: "Sign out elsewhere" })
    .meta({ needs: "signed_in" })
    .input(z.strictObject({ id: z.string().max(100) }))
    .output(Nothing),
  updateProfile: endpoint
    .route({ method: "PATCH", path: "/profile", tags, summary: "Change my name" })
    .meta({ needs: "signed_in" })
    .input(z.strictObject({ name: Name }))
    .output(Session),
  changePassword: endpoint
    .route({
      method: "PUT",
      path: "/profile/password",
      tags,
      summary: "Change my password; signs out everywhere else",
    })
    .meta({ needs: "signed_in", budget: "sign_in" })
    .input(z.strictObject({ current: z.string().min(1).max(200), password: Password }))
    .output(Nothing),
  forgotPassword: endpoint
    .route({
      method: "POST",
      path: "/password-resets",
      tags,
      successStatus: 202,
      summary: "Ask for a link to set a new password",
    })
    .meta({ needs: "public", budget: "sign_in" })
    .input(z.strictObject({ email: Email }))
    .output(
      z.object({
        sent_by: z
          .enum(["mail", "admin"])
          .describe("`admin`: no mail server is set up, so an admin of the workspace has the link"),
      }),
    ),
  resetPassword: endpoint
    .route({
      method: "PUT",
      path: "/password-resets/{token}",
      tags,
      summary: "Set a new password by the link's token",
    })
    .meta({ needs: "public", budget: "sign_in" })
    .input(z.strictObject({ token: z.string().max(200), password: Password }))
    .output(Nothing),
  workspace: {
    update: endpoint
      .route({
        method: "PATCH",
        path: "/workspace",
        tags,
        summary: "Change the workspace's name, time zone, country or privacy switches",
      })
      .meta({ needs: "settings:write" })
      .input(
        z.strictObject({
          name: Name.optional(),
          time_zone: z.string().max(64).optional(),
          default_country: z.string().length(2).toUpperCase().nullable().optional(),
          agents_see_own: z.boolean().optional(),
          viewers_masked: z.boolean().optional(),
        }),
      )
      .output(Workspace),
  },
  members: {
    list: endpoint
      .route({ method: "GET", path: "/members", tags, summary: "Everybody in the workspace" })
      .meta({ needs: "members:read" })
      .output(z.object({ data: z.array(Member) })),
    update: endpoint
      .route({ method: "PATCH", path: "/members/{id}", tags, summary: "Change a member's role" })
      .meta({ needs: "members:write" })
      .input(z.strictObject({ id: Id, role: RoleName }))
      .output(Member),
    remove: endpoint
      .route({
        method: "DELETE",
        path: "/members/{id}",
        tags,
        summary:
          "Remove a member; their open leads go where it says, in the background, as a change that can be undone",
      })
      .meta({ needs: "members:write" })
      .input(
        z.strictObject({
          id: Id,
          leads: z
            .enum(["unassign", "by_rules", "hand_over"])
            .default("unassign")
            .describe("What happens to their open leads; those in final stages keep their owner"),
          hand_to: Id.optional().describe("Who gets them, for `hand_over`"),
        }),
      )
      .output(Nothing),
    resetLink: endpoint
      .route({
        method: "POST",
        path: "/members/{id}/password-reset",
        tags,
        successStatus: 201,
        summary: "Make a link with which a member of this workspace alone sets a new password",
      })
      .meta({ needs: "members:write" })
      .input(ById)
      .output(z.object({ url: z.string(), expires_at: Time })),
  },
  invitations: {
    list: endpoint
      .route({ method: "GET", path: "/invitations", tags, summary: "Invitations that wait" })
      .meta({ needs: "members:write" })
      .output(z.object({ data: z.array(Invitation) })),
    create: endpoint
      .route({
        method: "POST",
        path: "/invitations",
        tags,
        successStatus: 201,
        summary: "Invite somebody by link",
      })
      .meta({ needs: "members:write" })
      .input(z.strictObject({ email: Email, role: RoleName }))
      .output(Invitation.extend({ url: z.string().describe("Shown once"), mailed: z.boolean() })),
    revoke: endpoint
      .route({ method: "DELETE", path: "/invitations/{id}", tags, summary: "Take an invitation back" })
      .meta({ needs: "members:write" })
      .input(ById)
      .output(Nothing),
    show: endpoint
      .route({
        method: "GET",
        path: "/invitations/by-token/{token}",
        tags,
        summary: "Read the invitation behind a link",
      })
      .meta({ needs: "public", budget: "sign_in" })
      .input(z.strictObject({ token: z.string().max(200) }))
      .output(
        z.object({
          workspace: z.string(),
          email: z.string(),
          role: RoleName,
          invited_by: z.string(),
          has_account: z.boolean(),
        }),
      ),
    accept: endpoint
      .route({
        method: "POST",
        path: "/invitations/by-token/{token}/accept",
        tags,
        successStatus: 201,
        summary:
          "Join; a new person gives a name and a password, somebody with an account gives its password",
      })
      .meta({ needs: "public", budget: "sign_in" })
      .input(
        z.strictObject({
          token: z.string().max(200),
          name: Name.optional(),
          password: z.string().min(1).max(200),
        }),
      )
      .output(Session),
  },
  keys: {
    list: endpoint
      .route({ method: "GET", path: "/keys", tags, summary: "API keys" })
      .meta({ needs: "keys:write" })
      .output(listOf(ApiKey).omit({ next_cursor: true })),
    create: endpoint
      .route({
        method: "POST",
        path: "/keys",
        tags,
        successStatus: 201,
        summary: "Make an API key; the answer alone holds the key",
      })
      .meta({ needs: "keys:write" })
      .input(
        z.strictObject({
          name: Name,
          role: RoleName.exclude(["owner"]),
          expires_at: Time.nullable().optional(),
        }),
      )
      .output(ApiKey.extend({ key: z.string() })),
    revoke: endpoint
      .route({ method: "DELETE", path: "/keys/{id}", tags, summary: "Revoke an API key at once" })
      .meta({ needs: "keys:write" })
      .input(ById)
      .output(Nothing),
  },
};
