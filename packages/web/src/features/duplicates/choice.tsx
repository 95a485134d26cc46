import { UnstyledButton } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";
import css from "./compare.module.css";

/** A group of values of which one is taken. Buttons rather than inputs, in which the page's keys would rest. */
export function Choices({ labelledby, children }: { labelledby: string; children: ReactNode }) {
  return (
    <div
      role="radiogroup"
      tabIndex={-1}
      aria-labelledby={labelledby}
      className={css.sides}
      onKeyDown={moveInGroup}
    >
      {children}
    </div>
  );
}

export function Choice({
  chosen,
  choose,
  children,
}: {
  chosen: boolean;
  choose: () => void;
  children: ReactNode;
}) {
  return (
    <UnstyledButton
      role="radio"
      aria-checked={chosen}
      tabIndex={chosen ? 0 : -1}
      className={css.choice}
      onClick={choose}
    >
      <span className={css.mark} aria-hidden="true" />
      <span className={css.value}>{children}</span>
    </UnstyledButton>
  );
}

const forward = new Set(["ArrowRight", "ArrowDown"]);
const back = new Set(["ArrowLeft", "ArrowUp"]);

/** As radio buttons do: an arrow goes to the next one and takes it. */
function moveInGroup(event: KeyboardEvent<HTMLDivElement>): void {
  const by = forward.has(event.key) ? 1 : back.has(event.key) ? -1 : 0;
  if (by === 0) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="radio"]')];
  const at = all.findIndex((each) => each === document.activeElement);
  const next = all[(at + by + all.length) % all.length];
  event.preventDefault();
  next?.focus();
  next?.click();
}
