import type { ActivityEntry } from "@bellwether/contracts/home";
import { expect, test } from "vitest";
import { type Burst, type Line, linesOf, type Pages, withBurst, withNewest } from "./feed.ts";
import { aroundLead, beforeThings, burstWords, isTold, otherWords, reportedWords } from "./words.ts";

const at = (seconds: number) => new Date(Date.parse("2026-03-01T10:00:00Z") + seconds * 1000).toISOString();
const entry = (seconds: number, more: Partial<ActivityEntry> = {}): ActivityEntry => ({
  id: `e${seconds}`,
  name: "lead.created",
  occurred_at: at(seconds),
  actor: { kind: "member", id: "ada", name: "Ada" },
  lead: { id: `l${seconds}`, name: `Lead ${seconds}` },
  subject_id: null,
  thing: null,
  from: null,
  to: null,
  count: null,
  ...more,
});
const burst = (after: number, upto: number, names: Record<string, number>): Burst => ({
  after: at(after),
  upto: at(upto),
  names,
});
const plain = (lines: Line[]) =>
  lines.map((line) => (line.kind === "burst" ? line.burst.names : line.entries.map((each) => each.id)));

const labels = new Map([["page.viewed", "Page viewed"]]);
test("what one person does several times in a row is one line; another person or kind begins a new one", () => {
  const max = { kind: "member", id: "max", name: "Max" } as const;
  const moved = { name: "stage.changed", from: "new", to: "contacted" };
  const lines = linesOf(
    [
      entry(9),
      entry(8),
      entry(7, { actor: max }),
      entry(6, moved),
      entry(5, { ...moved, to: "lost" }),
      entry(4),
      entry(-700),
    ],
    [],
  );
  expect(plain(lines)).toEqual([["e9", "e8"], ["e7"], ["e6"], ["e5"], ["e4"], ["e-700"]]);
});

test("what comes too fast is counted in one line that grows, until it has been quiet", () => {
  const one = withBurst([], burst(0, 1, { "lead.created": 900 }));
  const two = withBurst(one, burst(1, 2, { "lead.created": 340, "stage.changed": 12 }));
  expect(two).toEqual([burst(0, 2, { "lead.created": 1240, "stage.changed": 12 })]);
  expect(burstWords(two[0]?.names ?? {}, labels)).toBe("1,240 leads created · 12 moved");
  expect(
    burstWords({ "tag.added": 5, "lead.created": 90, "note.added": 30, "lead.updated": 20 }, labels),
  ).toBe("90 leads created · 30 noted on · 20 changed · 5 other things");
  expect(withBurst(two, burst(60, 61, { "lead.created": 50 }))).toHaveLength(2);
  expect(plain(linesOf([entry(3), entry(2), entry(1), entry(0)], two))).toEqual([
    ["e3"],
    two[0]?.names,
    ["e0"],
  ]);
});

test("what is newest goes before what is there; a hole begins the list anew, unless a burst tells of it", () => {
  const old: Pages = { pages: [{ data: [entry(2), entry(1)], next_cursor: "older" }], pageParams: [null] };
  const ids = (pages: Pages) => pages.pages.map((page) => page.data.map((each) => each.id));
  const page = (...data: ActivityEntry[]) => ({ data, next_cursor: "next" });
  expect(ids(withNewest(old, page(entry(3), entry(2)), []))).toEqual([["e3", "e2", "e1"]]);
  expect(withNewest(old, page(entry(2)), [])).toBe(old);
  expect(withNewest(old, page(entry(9), entry(8)), [])).toEqual({
    pages: [page(entry(9), entry(8))],
    pageParams: [null],
  });
  const covered = withNewest(old, page(entry(9), entry(8)), [burst(2, 8, { "lead.created": 900 })]);
  expect(ids(covered)).toEqual([["e9", "e2", "e1"]]);
  expect(covered.pages[0]?.next_cursor).toBe("older");
});

test("things done in a row are told together by their names, imports each with its own number", () => {
  const field = { name: "field.created", lead: null };
  const fields = ["Industry", "Budget", "Employees"].map((thing, nth) =>
    entry(20 + nth, { ...field, thing }),
  );
  const bulk = { name: "bulk.finished", lead: null, count: 5 };
  const invited = { name: "member.invited", lead: null };
  const lines = linesOf(
    [
      ...fields.toReversed(),
      entry(9, bulk),
      entry(8, bulk),
      entry(7, invited),
      entry(6, invited),
      entry(5, { name: "tag.added", thing: "vip" }),
      entry(4, { name: "tag.added", thing: "vip" }),
      entry(3, { name: "tag.added", thing: "cold" }),
    ],
    [],
  );
  expect(plain(lines)).toEqual([["e22", "e21", "e20"], ["e9"], ["e8"], ["e7", "e6"], ["e5", "e4"], ["e3"]]);
  expect([beforeThings("field.created", 1), beforeThings("field.created", 3)]).toEqual([
    "added the field",
    "added the fields",
  ]);
  expect(aroundLead(entry(1, { name: "tag.added", thing: "vip" }))).toEqual({
    before: "tagged",
    after: "with vip",
  });
});

test("an import says how many leads it brought, to who may know", () => {
  const finished = { name: "import.finished", lead: null };
  expect(otherWords(entry(1, { ...finished, count: 37 }))).toBe("imported 37 leads");
  expect(otherWords(entry(1, finished))).toBe("finished an import");
});

test("what programs report is told by its label, one by one and by number", () => {
  const actor = { kind: "key", id: "k", name: "Shop" } as const;
  const seen = entry(1, { name: "page.viewed", actor });
  expect(reportedWords(seen, labels)).toBe("Page viewed");
  expect(reportedWords({ ...seen, name: "order placed" }, labels)).toBe("order placed");
  expect(reportedWords({ ...seen, name: "lead.created" }, labels)).toBeNull();
  expect([isTold("order placed"), isTold("key.created")]).toEqual([true, false]);
  expect(burstWords({ "page.viewed": 1240, "order placed": 1, "lead.created": 12 }, labels)).toBe(
    "Page viewed 1,240 times · 12 leads created · order placed once",
  );
});
