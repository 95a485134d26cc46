/** For the tests of events: leads, what is reported of them, and what shows of it. */
import { expect } from "vitest";
import { contract } from "@bellwether/contracts";
import { call, type Person } from "../../kernel/testing/program.ts";

const { events, leads } = contract;

let made = 0;
export async function lead(who: Person, values: object = {}): Promise<{ id: string; email: string }> {
  const email = `e${++made}@example.com`;
  const { body } = await call(who, leads.create, { email, ...values });
  return { id: body.id, email };
}

export async function send(who: Person, sent: unknown[], more: object = {}) {
  const { body, status, problem } = await call(who, events.record, { events: sent, ...more });
  expect([status, problem.detail]).toEqual([207, undefined]);
  return body.data;
}

export async function groups(who: Person, id: string) {
  const { body } = await call(who, events.groups, { id });
  return Object.fromEntries(
    body.data.map(({ name, count, first_at, last_at }) => [name, { count, first_at, last_at }]),
  );
}

export async function timeline(who: Person, id: string, names?: string): Promise<string[]> {
  const { body } = await call(who, leads.timeline, {
    id,
    limit: 200,
    ...(names === undefined ? {} : { names }),
  });
  return body.data.map((event) => event.name);
}
