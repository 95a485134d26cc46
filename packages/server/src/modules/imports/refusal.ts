/** Why a cell's text isn't accepted. One instance a reason: a million bad cells make no garbage. */
export class Refusal {
  readonly code: string;
  readonly message: string;
  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

/** Every reason a row may be refused for, with what to do about it. The code is what is counted and stored. */
const reasons = {
  email_invalid: "This isn't an e-mail address that a mail server would accept.",
  email_hidden_character: "There is an invisible character inside this e-mail address. Type it again.",
  phone_invalid: "This isn't a phone number that exists in its country's numbering.",
  phone_without_country:
    "This phone number has no country. Choose a default country, or write it as +<country> …",
  phone_extension:
    "This phone number has an extension, which can't be dialled from a list. Give the direct number.",
  bad_character: "The text holds a control character. Remove it.",
  text_too_long: "This text is longer than the field holds. Shorten it.",
  number_invalid: "This isn't a number.",
  number_ambiguous: "The comma may be a decimal or a thousands mark here. Choose the decimal mark.",
  other_currency: "This amount is in another currency than the field.",
  date_invalid: "This isn't a date we can read. Write it as 2024-03-15, or choose the date format.",
  date_ambiguous: "Day and month can't be told apart. Choose the date format.",
  date_impossible: "There is no such day in the calendar.",
  date_without_year: "This date has no year.",
  yes_no_invalid: "This is neither a yes nor a no.",
  choice_unknown: "This isn't one of the field's choices. Add it to the field, or change the value.",
  choices_too_many:
    "This column has more than 500 different values, so it isn't a choice. Import it as text.",
  url_invalid: "This isn't a web address.",
  stage_unknown: "There is no stage of this name.",
  member_unknown: "Nobody in this workspace who can own leads has this e-mail or name.",
  qualification_invalid: "A qualification is a whole number from 0 to 100.",
  time_zone_unknown: "This isn't a time zone's name, such as Europe/Berlin.",
  tag_too_long: "A tag may have 60 characters, and a lead 100 tags.",
  no_identifier: "The row has no value in any column that leads are matched by.",
  taken_by_other_lead: "Another lead already has this value, and only one may.",
  twice_in_file: "An earlier row of this file, of another lead, has this value too, and only one lead may.",
  exists: "This lead exists already, and this import only creates new ones.",
  missing: "There is no such lead, and this import only updates existing ones.",
  reason_missing:
    "This stage asks why the lead was lost. Map a column to the lost reason, or give one reason for all such rows.",
  stage_asks: "The lead has no value in a field that this stage asks for.",
  stage_removed: "The stage was removed meanwhile.",
  stage_kept: "The lead is in a final stage, so its stage and owner stay as they are; the rest is taken.",
  more_cells_than_columns: "The row has more cells than the header; the surplus was left out.",
  first_of_several: "The cell holds several values; the first one was used.",
  stray_quote: "A quote in this row opens and never closes; it was read as text.",
  line_cut: "This line is longer than 8 million characters and was cut.",
  nul_removed: "NUL characters were removed from this row.",
} as const;
export type Reason = keyof typeof reasons;

const made = new Map<Reason, Refusal>();
export function refuse(reason: Reason): Refusal {
  let refusal = made.get(reason);
  if (refusal === undefined) {
    refusal = new Refusal(reason, reasons[reason]);
    made.set(reason, refusal);
  }
  return refusal;
}

export function messageOf(code: string): string {
  const found = Object.entries(reasons).find(([reason]) => reason === code);
  return found?.[1] ?? code;
}
