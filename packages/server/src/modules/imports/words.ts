/** Words that spreadsheets in several languages use for yes, no and the months. */

export const yesWords = new Set([
  "yes", "y", "true", "t", "1", "on", "x", "✓", "✔", "☑", "ja", "j", "oui", "o", "vrai", "si", "sí", "sì", "s", "verdadero", "vero",
  "sim", "verdadeiro", "wahr", "tak", "prawda", "ano", "da", "да", "так", "evet", "ναι", "כן", "نعم", "はい", "是", "예",
]);
export const noWords = new Set([
  "no", "n", "false", "f", "0", "off", "✗", "✘", "☐", "nein", "non", "faux", "falso", "não", "nao", "falsch", "nie", "fałsz", "ne",
  "nu", "нет", "ні", "hayır", "hayir", "όχι", "לא", "لا", "いいえ", "否", "아니요", "nee",
]);

/** Stands for "nothing here" in exports. Only where the type can't hold the word itself: a text "n/a" stays a text. */
export const nothingWords = new Set(["-", "–", "—", "n/a", "#n/a", "null", "none", "nil", "\\n", "(null)", "undefined", "nan"]);

const monthNames: string[][] = [
  ["january", "jan", "janvier", "janv", "januar", "jänner", "enero", "ene", "gennaio", "gen", "janeiro", "januari", "styczeń", "stycznia", "sty"],
  ["february", "feb", "février", "févr", "fév", "februar", "febrero", "febbraio", "fevereiro", "fev", "februari", "luty", "lutego", "lut"],
  ["march", "mar", "mars", "märz", "mär", "mrz", "marzo", "março", "maart", "mrt", "marzec", "marca"],
  ["april", "apr", "avril", "avr", "abril", "abr", "aprile", "kwiecień", "kwietnia", "kwi"],
  ["may", "mai", "mayo", "maggio", "mag", "maio", "mei", "maj", "maja"],
  ["june", "jun", "juin", "juni", "junio", "giugno", "giu", "junho", "czerwiec", "czerwca", "cze"],
  ["july", "jul", "juillet", "juil", "juli", "julio", "luglio", "lug", "julho", "lipiec", "lipca", "lip"],
  ["august", "aug", "août", "aoû", "agosto", "ago", "augustus", "sierpień", "sierpnia", "sie"],
  ["september", "sep", "sept", "septembre", "septiembre", "settembre", "set", "setembro", "wrzesień", "września", "wrz"],
  ["october", "oct", "octobre", "oktober", "okt", "octubre", "ottobre", "ott", "outubro", "out", "październik", "października", "paź"],
  ["november", "nov", "novembre", "noviembre", "novembro", "listopad", "listopada", "lis"],
  ["december", "dec", "décembre", "déc", "dezember", "dez", "diciembre", "dic", "dicembre", "dezembro", "grudzień", "grudnia", "gru"],
];
const months = new Map(monthNames.flatMap((names, at) => names.map((name): [string, number] => [name, at + 1])));

/** 1–12 for a month's name or abbreviation; undefined for any other word. */
export function monthOf(word: string): number | undefined {
  return months.get(word.toLowerCase().replace(/\.$/, ""));
}
