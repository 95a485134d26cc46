import type { DuplicatePair, MergePreview } from "@bellwether/contracts/duplicates";

type Reason = DuplicatePair["reasons"][number];

const reasons: Record<Reason, string> = {
  same_phone: "same phone number",
  same_address: "same mailbox, spelled differently",
  similar_name: "near name at the same company",
};

/** Why two leads may be one person: “Same phone number, near name at the same company”. */
export function reasonWords(of: readonly Reason[]): string {
  const words = of.map((reason) => reasons[reason]).join(", ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const likenessWords = (likeness: number): string => `${Math.round(likeness * 100)} % alike`;

const number = new Intl.NumberFormat();
const list = new Intl.ListFormat("en-GB", { type: "conjunction" });
const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${number.format(count)} ${count === 1 ? one : many}`];

/** What comes over from the other card; empty when nothing does. */
export function joinWords({ notes, tags, events }: MergePreview["joins"]): string {
  const parts = [
    ...counted(notes, "note", "notes"),
    ...counted(tags.length, "tag", "tags"),
    ...counted(events, "event of the timeline", "events of the timeline"),
  ];
  const one = notes + tags.length + events === 1;
  return parts.length === 0
    ? ""
    : `${list.format(parts)} ${one ? "comes" : "come"} over from the other card.`;
}
