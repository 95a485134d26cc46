import { betterAuth } from "better-auth";
import { isAPIError } from "better-auth/api";
import type { Config } from "../../kernel/config.ts";
import { now } from "../../kernel/clock.ts";
import type { Database } from "../../kernel/db.ts";
import { newId, randomToken } from "../../kernel/ids.ts";
import { problem } from "../../kernel/problems.ts";

const times = { createdAt: "created_at", updatedAt: "updated_at" } as const;
const accountFields = {
  userId: "user_id",
  accountId: "account_id",
  providerId: "provider_id",
  accessToken: "access_token",
  refreshToken: "refresh_token",
  idToken: "id_token",
  accessTokenExpiresAt: "access_token_expires_at",
  refreshTokenExpiresAt: "refresh_token_expires_at",
  ...times,
} as const;

/** How a password is kept, and compared with what is kept. */
export interface Passwords {
  hash: (password: string) => Promise<string>;
  verify: (given: { hash: string; password: string }) => Promise<boolean>;
}

/**
 * People, passwords and sessions: better-auth, called from our own endpoints so that every answer keeps the API's
 * conventions; its own routes are not served. Workspaces, members and keys are tenant data and stay with us
 * (docs/adr/0002-identity.md).
 * Passwords are kept as better-auth does (scrypt, 90 ms each, on purpose); only tests, which sign up thousands, do otherwise.
 */
export function createAccounts(
  db: Database,
  config: Pick<Config, "publicUrl" | "secret">,
  passwords?: Passwords,
) {
  return betterAuth({
    database: db.pool,
    secret: config.secret,
    baseURL: config.publicUrl,
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      revokeSessionsOnPasswordReset: true,
      ...(passwords === undefined ? {} : { password: passwords }),
    },
    user: {
      modelName: "auth_user",
      fields: { emailVerified: "email_verified", ...times },
    },
    session: {
      modelName: "auth_session",
      expiresIn: 60 * 60 * 24 * 30,
      updateAge: 60 * 60 * 24,
      fields: {
        userId: "user_id",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        expiresAt: "expires_at",
        ...times,
      },
      additionalFields: {
        workspaceId: { type: "string", required: false, input: false, fieldName: "workspace_id" },
      },
    },
    account: { modelName: "auth_account", fields: accountFields },
    verification: {
      modelName: "auth_verification",
      // A look into the database gives nobody a working link.
      storeIdentifier: "hashed",
      fields: { expiresAt: "expires_at", ...times },
    },
    advanced: {
      cookiePrefix: "bellwether",
      useSecureCookies: config.publicUrl.startsWith("https:"),
      database: { generateId: () => newId() },
      // The address is the one Fastify found, trusted proxies considered; see `authHeaders`.
      ipAddress: { ipAddressHeaders: ["x-bellwether-ip"] },
    },
  });
}
export type Accounts = ReturnType<typeof createAccounts>;

/** Only what better-auth needs of a request: its cookie, the browser's name, and the address that Fastify believes. */
export function authHeaders(request: {
  headers: { cookie?: string | undefined; "user-agent"?: string | undefined };
  ip: string;
}): Headers {
  const headers = new Headers({ "x-bellwether-ip": request.ip });
  if (request.headers.cookie !== undefined) {
    headers.set("cookie", request.headers.cookie);
  }
  if (request.headers["user-agent"] !== undefined) {
    headers.set("user-agent", request.headers["user-agent"].slice(0, 500));
  }
  return headers;
}

const reset_hours = 24;

/** A link's token with which this person, once and within a day, sets a new password. */
export async function createResetToken(
  accounts: Accounts,
  user_id: string,
): Promise<{ token: string; expires_at: Date }> {
  const token = randomToken();
  const expires_at = new Date(now().getTime() + reset_hours * 3_600_000);
  const { internalAdapter } = await accounts.$context;
  await internalAdapter.createVerificationValue({
    identifier: `reset-password:${token}`,
    value: user_id,
    expiresAt: expires_at,
  });
  return { token, expires_at };
}

/** Turns better-auth's refusals into ours. */
export async function orProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isAPIError(error) ? translated(error.body?.code ?? "", error) : error;
  }
}

function translated(code: string, cause: unknown) {
  switch (code) {
    case "INVALID_EMAIL_OR_PASSWORD":
    case "INVALID_PASSWORD":
    case "INVALID_EMAIL":
      return problem("wrong_credentials", { say: "E-mail or password is wrong." });
    case "USER_ALREADY_EXISTS":
    case "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL":
      return problem("email_taken", { say: "This e-mail already has an account. Sign in instead." });
    case "INVALID_TOKEN":
      return problem("not_found", { say: "This link has been used or has expired. Ask for a new one." });
    default:
      return problem("internal", { say: "Signing in doesn't work right now. Try again.", cause });
  }
}
