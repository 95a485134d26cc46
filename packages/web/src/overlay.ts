import { useSyncExternalStore } from "react";

/** What stands over whatever page one is on, and can be asked for from everywhere. */
export type Overlay = "palette" | "shortcuts" | "new_lead";

let shown: Overlay | null = null;
const listeners = new Set<() => void>();

export function showOverlay(next: Overlay | null): void {
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
