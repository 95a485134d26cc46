import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSplitter, type RowBatch, type SplitOptions } from "./rows.ts";

function split(text: string, options: Partial<SplitOptions> = {}, piece = text.length || 1): RowBatch {
  const splitter = createSplitter({ delimiter: ",", newline: "\n", ...options });
  const all: RowBatch = { lines: [], rows: [], notes: [] };
  const add = (batch: RowBatch) => {
    all.lines.push(...batch.lines);
    all.rows.push(...batch.rows);
    all.notes.push(...batch.notes);
  };
  for (let at = 0; at < text.length; at += piece) add(splitter.push(text.slice(at, at + piece)));
  add(splitter.end());
  return all;
}

describe("rows of a delimited text", () => {
  test("quotes hold delimiters, newlines and doubled quotes", () => {
    expect(split('a,b\n"x, y","say ""hi"""\n"one\ntwo",2\n').rows).toEqual([
      ["a", "b"],
      ["x, y", 'say "hi"'],
      ["one\ntwo", "2"],
    ]);
  });

  test("lines are counted as an editor shows them, blank ones too", () => {
    const batch = split('a,b\r\n\r\n  \r\n,,\r\n1,2\n"x\ny",3\n4,5');
    expect(batch.rows).toEqual([
      ["a", "b"],
      ["1", "2"],
      ["x\ny", "3"],
      ["4", "5"],
    ]);
    expect(batch.lines).toEqual([1, 5, 6, 8]);
  });

  test("a stray quote inside a cell is text", () => {
    expect(split('email,notes\na@x.io,5" screen\nb@x.io,fine\n').rows[1]).toEqual(["a@x.io", '5" screen']);
  });

  test("a quote that never closes costs its own line only", () => {
    const batch = split('a,"5 inch\nb,fine\nc,good\n');
    expect(batch.rows).toEqual([
      ["a", '"5 inch'],
      ["b", "fine"],
      ["c", "good"],
    ]);
    expect(batch.notes).toEqual([{ line: 1, code: "stray_quote" }]);
  });

  test("a quote that closes in a later row's quoted cell costs its own line only", () => {
    const batch = split('a,"5 inch\nb,"fine, really"\nc,good\n');
    expect(batch.rows).toEqual([
      ["a", '"5 inch'],
      ["b", "fine, really"],
      ["c", "good"],
    ]);
  });

  test("an open quote over the limit gives up instead of swallowing the file", () => {
    const batch = split(`a,"open\n${"b,c\n".repeat(100)}`, { record_chars_max: 50 }, 20);
    expect(batch.rows).toHaveLength(101);
    expect(batch.notes).toHaveLength(1);
  });

  test("a line over the limit is cut and said so; the next line is kept", () => {
    const batch = split(`a,${"x".repeat(500)}\nb,c\n`, { record_chars_max: 50 }, 20);
    expect(batch.rows.map((row) => row[0])).toEqual(["a", "b"]);
    expect(batch.notes).toEqual([{ line: 1, code: "line_cut" }]);
  });

  test("old Mac newlines, tabs", () => {
    expect(split("a\tb\r1\t2\r", { delimiter: "\t", newline: "\r" }).rows).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
  });

  test("what a program writes comes back, wherever the pieces are cut", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", " ", "é", "=") });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom("\n", "\r\n"),
        (table, piece, end) => {
          const text = table
            .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",") + end)
            .join("");
          const filled = table.filter((row) => row.some((value) => value.trim() !== ""));
          expect(split(text, {}, piece).rows).toEqual(filled);
        },
      ),
    );
  });
});
