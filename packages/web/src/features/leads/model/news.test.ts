import { expect, test } from "vitest";
import { fieldColumns, nameColumn } from "./columns.ts";
import { calmed, learnNews, newer, newsWords, noNews, reread } from "./news.ts";
import { leadOf } from "./testing.ts";

const columns = [nameColumn, ...fieldColumns([])];
const rows = new Map([leadOf("a"), leadOf("b"), leadOf("c")].map((lead) => [lead.id, lead]));
const shown = (id: string) => rows.get(id);

const news = learnNews(
  noNews,
  {
    asked: ["a", "b", "c", "new", "elsewhere"],
    data: [{ ...leadOf("a"), city: "Ulm", revision: 9 }, leadOf("b"), leadOf("new"), leadOf("elsewhere")],
    matching: ["a", "new"],
  },
  shown,
  columns,
);

test("rows say what changed in them, that they no longer match, and that they are gone", () => {
  expect(news.marks.get("a")).toEqual({ standing: "here", changed: new Set(["city"]) });
  expect(news.marks.get("b")).toEqual({ standing: "left", changed: new Set() });
  expect(news.marks.get("c")?.standing).toBe("gone");
  expect([...news.fresh]).toEqual(["new"]);
  expect(newsWords(news)).toBe("1 new lead, 1 no longer matches, 1 gone");
  expect(newsWords({ ...news, marks: new Map(), fresh: new Set(["x", "y"]), unnamed: 3, more: true })).toBe(
    "5+ new leads",
  );
});

test("the light on changed cells goes out, and a page read anew needs no marks", () => {
  expect([...calmed(news).marks.keys()]).toEqual(["b", "c"]);
  expect(calmed(noNews)).toBe(noNews);
  expect([...reread(news, ["b"], false).marks.keys()]).toEqual(["a", "c"]);
  expect(reread(news, ["a", "b", "c"], true)).toEqual(noNews);
});

test("a value typed here isn't taken back by an older answer", () => {
  const typed = { ...leadOf("a"), city: "Ulm" };
  expect(newer(typed, leadOf("a"))).toBe(typed);
  expect(newer(typed, { ...leadOf("a"), tags: ["vip"] })).toMatchObject({ city: "Ulm", tags: ["vip"] });
  expect(newer(typed, { ...leadOf("a"), revision: 99 }).city).toBeNull();
});
