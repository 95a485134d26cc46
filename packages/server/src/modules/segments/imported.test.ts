import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { clock, now as current } from "../../kernel/clock.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { letTimePass } from "./time.ts";

useProgram();
const { segments, leads } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
const city = (value: string): Rule => ({ field: "city", is: "eq", value });
async function active(name: string, rule: Rule): Promise<string> {
  return (await call(people.max, segments.create, { name, rule, state: "active" })).body.id;
}
async function members(id: string): Promise<string[]> {
  const { body } = await call(people.max, segments.members.list, { id });
  const { size } = (await call(people.max, segments.show, { id })).body;
  expect(size).toBe(body.data.length);
  return body.data.map((each) => each.lead.id);
}

test("an import's new leads and its changes are in their segments when it is done", async () => {
  const { body: lead } = await call(people.max, leads.create, {
    email: "old@import.example",
    city: "Melle",
  });
  const old = lead.id;
  const id = await active("Melle", city("Melle"));
  const fresh: Rule = { event: "lead.created", within: { last: "30m" } };
  const created = await active("Created", {
    all: [fresh, { field: "email", is: "ne", value: "old@import.example" }],
  });
  const text = "email,city\nold@import.example,Hamm\nnew1@import.example,Melle\nnew2@import.example,Melle\n";
  const { body } = await raw<{ id: string }>(people.ada, "POST", "/imports?file_name=a.csv", text, {
    "content-type": "text/csv",
  });
  const columns = ["email", "city"].map((field, index) => ({ index, field }));
  const { body: hand } = await call(people.ada, segments.create, { name: "Imported", type: "static" });
  const wrong = await call(people.ada, contract.imports.map, {
    id: body.id,
    columns,
    options: { segment_id: id },
  });
  expect(wrong.problem.detail).toBe("“Melle” follows its rule: leads can't be added or removed.");
  await call(people.ada, contract.imports.map, { id: body.id, columns, options: { segment_id: hand.id } });
  await settle();
  // Deleted after the check: nobody's leads go elsewhere without a word.
  await call(people.ada, segments.remove, { id: hand.id });
  const nowhere = await call(people.ada, contract.imports.run, { id: body.id });
  expect([nowhere.status, nowhere.problem.detail]).toEqual([
    409,
    "There is no such segment. Go back to the columns and choose another segment, or none.",
  ]);
  await call(people.ada, segments.restore, { id: hand.id });
  const user = await active("Of the imported", {
    all: [{ segment: hand.id, member: true }, { not: city("Melle") }],
  });
  await call(people.ada, contract.imports.run, { id: body.id });
  await settle();
  const now = await members(id);
  expect(await members(hand.id)).toEqual([old, ...now]);
  expect(await members(user)).toEqual([old]);
  expect(now).toHaveLength(2);
  expect(now).not.toContain(old);
  // Their beginning has no row of its own, and counts all the same.
  expect(await members(created)).toEqual(now);
  const why = await call(people.ada, segments.explain, { id: created, lead: now[0] ?? "" });
  const { explained } = why.body;
  expect(explained?.kind === "all" && explained.parts[0]).toMatchObject({ met: true, has: { count: 1 } });
  clock.freeze(new Date(current().getTime() + 31 * 60_000).toISOString());
  await letTimePass(the().jobsDb, new AbortController().signal);
  clock.release();
  expect(await members(created)).toEqual([]);
  await call(people.ada, contract.imports.undo, { id: body.id });
  await settle();
  expect([await members(id), await members(hand.id), await members(user)]).toEqual([[old], [], []]);
});
