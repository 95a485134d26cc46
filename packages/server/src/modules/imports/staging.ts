/** Rows of a file to lines of COPY: every cell typed, the row's identifier chosen, or the first reason against it. */
import type { Plan } from "./plan.ts";
import { identifiers } from "./plan.ts";
import { Refusal, refuse, type Reason } from "./refusal.ts";
import type { RowBatch } from "./rows.ts";
import { cellReader, type CellReader, type Typed, type TypingContext } from "./typing.ts";

/** What `how` in staging says when it isn't an identifier's number. */
export const how = { refused: -1, duplicate: -2 } as const;

export type NoteGroup = {
  code: Reason;
  column: number | null;
  count: number;
  samples: { line: number; value: string }[];
};
const SAMPLES_MAX = 5;
const VALUE_CHARS_MAX = 200;

type Slot = {
  index: number;
  read: CellReader;
  place: "standard" | "attribute" | "tags";
  at: number;
  prefix: string;
};

/** Columns of the staging table after `n, line, how, refusal`. */
export function stagingColumns(plan: Plan): { name: string; type: string }[] {
  return [
    ...plan.standard.map((name) => ({
      name,
      type: name === "owner_id" ? "uuid" : name === "qualification" ? "smallint" : "text",
    })),
    ...(plan.custom.length > 0 ? [{ name: "attributes", type: "jsonb" }] : []),
    ...(plan.has_tags ? [{ name: "tags", type: "text[]" }] : []),
  ];
}

/** Types rows one after the other; what it notes of them is asked for at the end. */
export class Stager {
  readonly #plan: Plan;
  readonly #columns: number;
  readonly #slots: Slot[];
  readonly #match: { at: number; how: number }[];
  readonly #numberAt: number;
  readonly #blanks: string;
  readonly #values: (Typed | null)[];
  readonly #noted = new Map<string, NoteGroup>();
  readonly #options = new Map<string, string[]>();
  /** Where it reads just now, for notes. */
  #line = 0;
  #index: number | null = null;
  #cell = "";
  #n = 0;

  constructor(plan: Plan, columns: number, typing: Omit<TypingContext, "note" | "option">) {
    this.#plan = plan;
    this.#columns = columns;
    this.#slots = slotsOf(plan, {
      ...typing,
      note: (code) => this.#note(code),
      option: (key, value) => this.#options.set(key, [...(this.#options.get(key) ?? []), value]),
    });
    this.#match = plan.match.map((name) => ({
      at: plan.standard.indexOf(name),
      how: identifiers.indexOf(name),
    }));
    this.#numberAt = plan.number_rows === null ? -1 : plan.standard.indexOf("external_id");
    this.#blanks = "\t\\N".repeat(stagingColumns(plan).length);
    this.#values = Array.from({ length: plan.standard.length }, () => null);
  }

  get count(): number {
    return this.#n;
  }

  notes(): NoteGroup[] {
    return [...this.#noted.values()];
  }

  /** Options found for the choices that this file defines. */
  options(): Record<string, string[]> {
    return Object.fromEntries(this.#options);
  }

  /** The batch as text for COPY, one line a row. */
  rows(batch: RowBatch): string {
    for (const one of batch.notes) addNote(this.#noted, one.code, null, one.line, "");
    let out = "";
    for (let at = 0; at < batch.rows.length; at += 1) {
      this.#line = batch.lines[at] ?? 0;
      out += this.#row(batch.rows[at] ?? []);
    }
    return out;
  }

  #row(cells: string[]): string {
    this.#n += 1;
    const values = this.#values.fill(null);
    let attributes = "";
    let tags: Typed | null = null;
    for (const slot of this.#slots) {
      this.#index = slot.index;
      const cell = cells[slot.index] ?? "";
      if (cell === "") continue;
      this.#cell = cell;
      const value = slot.read(cell);
      if (value === null) continue;
      if (value instanceof Refusal) return this.#refused(value, slot.index, cell);
      if (slot.place === "standard") values[slot.at] = value;
      else if (slot.place === "tags") tags = value;
      else attributes += `${attributes === "" ? "{" : ","}${slot.prefix}${JSON.stringify(value)}`;
    }
    if (cells.length > this.#columns) this.#surplus(cells.slice(this.#columns));
    if (this.#numberAt !== -1) values[this.#numberAt] = `${this.#plan.number_rows}-${this.#n}`;
    const match = this.#match.find((candidate) => values[candidate.at] !== null);
    if (match === undefined) return this.#refused(refuse("no_identifier"), null, "");
    let out = `${this.#n}\t${this.#line}\t${match.how}\t\\N`;
    for (const value of values) out += value === null ? "\t\\N" : `\t${escaped(String(value))}`;
    if (this.#plan.custom.length > 0) out += attributes === "" ? "\t\\N" : `\t${escaped(`${attributes}}`)}`;
    if (this.#plan.has_tags) out += Array.isArray(tags) ? `\t${escaped(arrayText(tags))}` : "\t\\N";
    return `${out}\n`;
  }

  #refused(refusal: Refusal, column: number | null, value: string): string {
    const shown = value.trim().slice(0, VALUE_CHARS_MAX).toWellFormed();
    const why = escaped(JSON.stringify({ code: refusal.code, column, value: shown }));
    return `${this.#n}\t${this.#line}\t${how.refused}\t${why}${this.#blanks}\n`;
  }

  #surplus(cells: string[]): void {
    if (cells.every((cell) => cell.trim() === "")) return;
    this.#index = null;
    this.#cell = cells.join(" ");
    this.#note("more_cells_than_columns");
  }

  #note(code: Reason): void {
    addNote(this.#noted, code, this.#index, this.#line, this.#cell);
  }
}

function slotsOf(plan: Plan, context: TypingContext): Slot[] {
  return plan.columns.map(({ index, target }) => {
    const read = cellReader(target, context);
    if (target.kind === "custom")
      return { index, read, place: "attribute", at: -1, prefix: `${JSON.stringify(target.key)}:` };
    if (target.field === "tags") return { index, read, place: "tags", at: -1, prefix: "" };
    return { index, read, place: "standard", at: plan.standard.indexOf(target.field), prefix: "" };
  });
}

function addNote(
  noted: Map<string, NoteGroup>,
  code: Reason,
  column: number | null,
  line: number,
  value: string,
): void {
  const key = `${code} ${column}`;
  let group = noted.get(key);
  if (group === undefined) {
    group = { code, column, count: 0, samples: [] };
    noted.set(key, group);
  }
  group.count += 1;
  if (group.samples.length < SAMPLES_MAX)
    group.samples.push({ line, value: value.trim().slice(0, VALUE_CHARS_MAX) });
}

/** COPY's text form: tab and newline part values, backslash escapes. Most values hold none of them. */
function escaped(text: string): string {
  if (!/[\\\n\r\t]/.test(text)) return text;
  return text.replace(/[\\\n\r\t]/g, (char) =>
    char === "\\" ? "\\\\" : char === "\n" ? "\\n" : char === "\r" ? "\\r" : "\\t",
  );
}

function arrayText(values: string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
