import { contract } from "@bellwether/contracts";
import { expect, test } from "vitest";
import { cast } from "../../kernel/testing/cast.ts";
import { call, settle, useProgram } from "../../kernel/testing/program.ts";
import { importAll, leadsOf, undone } from "./testing.ts";

useProgram();

test("an import's new leads go by the rules when it says so, and its undo takes them back", async () => {
  const { ada, max, rep } = await cast();
  const members = [max.member_id, rep.member_id];
  await call(ada, contract.assignment.rules.create, { name: "All", members });
  const text = "email\na@x.io\nb@x.io\nc@x.io\n";
  const quiet = await importAll(ada, text.replaceAll("@", "0@"));
  expect(quiet.result?.created).toBe(3);
  expect((await leadsOf(ada)).data.map((each) => each.owner_id)).toEqual([null, null, null]);
  const run = await importAll(ada, text, undefined, { assign: true });
  await settle();
  const given = (await leadsOf(ada)).data.flatMap((each) => each.owner_id ?? []);
  expect([given.length, new Set(given).size]).toEqual([3, 2]);
  expect((await call(ada, contract.changes.list, {})).body.data[0]).toMatchObject({
    summary: "Assign the new leads of “people.csv”",
    made_by: { kind: "system" },
    changed: 3,
  });
  await undone(ada, run.id);
  expect((await leadsOf(ada)).data.map((each) => each.owner_id)).toEqual([null, null, null]);
});
