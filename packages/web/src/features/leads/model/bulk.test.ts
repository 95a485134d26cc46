import { describe, expect, test } from "vitest";
import { actionOf, bulkInput, by_rules, previewWords } from "./bulk.ts";
import { nothing } from "./selection.ts";

const id = "0190a000-0000-7000-8000-000000000001";

describe("what is done to many leads", () => {
  test("an action needs all it is about", () => {
    expect(actionOf("assign", { field: null, value: undefined })).toBeNull();
    expect(actionOf("assign", { field: null, value: null })).toEqual({ kind: "set_owner", owner_id: null });
    expect(actionOf("assign", { field: null, value: by_rules, reassign: true })).toEqual({
      kind: "assign_by_rules",
      reassign: true,
    });
    expect(actionOf("add_tag", { field: null, value: "  " })).toBeNull();
    expect(actionOf("stage", { field: null, value: "new" })).toEqual({ kind: "set_stage", stage: "new" });
    expect(actionOf("stage", { field: null, value: "lost", reason: " " })).toBeNull();
    expect(actionOf("stage", { field: null, value: "lost", reason: "Price" })).toEqual({
      kind: "set_stage",
      stage: "lost",
      reason: "Price",
    });
    expect(actionOf("field", { field: "city", value: undefined })).toBeNull();
    expect(actionOf("field", { field: "city", value: null })).toEqual({ kind: "clear_field", field: "city" });
    expect(actionOf("field", { field: "city", value: "Ulm" })).toEqual({
      kind: "set_field",
      field: "city",
      value: "Ulm",
    });
  });

  test("chosen leads are named; all that match are asked for, everybody in so many words", () => {
    const action = { kind: "delete" } as const;
    expect(bulkInput({ ...nothing, ids: new Set([id]) }, { q: "ada" }, action)).toEqual({
      lead_ids: [id],
      action,
    });
    const all = { ...nothing, all: true };
    expect(bulkInput(all, { q: "ada" }, action)).toEqual({ q: "ada", action });
    expect(bulkInput(all, { sort: [{ field: "city", direction: "asc" }] }, action)).toEqual({
      rule: { all: [] },
      action,
    });
  });

  test("a preview says what would change, and what can't", () => {
    const of = (total: number, would_change: number, would_refuse = 0) =>
      previewWords({ total, would_change, would_refuse });
    expect(of(4312, 12)).toBe("12 of 4,312 leads would change.");
    expect(of(12, 12)).toBe("All 12 leads would change.");
    expect(of(1, 1)).toBe("1 lead would change.");
    expect(of(3, 0)).toBe("Nothing would change. All of them have it so already.");
    expect(of(3, 0, 3)).toBe("Nothing would change. 3 can’t be changed.");
  });
});
