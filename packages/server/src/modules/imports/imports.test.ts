import { contract } from "@bellwether/contracts";
import type { ColumnMapping } from "@bellwether/contracts/imports";
import { beforeAll, describe, expect, test } from "vitest";
import { type Cast, cast, signUp } from "../../kernel/testing/cast.ts";
import { call, useProgram } from "../../kernel/testing/program.ts";
import { check, importAll, leadBy, leadsOf, run, upload } from "./testing.ts";

useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

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
    await importAll(ada, "email,stage,lost reason\na@x.io,Lost,Price\n");
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
