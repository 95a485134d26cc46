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

export type Stager = {
  /** The batch as text for COPY, one line a row. */
  rows: (batch: RowBatch) => string;
  count: () => number;
  notes: () => NoteGroup[];
  /** Options found for the choices that this file defines. */
  options: () => Map<string, string[]>;
};

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

export function createStager(
  plan: Plan,
  columns: number,
  typing: Omit<TypingContext, "note" | "option">,
): Stager {
  const noted = new Map<string, NoteGroup>();
  const options = new Map<string, string[]>();
  let line = 0;
  let index: number | null = null;
  let cell = "";
  const note = (code: Reason) => addNote(noted, code, index, line, cell);
  const option = (key: string, value: string) => {
    const list = options.get(key);
    if (list === undefined) options.set(key, [value]);
    else list.push(value);
  };
  const slots = slotsOf(plan, { ...typing, note, option });
  const matchAt = plan.match.map((name) => ({
    at: plan.standard.indexOf(name),
    how: identifiers.indexOf(name),
  }));
  const numberAt = plan.number_rows === null ? -1 : plan.standard.indexOf("external_id");
  const blanks = "\t\\N".repeat(stagingColumns(plan).length);
  const values: (Typed | null)[] = Array.from({ length: plan.standard.length }, () => null);
  let n = 0;

  function row(cells: string[]): string {
    n += 1;
    values.fill(null);
    let attributes = "";
    let tags: Typed | null = null;
    for (const slot of slots) {
      index = slot.index;
      cell = cells[slot.index] ?? "";
      if (cell === "") continue;
      const value = slot.read(cell);
      if (value === null) continue;
      if (value instanceof Refusal) return refusedLine(n, line, value, slot.index, cell, blanks);
      if (slot.place === "standard") values[slot.at] = value;
      else if (slot.place === "tags") tags = value;
      else attributes += `${attributes === "" ? "{" : ","}${slot.prefix}${JSON.stringify(value)}`;
    }
    if (cells.length > columns && cells.slice(columns).some((extra) => extra.trim() !== "")) {
      index = null;
      cell = cells.slice(columns).join(" ");
      note("more_cells_than_columns");
    }
    if (numberAt !== -1) values[numberAt] = `${plan.number_rows}-${n}`;
    const match = matchAt.find((candidate) => values[candidate.at] !== null);
    if (match === undefined) return refusedLine(n, line, refuse("no_identifier"), null, "", blanks);
    let out = `${n}\t${line}\t${match.how}\t\\N`;
    for (const value of values) out += value === null ? "\t\\N" : `\t${escaped(String(value))}`;
    if (plan.custom.length > 0) out += attributes === "" ? "\t\\N" : `\t${escaped(`${attributes}}`)}`;
    if (plan.has_tags) out += Array.isArray(tags) ? `\t${escaped(arrayText(tags))}` : "\t\\N";
    return `${out}\n`;
  }

  return {
    rows: (batch) => {
      for (const one of batch.notes) addNote(noted, one.code, null, one.line, "");
      let out = "";
      for (let at = 0; at < batch.rows.length; at += 1) {
        line = batch.lines[at] ?? 0;
        out += row(batch.rows[at] ?? []);
      }
      return out;
    },
    count: () => n,
    notes: () => [...noted.values()],
    options: () => options,
  };
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

function refusedLine(
  n: number,
  line: number,
  refusal: Refusal,
  column: number | null,
  value: string,
  blanks: string,
): string {
  const shown = value.trim().slice(0, VALUE_CHARS_MAX).toWellFormed();
  return `${n}\t${line}\t${how.refused}\t${escaped(JSON.stringify({ code: refusal.code, column, value: shown }))}${blanks}\n`;
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
