import type { RestoreResult } from "@bellwether/contracts/bin";
import type { Erasure } from "@bellwether/contracts/privacy";

const numbers = new Intl.NumberFormat("en");

/** “1 note”, “2,300 notes”. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`;
}

const day_ms = 86_400_000;
/** Days left, begun ones counted whole: something that goes this evening goes today. */
export function daysLeft(erased_on: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(erased_on) - now) / day_ms));
}

export function leftWords(days: number): string {
  return days <= 1 ? "Erased within a day" : `Erased in ${days} days`;
}

/** From then on it stands out. */
export const soon_days = 3;

/** What goes, a line each: only what there is. */
export function goesWords({ leads, goes }: Erasure): string[] {
  const beside = [
    goes.notes > 0 && counted(goes.notes, "note"),
    goes.tags > 0 && counted(goes.tags, "tag"),
  ].filter((each) => each !== false);
  const what =
    leads === 1 ? "The lead with all its values" : `${counted(leads, "lead")} with all their values`;
  return [
    beside.length === 0 ? `${what}.` : `${what}, ${beside.join(" and ")}.`,
    goes.events > 0 && `${counted(goes.events, "entry", "entries")} of the timeline and the audit log.`,
    goes.merged > 0 && `${counted(goes.merged, "card")} merged into ${leads === 1 ? "it" : "them"}.`,
    goes.changes > 0 && `${counted(goes.changes, "value")} kept for undoing changes.`,
    goes.imports > 0 &&
      `The ${goes.imports === 1 ? "import file" : `${numbers.format(goes.imports)} import files`} ${leads === 1 ? "it" : "they"} came with, and the samples shown of ${goes.imports === 1 ? "it" : "them"}.`,
  ].filter((each) => each !== false);
}

/** What stays, said as plainly. */
export function staysWords({ leads, exports }: Erasure): string[] {
  const them = leads === 1 ? "it" : "them";
  return [
    `That ${leads === 1 ? "a lead was" : "leads were"} erased, by whom and when, without a name.`,
    exports > 0 &&
      `${counted(exports, "export file")} that may hold ${them}: each is deleted a week after it was made.`,
    `What was downloaded or backed up before, and uploaded files of imports that left ${them} as ${leads === 1 ? "it was" : "they were"}.`,
  ].filter((each) => each !== false);
}

/** Which fields stand in the way of those that didn't come back; null where doing without doesn't help. */
export function inTheWay(results: readonly RestoreResult[]): string[] | null {
  const errors = results.flatMap((result) => result.errors);
  return errors.length === 0 || errors.some((error) => error.path === "")
    ? null
    : [...new Set(errors.map((error) => error.path))];
}
