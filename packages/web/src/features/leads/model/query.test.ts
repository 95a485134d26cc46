import { describe, expect, test } from "vitest";
import { fieldColumns } from "./columns.ts";
import { completionAt } from "./completion.ts";
import { asFilters, asText, faultIn } from "./query.ts";

const own = (key: string, label: string, type: "choice" | "number" | "text", position: number) => ({
  key,
  label,
  help: "",
  type,
  options: type === "choice" ? ["Basic", "Pro", "Pro Plus"].map((value) => ({ value, label: value })) : [],
  currency: null,
  default: null,
  required: false,
  unique: false,
  fast: false,
  preparing: null,
  position,
  archived: false,
  created_at: "2026-01-01T00:00:00Z",
});
const fields = fieldColumns([own("plan", "Plan", "choice", 0), own("seats", "Seats", "number", 1)]);
const choices = (column: { options: readonly { value: string; label: string }[] }) => column.options;
const at = (text: string) => completionAt(text, text.length, fields, choices);
const inserts = (text: string) => at(text)?.suggestions.map((each) => each.insert);

describe("completing a query", () => {
  test("fields by the beginning of their word or label", () => {
    expect(inserts("ada pla")).toEqual(["plan:"]);
    expect(at("ada pla")).toMatchObject({ from: 4, to: 7, kind: "field" });
    expect(inserts("(-sea")).toEqual(["seats:"]);
    expect(at("zzz")).toBeNull();
    expect(at('"pla')).toBeNull();
  });

  test("how to compare, once a field is written out", () => {
    expect(inserts("seats")).toEqual([":", ">", ">=", "<", "<=", ":any ", ":none "]);
    expect(inserts("plan")).toEqual([":", ":any ", ":none "]);
  });

  test("values of a field, the last of a list, quoted where they need it", () => {
    expect(inserts("plan:")).toEqual(["Basic ", "Pro ", '"Pro Plus" ', "any ", "none "]);
    expect(inserts("plan:Basic,pl")).toEqual(['"Pro Plus" ']);
    expect(at("plan:Basic,pl")).toMatchObject({ from: 11, to: 13 });
    expect(inserts('plan:"pro p')).toEqual(['"Pro Plus" ']);
    expect(inserts("created_at<")?.[1]).toBe("7d ");
    expect(at("plan:Basic")).toBeNull();
  });
});

describe("a query that can't be asked", () => {
  test("says what is wrong, where, and what may be meant", () => {
    expect(faultIn("ada plan:Pro", fields)).toBeNull();
    expect(faultIn("ada plann:Pro", fields)).toEqual({
      message: "There is no field “plann”. Did you mean “plan”?",
      from: 4,
      to: 9,
    });
    expect(faultIn("(plan:Pro", fields)).toMatchObject({ from: 0, to: 1 });
  });
});

describe("completion of what happened", () => {
  const events = [
    { name: "order placed", label: "Order", properties: [{ key: "amount", types: ["number" as const] }] },
    { name: "page.viewed", label: "Page viewed", properties: [{ key: "new", types: ["yes_no" as const] }] },
  ].map((event) => ({ ...event, kind: "reported" as const, hidden: false }));
  const completed = (text: string) => completionAt(text, text.length, fields, () => [], [], events);
  const hints = (text: string) => completed(text)?.suggestions.map(({ hint }) => hint) ?? [];
  const taken = (text: string) => {
    const completion = completed(text);
    return text.slice(0, completion?.from) + (completion?.suggestions[0]?.insert ?? "");
  };

  test("names the event, in quotes where it has spaces", () => {
    expect(hints("di")).toEqual([
      "did:page.viewed>=3/14d",
      "did_first:page.viewed/7d",
      "did_last:page.viewed/30d",
    ]);
    expect(hints("open")).toEqual(["opened<30d"]);
    expect(taken("-did:ord")).toBe('-did:"order placed"');
    expect(taken('did:"order p')).toBe('did:"order placed"');
    expect(taken("did_first:viewed")).toBe("did_first:page.viewed");
    expect(hints("did:nothing")).toEqual([]);
  });

  test("goes on with how often, when and which properties", () => {
    expect(hints("did:page.viewed")).toEqual(["/7d", "/14d", "/30d", ">=3", "[…]"]);
    expect(taken("did:page.viewed>=3")).toBe("did:page.viewed>=3/24h ");
    expect(taken("did:page.viewed/3")).toBe("did:page.viewed/30d ");
    expect(taken('did:"order placed"[am')).toBe('did:"order placed"[amount>=');
    expect(taken("did:page.viewed[new:n")).toBe("did:page.viewed[new:false");
    expect(hints('did:"order placed"[amount>=100]')).toContain(">=3");
    expect(completed("did:page.viewed/14d cit")?.kind).toBe("field");
  });
});

describe("filters and text", () => {
  const rule = {
    all: [
      { field: "attributes.plan", is: "in", value: ["Basic", "Pro Plus"] },
      {
        any: [
          { field: "city", is: "eq", value: "Ulm" },
          { field: "attributes.seats", is: "gt", value: 5 },
        ],
      },
    ],
  } as const;

  test("go to and fro", () => {
    const given = structuredClone(rule) as unknown as Parameters<typeof asText>[0];
    const text = asText(given, "ada", fields);
    expect(text).toBe('plan:Basic,"Pro Plus" (city:Ulm OR seats>5) ada');
    expect(asFilters(text, null, fields)).toEqual({ q: "ada", rule });
  });

  test("an OR keeps to itself", () => {
    const text = asText({ field: "city", is: "eq", value: "Ulm" }, "ada OR grace", fields);
    expect(text).toBe("city:Ulm (ada OR grace)");
    expect(asFilters(text, null, fields)).toEqual({
      q: "(ada OR grace)",
      rule: { all: [{ field: "city", is: "eq", value: "Ulm" }] },
    });
  });

  test("words alone are no filters", () => {
    expect(asFilters("ada lovelace", null, fields)).toBeNull();
    expect(asFilters("plann:x", null, fields)).toBeNull();
  });
});

describe("segments in a query", () => {
  const segments = [
    { id: "seg-1", name: "Sunny people", state: "active" as const, type: "static" as const, building: null },
    { id: "seg-2", name: "Old", state: "draft" as const, type: "dynamic" as const, building: null },
  ];
  const insertsOf = (text: string) =>
    completionAt(text, text.length, fields, choices, segments)?.suggestions.map((each) => each.insert);

  test("complete to those that can be used, in quotes", () => {
    expect(insertsOf("seg")).toEqual(["segment:"]);
    expect(inserts("seg")).toBeUndefined();
    expect(insertsOf("segment:")).toEqual(['"Sunny people" ']);
    expect(insertsOf('-segment:"sun')).toEqual(['"Sunny people" ']);
  });

  test("are filters, and text again; a name that isn't there is told with the nearest", () => {
    const rule = { all: [{ segment: "seg-1", member: false }] };
    expect(asFilters('ada -segment:"sunny people"', null, fields, segments)).toEqual({ q: "ada", rule });
    expect(asText(rule, "", fields, segments)).toBe('-segment:"Sunny people"');
    expect(faultIn("segment:Sunny", fields, segments)?.message).toBe(
      "There is no segment “Sunny”. Did you mean “Sunny people”?",
    );
  });
});
