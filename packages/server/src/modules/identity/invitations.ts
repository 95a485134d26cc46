import type { Nothing } from "@bellwether/contracts/common";
import type { Session } from "@bellwether/contracts/identity";
import type { Role } from "@bellwether/contracts/permissions";
import { systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import type { Call } from "../../kernel/http.ts";
import { newId, randomSecret } from "../../kernel/ids.ts";
import { invalid, notFound, problem } from "../../kernel/problems.ts";
import { type Accounts, authHeaders, orProblem } from "./accounts.ts";
import {
  anyUser,
  deleteInvitation,
  insertMember,
  selectInvitation,
  selectInvitations,
  selectMembers,
  upsertInvitation,
} from "./identity.sql.ts";
import { demandGrant, roleOf } from "./members.ts";
import { signIn } from "./sessions.ts";
import { decodeToken, encodeToken, hashSecret, secretMatches } from "./tokens.ts";

const valid_days = 7;

export async function listInvitations(ctx: Ctx) {
  const rows = await selectInvitations(ctx);
  return rows.map((row) => ({
    ...row,
    role: roleOf(row.role),
    expires_at: row.expires_at.toISOString(),
    created_at: row.created_at.toISOString(),
  }));
}

/** Inviting the same address again makes a new link and ends the old one. */
export async function invite(call: Call, input: { email: string; role: Role }) {
  return call.tenant(async (ctx) => {
    demandGrant(ctx, input.role);
    const { member_id } = ctx.actor;
    if (member_id === null) {
      throw problem("forbidden", { say: "Only a person can invite people. Sign in to do this." });
    }
    if ((await selectMembers(ctx)).some((member) => member.email === input.email)) {
      throw problem("email_taken", { say: `${input.email} is already a member.` });
    }
    const token = { id: newId(), workspace_id: ctx.workspace_id, secret: randomSecret() };
    const expires_at = new Date(now().getTime() + valid_days * 86_400_000);
    await upsertInvitation(ctx, {
      id: token.id,
      ...input,
      token_hash: hashSecret(token.secret),
      invited_by: member_id,
      expires_at,
    });
    await emit(ctx, "member.invited", { subject_id: token.id }, input);
    const url = `${call.config.publicUrl}/join/${encodeToken(token)}`;
    if (call.mailer.ready) {
      await call.mailer.send(ctx, {
        to: input.email,
        subject: `${ctx.actor.name} invites you to Bellwether`,
        text: `${ctx.actor.name} invites you to work together in Bellwether.\n\nOpen this link within ${valid_days} days:\n${url}\n`,
      });
    }
    return {
      id: token.id,
      ...input,
      invited_by: ctx.actor.name,
      expires_at: expires_at.toISOString(),
      created_at: now().toISOString(),
      url,
      mailed: call.mailer.ready,
    };
  });
}

export async function revokeInvitation(ctx: Ctx, input: { id: string }): Promise<Nothing> {
  if (!(await deleteInvitation(ctx, input.id))) {
    throw notFound("invitation");
  }
  await emit(ctx, "member.invitation_revoked", { subject_id: input.id });
  return {};
}

export async function showInvitation(call: Call, input: { token: string }) {
  const { workspace, email, role, invited_by } = await open(call, input.token);
  const has_account = (await call.db.global((tx) => anyUser(tx, email))) !== undefined;
  return { workspace, email, role, invited_by, has_account };
}

export async function acceptInvitation(
  accounts: Accounts,
  call: Call,
  input: { token: string; name?: string | undefined; password: string },
): Promise<Session> {
  const invitation = await open(call, input.token);
  const { email } = invitation;
  const known = await call.db.global((tx) => anyUser(tx, email));
  if (known === undefined) {
    await createAccount(accounts, call, { email, name: input.name, password: input.password });
  }
  // The password proves that it is the invited person, also where they had an account already.
  const { user } = await orProblem(
    accounts.api.signInEmail({
      body: { email, password: input.password },
      headers: authHeaders(call.request),
    }),
  );
  const member_id = newId();
  const actor = {
    ...systemActor(invitation.workspace_id),
    kind: "member" as const,
    id: member_id,
    name: user.name,
    member_id,
    ip: call.ip,
  };
  await call.db.tenant(actor, async (ctx) => {
    if (!(await deleteInvitation(ctx, invitation.id))) {
      throw notFound("invitation");
    }
    await insertMember(ctx, {
      id: member_id,
      user_id: user.id,
      name: user.name,
      email,
      role: invitation.role,
    });
    await emit(
      ctx,
      "member.joined",
      { subject_id: member_id },
      { name: user.name, email, role: invitation.role },
    );
  });
  return signIn(accounts, call, { email, password: input.password }, invitation.workspace_id);
}

async function createAccount(
  accounts: Accounts,
  call: Call,
  person: { email: string; name: string | undefined; password: string },
): Promise<void> {
  const { email, name, password } = person;
  if (name === undefined) {
    throw invalid([{ path: "name", code: "required", message: "Enter your name." }]);
  }
  if (password.length < 10) {
    throw invalid([{ path: "password", code: "too_short", message: "Use at least 10 characters." }]);
  }
  await orProblem(
    accounts.api.signUpEmail({ body: { email, name, password }, headers: authHeaders(call.request) }),
  );
}

async function open(call: Call, text: string) {
  const token = decodeToken(text);
  const gone = problem("not_found", {
    say: "This invitation has been used, taken back or has expired. Ask for a new one.",
  });
  if (token === null) {
    throw gone;
  }
  const row = await call.db.tenant(systemActor(token.workspace_id), (ctx) => selectInvitation(ctx, token.id));
  if (row === undefined || !secretMatches(token, row.token_hash)) {
    throw gone;
  }
  return { ...row, workspace_id: token.workspace_id };
}
