/** What a cell's text looks like, before anybody has said what its column means. */
import { noWords, yesWords } from "./words.ts";

const email = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]{2,}$/;
const url = /^(https?:\/\/|www\.)\S+\.\S+$/i;
const plainNumber = /^[-+]?(0|[1-9]\d*)([.,]\d+)?$/;
const groupedNumber = /^[-+]?[1-9]\d{0,2}(([., '’\u00a0\u202f])\d{3})(\2\d{3})*([.,]\d+)?$/;
const money =
  /^[-+]?(?:[$€£¥₹]|USD|EUR|GBP|CHF)\s?[\d.,' \u00a0]+$|^[-+]?[\d.,' \u00a0]+\s?(?:[$€£¥₹]|USD|EUR|GBP|CHF)$/;
const numericDate = /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))$/;
const wordDate = /^(\d{1,2}\.?[ -][\p{L}]{3,10}\.?,?[ -]\d{4}|\p{L}{3,10}\.? \d{1,2},? \d{4})$/u;
const time = /[ T,]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s?([ap]\.?m\.?)?\s?(z|utc|gmt|[+-]\d{2}:?\d{2})?$/i;
const phone = /^[+(]?[\d][\d\s().\-/]{5,20}\d$/;

export type Shape = "email" | "url" | "number" | "money" | "date" | "datetime" | "phone" | "yes_no" | "text";

/** The narrowest shape of one text. Order matters: a date is also phone-like, a number is also phone-like. */
export function shapeOf(text: string): Shape {
  const cell = text.trim();
  if (email.test(cell)) return "email";
  if (url.test(cell)) return "url";
  if (numericDate.test(cell) || wordDate.test(cell)) return "date";
  if (cell.length < 45 && time.test(cell)) {
    const day = cell.replace(time, "");
    if (numericDate.test(day) || wordDate.test(day)) return "datetime";
  }
  if (plainNumber.test(cell) && cell.length <= 15 && !(cell.startsWith("+") && cell.length > 7))
    return "number";
  if (groupedNumber.test(cell)) return "number";
  if (money.test(cell) && /\d/.test(cell)) return "money";
  if (phone.test(cell) && /\d/.test(cell)) return "phone";
  const word = cell.toLowerCase();
  if (yesWords.has(word) || noWords.has(word)) return "yes_no";
  return "text";
}

/** Whether a cell can only be a value: no header reads like an address, a date, a number or a phone. */
export function looksLikeData(text: string): boolean {
  const shape = shapeOf(text);
  return shape !== "text" && shape !== "yes_no";
}

/** `E-Mail 1 - Value`, `emailAddress` and `Correo electrónico` in one plain form: `e mail 1 value`, `email address`, `correo electronico`. */
export function normalHeader(header: string): string {
  return header
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ł", "l")
    .replaceAll("ß", "ss")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** A field key from a header: `Correo electrónico 2` → `correo_electronico_2`; headers without Latin letters get `field`. */
export function keyOf(header: string): string {
  const key = normalHeader(header)
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+/, "")
    .slice(0, 50)
    .replace(/_+$/, "");
  return key === "" ? "field" : key;
}
