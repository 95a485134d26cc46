import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import { expect, test } from "vitest";
import { leadOf } from "../model/testing.ts";
import { ageOf } from "../../../ui/age.ts";
import { boardStages, countWords, eachOnce, type Moved, withMoves } from "./columns.ts";

test("where leads end stands at the right, whatever its place", () => {
  const stages = [stage("won", "won", 0), stage("next", "open", 2), stage("new", "open", 1)];
  expect(boardStages(stages).map((each) => each.key)).toEqual(["new", "next", "won"]);
});

test("a move shows at once in both columns, and changes nothing once the server tells of it", () => {
  const [a, b] = [lead("a", "new"), lead("b", "new")];
  const moved: Moved = new Map([["a", { lead: a, to: "next", at: "2026-03-01T10:00:00Z" }]]);
  const from = withMoves({ stage: "new", count: 40 }, [a, b], moved);
  const to = withMoves({ stage: "next", count: 7 }, [lead("c", "next")], moved);
  expect([ids(from.leads), from.count]).toEqual([["b"], 39]);
  expect([ids(to.leads), to.count]).toEqual([["a", "c"], 8]);
  expect(to.leads[0]?.stage_since).toBe("2026-03-01T10:00:00Z");
  const told = withMoves({ stage: "next", count: 8 }, [lead("a", "next"), lead("c", "next")], moved);
  expect([ids(told.leads), told.count]).toEqual([["a", "c"], 8]);
  const after = withMoves({ stage: "new", count: 39 }, [b], moved);
  expect([ids(after.leads), after.count]).toEqual([["b"], 39]);
});

test("a lead that two pages hold is there once; an estimate says so", () => {
  expect(ids(eachOnce([lead("a", "new"), lead("b", "new"), lead("a", "new")]))).toEqual(["a", "b"]);
  expect(countWords(1200, false)).toBe("≈ 1,200");
  expect(countWords(12, true)).toBe("12");
});

test("the age in a stage turns amber near its target and red past it, and says so in words", () => {
  const now = Date.parse("2026-03-11T12:00:00Z");
  const at = (since: string, target_days: number | null, kind: Stage["kind"] = "open") =>
    ageOf({ stage_since: since }, { kind, target_days }, now);
  expect(at("2026-03-11T11:20:00Z", 7)).toEqual({
    words: "40 min",
    spoken: "40 minutes in this stage, within the target of 7 days",
    state: "fine",
  });
  expect(at("2026-03-11T11:59:40Z", 7).words).toBe("now");
  expect(at("2026-03-05T12:00:00Z", 7)).toMatchObject({ words: "6 d", state: "soon" });
  expect(at("2026-03-02T12:00:00Z", 7)).toEqual({
    words: "9 d",
    spoken: "9 days in this stage, past the target of 7 days",
    state: "over",
  });
  expect(at("2026-01-01T12:00:00Z", null).state).toBe("fine");
  expect(at("2026-01-01T12:00:00Z", 7, "won").state).toBe("fine");
});

function stage(key: string, kind: Stage["kind"], position: number): Stage {
  return { key, name: key, colour: "#64748b", kind, position, target_days: null, required_fields: [] };
}

const lead = (id: string, at: string): Lead => leadOf(id, { stage: at });

const ids = (leads: readonly Lead[]) => leads.map((each) => each.id);
