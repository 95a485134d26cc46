import type { MergePreview } from "@bellwether/contracts/duplicates";
import type { Lead } from "@bellwether/contracts/leads";

/** Of a lead this needs no more than which one it is, and in what state it was seen. */
type Card = Pick<Lead, "id" | "revision">;
type Both<C extends Card> = readonly [C, C];
export type Two = Both<Lead>;
type Choices = Record<string, MergePreview["fields"][number]["taken"]>;

/** What one has decided about two cards so far. */
export interface Draft {
  /** The id of the card that stays; the other joins it. */
  kept: string;
  /** By field, the id of the lead whose value was picked. */
  picks: Readonly<Record<string, string>>;
}

export const draftOf = (kept: Card): Draft => ({ kept: kept.id, picks: {} });
export const otherOf = <C extends Card>([a, b]: Both<C>, id: string): C => (a.id === id ? b : a);
export const keptOf = <C extends Card>([a, b]: Both<C>, draft: Draft): C => (b.id === draft.kept ? b : a);

/** The same draft with the other card staying: what was picked by hand stays picked. */
export const swapped = (two: Both<Card>, draft: Draft): Draft => ({
  ...draft,
  kept: otherOf(two, draft.kept).id,
});

export function picked(draft: Draft, field: string, from: Card): Draft {
  return { ...draft, picks: { ...draft.picks, [field]: from.id } };
}

/** The draft as the API takes it: sides are seen from the card that stays. */
export function mergeInput(
  two: Both<Card>,
  draft: Draft,
): { id: string; other_id: string; choices: Choices; other_revision: number } {
  const other = otherOf(two, draft.kept);
  const choices = Object.fromEntries(
    Object.entries(draft.picks).map(([field, id]): [string, Choices[string]] => [
      field,
      id === draft.kept ? "this" : "other",
    ]),
  );
  return { id: draft.kept, other_id: other.id, choices, other_revision: other.revision };
}

/** Whose value a field takes where both have one. */
export const takenFrom = (draft: Draft, field: string): string => draft.picks[field] ?? draft.kept;

export type Difference = "different" | "one" | "same" | "none";

/** How two values compare. An empty text or list is no value. */
export function difference([a, b]: readonly [unknown, unknown]): Difference {
  if (isNothing(a) && isNothing(b)) return "none";
  if (isNothing(a) || isNothing(b)) return "one";
  return JSON.stringify(a) === JSON.stringify(b) ? "same" : "different";
}

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** The place in a list after `id` went: what follows it, else what stood before it. */
export function nextAfter<T extends { id: string }>(list: readonly T[], id: string): T | undefined {
  const at = list.findIndex((each) => each.id === id);
  return list[at + 1] ?? list[at - 1];
}
