import { refuse, type Refusal } from "./refusal.ts";

const plain = /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/;
const local = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;
/** Soft hyphens, zero-width and direction characters: they look like nothing and make another address. */
const hidden = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f]/;

/**
 * The address in the form that leads are matched by: lower case, NFC, without outer spaces, `mailto:` or a display
 * name. Accepts what a mail server would take from a stranger: no quoted local parts, comments or IP literals.
 */
export function readEmail(text: string): string | Refusal {
  const lower = text.toLowerCase();
  if (plain.test(lower) && lower.length <= 254 && lower.indexOf("@") <= 64) return lower;
  if (hidden.test(lower)) return refuse("email_hidden_character");
  const address = (/<([^<>]+)>\s*$/.exec(lower)?.[1] ?? lower).replace(/^mailto:/, "").trim().normalize("NFC");
  const at = address.lastIndexOf("@");
  const name = address.slice(0, at);
  const labels = address.slice(at + 1).split(".");
  const tld = labels.at(-1) ?? "";
  const good =
    at > 0 && Buffer.byteLength(name) <= 64 && address.length <= 254 && local.test(name) &&
    labels.length >= 2 && labels.every((part) => label.test(part)) && !/^\d+$/.test(tld) && tld.length >= 2;
  return good ? address : refuse("email_invalid");
}
