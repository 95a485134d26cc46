import { describe, expect, test } from "vitest";
import {
  defaultLayout,
  fieldColumns,
  leadName,
  listColumns,
  moveColumn,
  setShown,
  shownColumns,
} from "./columns.ts";
import { leadOf } from "./testing.ts";
import { mayAssignTo, patchOf, sameValue, whyNotEdited, withValue } from "./edits.ts";

const lead = leadOf("01a1fc16-3285-7ca1-95e1-e7cd903ce345", {
  external_id: "row-7",
  attributes: { plan: "Pro" },
});
const plan = {
  key: "plan",
  label: "Plan",
  help: "",
  type: "text" as const,
  options: [],
  currency: null,
  default: null,
  required: false,
  unique: false,
  fast: false,
  preparing: null,
  position: 0,
  archived: false,
  created_at: "2026-01-01T00:00:00Z",
};
const columns = listColumns([plan]);
const column = (id: string) => {
  const found = fieldColumns([plan]).find((each) => each.id === id);
  if (!found) throw new Error(`No column ${id}.`);
  return found;
};

describe("a change of one value", () => {
  test("says only that value, a custom field among the attributes", () => {
    expect(patchOf(column("company"), "Acme")).toEqual({ company: "Acme" });
    expect(patchOf(column("attributes.plan"), null)).toEqual({ attributes: { plan: null } });
    expect(withValue(lead, column("attributes.plan"), "Basic").attributes).toEqual({ plan: "Basic" });
  });

  test("that can't be is refused in a sentence before it is sent", () => {
    expect(() => patchOf(column("qualification"), 101)).toThrow(/100/);
  });

  test("from nothing to nothing is none", () => {
    expect(sameValue(null, "")).toBe(true);
    expect(sameValue(["a"], ["a"])).toBe(true);
    expect(sameValue(0, null)).toBe(false);
  });
});

describe("who may", () => {
  const agent = { role: "agent" as const, member_id: "me" };
  test("viewers change nothing and are told so", () => {
    expect(whyNotEdited(column("company"), lead, { role: "viewer", member_id: "me" }, [])).toMatch(
      /Ask an admin/,
    );
  });

  test("agents take what is free, give up their own, and leave a colleague's alone", () => {
    expect(mayAssignTo(lead, agent, "me")).toBe(true);
    expect(mayAssignTo(lead, agent, "other")).toBe(false);
    expect(mayAssignTo({ ...lead, owner_id: "me" }, agent, null)).toBe(true);
    expect(mayAssignTo({ ...lead, owner_id: "other" }, agent, "me")).toBe(false);
    expect(whyNotEdited(column("owner_id"), { ...lead, owner_id: "other" }, agent, [])).toMatch(/managers/);
  });

  test("nobody sets what Bellwether keeps", () => {
    expect(whyNotEdited(column("score"), lead, { role: "owner", member_id: "me" }, [])).toMatch(/score/i);
    expect(whyNotEdited(column("created_at"), lead, { role: "owner", member_id: "me" }, [])).toMatch(
      /Bellwether/,
    );
  });
});

describe("columns", () => {
  test("a lead is called by its name, else by whatever address it has", () => {
    expect(leadName(lead)).toBe("row-7");
    expect(leadName({ ...lead, first_name: "Ada", email: "ada@example.com" })).toBe("Ada");
  });

  test("at first: the everyday ones that hold something, then the workspace's own", () => {
    expect(defaultLayout(columns, [lead]).shown).toEqual([
      "stage",
      "owner_id",
      "attributes.plan",
      "created_at",
    ]);
    expect(defaultLayout(columns, [{ ...lead, email: "a@b.de" }]).shown[0]).toBe("email");
  });

  test("the name stays first; the others move, go and come back", () => {
    const layout = { shown: ["email", "company", "gone"], widths: {} };
    const ids = (of: typeof layout) => shownColumns(columns, of).map((each) => each.id);
    expect(ids(layout)).toEqual(["name", "email", "company"]);
    expect(ids(moveColumn(layout, "company", 0))).toEqual(["name", "company", "email"]);
    expect(ids(setShown(setShown(layout, "email", false), "email", true))).toEqual([
      "name",
      "company",
      "email",
    ]);
  });
});
