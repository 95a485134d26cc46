import fc from "fast-check";
import { expect, test } from "vitest";
import { csvLine, guarded, unguarded } from "../../kernel/csv.ts";
import { CsvLines, JsonLines } from "./lines.ts";

const cell = fc.string({ unit: fc.constantFrom(..."=+-@'\t\r\n\",; a0".split(""), "é", "🙂"), maxLength: 6 });

test("a guarded cell begins with no formula's sign, and comes back as it was", () => {
  fc.assert(
    fc.property(cell, (text) => {
      expect(guarded(text)).not.toMatch(/^[=+\-@\t\r]/);
      expect(unguarded(guarded(text))).toBe(text);
    }),
  );
  expect([guarded("-5"), guarded("'=1"), guarded("'quoted'")]).toEqual(["'-5", "''=1", "'quoted'"]);
});

/** As PostgreSQL writes CSV: quoted where a mark, a quote or a line break stands in it, no value as nothing. */
function copied(rows: string[][]): string {
  const written = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(written).join(",")}\n`).join("");
}

test("rows of COPY become safe lines, however they are cut into pieces", () => {
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
  fc.assert(
    fc.property(table, fc.array(fc.nat(40), { minLength: 1 }), (rows, cuts) => {
      const bytes = Buffer.from(copied(rows));
      const lines = new CsvLines();
      const pieces: Buffer[] = [];
      for (let from = 0, at = 0; from < bytes.length; at += 1) {
        const length = 1 + (cuts[at % cuts.length] ?? 0);
        pieces.push(lines.push(bytes.subarray(from, from + length)));
        from += length;
      }
      const plain = (text: string) =>
        text.replaceAll(/"((?:[^"]|"")*)"/g, (_, inside: string) => `“${inside}”`);
      const wanted = rows.map((row) => copied([row.map(guarded)]).replace(/\n$/, "\r\n")).join("");
      expect(plain(Buffer.concat(pieces).toString())).toBe(plain(wanted));
      expect(lines.rows).toBe(rows.length);
    }),
    { numRuns: 500 },
  );
});

test("a line for people is quoted where it must be", () => {
  expect(csvLine(["=1", "a,b", 'say "x"', "", " b", "+49"])).toBe(`'=1,"a,b","say ""x""",," b",'+49\r\n`);
});

test("JSON's lines are counted", () => {
  const lines = new JsonLines();
  expect(lines.push(Buffer.from("{}\n{}\n")).toString()).toBe("{}\n{}\n");
  lines.push(Buffer.from("{"));
  lines.push(Buffer.from("}\n"));
  expect(lines.rows).toBe(3);
});
