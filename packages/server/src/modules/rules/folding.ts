/** Letters that are no letter with an accent, and are typed in these ways where a keyboard lacks them. */
const spelled = new Map(
  Object.entries({
    ß: "ss",
    æ: "ae",
    œ: "oe",
    ø: "o",
    ł: "l",
    đ: "d",
    ð: "d",
    þ: "th",
    ħ: "h",
    ı: "i",
    ŋ: "n",
  }),
).set("ŧ", "t");

/**
 * Without case and accents, as app.folded() does it in the database, for the letters of Europe's languages; a test holds
 * the two together. In other scripts a mark makes another letter, and stays.
 */
export function folded(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\p{Script=Latin}\p{Script=Greek}Ёё]/gu, (letter) =>
      letter.normalize("NFD").replace(/\p{M}/gu, ""),
    )
    .toLowerCase()
    .replace(/[ßæœøłđðþħıŋŧ]/g, (letter) => spelled.get(letter) ?? letter);
}
