import { randomBytes, randomUUIDv7 } from "node:crypto";

let last = "";

/**
 * A UUIDv7, never smaller than the one before it in this process: keys made in
 * order keep b-trees dense and let `order by id` stand in for `order by created_at`.
 */
export function newId(): string {
  let id: string = randomUUIDv7();
  // Node 26 keeps order only between milliseconds. Within one, and when the
  // machine's clock is set back, we count up from the last id instead.
  if (id <= last) {
    id = successor(last);
  }
  last = id;
  return id;
}

/** The smallest id of a moment: what was made since has a greater one. */
export function firstIdAt(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When an id was made, to the millisecond. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** Unguessable text for links and keys; 32 bytes are 43 characters. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}

/** Unguessable bytes, for secrets of which only a hash is kept. */
export function randomSecret(bytes = 32): Buffer {
  return randomBytes(bytes);
}

/** The next id: the last 62 bits count up; the version and variant bits stay. */
function successor(id: string): string {
  const hex = id.replaceAll("-", "");
  const tail = BigInt(`0x${hex.slice(16)}`) & 0x3fff_ffff_ffff_ffffn;
  // A jump as long as 2^24 steps keeps neighbours from guessing each other's ids.
  const step = BigInt(1 + randomBytes(3).readUIntBE(0, 3));
  const next = tail + step;
  if (next > 0x3fff_ffff_ffff_ffffn) {
    return withCarry(hex);
  }
  return dashed(hex.slice(0, 16) + (next | 0x8000_0000_0000_0000n).toString(16).padStart(16, "0"));
}

/** The tail is full: the 12 bits before it, and past them the millisecond, take the carry. */
function withCarry(hex: string): string {
  const head = (BigInt(`0x${hex.slice(0, 12)}`) << 12n) | BigInt(`0x${hex.slice(13, 16)}`);
  const text = (head + 1n).toString(16).padStart(15, "0");
  const tail = randomBytes(8);
  tail[0] = 0x80 | ((tail[0] ?? 0) & 0x1f);
  return dashed(`${text.slice(0, 12)}7${text.slice(12)}${tail.toString("hex")}`);
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
