import type { BulkInput, ChangeSet } from "@bellwether/contracts/changes";
import { api, client, queryClient } from "../../api.ts";
import { toast, useHotkeys } from "../../ui/index.ts";
import { formatNumber, isOver, outcomeWords } from "./words.ts";

interface Made {
  /** A change set's, where it is one. */
  id: string | null;
  undo: () => Promise<void>;
}
// What ⌘Z undoes: what was changed in this tab and isn't undone yet, the newest last.
const made: Made[] = [];
const keep = (id: string) => made.push({ id, undo: () => undoChange(id) });

/**
 * Says what was just done, and takes it back by the toast or ⌘Z: for what is no change set. What is told of the same thing
 * takes the place of what was told before.
 */
export function tellUndoable(thing: string, words: string, undo: () => Promise<void>): void {
  const one: Made = { id: null, undo };
  const take = () => {
    const at = made.indexOf(one);
    if (at >= 0) made.splice(at, 1);
    toast.over(id);
    return undo();
  };
  one.undo = take;
  made.push(one);
  const id = `${thing}-${++told}`;
  toast.over(lastTold.get(thing) ?? "");
  lastTold.set(thing, id);
  toast.done(words, () => void take(), id);
}

let told = 0;
const lastTold = new Map<string, string>();

/** Starts a bulk change and tells of it at the foot of the page until it is over, wherever one goes meanwhile. */
export async function startBulk(input: BulkInput): Promise<ChangeSet> {
  const change = await client.bulk.start(input);
  keep(change.id);
  void watch(change);
  return change;
}

/** The same, for who waits for its end. */
export async function runBulk(input: BulkInput): Promise<void> {
  const change = await client.bulk.start(input);
  keep(change.id);
  await watch(change);
}

/** Tells of a change that something else began, such as the removal of a stage. */
export async function followChange(id: string): Promise<void> {
  keep(id);
  await watch(await client.changes.show({ id }));
}

/** Tells of an import when it is over, with the way back, wherever one is by then. Its own page shows how far it is. */
export function followImport(change: ChangeSet): void {
  void watch(change, "elsewhere");
}

/** Says what was just changed, and takes it back by the toast or ⌘Z. For changes that are over at once. */
export function tellMade(id: string, words: string): void {
  keep(id);
  toast.done(words, () => void undoChange(id), resultId(id));
}

export async function undoChange(id: string): Promise<void> {
  const at = made.findIndex((each) => each.id === id);
  if (at >= 0) made.splice(at, 1);
  toast.over(resultId(id));
  try {
    await watch(await client.changes.undo({ id }));
  } catch (error) {
    toast.failed(error, "This wasn’t undone");
  }
}

/** ⌘Z and Ctrl-Z undo the last change made in this tab that can be: of many leads, or a move of one. */
export function useUndoKey(): void {
  useHotkeys([["mod+Z", undoLast]]);
}

export function undoLast(): void {
  const last = made.at(-1);
  if (last === undefined) toast.done("There is no change of yours here to undo.");
  else void last.undo();
}

const first_look_ms = 120;
const look_ms_max = 1000;
/** What is over sooner needs no progress. */
const quiet_ms = 500;

/** Follows a change to its end. The list is read again from time to time, since its rows change under way. */
async function watch(started: ChangeSet, progress: "shown" | "elsewhere" = "shown"): Promise<void> {
  const id = `change-${started.id}`;
  const begin = performance.now();
  let change = started;
  let wait_ms = first_look_ms;
  try {
    while (!isOver(change.state)) {
      if (progress === "shown" && performance.now() - begin > quiet_ms)
        toast.working(id, change.summary, progressOf(change));
      // oxlint-disable-next-line no-await-in-loop -- one look after another
      await new Promise((resolve) => setTimeout(resolve, wait_ms));
      wait_ms = Math.min(wait_ms * 1.5, look_ms_max);
      // oxlint-disable-next-line no-await-in-loop -- one look after another
      change = await client.changes.show({ id: change.id });
    }
  } catch (error) {
    toast.over(id);
    toast.failed(error, `${started.summary}: how it goes on can’t be seen from here`);
    return;
  }
  toast.over(id);
  const undo = change.can_undo ? () => void undoChange(change.id) : undefined;
  toast.done(outcomeWords(change), undo, resultId(change.id));
  await readAgain();
}

const resultId = (id: string): string => `changed-${id}`;

function progressOf(change: ChangeSet): { words: string; share: number | null } {
  const done =
    change.state === "undoing" ? (change.undone?.restored ?? 0) + (change.undone?.kept ?? 0) : change.done;
  const total = change.state === "undoing" ? change.changed : change.total;
  return {
    words: `${formatNumber(done)} of ${formatNumber(total)}`,
    share: total > 0 ? Math.min(1, done / total) : null,
  };
}

async function readAgain(): Promise<void> {
  await Promise.all(
    [
      api.changes,
      api.imports,
      api.leads,
      api.board,
      api.stages,
      api.tags,
      api.duplicates,
      api.assignment,
      api.segments,
    ].map((area) => queryClient.invalidateQueries({ queryKey: area.key() })),
  );
}
