import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * What comes in on top moves nothing that somebody reads further down: the page scrolls on by as much. The browser's own
 * anchoring does so in some layouts and browsers only, so the list goes without it (`overflow-anchor`).
 */
export function useStill(list: RefObject<HTMLElement | null>, first: string | undefined): void {
  const before = useRef<{ first: string; top: number } | null>(null);
  useLayoutEffect(() => {
    const box = list.current;
    if (box === null || first === undefined) {
      before.current = null;
      return;
    }
    const list_top = box.getBoundingClientRect().top;
    const topOf = (id: string) => {
      const item = box.querySelector(`[data-event="${id}"]`);
      return item === null ? null : item.getBoundingClientRect().top - list_top;
    };
    const was = before.current;
    const now = was === null || was.first === first ? null : topOf(was.first);
    const scroller = scrollerOf(box);
    if (was !== null && now !== null && list_top < Math.max(0, scroller.getBoundingClientRect().top)) {
      scroller.scrollTop += now - was.top;
    }
    before.current = { first, top: topOf(first) ?? 0 };
  });
}

function scrollerOf(element: HTMLElement): Element {
  for (let up = element.parentElement; up !== null; up = up.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(up).overflowY) && up.scrollHeight > up.clientHeight) return up;
  }
  return document.scrollingElement ?? document.documentElement;
}
