import { describe, expect, test } from "vitest";
import { textToHtml } from "./note-text.ts";
import { formatDate, fromLocalInput, parseNumber, toLocalInput } from "./values.ts";

describe("numbers as people type them", () => {
  test.each([
    ["1200.5", 1200.5],
    ["1,5", 1.5],
    ["1,200.50", 1200.5],
    ["1 200", 1200],
    ["-7", -7],
    [".5", 0.5],
  ])("%s", (text, number) => {
    expect(parseNumber(text)).toBe(number);
  });
  test.each(["", "abc", "1.2.3", "0x10", "1e5", "--1"])("%s is none", (text) => {
    expect(parseNumber(text)).toBeNull();
  });
});

describe("dates and times", () => {
  test("a calendar date doesn't slip by a day in any zone", () => {
    expect(formatDate("2026-03-01", "en-GB")).toBe("1 Mar 2026");
  });

  test("a moment is typed and shown in the workspace's zone, through the change of clocks", () => {
    for (const local of ["2026-01-15T09:30", "2026-07-15T09:30", "2026-03-29T03:30", "2026-10-25T01:30"]) {
      expect(toLocalInput(fromLocalInput(local, "Europe/Berlin") ?? "", "Europe/Berlin")).toBe(local);
    }
    expect(fromLocalInput("2026-01-15T09:30", "Europe/Berlin")).toBe("2026-01-15T08:30:00.000Z");
  });
});

describe("a note", () => {
  test("becomes paragraphs and lines, and nothing typed becomes markup", () => {
    expect(textToHtml('Hi <b>\nthere\n\nbye & "out"')).toBe(
      "<p>Hi &lt;b&gt;<br>there</p><p>bye &amp; &quot;out&quot;</p>",
    );
  });

  test("links addresses without the full stop behind them", () => {
    expect(textToHtml("See https://example.com/a?b=1&c=2.")).toBe(
      '<p>See <a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a>.</p>',
    );
  });
});
