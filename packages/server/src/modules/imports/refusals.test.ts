import { contract } from "@bellwether/contracts";
import type { ColumnMapping, Import } from "@bellwether/contracts/imports";
import { beforeAll, describe, expect, test } from "vitest";
import { type Cast, cast, signUp } from "../../kernel/testing/cast.ts";
import { call, raw, useProgram } from "../../kernel/testing/program.ts";
import { check, csv, importAll, leadBy, type Options, run, upload } from "./testing.ts";

useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
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

  test("a form's file is taken, a form without one refused", async () => {
    const form = (part: string) => `--cut\r\n${part}\r\n--cut--\r\n`;
    const type = { "content-type": "multipart/form-data; boundary=cut" };
    const file =
      'content-disposition: form-data; name="file"; filename="fair.csv"\r\ncontent-type: text/csv\r\n\r\nemail\na@x.io\n';
    const taken = await raw<Import>(people.ada, "POST", "/imports", form(file), type);
    expect([taken.status, taken.body.file_name, taken.body.size_bytes]).toEqual([201, "fair.csv", 13]);
    const none = await raw(
      people.ada,
      "POST",
      "/imports",
      form('content-disposition: form-data; name="x"\r\n\r\n1'),
      type,
    );
    expect([none.status, none.problem.code]).toEqual([400, "bad_request"]);
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
