import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { type Parsed, shortened } from "@bellwether/contracts/values";

/**
 * A phone number in any notation as E.164, by Google's metadata. National numbers need a country (ISO 3166 alpha-2);
 * without one they are refused rather than guessed.
 */
export function parsePhone(input: string, default_country: string | null): Parsed<string | null> {
  const text = input.trim();
  if (text === "") {
    return { ok: true, value: null };
  }
  const country =
    default_country !== null && isSupportedCountry(default_country) ? default_country : undefined;
  // 00 is how half of the world writes +. Where a country dials otherwise, the number is tried as typed too.
  const international = text.replace(/^\(?00\)?\s?(?=[1-9])/, "+");
  const parsed = international === text ? null : read(international, country);
  return parsed?.ok === true ? parsed : read(text, country);
}

function read(text: string, country: CountryCode | undefined): Parsed<string | null> {
  // An extension would be lost in E.164, and a number without it reaches somebody else.
  const number = parsePhoneNumberFromString(
    text,
    country === undefined ? { extract: false } : { defaultCountry: country, extract: false },
  );
  if (number?.isValid() === true && number.ext === undefined) {
    return { ok: true, value: number.number };
  }
  if (number?.ext !== undefined) {
    return {
      ok: false,
      code: "phone_extension",
      message: `“${shortened(text)}” has an extension, which can't be dialled from a list. Give the direct number.`,
    };
  }
  if (country === undefined && !text.startsWith("+") && !text.startsWith("00")) {
    return {
      ok: false,
      code: "phone_without_country",
      message: `“${shortened(text)}” has no country code. Write it as +49 30 1234567, or choose a default country.`,
    };
  }
  return {
    ok: false,
    code: "invalid_phone",
    message: `“${shortened(text)}” is no phone number${country === undefined ? "" : ` (read as ${nameOf(country)})`}.`,
  };
}

function nameOf(country: CountryCode): string {
  return new Intl.DisplayNames(["en"], { type: "region" }).of(country) ?? country;
}
