import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import { expect, test } from "vitest";
import { leadOf } from "./testing.ts";
import { asksBoth, asksIn, asksNothing, asksOf, patchOfAll } from "./asks.ts";
import { type Column, fieldColumns } from "./columns.ts";

const plan: Column = { ...column("company"), id: "attributes.plan", label: "Plan", custom: true };
const fields = [...fieldColumns([]), plan];
const lost: Stage = {
  key: "lost",
  name: "Lost",
  colour: "#64748b",
  kind: "lost",
  position: 7,
  target_days: null,
  required_fields: ["company", "attributes.plan", "score", "attributes.gone"],
};

test("a stage asks for its reason and for what the lead lacks and a form can give", () => {
  const asks = asksOf(lost, [lead({ company: "Acme" })], fields);
  expect(asks.reason).toBe(true);
  expect(asks.fields.map((field) => field.id)).toEqual(["attributes.plan"]);
  expect(asksNothing(asksOf({ ...lost, kind: "open", required_fields: [] }, [lead({})], fields))).toBe(true);
});

test("of many leads a stage asks for the reason alone", () => {
  expect(asksOf(lost, [lead({}), lead({})], fields)).toEqual({ reason: true, fields: [] });
});

test("what the server missed is asked for, unless no form can give it", () => {
  const errors = [at("reason"), at("fields.company"), at("fields.attributes.plan")];
  expect(asksIn(errors, fields)).toEqual({ reason: true, fields: [column("company"), plan] });
  expect(asksIn([at("stage")], fields)).toBeNull();
  expect(asksIn([at("reason"), at("fields.score")], fields)).toBeNull();
  const both = asksBoth({ reason: false, fields: [plan] }, { reason: true, fields: [plan, column("city")] });
  expect(both.fields.map((field) => field.id)).toEqual(["attributes.plan", "city"]);
});

test("the form's values are one patch", () => {
  const other = { ...plan, id: "attributes.size" };
  const values = new Map<string, unknown>([
    ["company", "Acme"],
    ["attributes.plan", "pro"],
    ["attributes.size", 3],
  ]);
  expect(patchOfAll([column("company"), plan, other], values)).toEqual({
    company: "Acme",
    attributes: { plan: "pro", size: 3 },
  });
});

function at(path: string) {
  return { path, code: "required", message: "Say it." };
}

function column(id: string): Column {
  const found = fieldColumns([]).find((each) => each.id === id);
  if (!found) throw new Error(`There is no field ${id}.`);
  return found;
}

const lead = (values: Partial<Lead>): Lead => leadOf("a", values);
