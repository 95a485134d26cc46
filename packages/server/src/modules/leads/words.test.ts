import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { LeadIn } from "@bellwether/contracts/leads";
import { systemActor } from "../../kernel/access.ts";
import { haste } from "../../kernel/clock.ts";
import { silent } from "../../kernel/log.ts";
import { cast, type Cast, signUp } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, the, useProgram } from "../../kernel/testing/program.ts";

/** What words find: everything people know of a lead, in any notation, for those who may see it. */
useProgram();
const { leads, fields, identity } = contract;
let people: Cast;
const names = new Map<string, string>();

async function make(name: string, lead: LeadIn): Promise<void> {
  const { body, status, problem } = await call(people.ada, leads.create, lead);
  expect(status, JSON.stringify(problem)).toBe(201);
  names.set(body.id, name);
}

async function found(query: string, who: Person = people.ada): Promise<string> {
  const { body, status, problem } = await call(who, leads.search, { query, limit: 200, count: "exact" });
  expect(status, JSON.stringify(problem)).toBe(200);
  expect(body.count).toEqual({ value: body.data.length, exact: true });
  return body.data
    .map((lead) => names.get(lead.id) ?? "?")
    .toSorted((a, b) => a.localeCompare(b))
    .join(" ");
}

beforeAll(async () => {
  people = await cast();
  await call(people.ada, identity.workspace.update, { default_country: "DE" });
  const field = (
    key: string,
    type: "text" | "url" | "choice" | "choices" | "number",
    options: object[] = [],
  ) => call(people.ada, fields.create, { key, label: key, type, options: options as never });
  await field("story", "text");
  await field("site", "url");
  await field("size", "number");
  await field("plan", "choice", [
    { value: "p1", label: "Starter" },
    { value: "p2", label: "Großkunde" },
  ]);
  await field("likes", "choices", [
    { value: "t", label: "Tea time" },
    { value: "c", label: "Coffee" },
  ]);
  await make("lukasz", {
    email: "lukasz@example.com",
    first_name: "Łukasz",
    last_name: "Müller",
    company: "Straße & Søn",
    job_title: "Head of Næringsliv",
    phone: "+49 30 12345678",
    external_id: "2024-00017",
    attributes: {
      story: "Met at the Zürich fair",
      site: "https://www.lukasz.example/über",
      plan: "p2",
      size: 4711,
    },
  });
  await make("jose", {
    email: "j@example.org",
    // Decomposed, as a Mac writes it.
    first_name: "Jose\u0301",
    phone: "+34 612 345 678",
    whatsapp_id: "+49 171 9876543",
    attributes: { story: "100% off_price \\ 'quoted' \"twice\"", likes: ["t", "c"] },
  });
  await make("han", {
    external_id: "K-1",
    first_name: "한글",
    company: "がんばれ",
    attributes: { story: "مرحبا 🦄 unicorn" },
  });
  await settle();
});

describe("words find", () => {
  test.each([
    ["lukasz", "lukasz"],
    ["ŁUKASZ", "lukasz"],
    ["łuk", "lukasz"],
    ["muller", "lukasz"],
    ["Mu\u0308ller", "lukasz"],
    ["strasse", "lukasz"],
    ["straße", "lukasz"],
    ["søn", "lukasz"],
    ["naering", "lukasz"],
    ["head of", "lukasz"],
    ["josé", "jose"],
    ["jose", "jose"],
    ["한글", "han"],
    ["んば", "han"],
    ["مرحبا", "han"],
    ["🦄", "han"],
    ["example", "jose lukasz"],
    ["zurich", "lukasz"],
    ['"zürich fair"', "lukasz"],
    ["fair muller", "lukasz"],
    ["lukasz.example", "lukasz"],
    ["/uber", "lukasz"],
    ["grosskunde", "lukasz"],
    ["p2", ""],
    ['"tea time"', "jose"],
    ["coffee", "jose"],
    ["4711", ""],
    ["muller jose", ""],
    ["muller OR jose", "jose lukasz"],
    ["-zurich", "han jose"],
    ["unicorn -muller", "han"],
    ["100%", "jose"],
    ["off_price", "jose"],
    ["offXprice", ""],
    ["%%%", ""],
    ["___", ""],
    ["\"\\\\ 'quoted'\"", "jose"],
    ["'quoted'", "jose"],
    ['"\\"twice\\""', "jose"],
  ])("%s → %s", async (query, expected) => {
    expect(await found(query)).toBe(expected);
  });
});

describe("a phone is found in any notation", () => {
  test.each([
    ["+493012345678", "lukasz"],
    ["+49 (30) 1234-5678", "lukasz"],
    ["+49 (0)30 12345678", "lukasz"],
    ["0049 30 12345678", "lukasz"],
    ["030 12345678", "lukasz"],
    ["030/1234.5678", "lukasz"],
    ["030 12345", "lukasz"],
    ["3456789", ""],
    ["0171 9876543", "jose"],
    ["612345678", "jose"],
    ["muller 030 123 456", "lukasz"],
    ["030 123 456 muller", "lukasz"],
    ["jose 030 123 456", ""],
    ["2024-00017", "lukasz"],
    ["2024/00017", "lukasz"],
  ])("%s → %s", async (query, expected) => {
    expect(await found(query)).toBe(expected);
  });
});

test("for whom contact details are masked, words find all but those", async () => {
  await call(people.ada, identity.workspace.update, { viewers_masked: true });
  for (const [query, expected] of [
    ["zurich", "lukasz"],
    ["grosskunde", "lukasz"],
    ["-zurich", "han jose"],
    ["zurich OR coffee", "jose lukasz"],
    ["lukasz@", ""],
    ["lukasz@ OR coffee", "jose"],
    ["-lukasz@", "han jose lukasz"],
    ["030 12345678", ""],
    ["0171 9876543", ""],
    ["2024-00017", "lukasz"],
  ] as const) {
    expect(await found(query, people.viewer), query).toBe(expected);
  }
  // Words that were made before contact details stood on a line of their own count as nothing else.
  const { rowCount } = await the().ownerPool.query(
    "update lead_search set words = replace(words, E'\\n', ' ') where words like '%lukasz@%'",
  );
  expect(rowCount).toBe(1);
  expect([await found("lukasz", people.viewer), await found("lukasz")]).toEqual(["", "lukasz"]);
});

describe("what words are made of changes", () => {
  async function upgraded(): Promise<void> {
    await the()
      .modules.find((module) => module.name === "leads")
      ?.upkeep?.(the().jobsDb, new AbortController().signal);
    await settle();
  }

  test("leads whose words an older version made are looked at again when a worker starts, and only then", async () => {
    await the().ownerPool.query("update lead_search set words = 'old'");
    await the().ownerPool.query("delete from word_refresh");
    expect(await found("zurich")).toBe("");
    await upgraded();
    expect(await found("zurich")).toBe("lukasz");
    await the().ownerPool.query("update lead_search set words = 'newer'");
    await upgraded();
    expect(await found("zurich")).toBe("");
    await the().ownerPool.query("delete from word_refresh");
    await upgraded();
  });

  test("a look that was broken off goes on where it was", async () => {
    const ids = [...names.keys()].toSorted((a, b) => a.localeCompare(b));
    await the().ownerPool.query("update lead_search set words = 'old'");
    await the().ownerPool.query("update word_refresh set version = 0, keys = null, after = $1", [ids[0]]);
    const { modules, jobsDb: db } = the();
    const job = modules.flatMap((module) => module.jobs).find((each) => each.name === "leads.refresh_words");
    const actor = systemActor(people.workspace_id);
    await job?.run({ db, actor, log: silent, signal: new AbortController().signal }, {});
    expect(await found("old")).toBe(names.get(ids[0] ?? ""));
    await the().ownerPool.query("delete from word_refresh");
    await upgraded();
  });

  test("a new field's values are found, an archived one's aren't, until it is back", async () => {
    await call(people.ada, fields.create, { key: "motto", label: "Motto", type: "text" });
    const id = [...names].find(([, name]) => name === "jose")?.[0] ?? "";
    await call(people.ada, leads.update, { id, attributes: { motto: "Carpe diem" } });
    await settle();
    expect(await found("carpe")).toBe("jose");
    await call(people.ada, fields.update, { key: "motto", archived: true });
    await settle();
    expect([await found("carpe"), await found("coffee")]).toEqual(["", "jose"]);
    await call(people.ada, fields.update, { key: "motto", archived: false });
    await settle();
    expect(await found("carpe")).toBe("jose");
    await call(people.ada, fields.update, { key: "motto", archived: true });
    await call(people.ada, fields.remove, { key: "motto" });
    await settle();
    expect(await found("carpe")).toBe("");
  });

  test("a choice is found by what it is called now", async () => {
    const options = [
      { value: "p1", label: "Starter" },
      { value: "p2", label: "Enterprise" },
    ];
    await call(people.ada, fields.update, { key: "plan", options });
    await settle();
    expect([await found("grosskunde"), await found("enterprise")]).toEqual(["", "lukasz"]);
  });

  test("however long a text is, its beginning is found and the lead is saved", async () => {
    await make("long", {
      external_id: "long",
      attributes: { story: `Prologue ${"x".repeat(9_000)} epilogue` },
    });
    await settle();
    expect([await found("prologue"), await found("epilogue")]).toEqual(["long", ""]);
  });
});

test("few leads are counted exactly, however long the machine takes for it", async () => {
  const { member, workspace_id } = await signUp("Few");
  const insert = `with made as (
      insert into lead (workspace_id, id, first_name, external_id, stage, created_by)
      select $1, uuidv7(), 'Person', 'few' || n, 'new', '{}' from generate_series(1, 2000) n
      returning workspace_id, id, external_id
    )
    insert into lead_search select workspace_id, id, 'person ' || external_id from made`;
  await the().ownerPool.query(insert, [workspace_id]);
  const { factor } = haste;
  haste.factor = 100;
  try {
    const { body } = await call(member, leads.search, { query: "person", limit: 10, count: "estimate" });
    expect(body.count).toEqual({ value: 2000, exact: true });
  } finally {
    haste.factor = factor;
  }
});

test("Rival finds none of it", async () => {
  for (const query of ["zurich", "lukasz", "030 12345678", "coffee"]) {
    expect(await found(query, people.rival), query).toBe("");
  }
});
