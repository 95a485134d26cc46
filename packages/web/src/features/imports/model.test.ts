import type { Column, ImportOptions } from "@bellwether/contracts/imports";
import { expect, test } from "vitest";
import {
  badNewFields,
  doubled,
  firstTargets,
  identifiersIn,
  mappingOf,
  optionsFor,
  prefixFrom,
  refusedColumns,
  timeLeft,
} from "./model.ts";

const age = { key: "age", label: "Age", type: "number" as const };
const columns: Column[] = [
  { index: 0, header: "E-Mail", samples: [], suggestion: { field: "email" } },
  { index: 1, header: "Age", samples: ["31"], suggestion: { new_field: age } },
  { index: 2, header: "", samples: [], suggestion: null },
];
const options: ImportOptions = {
  match_on: "email",
  mode: "both",
  on_existing: "overwrite",
  default_country: null,
  date_format: "auto",
  decimal_mark: "auto",
  number_rows: null,
  owner_id: null,
  assign: false,
  segment_id: null,
  stage: null,
  lost_reason: null,
  move_back: false,
  tags: [],
  source: null,
};

test("suggestions become targets and are marked as guesses until touched", () => {
  const targets = firstTargets(columns, null, true);
  expect(targets[0]).toEqual({ kind: "field", field: "email", guess: true });
  expect(targets[1]).toEqual({ kind: "new", new_field: age, guess: true });
  expect(mappingOf(columns, targets)).toEqual([
    { index: 0, field: "email" },
    { index: 1, new_field: age },
    { index: 2, skip: true },
  ]);
});

test("who may not add fields is offered none", () => {
  expect(firstTargets(columns, null, false)[1]).toEqual({ kind: "skip", guess: false });
});

test("a mapping made before wins over the guesses, and what it left out stays out", () => {
  const targets = firstTargets(columns, [{ index: 1, field: "attributes.age" }], true);
  expect(targets[0]?.kind).toBe("skip");
  expect(targets[1]).toEqual({ kind: "field", field: "attributes.age", guess: false });
});

test("a field that an earlier attempt has made is mapped to, not made again", () => {
  const targets = firstTargets(columns, null, true, [{ key: "age", archived: false }]);
  expect(targets[1]).toEqual({ kind: "field", field: "attributes.age", guess: true });
});

test("two columns can't write one field, whether it exists or is new", () => {
  const twice = firstTargets(
    columns,
    [
      { index: 0, field: "attributes.age" },
      { index: 1, new_field: age },
    ],
    true,
  );
  expect([...doubled(columns, twice).keys()]).toEqual([1]);
});

test("a new field needs a name that makes a free, usable key", () => {
  const named = (label: string, key: string) =>
    badNewFields(
      columns,
      firstTargets(columns, [{ index: 1, new_field: { key, label, type: "text" } }], true),
      [],
    );
  expect(named("Age", "age").size).toBe(0);
  expect(named(" ", "age").get(1)).toMatch(/name/);
  expect(named("2026", "").get(1)).toMatch(/key/);
  expect(named("Constructor", "constructor").size).toBe(1);
});

test("rows are numbered exactly when no column identifies", () => {
  const none = firstTargets(columns, [{ index: 1, new_field: age }], true);
  expect(optionsFor(options, none, "bank full.csv")).toMatchObject({
    match_on: "external_id",
    number_rows: "bank full",
  });
  // An emptied prefix is asked for again, not quietly filled.
  expect(optionsFor({ ...options, number_rows: "" }, none, "x.csv").number_rows).toBe("");
  const phone = firstTargets(columns, [{ index: 0, field: "phone" }], true);
  expect(identifiersIn(phone)).toEqual(["phone"]);
  expect(optionsFor({ ...options, number_rows: "x" }, phone, "x.csv")).toMatchObject({
    match_on: "phone",
    number_rows: null,
  });
  expect(prefixFrom(".csv")).toBe("row");
});

test("refusals find their column by its place or by the new field's key", () => {
  const targets = firstTargets(columns, null, true);
  const refused = refusedColumns(
    [
      { path: "columns.0", message: "a" },
      { path: "columns.age", message: "b" },
      { path: "options.stage", message: "c" },
    ],
    columns,
    targets,
  );
  expect([...refused]).toEqual([
    [0, "a"],
    [1, "b"],
  ]);
});

test("time left is said only when it can be known", () => {
  expect(timeLeft(10, 100, 0)).toBe("");
  expect(timeLeft(100, 100, 10)).toBe("");
  expect(timeLeft(0, 100, 10)).toBe("about 10 seconds left");
  expect(timeLeft(0, 60_000, 100)).toBe("about 10 minutes left");
});
