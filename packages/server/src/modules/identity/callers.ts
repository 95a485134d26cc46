import type { FastifyRequest } from "fastify";
import { type Actor, systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Database } from "../../kernel/db.ts";
import { type Caller, nobody } from "../../kernel/http.ts";
import { problem } from "../../kernel/problems.ts";
import { type Accounts, authHeaders } from "./accounts.ts";
import { type CallerRow, selectCaller, selectKeyCaller, touchKey } from "./identity.sql.ts";
import { decodeToken, secretMatches } from "./tokens.ts";

export const key_mark = "bw_";

/** Finds who is behind a request: an API key where one is sent, else the session cookie, else nobody. */
export function createAuthenticator(db: Database, accounts: Accounts) {
  return async (request: FastifyRequest): Promise<Caller> => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) {
      return byKey(db, authorization, request.ip);
    }
    if (cookie === undefined || !cookie.includes("bellwether")) {
      return nobody;
    }
    const found = await accounts.api.getSession({ headers: authHeaders(request) });
    if (found === null) {
      return nobody;
    }
    return bySession(db, {
      user_id: found.user.id,
      session_id: found.session.id,
      workspace_id: found.session.workspaceId ?? null,
      ip: request.ip,
    });
  };
}

async function byKey(db: Database, authorization: string, ip: string): Promise<Caller> {
  const refused = problem("not_signed_in", {
    say: "This API key is unknown, expired or revoked.",
    headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  });
  const text = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  const token = text?.startsWith(key_mark) === true ? decodeToken(text.slice(key_mark.length)) : null;
  if (token === null) {
    throw refused;
  }
  return db.tenant(systemActor(token.workspace_id), async (ctx) => {
    const row = await selectKeyCaller(ctx, token.id);
    if (
      row === undefined ||
      !secretMatches(token, row.secret_hash) ||
      (row.expires_at !== null && row.expires_at < now())
    ) {
      throw refused;
    }
    if (!row.used_lately) {
      await touchKey(ctx, row.id);
    }
    return {
      actor: { ...actorOf(row, token.workspace_id, ip), kind: "key", member_id: null },
      user_id: null,
      session_id: null,
      by_cookie: false,
    };
  });
}

/** Also right after signing in, when the cookie is not yet on the request. */
export async function bySession(
  db: Database,
  session: { user_id: string; session_id: string; workspace_id: string | null; ip: string },
): Promise<Caller> {
  const { user_id, session_id, workspace_id, ip } = session;
  const caller: Caller = { actor: null, user_id, session_id, by_cookie: true };
  if (workspace_id === null) {
    return caller;
  }
  const row = await db.tenant(systemActor(workspace_id), (ctx) => selectCaller(ctx, user_id));
  return row === undefined
    ? caller
    : { ...caller, actor: { ...actorOf(row, workspace_id, ip), user_id, session_id } };
}

export function actorOf(row: CallerRow, workspace_id: string, ip: string): Actor {
  return {
    kind: "member",
    id: row.id,
    name: row.name,
    role: row.role,
    workspace_id,
    member_id: row.id,
    user_id: null,
    session_id: null,
    own_only: row.role === "agent" && row.agents_see_own ? row.id : null,
    masked: row.role === "viewer" && row.viewers_masked,
    time_zone: row.time_zone,
    default_country: row.default_country,
    ip,
  };
}
