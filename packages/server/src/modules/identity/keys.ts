import type { Nothing } from "@bellwether/contracts/common";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId, randomSecret } from "../../kernel/ids.ts";
import { notFound } from "../../kernel/problems.ts";
import type { Role } from "@bellwether/contracts/permissions";
import { key_mark } from "./callers.ts";
import { insertKey, revokeKeyRow, selectKeys } from "./identity.sql.ts";
import { demandGrant, roleOf } from "./members.ts";
import { encodeToken, hashSecret } from "./tokens.ts";
import { now } from "../../kernel/clock.ts";

export async function listKeys(ctx: Ctx) {
  const rows = await selectKeys(ctx);
  return rows.map((row) => ({
    ...row,
    role: roleOf(row.role),
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  }));
}

/** The answer alone holds the key: only a hash of it is kept. */
export async function createKey(
  ctx: Ctx,
  input: { name: string; role: Exclude<Role, "owner">; expires_at?: string | null | undefined },
) {
  demandGrant(ctx, input.role);
  const token = { id: newId(), workspace_id: ctx.workspace_id, secret: randomSecret() };
  const key = key_mark + encodeToken(token);
  const prefix = key.slice(0, 16);
  const expires_at =
    input.expires_at === undefined || input.expires_at === null ? null : new Date(input.expires_at);
  await insertKey(ctx, {
    id: token.id,
    name: input.name,
    role: input.role,
    prefix,
    secret_hash: hashSecret(token.secret),
    created_by: ctx.actor.member_id,
    expires_at,
  });
  await emit(ctx, "key.created", { subject_id: token.id }, { name: input.name, role: input.role });
  return {
    id: token.id,
    name: input.name,
    role: input.role,
    prefix,
    created_by: ctx.actor.name,
    created_at: now().toISOString(),
    expires_at: expires_at?.toISOString() ?? null,
    last_used_at: null,
    key,
  };
}

export async function revokeKey(ctx: Ctx, input: { id: string }): Promise<Nothing> {
  if (!(await revokeKeyRow(ctx, input.id))) {
    throw notFound("API key");
  }
  await emit(ctx, "key.revoked", { subject_id: input.id });
  return {};
}
