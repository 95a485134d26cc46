import { type HotkeyItem, useHotkeys as useMantineHotkeys } from "@mantine/hooks";
import css from "./ui.module.css";

/** What this keyboard calls the key of `mod+K`. */
export const mod_key = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

export function Kbd({ children }: { children: string }) {
  return <kbd className={css.kbd}>{children}</kbd>;
}

/**
 * Keys for the page: `useHotkeys([["/", focusSearch], ["mod+K", open]])`. They rest while somebody types
 * and while a dialog is open, whose own keys come first.
 */
export function useHotkeys(items: HotkeyItem[]): void {
  useMantineHotkeys(
    items.map(([key, run, options = {}]): HotkeyItem => {
      const unlessDialog = (event: KeyboardEvent) => {
        if (!document.querySelector('[role="dialog"][aria-modal="true"]')) run(event);
      };
      return [key, unlessDialog, options];
    }),
  );
}
