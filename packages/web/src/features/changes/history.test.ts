import { ChangeSet } from "@bellwether/contracts/changes";
import type { Import } from "@bellwether/contracts/imports";
import { expect, test } from "vitest";
import { merged } from "./history.ts";

const times = (entries: { at: string }[]) => entries.map((entry) => entry.at.slice(8, 10));
const at = (day: number) => `2026-03-${String(day).padStart(2, "0")}T09:00:00Z`;
const change = (day: number): ChangeSet =>
  ChangeSet.parse({
    id: "0190a000-0000-7000-8000-000000000001",
    kind: "delete",
    summary: "Move to the bin",
    state: "done",
    total: 1,
    done: 1,
    changed: 1,
    unchanged: 0,
    refused: [],
    undone: null,
    can_undo: true,
    failure: null,
    made_by: { kind: "member", id: null, name: "Ada" },
    created_at: at(day),
    finished_at: null,
    undone_by: null,
    undone_at: null,
  });
const imported = (day: number) => ({ created_at: at(day) }) as Import;

test("bulk changes and imports are one list, newest first", () => {
  const list = merged(
    { data: [change(9), change(3)], more: false },
    { data: [imported(7), imported(1)], more: false },
  );
  expect(times(list)).toEqual(["09", "07", "03", "01"]);
});

test("what may have something unread above it waits", () => {
  const list = merged(
    { data: [change(9), change(3)], more: true },
    { data: [imported(7), imported(1)], more: false },
  );
  expect(times(list)).toEqual(["09", "07", "03"]);
});
