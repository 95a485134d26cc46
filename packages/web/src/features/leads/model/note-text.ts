/**
 * Notes are kept as HTML that the server has cleaned; here they are written as plain text with blank
 * lines between paragraphs, and addresses of pages become links.
 */
export function textToHtml(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) => `<p>${linked(escaped(paragraph)).replaceAll("\n", "<br>")}</p>`)
    .join("");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

// A sentence's last full stop or closing bracket is not part of the address.
function linked(html: string): string {
  return html.replaceAll(/https?:\/\/[^\s<]*[^\s<.,;:!?)\]'"]/g, (url) => `<a href="${url}">${url}</a>`);
}

/** A note's tree, only of the parts that notes are made of: whatever else the HTML held is its text. */
export type NotePart = string | { tag: NoteTag; href?: string; parts: NotePart[] };
export type NoteTag = (typeof noteTags)[number];
const noteTags = [
  "p",
  "br",
  "a",
  "strong",
  "b",
  "em",
  "i",
  "u",
  "s",
  "ul",
  "ol",
  "li",
  "blockquote",
  "code",
] as const;

const isNoteTag = (tag: string): tag is NoteTag => noteTags.some((known) => known === tag);

/**
 * Reads a note's HTML into parts that the screen builds elements from. The markup itself never
 * reaches the page, so even an unclean note can only show text.
 */
export function partsOf(html: string): NotePart[] {
  return partsIn(new DOMParser().parseFromString(html, "text/html").body);
}

function partsIn(parent: Node): NotePart[] {
  return [...parent.childNodes].flatMap((node): NotePart[] => {
    if (node.nodeType === Node.TEXT_NODE) return [node.textContent ?? ""];
    if (!(node instanceof Element)) return [];
    const tag = node.localName;
    if (tag === "script" || tag === "style") return [];
    if (!isNoteTag(tag)) return partsIn(node);
    const href = tag === "a" ? safeHref(node.getAttribute("href")) : undefined;
    return [{ tag, parts: partsIn(node), ...(href ? { href } : {}) }];
  });
}

function safeHref(href: string | null): string | undefined {
  return href && /^(https?:|mailto:|tel:)/i.test(href) ? href : undefined;
}

/** The text to edit a note by. */
export function textOf(parts: readonly NotePart[]): string {
  const text = parts
    .map((part) => {
      if (typeof part === "string") return part;
      if (part.tag === "br") return "\n";
      const inner = textOf(part.parts);
      if (part.tag === "li") return `- ${inner}\n`;
      return part.tag === "p" || part.tag === "ul" || part.tag === "ol" || part.tag === "blockquote"
        ? `${inner}\n\n`
        : inner;
    })
    .join("");
  return text.replaceAll(/\n{3,}/g, "\n\n").trim();
}
