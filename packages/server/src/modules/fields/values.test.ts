import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type FieldRule,
  parseDate,
  parseDatetime,
  parseEmail,
  parseText,
  parseUrl,
  parseValue,
} from "@bellwether/contracts/values";
import { PROJECT } from "../../kernel/config.ts";
import { parsePhone } from "./phone.ts";

const data = join(PROJECT, "..", "shared", "data");
const addresses = join(data, "emails", "isemail", "isemail-expected.tsv");
const numbers = join(data, "phones", "google-example-numbers.tsv");
const rows = (file: string) =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"));
const codeOf = (parsed: { ok: boolean; code?: string }) => (parsed.ok ? "ok" : parsed.code);

describe("e-mail", () => {
  test.skipIf(!existsSync(addresses))(
    "isemail's verdicts: what a mail server accepts is accepted, what it refuses refused",
    () => {
      const wrong: string[] = [];
      let judged = 0;
      for (const [, written = '""', , diagnosis, verdict] of rows(addresses)) {
        const address = String(JSON.parse(written));
        const accepted = parseEmail(address).ok && address.trim() !== "";
        const wanted = {
          valid: true,
          "valid-dns-not-checked": true,
          invalid: false,
          "invalid-for-SMTP": false,
        }[verdict ?? ""];
        judged += wanted === undefined ? 0 : 1;
        if (wanted !== undefined && accepted !== wanted) {
          wrong.push(`${written} (${diagnosis}, ${verdict}): ${accepted ? "accepted" : "refused"}`);
        }
      }
      expect(judged).toBeGreaterThan(110);
      expect(wrong).toEqual([]);
    },
  );

  test.each([
    [" Ada@Example.COM ", "ada@example.com"],
    ["zoë@exämple.de", "zoë@exämple.de"],
    ["zoe\u0308@example.com", "zoë@example.com"],
    ["o'hara+tag@mail.example.co.uk", "o'hara+tag@mail.example.co.uk"],
    ["", null],
    ["   ", null],
  ])("%j is %j", (input, value) => expect(parseEmail(input)).toEqual({ ok: true, value }));

  test.each([
    "ada",
    "ada@",
    "@example.com",
    "a b@example.com",
    "ada@example",
    "ada@exa_mple.com",
    "ada@-x.com",
    "a..b@example.com",
    "ada@127.0.0.1",
    "ada@example.com, max@example.com",
    "ada@example.com\nbcc:x",
    `${"a".repeat(65)}@example.com`,
    `a@${"b".repeat(64)}.com`,
  ])("%j is refused", (input) => expect(codeOf(parseEmail(input))).toBe("invalid_email"));

  test.each([
    "ad\u200ba@example.com",
    "ada\u00ad@example.com",
    "\u202eada@example.com",
    "ada@exam\u2060ple.com",
    "ada\ufe0f@example.com",
    "ada\u3164@example.com",
    "a\u034fda@example.com",
  ])("invisible characters are refused: %j", (input) =>
    expect(codeOf(parseEmail(input))).toBe("email_hidden_character"),
  );
});

describe("phone", () => {
  test.skipIf(!existsSync(numbers))(
    "libphonenumber's 1,144 examples, as they are written nationally and internationally",
    () => {
      const wrong: string[] = [];
      for (const [
        region = "",
        ,
        type,
        ,
        e164 = "",
        national = "",
        international = "",
        ,
        valid,
        roundtrip,
      ] of rows(numbers)) {
        if (valid !== "true") {
          continue;
        }
        const abroad = parsePhone(international, null);
        if (!abroad.ok || abroad.value !== e164) {
          wrong.push(`${region} ${type} ${international}: ${JSON.stringify(abroad)}`);
        }
        const athome = parsePhone(national, region);
        if (roundtrip === "ok" && (!athome.ok || athome.value !== e164)) {
          wrong.push(`${region} ${type} ${national}: ${JSON.stringify(athome)}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each([
    ["+49 (30) 123-4567", null, "+49301234567"],
    ["0049 30 1234567", null, "+49301234567"],
    ["(030) 123 45 67", "DE", "+49301234567"],
    ["00 34 910 000 001", "DE", "+34910000001"],
    ["", "DE", null],
  ])("%j in %s is %j", (input, country, value) =>
    expect(parsePhone(input, country)).toEqual({ ok: true, value }),
  );

  test.each([
    ["030 1234567", null, "phone_without_country"],
    ["030 1234567", "XX", "phone_without_country"],
    ["+49 30 1234567 ext. 12", null, "phone_extension"],
    ["+49 1", null, "invalid_phone"],
    ["12", "DE", "invalid_phone"],
    ["call me", "DE", "invalid_phone"],
    ["+1 555 CALL NOW please", null, "invalid_phone"],
  ])("%j in %s is refused: %s", (input, country, code) =>
    expect(codeOf(parsePhone(input, country))).toBe(code),
  );
});

describe("values of each type", () => {
  const choice: FieldRule = {
    type: "choice",
    options: [
      { value: "free", label: "Free of charge" },
      { value: "pro", label: "Pro" },
    ],
  };
  const of = (type: FieldRule["type"]): FieldRule => ({
    type,
    options: type === "choice" || type === "choices" ? choice.options : [],
  });

  test("an empty value is no value, of whatever type", () => {
    for (const type of [
      "text",
      "number",
      "date",
      "datetime",
      "yes_no",
      "choice",
      "choices",
      "url",
      "money",
    ] as const) {
      expect(parseValue(of(type), ""), type).toEqual({ ok: true, value: null });
      expect(parseValue(of(type), null), type).toEqual({ ok: true, value: null });
    }
    expect(parseValue(of("text"), "  ")).toEqual({ ok: true, value: null });
    expect(parseValue(of("choices"), [])).toEqual({ ok: true, value: null });
  });

  test.each([
    ["text", " a\tb\nc ", "a\tb\nc"],
    ["number", 0, 0],
    ["money", -12.5, -12.5],
    ["yes_no", false, false],
    ["date", "2024-02-29", "2024-02-29"],
    ["datetime", "2026-03-15T14:30:00+02:00", "2026-03-15T12:30:00.000Z"],
    ["datetime", "2026-03-15 14:30Z", "2026-03-15T14:30:00.000Z"],
    ["choice", " PRO", "pro"],
    ["choice", "free of CHARGE", "free"],
    ["choices", ["Pro", "free", "pro"], ["pro", "free"]],
    ["url", "example.com/a?b#c", "https://example.com/a?b#c"],
    ["url", "HTTP://example.com", "HTTP://example.com"],
  ] as const)("%s %j is %j", (type, input, value) =>
    expect(parseValue(of(type), input)).toEqual({ ok: true, value }),
  );

  test.each([
    ["text", 5, "wrong_type"],
    ["text", "a\u0000b", "bad_character"],
    ["text", "\ud800", "bad_character"],
    ["text", "x".repeat(10_001), "too_long"],
    ["number", "5", "wrong_type"],
    ["number", Number.NaN, "wrong_type"],
    ["number", Number.POSITIVE_INFINITY, "wrong_type"],
    ["yes_no", "yes", "wrong_type"],
    ["yes_no", 1, "wrong_type"],
    ["date", "2025-02-29", "invalid_date"],
    ["date", "15.03.2026", "invalid_date"],
    ["date", "2026-03-15T00:00:00Z", "invalid_date"],
    ["datetime", "2026-03-15", "invalid_datetime"],
    ["datetime", "2026-03-15T14:30:00", "invalid_datetime"],
    ["datetime", "2026-02-30T14:30:00Z", "invalid_datetime"],
    ["datetime", "2026-02-20T24:00:00Z", "invalid_datetime"],
    ["choice", "gold", "unknown_choice"],
    ["choice", ["pro"], "wrong_type"],
    ["choices", "pro", "wrong_type"],
    ["choices", ["pro", 1], "wrong_type"],
    ["choices", ["pro", "gold"], "unknown_choice"],
    ["url", "javascript:alert(1)", "invalid_url"],
    ["url", "data:text/html,x", "invalid_url"],
    ["url", "https://user:pw@example.com", "invalid_url"],
    ["url", "example com", "invalid_url"],
    ["text", { toString: () => "x" }, "wrong_type"],
  ] as const)("%s %j is refused: %s", (type, input, code) =>
    expect(codeOf(parseValue(of(type), input))).toBe(code),
  );

  test("each alone", () => {
    expect(parseText(" x ")).toEqual({ ok: true, value: "x" });
    expect(codeOf(parseText("abc", 2))).toBe("too_long");
    expect(parseDate("0001-01-01").ok).toBe(true);
    expect(parseDate("0000-01-01").ok).toBe(false);
    expect(parseDatetime("2026-03-15T14:30:00.123456Z")).toEqual({
      ok: true,
      value: "2026-03-15T14:30:00.123Z",
    });
    expect(parseUrl("https://münchen.de/straße")).toEqual({ ok: true, value: "https://münchen.de/straße" });
  });
});
