/** Numbers and amounts as people write them. */
import { refuse, type Refusal } from "./refusal.ts";

export type DecimalMark = "auto" | "." | ",";

const plain = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?$/;
const scientific = /^[-+]?\d+(?:\.\d+)?e[-+]?\d{1,3}$/i;
const currencies: [RegExp, string[]][] = [
  [/€|\beur\b/i, ["EUR"]],
  [/£|\bgbp\b/i, ["GBP"]],
  [/₹|\binr\b|\brs\.?/i, ["INR"]],
  [/\bchf\b/i, ["CHF"]],
  [/\busd\b|us\$/i, ["USD"]],
  [/zł|\bpln\b/i, ["PLN"]],
];
const currencySigns =
  /us\$|[$€£¥₹₽₺₩]|zł|kr\.?|\b(?:usd|eur|gbp|chf|jpy|cny|inr|pln|sek|nok|dkk|cad|aud|brl|mxn|try|czk|huf)\b|\brs\.?/gi;

/**
 * In `auto` a point is the decimal mark, and so is a comma unless both or several stand there; a single comma before
 * three digits is refused, because 1,234 is a thousand to one half of the world and one and a bit to the other.
 */
export function readNumber(text: string, mark: DecimalMark): number | Refusal {
  // A point before three digits is a thousands mark when the comma is said to be the decimal one.
  if (plain.test(text) && (mark !== "," || !text.includes("."))) return Number(text);
  if (scientific.test(text)) return finite(Number(text));
  const compactText = text
    .replace(/[\s\u00a0\u202f'’]/g, "")
    .replace(/^\+/, "")
    .replace("−", "-");
  const negative = /^\(.*\)$/.test(compactText) ? "-" : "";
  const digits = negative === "" ? compactText : compactText.slice(1, -1);
  if (!/^-?[\d.,]*\d[.,]?$|^-?[.,]\d+$/.test(digits)) return refuse("number_invalid");
  const decimal = mark === "auto" ? decimalMarkOf(digits) : mark;
  if (decimal === "ambiguous") return refuse("number_ambiguous");
  return grouped(negative + digits, decimal);
}

/** An amount with or without its currency's sign. `currency` is the field's; another one is refused, not converted. */
export function readMoney(text: string, mark: DecimalMark, currency: string | null): number | Refusal {
  if (plain.test(text)) return readNumber(text, mark);
  for (const [sign, codes] of currencies) {
    if (currency !== null && sign.test(text) && !codes.includes(currency)) return refuse("other_currency");
  }
  return readNumber(text.replace(currencySigns, "").trim(), mark);
}

function decimalMarkOf(digits: string): "." | "," | "ambiguous" {
  const points = digits.split(".").length - 1;
  const commas = digits.split(",").length - 1;
  if (points > 0 && commas > 0) return digits.lastIndexOf(".") > digits.lastIndexOf(",") ? "." : ",";
  if (points > 1) return ",";
  if (commas > 1) return ".";
  return commas === 1 && /^-?[1-9]\d{0,2},\d{3}$/.test(digits) ? "ambiguous" : commas === 1 ? "," : ".";
}

function grouped(digits: string, decimal: "." | ","): number | Refusal {
  const group = decimal === "." ? "," : ".";
  const [whole = "", fraction, ...more] = digits.split(decimal);
  if (more.length > 0 || fraction?.includes(group) === true) return refuse("number_invalid");
  const groups = whole.replace("-", "").split(group);
  // Two digits between marks are how India groups: 12,34,567.
  if (
    groups.length > 1 &&
    (!/^\d{1,3}$/.test(groups[0] ?? "") ||
      groups.slice(1, -1).some((part) => !/^\d{2,3}$/.test(part)) ||
      !/^\d{3}$/.test(groups.at(-1) ?? ""))
  ) {
    return refuse("number_invalid");
  }
  return finite(
    Number(
      `${whole.startsWith("-") ? "-" : ""}${groups.join("") || "0"}.${fraction === undefined || fraction === "" ? "0" : fraction}`,
    ),
  );
}

function finite(value: number): number | Refusal {
  return Number.isFinite(value) ? value : refuse("number_invalid");
}
