import { formulaStarts } from "../../kernel/csv.ts";

const newline = 10;
const quote = '"';

/** A cell without quotes that a spreadsheet would take for a formula: where it begins. */
const cellStarts = new RegExp(`(?<=^|[,\\n])(?=${formulaStarts})`, "g");
const quotedStart = new RegExp(`^${formulaStarts}`);

/**
 * COPY's rows as they leave: cells are made safe for spreadsheets (kernel/csv.ts says how), and lines end in CRLF, as RFC
 * 4180 and Excel want it; a line break inside a cell stays what it is. Here and not in SQL, where the same costs as much
 * as half of the COPY, one cell after the other; here it is done while PostgreSQL makes the next rows.
 */
export class CsvLines {
  rows = 0;
  /** The beginning of a row whose end is in the next piece. */
  #carry = "";

  push(piece: Buffer): Buffer {
    // A character a byte: all signs that matter look the same in it, and the engine searches it fast.
    const text = this.#carry + piece.toString("latin1");
    const end = endOfRows(text);
    this.#carry = text.slice(end);
    return Buffer.from(this.#safe(text.slice(0, end)), "latin1");
  }

  #safe(rows: string): string {
    if (!rows.includes(quote)) {
      return this.#ended(rows.replace(cellStarts, "'"));
    }
    const parts = rows.split(quote);
    let opens = true;
    return parts
      .map((part, at) => {
        if (at % 2 === 1) {
          // Quotes inside a cell are written twice: what follows such a pair goes on with the same cell.
          return opens ? part.replace(quotedStart, "'$&") : part;
        }
        opens = part === "" ? at === 0 : /[,\n]$/.test(part);
        return this.#ended(at === 0 ? part.replace(cellStarts, "'") : guardedBehind(part));
      })
      .join(quote);
  }

  #ended(rows: string): string {
    const ended = rows.replaceAll("\n", "\r\n");
    this.rows += ended.length - rows.length;
    return ended;
  }
}

/** What stands behind a closing quote begins with a mark, so nothing at its very beginning is a cell's. */
function guardedBehind(part: string): string {
  return part === "" ? part : part.slice(0, 1) + part.slice(1).replace(cellStarts, "'");
}

/** Behind the last line break that isn't inside quotes: there, an even number of quotes has been seen. */
function endOfRows(text: string): number {
  let quotes = 0;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) {
    quotes += 1;
  }
  for (
    let end = text.lastIndexOf("\n"), from = text.length;
    end !== -1;
    end = text.lastIndexOf("\n", end - 1)
  ) {
    for (let at = text.lastIndexOf(quote, from - 1); at > end; at = text.lastIndexOf(quote, at - 1)) {
      quotes -= 1;
    }
    if (quotes % 2 === 0) {
      return end + 1;
    }
    if (end === 0) {
      break;
    }
    from = end;
  }
  return 0;
}

/** JSON has no line breaks of its own: only counts. */
export class JsonLines {
  rows = 0;

  push(piece: Buffer): Buffer {
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, at + 1)) {
      this.rows += 1;
    }
    return piece;
  }
}
