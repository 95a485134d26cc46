import { describe, expect, test } from "vitest";
import { newId, randomToken } from "./ids.ts";

describe("ids", () => {
  test("are UUIDv7, each greater than the one before, within one millisecond too", () => {
    const ids = Array.from({ length: 20_000 }, () => newId());
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(
      ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
  });

  test("carry the time they were made at", () => {
    const before = Date.now();
    const made = Number.parseInt(newId().replaceAll("-", "").slice(0, 12), 16);
    // Many made at once run ahead of the clock a little.
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThan(Date.now() + 1000);
  });
});

test("tokens fit into an address and don't repeat", () => {
  expect(randomToken()).toMatch(/^[\w-]{43}$/);
  expect(randomToken()).not.toBe(randomToken());
});
