import type { Stage } from "@bellwether/contracts/pipeline";
import { expect, test } from "vitest";
import { fieldColumns } from "./columns.ts";
import { tell } from "./story.ts";
import type { Names } from "./values.ts";

const names: Names = {
  stages: [stage("new", "New"), stage("lost", "Lost")],
  members: [],
  events: [],
  tag_colours: new Map(),
  segments: [],
  time_zone: "UTC",
  locale: "en",
};

test("a move tells from where to where, why, and how long the lead had stayed", () => {
  expect(told({ from: "new", to: "lost", reason: "Price", how: "card", spent_seconds: 273_600 })).toEqual({
    sentence: "moved this lead",
    changes: [
      { label: "Stage", from: "New", to: "Lost" },
      { label: "Reason", from: "", to: "Price" },
      { label: "Stayed", from: "", to: "3 d 4 h" },
    ],
  });
  expect(told({ from: "lost", to: "new", reason: null, how: "reopen" })).toEqual({
    sentence: "reopened this lead",
    changes: [{ label: "Stage", from: "Lost", to: "New" }],
  });
});

test("an assignment tells by which rule, where one chose", () => {
  const by = (data: Record<string, unknown>) => told(data, "lead.assigned").sentence;
  expect(by({ from: null, to: "x", how: "Bonn" })).toBe(
    "assigned this lead to somebody who left by the rule “Bonn”",
  );
  expect(by({ from: "x", to: null })).toBe("unassigned this lead from somebody who left");
});

function told(data: Record<string, unknown>, name = "stage.changed") {
  const actor = { kind: "system", id: null, name: "Bellwether" } as const;
  const event = { id: "1", name, occurred_at: "2026-01-01T00:00:00Z", actor, data };
  return tell(event, fieldColumns([]), names);
}

function stage(key: string, name: string): Stage {
  return { key, name, colour: "#64748b", kind: "open", position: 0, target_days: null, required_fields: [] };
}
