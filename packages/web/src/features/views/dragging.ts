import type { View } from "@bellwether/contracts/views";
import { type DragEvent, type KeyboardEvent, useState } from "react";

export interface Ordering {
  drag: {
    draggable: true;
    "data-lifted": true | undefined;
    "data-over": "before" | "after" | undefined;
    onDragStart: (event: DragEvent) => void;
    onDragOver: (event: DragEvent) => void;
    onDragEnd: () => void;
    onDrop: (event: DragEvent) => void;
  };
  onKeyDown: (event: KeyboardEvent) => void;
}

/** Tabs are put in order by dragging them, or with Alt and an arrow while one has the focus; a finger uses their menu. */
export function useDragging(views: readonly View[], move: (id: string, place: number) => void) {
  const [lifted, setLifted] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const from = views.findIndex((view) => view.id === lifted);
  const end = () => {
    setLifted(null);
    setOver(null);
  };
  return (view: View, place: number): Ordering => ({
    drag: {
      draggable: true,
      "data-lifted": lifted === view.id || undefined,
      "data-over":
        lifted === null || over !== view.id || from === place ? undefined : from < place ? "after" : "before",
      onDragStart: (event) => {
        event.dataTransfer.effectAllowed = "move";
        setLifted(view.id);
      },
      onDragOver: (event) => {
        if (lifted === null) return;
        event.preventDefault();
        setOver(view.id);
      },
      onDragEnd: end,
      onDrop: (event) => {
        event.preventDefault();
        if (lifted !== null) move(lifted, place);
        end();
      },
    },
    onKeyDown: (event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (!event.altKey || by === 0) return;
      event.preventDefault();
      move(view.id, place + by);
    },
  });
}
