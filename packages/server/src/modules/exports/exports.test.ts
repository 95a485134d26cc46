import { contract } from "@bellwether/contracts";
import type { Export, ExportIn } from "@bellwether/contracts/exports";
import type { Import } from "@bellwether/contracts/imports";
import type * as z from "zod";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { clock } from "../../kernel/clock.ts";
import { type Cast, cast, type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { file, written } from "./testing.ts";

useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
afterEach(() => clock.release());

async function lines(who: Person, input: z.input<typeof ExportIn>): Promise<string[]> {
  const done = await written(who, input);
  expect([done.state, done.failure]).toEqual(["done", null]);
  const { body } = await file(who, done.id);
  return body.replace(/\r?\n$/, "").split(/\r?\n/);
}

/** A text that has everything in it that files, spreadsheets and databases stumble over. */
const nasty = [
  '=HYPERLINK("http://x")',
  "+1",
  "-1",
  "@sum",
  "'",
  "'=1",
  "''=1",
  "'quoted'",
  "a,b",
  'say "hi"',
  '"',
  "two\nlines",
  "\\N",
  "\\",
  "\\.",
  "null",
  "ünï 日本 🙂 שלום",
  "a\tb",
  "; x",
  "#REF!",
  "100%",
  "{}",
];

async function filled(): Promise<Member> {
  const { member: ada } = await signUp("Ada");
  const fields: Parameters<typeof call<typeof contract.fields.create>>[2][] = [
    { key: "remark", label: "Remark", type: "text" },
    { key: "seats", label: "Seats", type: "number" },
    { key: "budget", label: "Budget", type: "money", currency: "EUR" },
    { key: "signed", label: "Signed", type: "date" },
    { key: "met", label: "Met", type: "datetime" },
    { key: "paying", label: "Paying", type: "yes_no" },
    { key: "plan", label: "Plan", type: "choice", options: ["pro", "=free"] },
    { key: "uses", label: "Uses", type: "choices", options: ["mail", "a, b", "c; d", 'say "x"'] },
    { key: "site", label: "Site", type: "url" },
    { key: "email", label: "Other e-mail", type: "text" },
  ];
  for (const field of fields) {
    expect((await call(ada, contract.fields.create, field)).status).toBe(201);
  }
  const leads = nasty.map((text, at) => ({
    email: at % 7 === 3 ? null : `${at % 2 === 0 ? "=" : "n"}${at}@example.com`,
    phone: `+4930123456${String(at).padStart(2, "0")}`,
    first_name: text.slice(0, 200),
    last_name: at % 3 === 0 ? null : `-${at}`,
    company: text,
    owner_id: at % 4 === 0 ? ada.member_id : null,
    stage: at % 2 === 0 ? "new" : "lost",
    lost_reason: at % 2 === 0 ? null : "Price",
    qualification: at % 5 === 0 ? at : null,
    tags: at % 2 === 0 ? ["Hot; now", "a, b", "@home"] : at % 3 === 0 ? ["one, two"] : [],
    attributes: {
      remark: `${text} ${text}`,
      seats: at % 2 === 0 ? -at - 1.5 : at * 1234.25,
      budget: at * 1000.5 - 7000,
      signed: "2024-02-29",
      met: "2026-03-15T14:30:00.123Z",
      paying: at % 2 === 0,
      plan: at % 2 === 0 ? "pro" : "=free",
      uses: at % 2 === 0 ? ["a, b"] : ["mail", "c; d", 'say "x"'],
      site: "https://example.com/?a=1,2&b=%22",
      email: at % 2 === 0 ? "+49" : null,
    },
  }));
  const { body } = await call(ada, contract.leads.batch, { leads, match_on: "phone" });
  expect(body.data.filter((each) => each.status !== "created")).toEqual([]);
  return ada;
}
const columns = [
  "id",
  "email",
  "phone",
  "first_name",
  "last_name",
  "company",
  "owner_id",
  "stage",
  "qualification",
  "tags",
  "score",
  "tier",
  "created_at",
  "last_seen_at",
  ..."remark seats budget signed met paying plan uses site email"
    .split(" ")
    .map((key) => `attributes.${key}`),
];

describe("the file", () => {
  let ada: Member;
  let done: Export;
  beforeAll(async () => {
    ada = await filled();
    done = await written(ada, { columns });
  });

  test("is CSV as RFC 4180 and Excel want it, with the columns' keys as its header", async () => {
    expect(done).toMatchObject({
      state: "done",
      format: "csv",
      rows: nasty.length,
      columns,
      made_by: { name: "Ada" },
      failure: null,
    });
    const { body, headers, status } = await file(ada, done.id);
    expect(status).toBe(200);
    expect(Buffer.byteLength(body)).toBe(done.size_bytes);
    expect(headers["content-disposition"]).toContain('attachment; filename="leads ');
    expect(body.startsWith(`\uFEFFbellwether_id,email,phone,`)).toBe(true);
    expect(body.split("\r\n")).toHaveLength(nasty.length + 2);
    expect(body).toContain('"two\nlines"');
  });

  test("holds no cell that a spreadsheet would take for a formula", async () => {
    const { body } = await file(ada, done.id);
    const cells = body.slice(1).split(/,|\r\n/);
    expect(cells.filter((cell) => /^"?[=+\-@\t\r]/.test(cell) && !cell.startsWith('"",'))).toEqual([]);
    expect(body).toContain("'+4930123456");
  });

  test("comes back through an import as nothing but unchanged leads", async () => {
    const { body } = await file(ada, done.id);
    const draft = await raw<Import>(ada, "POST", "/imports?file_name=again.csv", body, {
      "content-type": "text/csv",
    });
    expect(
      draft.body.columns.filter((column) => column.suggestion === null).map((column) => column.header),
    ).toEqual(["bellwether_id", "score", "tier", "created_at", "last_seen_at"]);
    const mapping = draft.body.columns.map(({ index, suggestion }) =>
      suggestion === null ? { index, skip: true as const } : { index, ...suggestion },
    );
    await call(ada, contract.imports.map, {
      id: draft.body.id,
      columns: mapping,
      options: { match_on: "phone" },
    });
    await settle();
    const checked = (await call(ada, contract.imports.show, { id: draft.body.id })).body;
    expect([checked.state, checked.check]).toMatchObject([
      "checked",
      { rows: nasty.length, unchanged: nasty.length, update: 0, create: 0, invalid: 0, problems: [] },
    ]);
    await call(ada, contract.imports.run, { id: draft.body.id });
    await settle();
    const { result } = (await call(ada, contract.imports.show, { id: draft.body.id })).body;
    expect(result).toEqual({ created: 0, updated: 0, unchanged: nasty.length, rejected: 0, duplicate: 0 });
    const { body: tags } = await call(ada, contract.tags.list);
    expect(tags.data.map((tag) => tag.name).toSorted()).toEqual(["@home", "Hot; now", "a, b", "one, two"]);
  });

  test("as JSON has one lead a line, as the API shows it", async () => {
    const found = await lines(ada, {
      columns: [
        "first_name",
        "company",
        "tags",
        "owner_id",
        "attributes.remark",
        "attributes.seats",
        "attributes.email",
      ],
      format: "jsonl",
    });
    const { body } = await call(ada, contract.leads.query, { limit: 200 });
    const wanted = body.data.map(({ id, first_name, company, tags, owner_id, attributes }) => {
      const kept = Object.entries(attributes).filter(([key]) => ["remark", "seats", "email"].includes(key));
      return { id, first_name, company, tags, owner_id, attributes: Object.fromEntries(kept) };
    });
    expect(found.map((line) => JSON.parse(line))).toEqual(wanted);
  });

  test("is downloaded in parts, and goes on where it broke off", async () => {
    const whole = (await file(ada, done.id)).bytes;
    const first = await file(ada, done.id, { range: "bytes=0-99" });
    expect([first.status, first.headers["content-range"], first.headers["content-length"]]).toEqual([
      206,
      `bytes 0-99/${done.size_bytes}`,
      "100",
    ]);
    const etag = String(first.headers["etag"]);
    const rest = await file(ada, done.id, {
      range: "bytes=100-",
      "if-range": etag,
      "accept-encoding": "gzip",
    });
    expect([rest.status, rest.bytes.equals(whole.subarray(100))]).toEqual([206, true]);
    expect((await file(ada, done.id, { range: "bytes=-10" })).bytes.equals(whole.subarray(-10))).toBe(true);
    const beyond = await file(ada, done.id, { range: `bytes=${done.size_bytes}-` });
    expect([beyond.status, beyond.headers["content-range"]]).toEqual([416, `bytes */${done.size_bytes}`]);
    expect((await file(ada, done.id, { range: "bytes=5-", "if-range": '"another"' })).status).toBe(200);
    expect((await file(ada, done.id, { range: "bytes=0-1,5-6" })).status).toBe(200);
    const zipped = await file(ada, done.id, { "accept-encoding": "gzip" });
    expect([zipped.headers["content-encoding"], zipped.headers["content-length"]]).toEqual([
      undefined,
      String(done.size_bytes),
    ]);
  });

  test("is gone a week later, with the export", async () => {
    const path = join(
      the().dataDir,
      "files",
      (await call(ada, contract.identity.session)).body.workspace.id,
      "exports",
    );
    const old = await written(ada, { columns: ["email"] });
    expect(existsSync(join(path, old.id))).toBe(true);
    expect(readdirSync(path).filter((name) => name.includes("."))).toEqual([]);
    clock.freeze(new Date(Date.parse(old.expires_at ?? "") + 1));
    expect((await call(ada, contract.exports.show, { id: old.id })).status).toBe(404);
    expect((await file(ada, old.id)).status).toBe(404);
    expect((await call(ada, contract.exports.list, {})).body.data).toEqual([]);
    const { rows } = await the().ownerPool.query<{ run_at: Date }>(
      "select run_at from graphile_worker.jobs where key = $1",
      [`exports:${old.id}:expire`],
    );
    expect(rows[0]?.run_at.toISOString()).toBe(old.expires_at);
    await the().ownerPool.query(
      "select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), now())",
      [`exports:${old.id}:expire`],
    );
    await settle();
    expect(existsSync(join(path, old.id))).toBe(false);
  });
});

describe("what is exported", () => {
  test("the leads that match, in the order asked for", async () => {
    const { member: ada } = await signUp("Ada");
    await call(ada, contract.fields.create, { key: "size", label: "Size", type: "number" });
    const leads = ["c", "a", "b"].map((name, at) => ({
      email: `${name}@example.com`,
      company: `Company ${name}`,
      attributes: { size: at },
    }));
    const { body } = await call(ada, contract.leads.batch, { leads });
    await settle();
    const emails = (input: Partial<z.input<typeof ExportIn>>) => lines(ada, { columns: ["email"], ...input });
    expect(await emails({ sort: [{ field: "email", direction: "asc" }] })).toEqual([
      "\uFEFFemail",
      "a@example.com",
      "b@example.com",
      "c@example.com",
    ]);
    expect(
      await emails({
        rule: { field: "attributes.size", is: "gte", value: 1 },
        sort: [{ field: "company", direction: "desc" }],
      }),
    ).toEqual(["\uFEFFemail", "b@example.com", "a@example.com"]);
    expect(await emails({ q: "company a@ex" })).toEqual(["\uFEFFemail", "a@example.com"]);
    expect(await emails({ rule: { field: "email", is: "eq", value: "b@example.com" } })).toEqual([
      "\uFEFFemail",
      "b@example.com",
    ]);
    expect(
      await emails({ rule: { field: "company", is: "eq", value: "it's $1 \\ '; drop table lead" } }),
    ).toEqual(["\uFEFFemail"]);
    expect(
      await emails({ rule: { field: "company", is: "contains", value: "it's $1 \\' or true --" } }),
    ).toEqual(["\uFEFFemail"]);
    expect(await emails({ lead_ids: [body.data[0]?.id ?? ""] })).toEqual(["\uFEFFemail", "c@example.com"]);
    expect(
      await emails({ rule: { field: "email", is: "eq", value: "nobody@example.com" }, format: "jsonl" }),
    ).toEqual([""]);
  });

  test("a field or column that isn't there is refused by its name, with the nearest", async () => {
    const { ada } = people;
    const column = await call(ada, contract.exports.create, { columns: ["emial"] });
    expect([column.status, column.problem.code, column.problem.detail]).toEqual([
      400,
      "unknown_field",
      "There is no field “emial”. Did you mean “email”?",
    ]);
    const rule = await call(ada, contract.exports.create, {
      columns: ["email"],
      rule: { field: "attributes.nix", is: "set" },
    });
    expect([rule.status, rule.problem.errors[0]?.path]).toEqual([400, "rule.field"]);
    const twice = await call(ada, contract.exports.create, { columns: ["email", "email"] });
    expect([twice.status, twice.problem.errors[0]?.path]).toEqual([400, "columns"]);
    const sort = await call(ada, contract.exports.create, {
      columns: ["email"],
      sort: [{ field: "tags", direction: "asc" }],
    });
    expect([sort.status, sort.problem.code]).toEqual([400, "bad_query"]);
    expect((await call(ada, contract.exports.create, { columns: ["email"], q: "nix:1" })).status).toBe(400);
  });

  test("a download before the end says so", async () => {
    const asked = await call(people.ada, contract.exports.create, { columns: ["email"] });
    const early = await file(people.ada, asked.body.id);
    expect([early.status, JSON.parse(early.body)]).toMatchObject([
      409,
      { code: "not_in_state", state: "running" },
    ]);
    await settle();
  });

  /** What a worker that was killed has left: a file full of people that nobody would look for. */
  async function draftOf(id: string): Promise<string> {
    const { body } = await call(people.ada, contract.identity.session);
    const folder = join(the().dataDir, "files", body.workspace.id, "exports");
    mkdirSync(folder, { recursive: true });
    const draft = join(folder, `${id}.draft`);
    writeFileSync(draft, "email");
    return draft;
  }

  test("one whose worker was killed is begun again, and its draft is gone", async () => {
    const { body } = await call(people.ada, contract.exports.create, { columns: ["email"] });
    const draft = await draftOf(body.id);
    await settle();
    expect((await call(people.ada, contract.exports.show, { id: body.id })).body.state).toBe("done");
    expect(existsSync(draft)).toBe(false);
  });

  test("one that never comes to its end says so, and leaves no draft", async () => {
    const { body } = await call(people.ada, contract.exports.create, { columns: ["email"] });
    const draft = await draftOf(body.id);
    await the().ownerPool.query("update graphile_worker._private_jobs set attempts = 10 where key = $1", [
      `exports:${body.id}`,
    ]);
    await settle();
    expect((await call(people.ada, contract.exports.show, { id: body.id })).body).toMatchObject({
      state: "failed",
      failure: "It was begun again and again, and never came to its end. Export fewer leads at once.",
    });
    expect(existsSync(draft)).toBe(false);
  });
});
