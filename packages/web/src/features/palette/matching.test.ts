import { expect, test } from "vitest";
import { isQuery, matching } from "./matching.ts";

const commands = [
  { label: "Import a file", words: "csv upload" },
  { label: "Imports" },
  { label: "Members", words: "people team invite" },
  { label: "Invite somebody" },
];
const found = (typed: string) => matching(commands, typed).map((command) => command.label);

test("commands are found by the beginnings of words, those by their own name first", () => {
  expect(found("im")).toEqual(["Import a file", "Imports"]);
  expect(found("FI im")).toEqual(["Import a file"]);
  expect(found("inv")).toEqual(["Invite somebody", "Members"]);
  expect(found("cšv")).toEqual(["Import a file"]);
  expect(found("port")).toEqual([]);
  expect(found("  ")).toHaveLength(4);
});

test("the query language is told from words and numbers", () => {
  expect(["tag:vip", "-tag:vip", "score>50", "a (stage:new)"].map(isQuery)).toEqual([true, true, true, true]);
  expect(["anna", "+49 (30) 123-45", "a: b", "anna@example.com", "10:30"].map(isQuery)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
