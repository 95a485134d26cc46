import { useSyncExternalStore } from "react";

/** What stands over whatever page one is on, and can be asked for from everywhere. */
export type Overlay = "palette" | "shortcuts" | "new_lead";

const kept_ms_max = 3000;
let shown: Overlay | null = null;
const listeners = new Set<() => void>();

export function showOverlay(next: Overlay | null): void {
  if (next !== "palette") takeTyped();
  else if (shown !== "palette") {
    window.addEventListener("keydown", keep, true);
    // A palette that can't be loaded must not keep the keyboard.
    window.setTimeout(takeTyped, kept_ms_max);
  }
  shown = next;
  for (const listener of listeners) listener();
}

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => shown,
  );
}

// Who knows the palette types on at once, before its box is there: those letters are kept for it.
let typed = "";

function keep(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Backspace") typed = typed.slice(0, -1);
  else if (event.key.length === 1) typed += event.key;
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** What was typed before the box had the focus; from now on it hears for itself. */
export function takeTyped(): string {
  window.removeEventListener("keydown", keep, true);
  const taken = typed;
  typed = "";
  return taken;
}
