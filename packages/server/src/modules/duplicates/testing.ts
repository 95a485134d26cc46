/** For the tests of duplicates: leads made one by one, pairs as a queue, merges. */
import { contract } from "@bellwether/contracts";
import type { MergeInput } from "@bellwether/contracts/duplicates";
import type { Lead, LeadIn } from "@bellwether/contracts/leads";
import { expect } from "vitest";
import { newId } from "../../kernel/ids.ts";
import { call, type Person, settle } from "../../kernel/testing/program.ts";

const { leads, duplicates, changes } = contract;

export async function make(who: Person, input: LeadIn = {}): Promise<Lead> {
  const { body, status, problem } = await call(who, leads.create, {
    ...(input.email === undefined && input.phone === undefined && input.whatsapp_id === undefined
      ? { external_id: newId() }
      : {}),
    ...input,
  });
  expect([status, problem.detail]).toEqual([201, undefined]);
  return body;
}

/** The queue, as far as it is about these leads: their ids, reasons, and how sure. */
export async function suggested(who: Person, ...of: Lead[]) {
  await settle();
  const { body } = await call(who, duplicates.list, { limit: 200 });
  const ids = new Set(of.map((lead) => lead.id));
  return body.data
    .filter((pair) => pair.leads.some((lead) => ids.has(lead.id)))
    .map((pair) => ({ ...pair, ids: pair.leads.map((lead) => lead.id) }));
}

export async function merged(who: Person, input: MergeInput | Pick<MergeInput, "id" | "other_id">) {
  const { status, body, problem } = await call(who, duplicates.merge, input);
  expect([status, problem.detail]).toEqual([200, undefined]);
  return body;
}

export async function unmerged(who: Person, change_set_id: string) {
  const { status, body, problem } = await call(who, changes.undo, { id: change_set_id });
  expect([status, problem.detail]).toEqual([202, undefined]);
  return body;
}

/** All that people see of a lead as its values. */
export async function valuesOf(who: Person, id: string) {
  const { body } = await call(who, leads.show, { id });
  const { updated_at: _u, revision: _r, ...values } = body;
  return values;
}
