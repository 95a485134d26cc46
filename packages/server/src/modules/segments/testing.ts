/** For the tests of segments: active ones, made by the front door with their members found. */
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { expect } from "vitest";
import { call, type Person, settle } from "../../kernel/testing/program.ts";

const { segments } = contract;

export async function makeActive(who: Person, name: string, rule: Rule, more: object = {}): Promise<string> {
  const { body, status, problem } = await call(who, segments.create, {
    name,
    rule,
    state: "active",
    ...more,
  });
  expect([status, problem.detail]).toEqual([201, undefined]);
  await settle();
  return body.id;
}

export async function membersOf(who: Person, id: string): Promise<string[]> {
  const { body } = await call(who, segments.members.list, { id, limit: 200 });
  return body.data.map((each) => each.lead.id);
}
