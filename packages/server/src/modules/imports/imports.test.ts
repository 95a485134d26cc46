import { contract } from "@bellwether/contracts";
import type { ColumnMapping, Import, ImportOptions } from "@bellwether/contracts/imports";
import { beforeAll, describe, expect, test } from "vitest";
import { type Cast, cast, type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, raw, settle, useProgram } from "../../kernel/testing/program.ts";

useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

const csv = { "content-type": "text/csv" };
type Options = Partial<ImportOptions>;

async function upload(who: Member, text: string | Buffer, file_name = "people.csv") {
  return raw<Import>(who, "POST", `/imports?file_name=${encodeURIComponent(file_name)}`, text, csv);
}

/** What the proposals say, taken as they are. */
function proposed(draft: Import): ColumnMapping[] {
  return draft.columns.map(({ index, suggestion }) =>
    suggestion === null ? { index, skip: true } : { index, ...suggestion },
  );
}

async function check(who: Member, text: string | Buffer, columns?: ColumnMapping[], options: Options = {}) {
  const draft = await upload(who, text);
  expect(draft.status).toBe(201);
  const mapped = await call(who, contract.imports.map, {
    id: draft.body.id,
    columns: columns ?? proposed(draft.body),
    options,
  });
  expect(mapped.problem.errors ?? []).toEqual([]);
  expect([mapped.status, mapped.body.state]).toEqual([202, "checking"]);
  await settle();
  return (await call(who, contract.imports.show, { id: draft.body.id })).body;
}

async function run(who: Member, id: string) {
  expect((await call(who, contract.imports.run, { id })).status).toBe(202);
  await settle();
  return (await call(who, contract.imports.show, { id })).body;
}

async function importAll(
  who: Member,
  text: string | Buffer,
  columns?: ColumnMapping[],
  options: Options = {},
) {
  const checked = await check(who, text, columns, options);
  expect([checked.state, checked.failure]).toEqual(["checked", null]);
  const done = await run(who, checked.id);
  expect([done.state, done.failure]).toEqual(["done", null]);
  return { ...done, check: checked.check };
}

async function leadsOf(who: Member) {
  const { body } = await call(who, contract.leads.query, { limit: 200, count: "exact" });
  return body;
}

async function leadBy(who: Member, email: string) {
  const { body } = await call(who, contract.leads.query, {
    rule: { field: "email", is: "eq", value: email },
  });
  return body.data[0];
}

describe("from a file to leads", () => {
  test("upload, proposals, check, run: what was in the file is there, and said to come from it", async () => {
    const { member: ada } = await signUp("Ada");
    const file =
      "E-Mail;Vorname;Nachname;Telefon;Plan;Sitze\nAnn@Example.com;Ann;Núñez;+49 30 1234567;Pro;12\nbob@example.com;Bob;;;Free;3\n";
    const draft = (await upload(ada, file, "kunden.csv")).body;
    expect(draft).toMatchObject({
      state: "draft",
      file_name: "kunden.csv",
      dialect: { encoding: "utf-8", delimiter: ";", header_row: 1 },
    });
    expect(draft.columns[0]).toMatchObject({
      header: "E-Mail",
      samples: ["Ann@Example.com", "bob@example.com"],
      suggestion: { field: "email" },
    });
    expect(draft.columns[5]?.suggestion).toEqual({
      new_field: { key: "sitze", label: "Sitze", type: "number" },
    });
    const done = await importAll(ada, file);
    expect(done.check).toMatchObject({
      rows: 2,
      create: 2,
      update: 0,
      unchanged: 0,
      duplicate: 0,
      invalid: 0,
      suppressed: 0,
      problems: [],
    });
    expect(done.result).toEqual({ created: 2, updated: 0, unchanged: 0, rejected: 0, duplicate: 0 });
    const ann = await leadBy(ada, "ann@example.com");
    expect(ann).toMatchObject({
      first_name: "Ann",
      last_name: "Núñez",
      phone: "+49301234567",
      stage: "new",
      attributes: { plan: "Pro", sitze: 12 },
    });
    const timeline = await call(ada, contract.leads.timeline, { id: ann?.id ?? "" });
    expect(timeline.body.data).toMatchObject([
      { name: "lead.created", actor: { kind: "import", name: "people.csv" } },
    ]);
    const found = await call(ada, contract.leads.search, { query: "nunez" });
    expect(found.body.data.map((lead) => lead.email)).toEqual(["ann@example.com"]);
  });

  test("again: unchanged rows are not written, changed ones are updated with what was before", async () => {
    const { member: ada } = await signUp("Ada");
    await importAll(ada, "email,first_name,company\na@x.io,Ann,Acme\nb@x.io,Bob,\n");
    const before = await leadBy(ada, "a@x.io");
    const again = await importAll(
      ada,
      "email,first_name,company\na@x.io,Ann,Acme\nb@x.io,Robert,\nc@x.io,Cy,\n",
    );
    expect(again.check).toMatchObject({ create: 1, update: 1, unchanged: 1 });
    expect(again.result).toMatchObject({ created: 1, updated: 1, unchanged: 1, rejected: 0 });
    expect((await leadBy(ada, "a@x.io"))?.revision).toBe(before?.revision);
    const bob = await leadBy(ada, "b@x.io");
    const timeline = await call(ada, contract.leads.timeline, { id: bob?.id ?? "" });
    expect(timeline.body.data[0]).toMatchObject({
      name: "lead.updated",
      actor: { kind: "import" },
      data: { changes: { first_name: { from: "Bob", to: "Robert" } } },
    });
  });

  test("a blank cell never clears a value; fill_blanks never changes one", async () => {
    const { member: ada } = await signUp("Ada");
    await importAll(ada, "email,first_name,company\na@x.io,Ann,\n");
    await importAll(ada, "email,first_name,company\na@x.io,,Acme\n");
    expect(await leadBy(ada, "a@x.io")).toMatchObject({ first_name: "Ann", company: "Acme" });
    await importAll(ada, "email,first_name,job_title\na@x.io,Other,CTO\n", undefined, {
      on_existing: "fill_blanks",
    });
    expect(await leadBy(ada, "a@x.io")).toMatchObject({ first_name: "Ann", job_title: "CTO" });
  });

  test("rows of one lead become one lead; later values win, blanks don't", async () => {
    const { member: ada } = await signUp("Ada");
    const done = await importAll(
      ada,
      "email,first_name,score,tags\nAnn@Example.com,Ann,1,vip\nann@example.com ,Ann B.,2,blog\n ann@example.com,,3,\nbob@example.com,Bob,4,\n",
    );
    expect(done.check).toMatchObject({ rows: 4, create: 2, duplicate: 2, invalid: 0 });
    expect(done.result).toEqual({ created: 2, updated: 0, unchanged: 0, rejected: 0, duplicate: 2 });
    expect(await leadBy(ada, "ann@example.com")).toMatchObject({
      first_name: "Ann B.",
      attributes: { score_2: 3 },
      tags: ["blog", "vip"],
    });
  });

  test("create only refuses who exists, update only who doesn't", async () => {
    const { member: ada } = await signUp("Ada");
    await importAll(ada, "email,first_name\na@x.io,Ann\n");
    const created = await importAll(ada, "email,first_name\na@x.io,X\nb@x.io,Bob\n", undefined, {
      mode: "create",
    });
    expect(created.result).toMatchObject({ created: 1, updated: 0, rejected: 1 });
    expect(created.check?.problems).toMatchObject([
      { code: "exists", column: "email", count: 1, samples: [{ line: 2, value: "a@x.io" }] },
    ]);
    const updated = await importAll(ada, "email,first_name\na@x.io,Y\nz@x.io,Zed\n", undefined, {
      mode: "update",
    });
    expect(updated.result).toMatchObject({ created: 0, updated: 1, rejected: 1 });
    expect((await leadsOf(ada)).count).toEqual({ value: 2, exact: true });
  });

  test("by phone, by external id, and rows without an identifier numbered so that a second time matches", async () => {
    const { member: ada } = await signUp("Ada");
    await importAll(ada, "phone,first_name\n0660 4850224,Ann\n", undefined, {
      match_on: "phone",
      default_country: "AT",
    });
    const byPhone = await importAll(ada, "phone,first_name\n+43 660 4850224,Anna\n", undefined, {
      match_on: "phone",
    });
    expect(byPhone.result).toMatchObject({ updated: 1 });
    const bank = "age;job;y\n58;management;no\n44;technician;yes\n";
    const first = await importAll(ada, bank, undefined, { number_rows: "bank" });
    expect(first.result).toMatchObject({ created: 2 });
    const second = await importAll(ada, bank.replace("44", "45"), undefined, { number_rows: "bank" });
    expect(second.result).toMatchObject({ updated: 1, unchanged: 1 });
    const rows = (await leadsOf(ada)).data.map((lead) => lead.external_id).filter((id) => id !== null);
    expect(rows.toSorted()).toEqual(["bank-1", "bank-2"]);
  });

  test("a value that is another lead's refuses its row alone, in the file as in the workspace", async () => {
    const { member: ada } = await signUp("Ada");
    await importAll(ada, "email,phone\na@x.io,+4930111111\n");
    const done = await importAll(
      ada,
      "email,phone\nb@x.io,+4930111111\nc@x.io,+4930222222\nd@x.io,+4930222222\na@x.io,+4930111111\n",
    );
    expect(done.check).toMatchObject({ create: 1, unchanged: 1, invalid: 2 });
    expect(done.result).toMatchObject({ created: 1, unchanged: 1, rejected: 2 });
    expect(done.check?.problems.map((problem) => problem.code).toSorted()).toEqual([
      "taken_by_other_lead",
      "twice_in_file",
    ]);
  });

  test("owner, stage, source, tags and new choices", async () => {
    const { ada, rep } = people;
    const columns: ColumnMapping[] = [
      { index: 0, field: "email" },
      { index: 1, field: "owner_id" },
      { index: 2, field: "stage" },
      { index: 3, new_field: { key: "plan", label: "Plan", type: "choice" } },
    ];
    const done = await importAll(
      ada,
      `email,who,stage,plan\na@x.io,Rep,Contacted,Pro\nb@x.io,${rep.email},,free\nc@x.io,Nobody,,Pro\nd@x.io,,,PRO\n`,
      columns,
      { source: "Fair", tags: ["Fair 26"], stage: "qualified" },
    );
    expect(done.result).toMatchObject({ created: 3, rejected: 1 });
    expect(await leadBy(ada, "a@x.io")).toMatchObject({
      owner_id: rep.member_id,
      stage: "contacted",
      source: "Fair",
      tags: ["Fair 26"],
      attributes: { plan: "Pro" },
    });
    expect(await leadBy(ada, "b@x.io")).toMatchObject({ owner_id: rep.member_id, stage: "qualified" });
    const fields = await call(ada, contract.fields.list, {});
    expect(fields.body.data).toMatchObject([
      { key: "plan", type: "choice", options: [{ value: "Pro" }, { value: "free" }] },
    ]);
    expect(await leadBy(ada, "d@x.io")).toMatchObject({ attributes: { plan: "Pro" } });
  });

  test("a lead in a final stage keeps stage and owner, and the check says so", async () => {
    const { member: ada } = await signUp("Ada");
    await importAll(ada, "email,stage\na@x.io,Lost\n");
    const checked = await check(ada, "email,stage,first_name\na@x.io,New,Ann\n");
    expect(checked.check).toMatchObject({ update: 1, problems: [{ code: "stage_kept", count: 1 }] });
    await run(ada, checked.id);
    expect(await leadBy(ada, "a@x.io")).toMatchObject({ stage: "lost", first_name: "Ann" });
  });

  test("unique custom fields hold, whatever the capitals", async () => {
    const { member: ada } = await signUp("Ada");
    await call(ada, contract.fields.create, { key: "badge", label: "Badge", type: "text", unique: true });
    await importAll(ada, "email,badge\na@x.io,X1\n");
    const done = await importAll(ada, "email,badge\na@x.io,X2\nb@x.io,x1\nc@x.io,X3\nd@x.io,x3\n");
    expect(done.result).toMatchObject({ created: 1, updated: 1, rejected: 2 });
    const { status } = await call(ada, contract.leads.create, {
      email: "e@x.io",
      attributes: { badge: "x2" },
    });
    expect(status).not.toBe(201);
  });
});

describe("bad input", () => {
  test.each([
    [
      "xlsx",
      Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.from("[Content_Types].xml xl/")]),
      "Excel",
    ],
    ["html", Buffer.from("<!doctype html><html></html>"), "web page"],
    ["empty", Buffer.from(" \n"), "empty"],
    ["pdf", Buffer.from("%PDF-1.7"), "PDF"],
    ["no_rows", Buffer.from("email,name\n"), "no rows"],
  ])("a %s named .csv is told in plain words", async (file_kind, bytes, words) => {
    const { status, problem } = await upload(people.ada, bytes, "leads.csv");
    expect([status, problem.code, problem["file_kind"]]).toEqual([415, "unsupported_file", file_kind]);
    expect(problem.detail).toContain(words);
  });

  test("an upload that says it is 2 GB is refused before it is read; JSON isn't a file", async () => {
    const { status, problem } = await raw(people.ada, "POST", "/imports", "email\na@x.io\n", {
      ...csv,
      "content-length": String(2 * 1024 ** 3),
    });
    expect([status, problem.code]).toEqual([413, "too_large"]);
    expect((await raw(people.ada, "POST", "/imports", { email: "a@x.io" })).status).toBe(415);
  });

  test("bad cells are grouped by reason with samples, and come back as a file with line and reason", async () => {
    const { member: ada } = await signUp("Ada");
    const file =
      'email,created,deal_value,notes\na@x.io,2024-03-15,"1,234.50",=1+1\nb@x.io,1990-02-30,2,"@SUM(1,2)"\nc@x.io,2024-01-01,$1k,fine\nbad,2024-01-01,1,\n,2024-01-01,1,\n';
    const columns: ColumnMapping[] = [
      { index: 0, field: "email" },
      { index: 1, new_field: { key: "made", label: "Made", type: "date" } },
      { index: 2, new_field: { key: "deal", label: "Deal", type: "money" } },
      { index: 3, new_field: { key: "notes", label: "Notes", type: "text" } },
    ];
    const checked = await check(ada, file, columns);
    expect(checked.check).toMatchObject({ rows: 5, create: 1, invalid: 4 });
    expect(checked.check?.problems.find((problem) => problem.code === "date_impossible")).toMatchObject({
      column: "created",
      count: 1,
      samples: [{ line: 3, value: "1990-02-30" }],
    });
    expect(checked.check?.problems.map((problem) => problem.code).toSorted()).toEqual([
      "date_impossible",
      "email_invalid",
      "no_identifier",
      "number_invalid",
    ]);
    const early = await raw<string>(ada, "GET", `/imports/${checked.id}/rejected.csv`);
    const done = await run(ada, checked.id);
    const late = await raw<string>(ada, "GET", `/imports/${done.id}/rejected.csv`);
    expect(late.body).toBe(early.body);
    const lines = late.body.replace("\uFEFF", "").trimEnd().split("\r\n");
    expect(lines[0]).toBe("email,created,deal_value,notes,line,reason");
    expect(lines[1]).toBe(
      `b@x.io,1990-02-30,2,"'@SUM(1,2)",3,created: There is no such day in the calendar.`,
    );
    expect(lines).toHaveLength(5);
    expect(await leadBy(ada, "a@x.io")).toMatchObject({ attributes: { notes: "=1+1", deal: 1234.5 } });
  });

  test("hostile headers and NUL bytes are just text", async () => {
    const { member: ada } = await signUp("Ada");
    const done = await importAll(ada, "email,__proto__,constructor\na@x.io,p\0q,c\n");
    expect(done.result).toMatchObject({ created: 1 });
    expect(done.check?.problems).toMatchObject([{ code: "nul_removed" }]);
    expect(await leadBy(ada, "a@x.io")).toMatchObject({
      attributes: { proto_field: "pq", constructor_field: "c" },
    });
  });

  test("a mapping that can't be is refused with every reason", async () => {
    const { member: ada } = await signUp("Ada");
    const draft = (await upload(ada, "a,b,c,d\n1,2,3,4\n")).body;
    const map = (columns: ColumnMapping[], options: Options = {}) =>
      call(ada, contract.imports.map, { id: draft.id, columns, options });
    const codes = async (columns: ColumnMapping[], options: Options = {}) =>
      (await map(columns, options)).problem.errors.map((error) => error.code);
    expect(
      await codes([
        { index: 0, field: "nope" },
        { index: 9, field: "email" },
        { index: 1, field: "score" },
      ]),
    ).toEqual(["unknown_field", "unknown_column", "unknown_field"]);
    expect(await codes([{ index: 0, field: "first_name" }])).toEqual(["no_identifier"]);
    expect(
      await codes([
        { index: 0, field: "email" },
        { index: 1, field: "email" },
      ]),
    ).toEqual(["mapped_twice"]);
    expect(
      await codes([{ index: 0, field: "email" }], {
        default_country: "ZZ",
        stage: "nope",
        owner_id: people.rival.member_id,
      }),
    ).toEqual(["unknown_country", "unknown_stage", "unknown_member"]);
    expect((await call(ada, contract.imports.run, { id: draft.id })).problem.code).toBe("not_in_state");
  });

  test("what was guessed can be said otherwise", async () => {
    const { member: ada } = await signUp("Ada");
    const draft = (await upload(ada, "Report;x\nemail;name\na@x.io;Ann\n")).body;
    expect(draft.dialect.header_row).toBe(2);
    const again = await call(ada, contract.imports.map, {
      id: draft.id,
      columns: [],
      options: { header_row: null, delimiter: "," },
    });
    expect(again.body).toMatchObject({ state: "draft", dialect: { header_row: null, delimiter: "," } });
    expect(again.body.columns).toHaveLength(1);
  });
});

describe("who may", () => {
  test("agents and viewers may not import; a manager may, without new fields", async () => {
    for (const who of [people.rep, people.viewer])
      expect((await upload(who, "email\na@x.io\n")).status).toBe(403);
    const draft = (await upload(people.max, "email,budget\nmax@x.io,Pro\n")).body;
    expect(draft.columns[1]?.suggestion).toBeNull();
    const columns: ColumnMapping[] = [
      { index: 0, field: "email" },
      { index: 1, new_field: { key: "budget", label: "Budget", type: "text" } },
    ];
    expect((await call(people.max, contract.imports.map, { id: draft.id, columns })).status).toBe(403);
    expect((await importAll(people.max, "email\nmax@x.io\n")).result).toMatchObject({ created: 1 });
  });

  test("Rival sees no import, and cannot tell a hidden one from a missing one", async () => {
    const { id } = (await upload(people.ada, "email\nhidden@x.io\n")).body;
    const missing = "01900000-0000-7000-8000-000000000000";
    for (const procedure of [
      contract.imports.show,
      contract.imports.run,
      contract.imports.cancel,
      contract.imports.remove,
      contract.imports.rejected,
    ]) {
      const [theirs, nobodys] = [
        await call(people.rival, procedure, { id }),
        await call(people.rival, procedure, { id: missing }),
      ];
      expect([theirs.status, theirs.problem.detail]).toEqual([404, nobodys.problem.detail]);
    }
    expect((await call(people.rival, contract.imports.list, {})).body.data).toEqual([]);
  });

  test("one that never ran can be discarded; the list pages", async () => {
    const { member: ada } = await signUp("Ada");
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push((await upload(ada, "email\na@x.io\n")).body.id);
    expect((await call(ada, contract.imports.remove, { id: ids[0] ?? "" })).status).toBe(200);
    const first = (await call(ada, contract.imports.list, { limit: 1 })).body;
    const second = (await call(ada, contract.imports.list, { limit: 1, cursor: first.next_cursor ?? "" }))
      .body;
    expect([first.data[0]?.id, second.data[0]?.id, second.next_cursor]).toEqual([ids[2], ids[1], null]);
  });
});
