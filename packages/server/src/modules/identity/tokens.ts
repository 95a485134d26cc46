import { createHash, timingSafeEqual } from "node:crypto";

/**
 * A secret that says where it belongs: record id, workspace id and 32 random bytes in one base64url text. So its record
 * is found by key under row-level security, and only a hash of the secret is kept.
 */
export interface Token {
  workspace_id: string;
  id: string;
  secret: Buffer;
}

export function encodeToken(token: Token): string {
  return Buffer.concat([bytesOf(token.id), bytesOf(token.workspace_id), token.secret]).toString("base64url");
}

/** Null when the text can't be one of ours. */
export function decodeToken(text: string): Token | null {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length !== 64 || bytes.toString("base64url") !== text) {
    return null;
  }
  return {
    id: uuidOf(bytes.subarray(0, 16)),
    workspace_id: uuidOf(bytes.subarray(16, 32)),
    secret: bytes.subarray(32),
  };
}

/** The secret is random, so a plain hash is enough: there is nothing to guess. */
export function hashSecret(secret: Buffer): Buffer {
  return createHash("sha256").update(secret).digest();
}

export function secretMatches(token: Token, hash: Buffer): boolean {
  return timingSafeEqual(hashSecret(token.secret), hash);
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
