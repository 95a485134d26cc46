import { existsSync, readFileSync } from "node:fs";
import type { FieldType } from "@bellwether/contracts/fields";
import { describe, expect, test } from "vitest";
import { readEmail } from "./emails.ts";
import { Refusal } from "./refusal.ts";
import { cellReader, type Target, type TypingContext } from "./typing.ts";

const isemail = new URL("../../../../../../shared/data/emails/isemail/isemail-expected.tsv", import.meta.url);
const context: TypingContext = {
  default_country: null,
  date_format: "auto",
  decimal_mark: "auto",
  time_zone: "UTC",
  stages: [{ key: "follow_up", name: "Follow-up" }],
  members: [{ id: "m1", name: "Sam Sales", email: "sam@example.com" }],
  note: () => {},
  option: () => {},
};
const custom = (type: FieldType, over: Partial<Extract<Target, { kind: "custom" }>> = {}): Target => ({
  kind: "custom",
  key: "thing",
  type,
  options: [],
  currency: null,
  open: false,
  ...over,
});
function read(target: Target | string, text: string, over: Partial<TypingContext> = {}) {
  const value = cellReader(typeof target === "string" ? { kind: "standard", field: target } : target, {
    ...context,
    ...over,
  })(text);
  return value instanceof Refusal ? `! ${value.code}` : value;
}

describe("e-mail", () => {
  test.each([
    [" Ann@Example.COM ", "ann@example.com"],
    ["mailto:ann@example.com", "ann@example.com"],
    ["Ann B. <ann@example.com>", "ann@example.com"],
    ["o'brien+tag@sub.example.co.uk", "o'brien+tag@sub.example.co.uk"],
    ["jose\u0301@example.com", "josé@example.com"],
    ["a@bücher.example", "a@bücher.example"],
    ["second@example.com ::: other@example.com", "second@example.com"],
    ["zero\u200bwidth@example.com", "! email_hidden_character"],
    ["\u202eevil@example.com", "! email_hidden_character"],
    ["nbsp\u00a0@example.com", "! email_invalid"],
    ["👩\u200d🚀@example.com", "! email_hidden_character"],
    ["ann@localhost", "! email_invalid"],
    ["ann@example..com", "! email_invalid"],
    ["ann@-example.com", "! email_invalid"],
    [".ann@example.com", "! email_invalid"],
    ["ann@192.168.1.1", "! email_invalid"],
    ["ann", "! email_invalid"],
    ["", null],
  ])("%j → %j", (text, expected) => expect(read("email", text)).toBe(expected));

  test.skipIf(!existsSync(isemail))("nothing that isemail calls broken is accepted (shared/data)", () => {
    const rows = readFileSync(isemail, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"));
    const broken = rows
      .filter((row) => row[4] === "invalid")
      .map((row) => String(JSON.parse(row[1] ?? '""')));
    // Space around an address is the file's, not the address's.
    expect(
      broken.filter((address) => address === address.trim() && typeof readEmail(address) === "string"),
    ).toEqual([]);
  });
});

describe("numbers and money", () => {
  test.each([
    ["12", 12],
    ["-3.5", -3.5],
    ["1,234.50", 1234.5],
    ["1.234,50", 1234.5],
    ["1 234,5", 1234.5],
    ["12,34,567", 1234567],
    ["0,5", 0.5],
    ["1.23E+05", 123000],
    ["(1,234.50)", -1234.5],
    ["1.234", 1.234],
    ["1,234", "! number_ambiguous"],
    ["$1k", "! number_invalid"],
    ["1,2,3.4", "! number_invalid"],
    ["abc", "! number_invalid"],
    ["n/a", null],
    ["1e999", "! number_invalid"],
  ])("%j → %j", (text, expected) => expect(read(custom("number"), text)).toBe(expected));

  test("a decimal mark that is chosen settles it", () => {
    expect(read(custom("number"), "1,234", { decimal_mark: "." })).toBe(1234);
    expect(read(custom("number"), "1,234", { decimal_mark: "," })).toBe(1.234);
    expect(read(custom("number"), "1.234", { decimal_mark: "," })).toBe(1234);
    expect(read(custom("number"), "12.5", { decimal_mark: "," })).toBe("! number_invalid");
  });

  test.each([
    ["1.234,50 €", 1234.5],
    ["$ 20", 20],
    ["USD 1,000,000", 1_000_000],
    ["20 zł", 20],
    ["$1k", "! number_invalid"],
    ["£5", "! other_currency"],
  ])("%j € → %j", (text, expected) => {
    expect(read(custom("money", { currency: text === "£5" ? "EUR" : null }), text)).toBe(expected);
  });
});

describe("dates", () => {
  test.each([
    ["2024-03-15", "2024-03-15"],
    ["2024/3/5", "2024-03-05"],
    ["15.03.2024", "2024-03-15"],
    ["15/03/2024", "2024-03-15"],
    ["3/15/24", "2024-03-15"],
    ["16 Apr, 2021", "2021-04-16"],
    ["April 16th, 2021", "2021-04-16"],
    ["16-Apr-2021", "2021-04-16"],
    ["3. März 2024", "2024-03-03"],
    ["15 de marzo de 2024", "2024-03-15"],
    ["Fri, 15 Mar 2024 10:00:00 +0100", "2024-03-15"],
    ["20240315", "2024-03-15"],
    ["07/03/1990", "! date_ambiguous"],
    ["07/07/1990", "1990-07-07"],
    ["1990-02-30", "! date_impossible"],
    ["31/04/2024", "! date_impossible"],
    ["--03-07", "! date_without_year"],
    ["03/07", "! date_without_year"],
    ["soon", "! date_invalid"],
    ["2024-03-15 25:00", "! date_invalid"],
    ["29/02/2024", "2024-02-29"],
    ["29/02/2023", "! date_impossible"],
    ["-", null],
  ])("%j → %j", (text, expected) => expect(read(custom("date"), text)).toBe(expected));

  test("a chosen format settles day and month", () => {
    expect(read(custom("date"), "07/03/1990", { date_format: "dmy" })).toBe("1990-03-07");
    expect(read(custom("date"), "07/03/1990", { date_format: "mdy" })).toBe("1990-07-03");
    expect(read(custom("date"), "03/15/2024", { date_format: "dmy" })).toBe("! date_impossible");
    expect(read(custom("date"), "07/03/1990", { date_format: "iso" })).toBe("! date_invalid");
  });

  test.each([
    ["16 Apr, 2021 00:02:00", "2021-04-16T00:02:00.000Z"],
    ["15.03.2024 14:30", "2024-03-15T14:30:00.000Z"],
    ["3/15/24 2:30 PM", "2024-03-15T14:30:00.000Z"],
    ["2024-03-15T14:30:00+02:00", "2024-03-15T12:30:00.000Z"],
    ["2024-03-15T14:30:00.5Z", "2024-03-15T14:30:00.500Z"],
    ["1710511800", "2024-03-15T14:10:00.000Z"],
    ["2024-03-15", "2024-03-15T00:00:00.000Z"],
    ["12:30", "! date_invalid"],
  ])("%j → %j", (text, expected) => expect(read(custom("datetime"), text)).toBe(expected));

  test("without a zone of its own a time is the workspace's", () => {
    expect(read(custom("datetime"), "2024-07-01 12:00", { time_zone: "Europe/Berlin" })).toBe(
      "2024-07-01T10:00:00.000Z",
    );
    expect(read(custom("datetime"), "2024-01-01 12:00", { time_zone: "Europe/Berlin" })).toBe(
      "2024-01-01T11:00:00.000Z",
    );
  });
});

describe("words", () => {
  test.each([
    ["yes", true],
    ["FALSE", false],
    ["0", false],
    ["Y", true],
    ["Ja", true],
    ["нет", false],
    ["maybe", "! yes_no_invalid"],
  ])("%j → %j", (text, expected) => expect(read(custom("yes_no"), text)).toBe(expected));

  const options = [
    { value: "pro", label: "Professional" },
    { value: "a;b", label: "A; B" },
  ];
  test("a choice by key or label, whatever the capitals", () => {
    expect(read(custom("choice", { options }), "PRO")).toBe("pro");
    expect(read(custom("choice", { options }), "professional")).toBe("pro");
    expect(read(custom("choice", { options }), "free")).toBe("! choice_unknown");
    expect(read(custom("choices", { options }), "pro; Professional")).toEqual(["pro"]);
    expect(read(custom("choices", { options }), "A; B")).toEqual(["a;b"]);
  });

  test("a new choice takes its options from the file, in the spelling that comes first", () => {
    const found: string[] = [];
    const reader = cellReader(custom("choice", { open: true }), {
      ...context,
      option: (_, value) => found.push(value),
    });
    expect([reader("Free"), reader("free"), reader("constructor"), reader("__proto__")]).toEqual([
      "Free",
      "Free",
      "constructor",
      "__proto__",
    ]);
    expect(found).toEqual(["Free", "constructor", "__proto__"]);
  });

  test.each([
    ["https://example.com/a?b=c", "https://example.com/a?b=c"],
    ["CameraUpdate.com", "https://CameraUpdate.com"],
    ["example.com:8080/x", "https://example.com:8080/x"],
    ["javascript:alert(1)", "! url_invalid"],
    ["not a url", "! url_invalid"],
    ["ftp://example.com", "! url_invalid"],
  ])("%j → %j", (text, expected) => expect(read(custom("url"), text)).toBe(expected));

  test("members, stages, tags, zones", () => {
    expect(read("owner_id", "Sam Sales (sam@example.com)")).toBe("m1");
    expect(read("owner_id", "sam sales")).toBe("m1");
    expect(read("owner_id", "Nobody")).toBe("! member_unknown");
    expect(read("stage", "follow-up")).toBe("follow_up");
    expect(read("tags", '"VIP","Blog"')).toEqual(["VIP", "Blog"]);
    expect(read("tags", "* myContacts ::: Work")).toEqual(["myContacts", "Work"]);
    expect(read("time_zone", "europe/madrid")).toBe("Europe/Madrid");
    expect(read("qualification", "101")).toBe("! qualification_invalid");
    expect(read("company", "x".repeat(301))).toBe("! text_too_long");
  });
});
