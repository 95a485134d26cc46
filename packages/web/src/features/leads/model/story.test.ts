import type { Stage } from "@bellwether/contracts/pipeline";
import { expect, test } from "vitest";
import { fieldColumns } from "./columns.ts";
import { typedProperty } from "./properties.ts";
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

test("what was reported is told by its label, by whom, with its properties in words", () => {
  const event = {
    id: "1",
    name: "order placed",
    occurred_at: "2026-01-01T00:00:00Z",
    actor: { kind: "key", id: "k", name: "Shop" } as const,
    data: {
      amount: 1200.5,
      paid: true,
      due: "2026-02-01",
      items: ["Rotor", "Mast"],
      to: { city: "Ulm", zip: "089" },
      none: null,
    },
  };
  const labelled = { ...names, events: [{ ...kind, name: "order placed", label: "Order" }] };
  const { title, sentence, changes } = tell(event, [], labelled);
  expect([title, sentence]).toEqual(["Order", "by Shop"]);
  expect(changes.map(({ label, to }) => `${label}: ${to}`)).toEqual([
    "amount: 1,200.5",
    "paid: Yes",
    "due: Feb 1, 2026",
    "items: Rotor, Mast",
    "to.city: Ulm",
    "to.zip: 089",
  ]);
});

test("what is typed for a property has the type it was seen with", () => {
  expect([typedProperty("12.5", []), typedProperty("Yes", []), typedProperty(" Ulm ", [])]).toEqual([
    12.5,
    true,
    "Ulm",
  ]);
  expect([typedProperty("089", []), typedProperty("12", ["text"]), typedProperty("no", ["text"])]).toEqual([
    "089",
    "12",
    "no",
  ]);
});

const kind = { kind: "reported" as const, hidden: false, properties: [] };
function told(data: Record<string, unknown>, name = "stage.changed") {
  const actor = { kind: "system", id: null, name: "Bellwether" } as const;
  const event = { id: "1", name, occurred_at: "2026-01-01T00:00:00Z", actor, data };
  return tell(event, fieldColumns([]), names);
}

function stage(key: string, name: string): Stage {
  return { key, name, colour: "#64748b", kind: "open", position: 0, target_days: null, required_fields: [] };
}
