import type { Move } from "@bellwether/contracts/pipeline";
import { expect, test } from "vitest";
import { spentWords } from "../../../ui/durations.ts";
import { staysOf, totalsOf } from "./stays.ts";

test("a stretch of time is told by its two largest units", () => {
  const words = [0, 59, 60, 3599, 3600, 15_000, 86_400, 273_600, 90_000_000].map(spentWords);
  expect(words).toEqual([
    "less than a minute",
    "less than a minute",
    "1 min",
    "59 min",
    "1 h",
    "4 h 10 min",
    "1 d",
    "3 d 4 h",
    "1,041 d 16 h",
  ]);
});

test("where a lead stood: the newest first, undone moves left out, each stage's time summed", () => {
  const lead = { stage: "contacted", stage_since: "2026-01-10T00:00:00Z" };
  const moves = [move("new", 50), move("lost", 7, true), move("contacted", 100)];
  const stays = staysOf(lead, moves, Date.parse("2026-01-10T00:00:30Z"));
  expect(stays.map((stay) => [stay.stage, stay.seconds])).toEqual([
    ["contacted", 30],
    ["new", 50],
    ["contacted", 100],
  ]);
  expect([...totalsOf(stays)]).toEqual([["contacted", 130]]);
});

function move(from: string, spent_seconds: number, undone = false): Move {
  return {
    id: `${from}-${spent_seconds}`,
    from,
    to: "new",
    moved_at: "2026-01-09T00:00:00Z",
    actor: { kind: "system", id: null, name: "Bellwether" },
    how: "card",
    reason: null,
    spent_seconds,
    undone,
  };
}
