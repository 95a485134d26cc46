import { type FieldType, fieldTypes } from "@bellwether/contracts/fields";

/** What each type is called and good for, in the order it is offered. */
export const typeWords: Record<FieldType, { label: string; hint: string }> = {
  text: { label: "Text", hint: "Words, a line or several" },
  number: { label: "Number", hint: "Amounts, ages, counts" },
  date: { label: "Date", hint: "A day of the calendar, the same in every time zone" },
  datetime: { label: "Date and time", hint: "A moment" },
  yes_no: { label: "Yes or no", hint: "Two answers, or none yet" },
  choice: { label: "Single choice", hint: "One of a list" },
  choices: { label: "Multiple choice", hint: "Any of a list" },
  url: { label: "Link", hint: "A web address" },
  money: { label: "Money", hint: "An amount in one currency" },
};

export const typeChoices = fieldTypes.map((value) => ({ value, label: typeWords[value].label }));

export const isFieldType = (value: string | null): value is FieldType =>
  fieldTypes.some((type) => type === value);

/** A key from a label, as the API will name it: "Größe (cm)" is `grosse_cm`. */
export function keyFrom(label: string): string {
  const plain = label
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "");
  return plain.slice(0, 63);
}
