import { rule_conditions_max } from "@bellwether/contracts/rule";
import { problem } from "../../kernel/problems.ts";
import { parsePhone } from "../fields/index.ts";

export interface Words {
  /** Each must be found. */
  all: string[];
  /** When nothing but a number was typed, and it is a whole one: as it is stored, and as it was typed. */
  number: { e164: string; typed: string } | null;
}

/**
 * What is looked for when these texts are typed. `+49 (30) 123-4567` is one number, not three words, and its digits are
 * found in any number that holds them; a national one is read as the workspace's country's.
 */
export function wordsOf(texts: string[], default_country: string | null): Words {
  if (texts.length > rule_conditions_max) {
    throw problem("bad_query", {
      say: `${texts.length} words were typed; ${rule_conditions_max} can be looked for at once.`,
    });
  }
  const typed = texts.join(" ");
  const alone = digitsOf(typed);
  if (alone !== null) {
    const phone = parsePhone(typed, default_country);
    return { all: [alone], number: phone.ok && phone.value !== null ? { e164: phone.value, typed } : null };
  }
  return { all: [...new Set(joinedNumbers(texts))], number: null };
}

const notation = /^[+(]?[\d\s()./-]+$/;

/** Null for what is no number. */
function digitsOf(text: string): string | null {
  // The zero in brackets is for callers from the same country, and the zeros in front for those from others.
  const digits = text.replace("(0)", "").replace(/\D/g, "").replace(/^0+/, "");
  return digits.length >= 5 && notation.test(text) ? digits : null;
}

/** Among other words, what begins like a number and goes on like one: `smith 030 123 456`. Years and sizes don't. */
function joinedNumbers(texts: string[]): string[] {
  const words: string[] = [];
  let run: string[] = [];
  const close = () => {
    const digits = /^[+(0]/.test(run[0] ?? "") ? digitsOf(run.join(" ")) : null;
    words.push(...(digits === null ? run : [digits]));
    run = [];
  };
  for (const text of texts) {
    if (notation.test(text)) {
      run.push(text);
    } else {
      close();
      words.push(text);
    }
  }
  close();
  return words;
}
