/** For the tests of bulk changes: leads in numbers, and changes made to the end. */
import { contract } from "@bellwether/contracts";
import type { BulkInput, ChangeSet } from "@bellwether/contracts/changes";
import type { Lead } from "@bellwether/contracts/leads";
import { expect } from "vitest";
import { newId } from "../../kernel/ids.ts";
import { call, type Person, settle } from "../../kernel/testing/program.ts";

const { leads, bulk, changes } = contract;

export async function make(who: Person, count: number, more: (n: number) => object): Promise<string[]> {
  const mark = newId().slice(-12);
  const sent = Array.from({ length: count }, (_, n) => ({ email: `p${n}-${mark}@example.com`, ...more(n) }));
  const { body } = await call(who, leads.batch, { leads: sent });
  return body.data.map((each) => each.id ?? "");
}

export async function done(who: Person, input: BulkInput): Promise<ChangeSet> {
  const { status, body, problem } = await call(who, bulk.start, input);
  expect([status, problem.detail]).toEqual([202, undefined]);
  await settle();
  return (await call(who, changes.show, { id: body.id })).body;
}

export async function undone(who: Person, set: ChangeSet): Promise<ChangeSet> {
  expect((await call(who, changes.undo, { id: set.id })).status).toBe(202);
  await settle();
  return (await call(who, changes.show, { id: set.id })).body;
}

export async function lead(who: Person, id: string | undefined): Promise<Lead> {
  return (await call(who, leads.show, { id: id ?? "" })).body;
}

export async function history(who: Person, id: string | undefined) {
  const { body } = await call(who, leads.timeline, { id: id ?? "", limit: 200 });
  return body.data.map(({ name, data, actor }) => ({ name, data, by: actor.name }));
}
