import type { PointerEvent as ReactPointerEvent, RefObject } from "react";
import { useEffect, useRef, useState } from "react";

const mouse_slack_px = 5;
const touch_slack_px = 10;
const long_press_ms = 350;
const edge_px = 56;
const edge_step_px = 14;
const step_ms = 16;

interface Calls {
  /** A card is in the hand now. */
  lift: (lead_id: string) => void;
  /** It was let go over a stage, or put back (null). */
  drop: (lead_id: string, stage: string | null) => void;
  /** With each step of the pointer, which are too many to draw the board again for. */
  follow: (x: number, y: number) => void;
}

export interface Dragged {
  lead_id: string;
  /** The stage under the pointer. */
  over: string | null;
}

interface Hold {
  lead_id: string;
  pointer: number;
  touch: boolean;
  target: EventTarget;
  x: number;
  y: number;
  timer: number;
  lifted: boolean;
}

/**
 * Cards are dragged with the mouse, or with a finger after it rested on one. A column is the target, not a place in it:
 * whoever entered a stage last stands first. What is dragged belongs to the page, so columns may change meanwhile.
 */
export function useDragging(board: RefObject<HTMLElement | null>, calls: Calls) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const hold = useRef<Hold | null>(null);
  const latest = useRef(calls);
  latest.current = calls;

  const at = useRef((x: number, y: number) => {
    const held = hold.current;
    if (!held) return;
    held.x = x;
    held.y = y;
    latest.current.follow(x, y);
    const over = stageAt(x, y);
    setDragged((now) => (now && now.over === over ? now : { lead_id: held.lead_id, over }));
  });
  const begin = useRef(() => {
    const held = hold.current;
    if (!held) return;
    held.lifted = true;
    // The card may leave the board under the finger; the finger still must not scroll.
    held.target.addEventListener("touchmove", stay, { passive: false });
    window.getSelection()?.removeAllRanges();
    latest.current.lift(held.lead_id);
    at.current(held.x, held.y);
  });
  const end = useRef((dropped: boolean) => {
    const held = hold.current;
    if (!held) return;
    hold.current = null;
    window.clearTimeout(held.timer);
    held.target.removeEventListener("touchmove", stay);
    if (!held.lifted) return;
    setDragged(null);
    if (dropped) swallowClick();
    latest.current.drop(held.lead_id, dropped ? stageAt(held.x, held.y) : null);
  });

  useEffect(() => listen(board.current, hold, { at, begin, end }), [board]);

  const onPointerDown = (event: ReactPointerEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const lead_id = target?.closest<HTMLElement>("[data-draggable]")?.dataset["card"];
    if (!target || !lead_id || event.button !== 0 || target.closest("button")) return;
    const touch = event.pointerType !== "mouse";
    hold.current = {
      lead_id,
      touch,
      target,
      pointer: event.pointerId,
      x: event.clientX,
      y: event.clientY,
      timer: touch ? window.setTimeout(() => begin.current(), long_press_ms) : 0,
      lifted: false,
    };
  };
  return { dragged, onPointerDown };
}

interface Steps {
  at: RefObject<(x: number, y: number) => void>;
  begin: RefObject<() => void>;
  end: RefObject<(dropped: boolean) => void>;
}

function listen(board: HTMLElement | null, hold: RefObject<Hold | null>, { at, begin, end }: Steps) {
  const stop = new AbortController();
  const { signal } = stop;
  const mine = (event: PointerEvent) => event.pointerId === hold.current?.pointer;
  window.addEventListener(
    "pointermove",
    (event) => {
      const held = hold.current;
      if (!held || !mine(event)) return;
      const far = Math.hypot(event.clientX - held.x, event.clientY - held.y);
      if (held.lifted) at.current(event.clientX, event.clientY);
      else if (held.touch && far > touch_slack_px) end.current(false);
      else if (!held.touch && far > mouse_slack_px) {
        begin.current();
        at.current(event.clientX, event.clientY);
      }
    },
    { signal },
  );
  window.addEventListener("pointerup", (event) => mine(event) && end.current(true), { signal });
  window.addEventListener("pointercancel", (event) => mine(event) && end.current(false), { signal });
  window.addEventListener("blur", () => end.current(false), { signal });
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !hold.current?.lifted) return;
    event.stopPropagation();
    end.current(false);
  };
  window.addEventListener("keydown", escape, { signal, capture: true });
  // Only a listener that isn't passive, and was there before the finger, may keep the page from scrolling under it.
  board?.addEventListener("touchmove", (event) => hold.current?.lifted && stay(event), {
    signal,
    passive: false,
  });
  board?.addEventListener("contextmenu", (event) => hold.current?.touch && event.preventDefault(), {
    signal,
  });
  const timer = window.setInterval(() => {
    if (board && hold.current?.lifted) scrollAtEdge(board, hold.current.x);
  }, step_ms);
  return () => {
    window.clearInterval(timer);
    end.current(false);
    stop.abort();
  };
}

function stay(event: Event): void {
  if (event.cancelable) event.preventDefault();
}

/** Columns, folded ones and the tabs of a phone all say which stage they stand for. */
function stageAt(x: number, y: number): string | null {
  return document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-drop]")?.dataset["drop"] ?? null;
}

function scrollAtEdge(board: HTMLElement, x: number): void {
  const { left, right } = board.getBoundingClientRect();
  if (x < left + edge_px) board.scrollLeft -= edge_step_px;
  else if (x > right - edge_px) board.scrollLeft += edge_step_px;
}

/** Letting go of a card over another isn't a click on it. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  window.setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}
