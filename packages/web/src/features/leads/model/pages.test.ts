import { describe, expect, test } from "vitest";
import type { Chain } from "./pages.ts";
import { emptyChain, knownEnd, learn, lookedAt, pageAt, pagesFor, rowCount, rows_max } from "./pages.ts";

const learned = (...pages: [length: number, next: string | null][]): Chain =>
  pages.reduce(
    (chain, [length, next_cursor], index) => learn(chain, index, { length, next_cursor }),
    emptyChain,
  );

describe("the pages of a keyset list", () => {
  test("each page tells where the next begins", () => {
    const chain = learned([100, "a"], [200, "b"]);
    expect(chain.links.map((link) => link.start)).toEqual([0, 100, 300]);
    expect(knownEnd(chain)).toBe(300);
    expect(chain.complete).toBe(false);
  });

  test("the last page completes it", () => {
    const chain = learned([100, "a"], [7, null]);
    expect(chain.complete).toBe(true);
    expect(rowCount(chain, 5000)).toBe(107);
  });

  test("what is known already changes nothing", () => {
    const chain = learned([100, "a"], [200, "b"]);
    expect(learn(chain, 0, { length: 100, next_cursor: "a" })).toBe(chain);
    const whole = learned([100, "a"], [7, null]);
    expect(learn(whole, 1, { length: 7, next_cursor: null })).toBe(whole);
  });

  test("a page that ends elsewhere now forgets the cursors after it", () => {
    const chain = learn(learned([100, "a"], [200, "b"], [200, "c"]), 0, { length: 100, next_cursor: "x" });
    expect(chain.links).toEqual([
      { cursor: null, start: 0, length: 100 },
      { cursor: "x", start: 100, length: null },
    ]);
  });

  test("a page that lost a lead but ends where it did only moves the rest up", () => {
    const chain = learn(learned([100, "a"], [200, "b"]), 0, { length: 99, next_cursor: "a" });
    expect(chain.links.map((link) => link.start)).toEqual([0, 99, 299]);
  });

  test("an empty page on the way (nothing found within the look-ahead) is passed over", () => {
    const chain = learned([10, "a"], [0, "b"], [5, "c"]);
    expect(pageAt(chain, 9)).toBe(0);
    expect(pageAt(chain, 10)).toBe(2);
    expect(pageAt(chain, 15)).toBe(-1);
  });

  test("what a search looked at is summed; stopped, it asks for no more and ends where it is", () => {
    const chain = [1, 2, 3].reduce(
      (now, at) =>
        learn(now, at - 1, { length: at === 2 ? 0 : 10, next_cursor: `c${at}`, looked_at: 20_000 }),
      emptyChain,
    );
    expect(lookedAt(chain)).toBe(60_000);
    expect(pagesFor(chain, 0, 40, 150)).toEqual([0, 2, 3]);
    expect(pagesFor(chain, 0, 40, 150, true)).toEqual([0, 2]);
    expect(rowCount(chain, 5000, true)).toBe(20);
  });

  test("holds the pages in sight and the next, and no others", () => {
    const chain = learned([100, "a"], [200, "b"], [200, "c"], [200, "d"]);
    expect(pagesFor(chain, 120, 160, 50)).toEqual([1]);
    expect(pagesFor(chain, 280, 320, 50)).toEqual([1, 2]);
    expect(pagesFor(chain, 650, 690, 50)).toEqual([3, 4]);
  });

  test("rows beyond what is known ask for the first unknown page only", () => {
    expect(pagesFor(learned([100, "a"]), 20_000, 20_040, 150)).toEqual([1]);
    expect(pagesFor(emptyChain, 0, 40, 150)).toEqual([0]);
  });

  test("a complete list asks for nothing beyond its end", () => {
    expect(pagesFor(learned([100, "a"], [7, null]), 90, 130, 150)).toEqual([0, 1]);
  });

  test("room is made for the estimate, for a little more than is known, and never for more than a browser can draw", () => {
    expect(rowCount(learned([100, "a"]), 45_211)).toBe(45_211);
    expect(rowCount(learned([100, "a"]), 50)).toBe(120);
    expect(rowCount(learned([100, "a"]), 5_000_000)).toBe(rows_max);
  });
});
