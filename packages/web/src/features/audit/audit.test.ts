import { describe, expect, test } from "vitest";
import { filterOf, leadIdIn, queryOf, readAuditSearch, writeAuditSearch } from "./filter.ts";
import { detailsOf, whatWords } from "./words.ts";

const known = {
  fields: new Map([["attributes.plan", "Plan"]]),
  values: new Map([["0190a000-0000-7000-8000-000000000001", "Grace Hopper"]]),
};

describe("an entry in words", () => {
  test("says before and after by the names people know", () => {
    const data = {
      changes: {
        "attributes.plan": { from: null, to: "Pro" },
        owner_id: { from: "0190a000-0000-7000-8000-000000000001", to: null },
      },
    };
    expect(detailsOf({ data }, known)).toEqual([
      { label: "Plan", from: "–", to: "Pro" },
      { label: "owner_id", from: "Grace Hopper", to: "–" },
    ]);
  });

  test("says what else is known, and nothing twice", () => {
    const data = { name: "leads.csv", rows: 1200, change_set_id: "x", failure: null };
    expect(detailsOf({ data }, known)).toEqual([
      { label: "name", from: null, to: "leads.csv" },
      { label: "rows", from: null, to: (1200).toLocaleString() },
    ]);
    expect(whatWords("key.created")).toBe("made an API key");
    expect(whatWords("robot.danced_well")).toBe("robot danced well");
  });
});

describe("what is asked for", () => {
  const lead = "0190a000-0000-7000-8000-000000000002";

  test("stands in the address, and nothing that is empty", () => {
    const search = readAuditSearch({ what: "lead.*", from: "2026-03-01", x: 1 });
    expect(writeAuditSearch(search)).toEqual({ what: "lead.*", from: "2026-03-01" });
  });

  test("a lead is found by its id or its page's address", () => {
    expect(leadIdIn(`https://crm.example.com/leads/${lead}?tab=1`)).toBe(lead);
    expect(leadIdIn("ada")).toBeNull();
  });

  test("both days belong to it", () => {
    const filter = filterOf(readAuditSearch({ from: "2026-03-01", to: "2026-03-01", lead }));
    expect(filter.lead_id).toBe(lead);
    expect(Date.parse(filter.to ?? "") - Date.parse(filter.from ?? "")).toBe(86_400_000);
    expect(queryOf({ name: "lead.*" })).toBe("?name=lead.*");
    expect(queryOf({})).toBe("");
  });
});
