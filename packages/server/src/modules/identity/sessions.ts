import type { Nothing } from "@bellwether/contracts/common";
import type { Device, Session } from "@bellwether/contracts/identity";
import type * as z from "zod";
import { systemActor } from "../../kernel/access.ts";
import type { Call, Caller } from "../../kernel/http.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import { type Accounts, authHeaders, createResetToken, orProblem } from "./accounts.ts";
import { bySession } from "./callers.ts";
import { allowAttempt, attemptFailed, attemptSucceeded } from "./attempts.ts";
import {
  anyUser,
  anyWorkspace,
  renameMember,
  selectMember,
  selectWorkspacesOf,
  setSessionWorkspace,
} from "./identity.sql.ts";
import { roleOf, toMember } from "./members.ts";
import { tellOfFailure, tellOfOneself, tellOfSignIn, tellWorkspaces } from "./account-events.ts";
import { createWorkspace, showWorkspace } from "./workspaces.ts";

export async function setupState(call: Call) {
  const first_run = !(await call.db.acrossWorkspaces(anyWorkspace));
  return { first_run, sign_up_open: first_run || call.config.signUp === "open", mail: call.mailer.ready };
}

export async function signUp(
  accounts: Accounts,
  call: Call,
  input: { name: string; email: string; password: string; workspace: string; time_zone?: string | undefined },
): Promise<Session> {
  if (!(await setupState(call)).sign_up_open) {
    throw problem("forbidden", { say: "Sign-up is closed here. Ask an admin for an invitation." });
  }
  const { email, name, password } = input;
  const { user } = await orProblem(
    accounts.api.signUpEmail({ body: { email, name, password }, headers: authHeaders(call.request) }),
  );
  try {
    await createWorkspace(call.db, {
      name: input.workspace,
      time_zone: input.time_zone ?? "UTC",
      owner: user,
    });
  } catch (error) {
    // An account without a workspace would only say "this e-mail is taken" at the next try.
    await (await accounts.$context).internalAdapter.deleteUser(user.id);
    throw error;
  }
  return signIn(accounts, call, { email, password });
}

/** Opens a session in `workspace_id`, or in the workspace one has been in longest. */
export async function signIn(
  accounts: Accounts,
  call: Call,
  body: { email: string; password: string },
  workspace_id?: string,
): Promise<Session> {
  allowAttempt(body.email);
  try {
    const { headers, response } = await orProblem(
      accounts.api.signInEmail({ body, headers: authHeaders(call.request), returnHeaders: true }),
    );
    attemptSucceeded(body.email);
    call.reply.header("set-cookie", headers.getSetCookie());
    return await sessionOfToken(accounts, call, response.token, workspace_id);
  } catch (error) {
    attemptFailed(body.email, error);
    tellOfFailure(call, body.email, error);
    throw error;
  }
}

async function sessionOfToken(
  accounts: Accounts,
  call: Call,
  token: string,
  workspace_id?: string,
): Promise<Session> {
  const found = await (await accounts.$context).internalAdapter.findSession(token);
  if (found === null) {
    throw problem("internal", { say: "Signing in doesn't work right now. Try again." });
  }
  const places = await call.db.acrossWorkspaces((tx) => selectWorkspacesOf(tx, found.user.id));
  const first = places.find((place) => place.id === workspace_id) ?? places[0];
  if (first === undefined) {
    throw problem("forbidden", { say: "You are in no workspace: ask an admin to invite you." });
  }
  await call.db.global((tx) => setSessionWorkspace(tx, found.session.id, first.id));
  const caller = await bySession(call.db, {
    user_id: found.user.id,
    session_id: found.session.id,
    workspace_id: first.id,
    ip: call.ip,
  });
  await tellOfSignIn(call, caller);
  return describe(call, caller);
}

export async function showSession(call: Call): Promise<Session> {
  return describe(call, {
    actor: call.actor,
    user_id: call.user_id,
    session_id: call.session_id,
    by_cookie: true,
  });
}

async function describe(call: Call, caller: Caller): Promise<Session> {
  const { actor, user_id } = caller;
  if (actor === null) {
    throw problem("forbidden", { say: "You are no longer in this workspace." });
  }
  return call.db.tenant(actor, async (ctx) => {
    const workspace = await showWorkspace(ctx);
    const member = actor.member_id === null ? undefined : await selectMember(ctx, actor.member_id);
    const workspaces =
      user_id === null ? [] : await call.db.acrossWorkspaces((tx) => selectWorkspacesOf(tx, user_id));
    return {
      user:
        user_id === null || member === undefined
          ? null
          : { id: user_id, name: member.name, email: member.email },
      member: member === undefined ? null : toMember(member),
      role: actor.role,
      workspace,
      workspaces: workspaces.map((place) => ({ ...place, role: roleOf(place.role) })),
    };
  });
}

export async function signOut(accounts: Accounts, call: Call): Promise<Nothing> {
  const { headers } = await orProblem(
    accounts.api.signOut({ headers: authHeaders(call.request), returnHeaders: true }),
  );
  call.reply.header("set-cookie", headers.getSetCookie());
  return {};
}

/** Switching to a workspace one isn't in looks like switching to one that doesn't exist. */
export async function switchWorkspace(call: Call, input: { workspace_id: string }): Promise<Session> {
  const { user_id, session_id } = call;
  if (user_id === null || session_id === null) {
    throw problem("not_signed_in", { say: "Sign in first." });
  }
  const caller = await bySession(call.db, {
    user_id,
    session_id,
    workspace_id: input.workspace_id,
    ip: call.ip,
  });
  if (caller.actor === null) {
    throw notFound("workspace");
  }
  await call.db.global((tx) => setSessionWorkspace(tx, session_id, input.workspace_id));
  await tellOfSignIn(call, caller);
  return describe(call, caller);
}

export async function listDevices(
  accounts: Accounts,
  call: Call,
): Promise<{ data: z.infer<typeof Device>[] }> {
  const sessions = await orProblem(accounts.api.listSessions({ headers: authHeaders(call.request) }));
  return {
    data: sessions.map((session) => ({
      id: session.id,
      current: session.id === call.session_id,
      ip: session.ipAddress ?? null,
      user_agent: session.userAgent ?? null,
      created_at: session.createdAt.toISOString(),
      last_seen_at: session.updatedAt.toISOString(),
    })),
  };
}

export async function revokeDevice(accounts: Accounts, call: Call, input: { id: string }): Promise<Nothing> {
  const headers = authHeaders(call.request);
  const session = (await orProblem(accounts.api.listSessions({ headers }))).find(
    (each) => each.id === input.id,
  );
  if (session === undefined) {
    throw notFound("session");
  }
  await orProblem(accounts.api.revokeSession({ body: { token: session.token }, headers }));
  await tellOfOneself(call, "member.session_revoked", { browser: session.userAgent ?? null });
  return {};
}

export async function updateProfile(
  accounts: Accounts,
  call: Call,
  input: { name: string },
): Promise<Session> {
  const { user_id } = call;
  if (user_id === null) {
    throw problem("not_signed_in", { say: "Sign in first." });
  }
  await orProblem(
    accounts.api.updateUser({ body: { name: input.name }, headers: authHeaders(call.request) }),
  );
  for (const place of await call.db.acrossWorkspaces((tx) => selectWorkspacesOf(tx, user_id))) {
    await call.db.tenant(systemActor(place.id), (ctx) => renameMember(ctx, user_id, input.name));
  }
  return showSession(call);
}

export async function changePassword(
  accounts: Accounts,
  call: Call,
  input: { current: string; password: string },
): Promise<Nothing> {
  const { headers, response } = await orProblem(
    accounts.api.changePassword({
      body: { currentPassword: input.current, newPassword: input.password, revokeOtherSessions: true },
      headers: authHeaders(call.request),
      returnHeaders: true,
    }),
  );
  call.reply.header("set-cookie", headers.getSetCookie());
  // Of all sessions one is left, a new one: it goes on in the workspace of the old.
  const found =
    response.token === null
      ? null
      : await (await accounts.$context).internalAdapter.findSession(response.token);
  if (found !== null && call.workspace_id !== null) {
    const { workspace_id } = call;
    await call.db.global((tx) => setSessionWorkspace(tx, found.session.id, workspace_id));
  }
  await tellOfOneself(call, "member.password_changed");
  return {};
}

/** The answer is the same whether the address has an account or not. */
export async function forgotPassword(accounts: Accounts, call: Call, input: { email: string }) {
  const user = await call.db.global((tx) => anyUser(tx, input.email));
  const [place] =
    user === undefined ? [] : await call.db.acrossWorkspaces((tx) => selectWorkspacesOf(tx, user.id));
  if (call.mailer.ready && user !== undefined && place !== undefined) {
    const { token } = await createResetToken(accounts, user.id);
    await call.db.tenant(systemActor(place.id), (ctx) =>
      call.mailer.send(ctx, {
        to: input.email,
        subject: "Set a new password",
        text: `Somebody, probably you, asked to set a new password for Bellwether.\n\nOpen this link within a day:\n${call.config.publicUrl}/reset/${token}\n\nIf it wasn't you, do nothing: your password stays.\n`,
      }),
    );
  }
  return { sent_by: call.mailer.ready ? ("mail" as const) : ("admin" as const) };
}

export async function resetPassword(
  accounts: Accounts,
  call: Call,
  input: { token: string; password: string },
): Promise<Nothing> {
  const link = await (
    await accounts.$context
  ).internalAdapter.findVerificationValue(`reset-password:${input.token}`);
  await orProblem(accounts.api.resetPassword({ body: { token: input.token, newPassword: input.password } }));
  if (link !== null) {
    await tellWorkspaces(call.db, {
      user_id: link.value,
      ip: call.ip,
      by: "themselves",
      name: "member.password_changed",
      data: { by_link: true },
    });
  }
  return {};
}
