/** What tests of imports do over and over. */
import { contract } from "@bellwether/contracts";
import type { ColumnMapping, Import, ImportOptions } from "@bellwether/contracts/imports";
import { expect } from "vitest";
import type { Member } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle } from "../../kernel/testing/program.ts";

export const csv = { "content-type": "text/csv" };
export type Options = Partial<ImportOptions>;

export async function upload(who: Member, text: string | Buffer, file_name = "people.csv") {
  return raw<Import>(who, "POST", `/imports?file_name=${encodeURIComponent(file_name)}`, text, csv);
}

/** What the proposals say, taken as they are. */
export function proposed(draft: Import): ColumnMapping[] {
  return draft.columns.map(({ index, suggestion }) =>
    suggestion === null ? { index, skip: true } : { index, ...suggestion },
  );
}

export async function check(
  who: Member,
  text: string | Buffer,
  columns?: ColumnMapping[],
  options: Options = {},
) {
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

export async function run(who: Member, id: string) {
  expect((await call(who, contract.imports.run, { id })).status).toBe(202);
  await settle();
  return (await call(who, contract.imports.show, { id })).body;
}

export async function importAll(
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

export async function leadsOf(who: Member) {
  const { body } = await call(who, contract.leads.query, { limit: 200, count: "exact" });
  return body;
}

export async function leadBy(who: Member, email: string) {
  const { body } = await call(who, contract.leads.query, {
    rule: { field: "email", is: "eq", value: email },
  });
  return body.data[0];
}

/** Has it undone to its end. */
export async function undone(who: Person, id: string): Promise<Import> {
  const { status, body, problem } = await call(who, contract.imports.undo, { id });
  expect([status, problem.detail]).toEqual([202, undefined]);
  expect(body.change?.state).toBe("undoing");
  await settle();
  return (await call(who, contract.imports.show, { id })).body;
}
