import { type DragEvent, type KeyboardEvent, useState } from "react";
import { oneByOne } from "../../one-by-one.ts";
import { toast } from "../../ui/index.ts";

interface Options<Item> {
  items: readonly Item[];
  labelOf: (item: Item) => string;
  /** Sends the keys in their new order, and reads the list again. */
  send: (keys: string[], was: string[]) => Promise<void>;
}

interface Move extends Pick<Options<unknown>, "send"> {
  next: string[];
  was: string[];
}

/** What is moved while the move before is on its way starts from what that one leaves. */
function sender(done: () => void) {
  let left: string[] | null = null;
  return oneByOne<Move>(async ({ next, was, send }, last) => {
    try {
      await send(next, left ?? was);
      left = next;
    } catch (error) {
      left = null;
      toast.failed(error, "The order stays as it was");
    }
    if (last()) {
      left = null;
      done();
    }
  });
}

/** Moves an item of a list to another place at once, saves the order behind it, and puts it back when refused. */
export function useOrder<Item extends { key: string }>({ items, labelOf, send }: Options<Item>) {
  const [keys, setKeys] = useState<string[] | null>(null);
  const [announced, setAnnounced] = useState("");
  const [lifted, setLifted] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [save] = useState(() => sender(() => setKeys(null)));
  const by_key = new Map(items.map((item) => [item.key, item]));
  const ordered =
    keys && keys.length === items.length && keys.every((key) => by_key.has(key))
      ? keys.flatMap((key) => by_key.get(key) ?? [])
      : items;

  function move(from: number, to: number) {
    const next = ordered.map((item) => item.key);
    const [key] = next.splice(from, 1);
    const item = key === undefined ? undefined : by_key.get(key);
    if (key === undefined || item === undefined || from === to || to < 0 || to > next.length) return;
    next.splice(to, 0, key);
    setAnnounced(`${labelOf(item)} is now ${to + 1} of ${next.length}.`);
    setKeys(next);
    void save({ next, was: items.map((each) => each.key), send });
  }

  const drag = (index: number) => ({
    draggable: true,
    "data-lifted": lifted === index || undefined,
    "data-over": (over === index && lifted !== index) || undefined,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = "move";
      setLifted(index);
    },
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(index);
    },
    onDragEnd: () => {
      setLifted(null);
      setOver(null);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      // The line is drawn above the row that is pointed at: what comes from above loses its own place first.
      if (lifted !== null) move(lifted, lifted < index ? index - 1 : index);
      setLifted(null);
      setOver(null);
    },
  });

  /** For the handle: the arrow keys move what it belongs to. */
  const arrows = (index: number) => ({
    onKeyDown: (event: KeyboardEvent) => {
      const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
      if (by === 0) return;
      event.preventDefault();
      move(index, index + by);
    },
  });

  return { ordered, move, drag, arrows, announced };
}
