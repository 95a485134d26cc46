/** What a file's bytes are: which kind of file, and for text, which encoding. Guesses are shown, never final. */
import { encodings } from "@bellwether/contracts/imports";
import { isUtf8 } from "node:buffer";
import { analyse } from "chardet";
import iconv from "iconv-lite";

export type FileKind =
  | "text"
  | "xlsx"
  | "xls"
  | "zip"
  | "gzip"
  | "pdf"
  | "html"
  | "xml"
  | "json"
  | "rtf"
  | "image"
  | "binary"
  | "empty";

export type Encoding = (typeof encodings)[number];

/** What to say to somebody whose file isn't a table of text. Nothing of it is a guess about their intentions. */
export const refusals: Record<Exclude<FileKind, "text">, string> = {
  xlsx: "This is an Excel workbook (XLSX), whatever its name says. Open it and save the sheet as CSV, then upload that.",
  xls: "This is an old Excel workbook (XLS), whatever its name says. Open it and save the sheet as CSV, then upload that.",
  zip: "This is a ZIP archive. Unpack it and upload the CSV file inside.",
  gzip: "This file is compressed (gzip). Unpack it and upload the CSV file inside.",
  pdf: "This is a PDF document. A PDF holds no columns: export the list as CSV from where it comes from.",
  html: "This is a web page (HTML), not a CSV file. That happens when a download needed a sign-in first: open the export again and save the file itself.",
  xml: "This is an XML document, not a CSV file. Export the list as CSV.",
  json: "This is JSON, not a CSV file. Export the list as CSV, or send it to the API.",
  rtf: "This is a rich text document (RTF), not a CSV file. Save it as plain text or CSV.",
  image: "This is a picture, not a CSV file.",
  binary: "This file holds binary data, not text, so it has no columns to read. Export the list as CSV.",
  empty: "This file is empty: it has no header and no rows.",
};

const signatures: [FileKind, number[]][] = [
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["zip", [0x50, 0x4b, 0x05, 0x06]],
  ["xls", [0xd0, 0xcf, 0x11, 0xe0]],
  ["pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["gzip", [0x1f, 0x8b]],
  ["image", [0x89, 0x50, 0x4e, 0x47]],
  ["image", [0xff, 0xd8, 0xff]],
  ["image", [0x47, 0x49, 0x46, 0x38]],
  ["rtf", [0x7b, 0x5c, 0x72, 0x74, 0x66]],
];

/** Tells files apart by content; the name is no evidence. `sample` is the beginning. */
export function fileKind(sample: Buffer): FileKind {
  for (const [kind, bytes] of signatures) {
    if (!bytes.every((byte, at) => sample[at] === byte)) continue;
    if (kind !== "zip") return kind;
    const names = sample.toString("latin1");
    return names.includes("xl/") || names.includes("[Content_Types].xml") ? "xlsx" : "zip";
  }
  const encoding = guessEncoding(sample).encoding;
  if (encoding === "utf-8" && mostlyControl(sample)) return "binary";
  const text = decodeSample(sample.subarray(0, 4096), encoding).trimStart();
  if (
    text.replaceAll("\0", "").trim() === "" &&
    decodeSample(sample, encoding).replaceAll("\0", "").trim() === ""
  ) {
    return "empty";
  }
  if (/^(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body|table|meta|script|div)\b/i.test(text))
    return "html";
  if (/^<\?xml/i.test(text)) return /<html\b/i.test(text) ? "html" : "xml";
  if (/^\s*[[{]\s*["{[]/.test(text) && looksLikeJson(text)) return "json";
  return "text";
}

function looksLikeJson(text: string): boolean {
  return /^\s*(\[\s*)?\{\s*"[^"\n]*"\s*:/.test(text) || /^\s*\[\s*\[/.test(text);
}

/** More than 2 % control characters other than tab, newlines and NUL (which exports do leave behind). */
function mostlyControl(sample: Buffer): boolean {
  const bytes = sample.subarray(0, 65_536);
  let control = 0;
  let nul = 0;
  for (const byte of bytes) {
    if (byte === 0) nul += 1;
    else if (
      byte < 32 &&
      byte !== 9 &&
      byte !== 10 &&
      byte !== 13 &&
      byte !== 12 &&
      byte !== 26 &&
      byte !== 27
    )
      control += 1;
  }
  return control > bytes.length * 0.02 || nul > Math.max(8, bytes.length * 0.1);
}

export type EncodingGuess = { encoding: Encoding; bom: boolean; sure: boolean };

/** The encoding of a text, from its byte order mark, its zero bytes, its validity as UTF-8, else by statistics. */
export function guessEncoding(sample: Buffer): EncodingGuess {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf)
    return { encoding: "utf-8", bom: true, sure: true };
  if (sample[0] === 0xff && sample[1] === 0xfe) return { encoding: "utf-16le", bom: true, sure: true };
  if (sample[0] === 0xfe && sample[1] === 0xff) return { encoding: "utf-16be", bom: true, sure: true };
  const wide = zeroBytes(sample);
  if (wide !== undefined) return { encoding: wide, bom: false, sure: true };
  if (isUtf8(wholeCharacters(sample))) return { encoding: "utf-8", bom: false, sure: true };
  return { encoding: statisticalGuess(sample), bom: false, sure: false };
}

/** UTF-16 without a mark: western text has a zero in every second byte. */
function zeroBytes(sample: Buffer): Encoding | undefined {
  const length = Math.min(sample.length, 4096) & ~1;
  if (length < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (sample[at] === 0) even += 1;
    if (sample[at + 1] === 0) odd += 1;
  }
  const pairs = length / 2;
  if (odd > pairs * 0.6 && even < pairs * 0.1) return "utf-16le";
  if (even > pairs * 0.6 && odd < pairs * 0.1) return "utf-16be";
  return undefined;
}

/** A sample cut in the middle of a character isn't bad UTF-8: leave the last, unfinished one out. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needs > back ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}

/**
 * chardet's order, limited to what exports are written in, and corrected where it is known to be wrong:
 * it answers ISO-8859-1 for what only Windows-1252 can be (0x80–0x9F are letters and quotes there, control
 * characters in ISO), and short western texts score as Cyrillic or Turkish by a hair.
 */
function statisticalGuess(sample: Buffer): Encoding {
  const accented = Buffer.from(sample.subarray(0, 262_144));
  const guesses = analyse(accented)
    .map((match) => ({ encoding: knownEncoding(match.name), confidence: match.confidence }))
    .filter((guess) => guess.encoding !== undefined && !guess.encoding.startsWith("utf"));
  const best = guesses[0];
  if (best?.encoding === undefined) return "windows-1252";
  const western = guesses.find((guess) => guess.encoding === "windows-1252");
  if (western?.encoding !== undefined && best.confidence - western.confidence <= 10) return western.encoding;
  return best.confidence < 20 ? "windows-1252" : best.encoding;
}

/** Our name for what others call it; ISO-8859-1 and its kin are read as the Windows page that contains them. */
export function knownEncoding(name: string): Encoding | undefined {
  const key = name.toLowerCase().replaceAll("_", "-");
  const aliases: Record<string, Encoding> = {
    utf8: "utf-8",
    ascii: "utf-8",
    "us-ascii": "utf-8",
    utf16le: "utf-16le",
    utf16be: "utf-16be",
    "utf-16": "utf-16le",
    "iso-8859-1": "windows-1252",
    latin1: "windows-1252",
    "iso-8859-15": "windows-1252",
    cp1252: "windows-1252",
    "iso-8859-5": "windows-1251",
    "iso-8859-7": "windows-1253",
    "iso-8859-8": "windows-1255",
    "iso-8859-9": "windows-1254",
    "iso-8859-6": "windows-1256",
    "shift-jis": "shift_jis",
    gbk: "gb18030",
    gb2312: "gb18030",
    macintosh: "macroman",
  };
  const own = encodings.find((encoding) => encoding === key);
  return own ?? (Object.hasOwn(aliases, key) ? aliases[key] : undefined);
}

export function decodeSample(sample: Buffer, encoding: Encoding): string {
  return iconv.decode(encoding === "utf-8" ? wholeCharacters(sample) : sample, encoding);
}

/** A decoder for a stream of bytes. UTF-8 goes by the runtime's own, about six times as fast as iconv. */
export function createDecoder(encoding: Encoding): { write: (bytes: Buffer) => string; end: () => string } {
  if (encoding === "utf-8") {
    const decoder = new TextDecoder("utf-8");
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = iconv.getDecoder(encoding, { stripBOM: true });
  let first = true;
  return {
    write: (bytes) => {
      const text = decoder.write(bytes);
      const start = first && text.charCodeAt(0) === 0xfeff ? 1 : 0;
      first = false;
      return text.slice(start);
    },
    end: () => decoder.end() ?? "",
  };
}

/**
 * Whether a whole stream is UTF-8: the first megabyte may be plain ASCII and the first accent come later.
 * Keeps the piece around the first byte that isn't, so that the encoding is guessed from there.
 */
export function createUtf8Check(): { push: (bytes: Buffer) => void; evidence: () => Buffer | undefined } {
  let tail: Buffer = Buffer.alloc(0);
  let evidence: Buffer | undefined;
  return {
    push: (bytes) => {
      if (evidence !== undefined) return;
      const joined = tail.length === 0 ? bytes : Buffer.concat([tail, bytes]);
      const whole = wholeCharacters(joined);
      if (isUtf8(whole)) tail = Buffer.from(joined.subarray(whole.length));
      else evidence = Buffer.from(joined);
    },
    evidence: () => evidence ?? (tail.length > 0 ? tail : undefined),
  };
}
