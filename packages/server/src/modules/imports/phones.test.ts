import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, test } from "vitest";
import { createPhoneReader, surelyValid } from "./phones.ts";

const examples = new URL("../../../../../../shared/data/phones/google-example-numbers.tsv", import.meta.url);

describe("phones", () => {
  test.each([
    ["+34 910 000 001", null, "+34910000001"],
    ["0034 910 000 001", null, "+34910000001"],
    ["tel:+49 30 1234567", null, "+49301234567"],
    ["030 1234567", "DE", "+49301234567"],
    ["(415) 200-1234", "US", "+14152001234"],
    ["660-485-0224", "US", "+16604850224"],
    ["+44 (0)20 7946 0018", null, "+442079460018"],
    ["+8613800138000", "US", "+8613800138000"],
  ])("%s in %s", (text, country, e164) => expect(createPhoneReader(country)(text)).toEqual({ e164 }));

  test.each([
    ["030 1234567", null, "phone_without_country"],
    ["-5", null, "phone_invalid"],
    ["-5", "US", "phone_invalid"],
    ["call me", "US", "phone_invalid"],
    ["+1 23", "US", "phone_invalid"],
    ["030 1234567", "ZZ", "phone_without_country"],
  ])("%s in %s is refused", (text, country, code) =>
    expect(createPhoneReader(country)(text)).toEqual({ code }),
  );

  test("the fast way says yes only where libphonenumber does", () => {
    const starts = [
      "1415",
      "1",
      "44",
      "4420",
      "49",
      "4930",
      "39",
      "7",
      "33",
      "61",
      "86",
      "353",
      "262",
      "590",
      "380",
      "52",
      "55",
      "91",
      "81",
      "599",
    ];
    const number = fc
      .tuple(fc.constantFrom(...starts), fc.stringMatching(/^\d{3,12}$/))
      .map(([code, rest]) => `+${code}${rest}`);
    fc.assert(
      fc.property(number, (e164) => {
        if (!surelyValid(e164)) return;
        const parsed = parsePhoneNumberFromString(e164);
        expect([parsed?.isValid(), parsed?.number]).toEqual([true, e164]);
      }),
      { numRuns: 5000 },
    );
  });

  test.skipIf(!existsSync(examples))("Google's example numbers (shared/data)", () => {
    const rows = readFileSync(examples, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"));
    const wrong = rows.filter(
      ([region = "", , , , e164 = "", national = "", international = "", , valid, roundtrip]) => {
        if (valid !== "true" || roundtrip !== "ok") return false;
        const read = createPhoneReader(region);
        return [national, international, e164].some(
          (text) => JSON.stringify(read(text)) !== JSON.stringify({ e164 }),
        );
      },
    );
    expect(wrong).toEqual([]);
    const fast = rows.filter((row) => row[8] === "true" && surelyValid(row[4] ?? "")).length;
    expect(fast / rows.length).toBeGreaterThan(0.95);
  });
});
