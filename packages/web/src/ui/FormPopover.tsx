import { Popover } from "@mantine/core";
import { useFocusReturn } from "@mantine/hooks";
import type { KeyboardEvent, ReactElement, ReactNode } from "react";

interface Props {
  opened: boolean;
  setOpened: (opened: boolean) => void;
  /** The button that opens it. */
  target: ReactElement;
  width?: number;
  children: ReactNode;
}

/** Fields that open under a button. Escape closes a list that is open among them, and only the next one the whole. */
export function FormPopover({ opened, setOpened, target, width, children }: Props) {
  const returnFocus = useFocusReturn({ opened, shouldReturnFocus: false });
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      {...(width === undefined ? {} : { width })}
      trapFocus
      withinPortal
      // Mantine's own hears the key before a list inside does, and closes both: what was filled in would be lost.
      closeOnEscape={false}
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown
        onKeyDownCapture={(event) => {
          if (event.key !== "Escape" || listIsOpen(event)) return;
          setOpened(false);
          returnFocus();
        }}
      >
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}

function listIsOpen({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.getAttribute("aria-expanded") === "true";
}
