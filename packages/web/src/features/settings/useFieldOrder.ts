import type { Field } from "@bellwether/contracts/fields";
import { type DragEvent, useState } from "react";
import { api, client, queryClient } from "../../api.ts";
import { toast } from "../../ui/index.ts";

/** Moves a field to another place at once, saves the order behind it, and puts it back when refused. */
export function useFieldOrder(fields: Field[]) {
  const [keys, setKeys] = useState<string[] | null>(null);
  const [announced, setAnnounced] = useState("");
  const [lifted, setLifted] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const by_key = new Map(fields.map((field) => [field.key, field]));
  const ordered =
    keys && keys.length === fields.length && keys.every((key) => by_key.has(key))
      ? keys.flatMap((key) => by_key.get(key) ?? [])
      : fields;

  async function save(next: string[]) {
    setKeys(next);
    try {
      await client.fields.order({ keys: next });
      await queryClient.invalidateQueries({ queryKey: api.fields.key() });
    } catch (error) {
      toast.failed(error, "The order stays as it was");
    }
    setKeys(null);
  }

  function move(from: number, to: number) {
    const next = ordered.map((field) => field.key);
    const [key] = next.splice(from, 1);
    if (key === undefined || from === to) return;
    next.splice(to, 0, key);
    setAnnounced(`${by_key.get(key)?.label ?? key} is now ${to + 1} of ${next.length}.`);
    void save(next);
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

  return { ordered, move, drag, announced };
}
