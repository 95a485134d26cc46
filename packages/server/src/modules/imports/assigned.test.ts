import { contract } from "@bellwether/contracts";
import { expect, test } from "vitest";
import { cast } from "../../kernel/testing/cast.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { assignment } from "../assignment/index.ts";
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

test("an import's new leads wait for who is away, when it asks for the rules; its undo leaves nobody waiting", async () => {
  const { ada, rep } = await cast();
  const { rules, availability } = contract.assignment;
  const works = (absences: { from: string; to: string }[]) =>
    call(rep, availability.save, { id: rep.member_id, time_zone: "UTC", hours: null, absences });
  await works([{ from: "2020-01-01", to: "2199-01-01" }]);
  await call(ada, rules.create, { name: "All", members: [rep.member_id] });
  const waiting = async () => (await call(ada, rules.list)).body.data[0]?.waiting;
  const back = () => assignment.pulse?.(the().jobsDb, new AbortController().signal);

  await importAll(ada, "email\na@x.io\nb@x.io\n", undefined, { assign: true });
  const second = await importAll(ada, "email\nc@x.io\n", undefined, { assign: true });
  await settle();
  expect(await waiting()).toBe(3);
  await undone(ada, second.id);
  expect(await waiting()).toBe(2);
  await works([]);
  await back();
  const owners = (await leadsOf(ada)).data.map((each) => each.owner_id);
  expect([owners, await waiting()]).toEqual([[rep.member_id, rep.member_id], 0]);
});
