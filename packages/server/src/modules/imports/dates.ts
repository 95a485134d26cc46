/** Dates as people and programs write them, to calendar dates and moments. What can be read in two ways is refused. */
import { refuse, type Refusal } from "./refusal.ts";
import { monthOf } from "./words.ts";

export type DateFormat = "auto" | "iso" | "dmy" | "mdy";
type Parts = { year: number; month: number; day: number; rest: string };

const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(.*)$/s;
const compact = /^((?:19|20)\d{2})(\d{2})(\d{2})$/;
const numeric = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)$/s;
const dayWord =
  /^(?:\p{L}{2,12}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de |of )?(\p{L}{3,12})\.?,?[\s-]+(?:de )?(\d{4})(.*)$/su;
const wordDay =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun)\p{L}*\.?,?\s+)?(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(.*)$/isu;
const clock =
  /^[T\s,]+(?:at |um )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*([ap]\.?\s?m\.?)?\s*(z|utc|gmt|[+-]\d{2}:?(?:\d{2})?)?\s*(?:uhr)?$/i;

/** A calendar date as `2024-03-15`, without a zone. A time after it is left out. */
export function readDate(text: string, format: DateFormat): string | Refusal {
  if (text.length === 10 && text[4] === "-" && text[7] === "-" && isIsoDay(text)) return text;
  const epoch = readEpoch(text);
  if (epoch !== undefined) return new Date(epoch).toISOString().slice(0, 10);
  const parts = partsOf(text, format);
  if (!("year" in parts)) return parts;
  if (parts.rest.trim() !== "" && readClock(parts.rest) === undefined) return refuse("date_invalid");
  return `${pad(parts.year, 4)}-${pad(parts.month, 2)}-${pad(parts.day, 2)}`;
}

/** A moment in UTC. Without a zone of its own the text is in `time_zone`; without a time it is midnight there. */
export function readMoment(text: string, format: DateFormat, time_zone: string): string | Refusal {
  const epoch = readEpoch(text);
  if (epoch !== undefined) return new Date(epoch).toISOString();
  const parts = partsOf(text, format);
  if (!("year" in parts)) return parts;
  const time = parts.rest.trim() === "" ? midnight : readClock(parts.rest);
  if (time === undefined) return refuse("date_invalid");
  const utc = Date.UTC(
    parts.year,
    parts.month - 1,
    parts.day,
    time.hour,
    time.minute,
    time.second,
    time.milli,
  );
  const offset = time.offset_minutes ?? zoneOffset(utc, time_zone);
  return new Date(utc - offset * 60_000).toISOString();
}

function isIsoDay(text: string): boolean {
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  return (
    Number.isInteger(year) &&
    Number.isInteger(month) &&
    Number.isInteger(day) &&
    year >= 1 &&
    isDay(year, month, day)
  );
}

function partsOf(text: string, format: DateFormat): Parts | Refusal {
  const cell = text.trim();
  if (/^--\d{2}-?\d{2}$/.test(cell) || /^\d{1,2}[/.]\d{1,2}\.?$/.test(cell))
    return refuse("date_without_year");
  const written = iso.exec(cell);
  if (written !== null) return checked(written[1], written[3], written[4], written[5]);
  const dense = compact.exec(cell);
  if (dense !== null) return checked(dense[1], dense[2], dense[3], "");
  const numbers = numeric.exec(cell);
  if (numbers !== null) return numericParts(numbers, format);
  const dayFirst = dayWord.exec(cell);
  if (dayFirst !== null) return checked(dayFirst[3], monthOf(dayFirst[2] ?? ""), dayFirst[1], dayFirst[4]);
  const monthFirst = wordDay.exec(cell);
  if (monthFirst !== null)
    return checked(monthFirst[3], monthOf(monthFirst[1] ?? ""), monthFirst[2], monthFirst[4]);
  return refuse("date_invalid");
}

function numericParts(match: RegExpExecArray, format: DateFormat): Parts | Refusal {
  const [, first = "", mark, second = "", lastText = "", rest = ""] = match;
  const short = Number(lastText);
  const year = lastText.length === 4 ? short : short + (short >= 69 ? 1900 : 2000);
  switch (format) {
    case "iso":
      return refuse("date_invalid");
    case "dmy":
      return checked(year, second, first, rest);
    case "mdy":
      return checked(year, first, second, rest);
    case "auto": {
      // Nobody writes month.day.year with dots; otherwise only a number over 12, or twice the same, tells.
      if (mark === "." || Number(first) > 12 || first === second) return checked(year, second, first, rest);
      if (Number(second) > 12) return checked(year, first, second, rest);
      return refuse("date_ambiguous");
    }
  }
}

function checked(
  yearText: string | number | undefined,
  monthText: string | number | undefined,
  dayText: string | undefined,
  rest = "",
): Parts | Refusal {
  if (monthText === undefined) return refuse("date_invalid");
  const [year, month, day] = [Number(yearText), Number(monthText), Number(dayText)];
  return year >= 1 && isDay(year, month, day) ? { year, month, day, rest } : refuse("date_impossible");
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days =
    month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return day <= days;
}

type Clock = {
  hour: number;
  minute: number;
  second: number;
  milli: number;
  offset_minutes: number | undefined;
};
const midnight: Clock = { hour: 0, minute: 0, second: 0, milli: 0, offset_minutes: undefined };

function readClock(rest: string): Clock | undefined {
  const match = clock.exec(rest);
  if (match === null) return undefined;
  const [, hourText, minuteText, secondText = "0", fraction = "0", half, zone] = match;
  let hour = Number(hourText);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase().startsWith("p") ? 12 : 0);
  }
  const minute = Number(minuteText);
  const second = Number(secondText);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return {
    hour,
    minute,
    second,
    milli: Math.floor(Number(`0.${fraction}`) * 1000),
    offset_minutes: offsetOf(zone),
  };
}

function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  if (/^(z|utc|gmt)$/i.test(zone)) return 0;
  const digits = zone.replace(/\D/g, "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith("-") ? -minutes : minutes;
}

/** Unix time: ten digits are seconds and thirteen milliseconds, from 2001 to 2286. */
function readEpoch(text: string): number | undefined {
  if (/^[1-9]\d{9}$/.test(text)) return Number(text) * 1000;
  return /^[1-9]\d{12}$/.test(text) ? Number(text) : undefined;
}

const offsets = new Map<string, number>();

/** Minutes that a zone is ahead of UTC at a local time; kept by the hour, for which it is the same but in the hour of a switch. */
function zoneOffset(localAsUtc: number, time_zone: string): number {
  if (time_zone === "UTC") return 0;
  const key = `${time_zone} ${Math.floor(localAsUtc / 3_600_000)}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const local = Temporal.Instant.fromEpochMilliseconds(localAsUtc)
      .toZonedDateTimeISO("UTC")
      .toPlainDateTime();
    offset = local.toZonedDateTime(time_zone).offsetNanoseconds / 60e9;
    if (offsets.size > 100_000) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
