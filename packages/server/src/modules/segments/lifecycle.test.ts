import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, settle, useProgram } from "../../kernel/testing/program.ts";

/** Segments to their end: retired, made static, deleted, and back. */
useProgram();
const { segments, leads, bulk, views, assignment } = contract;
let people: Cast;
let counter = 0;
beforeAll(async () => {
  people = await cast();
});

async function lead(city: string): Promise<string> {
  return (await call(people.max, leads.create, { email: `l${++counter}@example.com`, city })).body.id;
}
async function active(name: string, rule: Rule): Promise<string> {
  const { body, status } = await call(people.max, segments.create, { name, rule, state: "active" });
  expect(status).toBe(201);
  return body.id;
}
const city = (value: string): Rule => ({ field: "city", is: "eq", value });
const inside = (segment: string): Rule => ({ segment, member: true });

test("a retired segment is refused by name wherever it would be used anew; lists and work on them may still ask for it", async () => {
  const { max, ada } = people;
  const member = await lead("Hof");
  const id = await active("Old fair", city("Hof"));
  const user = await active("Uses it", inside(id));
  const kept = await call(max, views.create, { name: "Kept", rule: inside(id) });
  const typed = await call(max, views.create, { name: "Typed", q: 'segment:"Old fair"' });
  await settle();
  await call(max, segments.setState, { id, state: "retired", even_if_used: true });
  const say = "“Old fair” is retired. Choose another segment, or activate it again.";
  const nested: Rule = { all: [city("Hof"), { not: inside(id) }] };
  const refusals = [
    await call(max, views.create, { name: "New", rule: nested }),
    await call(max, views.create, { name: "New", q: 'city:Hof -segment:"old fair"' }),
    await call(ada, segments.create, { name: "New", rule: nested }),
    await call(ada, segments.create, { name: "New", rule: nested, type: "static" }),
  ];
  expect(refusals.map(({ status, problem }) => [status, problem.detail])).toEqual(
    refusals.map(() => [422, say]),
  );
  expect(refusals[0]?.problem.errors).toEqual([
    { path: "rule.all[1].not.segment", code: "retired_segment", message: say },
  ]);
  expect(refusals[1]?.problem["at"]).toEqual({ from: 9, to: 28 });
  // Leads that come are in no segment yet: rules of assignment ask for none.
  const given = {
    name: "New",
    condition: inside(id),
    method: "round_robin",
    members: [people.rep.member_id],
  };
  const ruled = await call(ada, assignment.rules.create, { ...given, method: "round_robin" });
  expect([ruled.status, ruled.problem.errors[0]?.code]).toEqual([400, "not_for_rules"]);
  // A copy of what uses it is a draft, whose use would be new.
  const copy = await call(max, segments.duplicate, { id: user });
  const activated = await call(max, segments.setState, { id: copy.body.id, state: "active" });
  expect([activated.status, activated.problem.detail]).toEqual([422, say]);

  // What names it already is saved as before, in other words too, and found.
  for (const view of [kept.body.id, typed.body.id]) {
    const again = await call(max, views.update, { id: view, rule: nested, q: "", name: `Again ${view}` });
    expect([again.status, again.body.broken]).toEqual([200, null]);
  }
  const asked = await call(max, leads.search, { query: 'segment:"Old fair"' });
  expect(asked.body.data.map((each) => each.id)).toEqual([member]);
  const tagged = await call(max, bulk.start, {
    rule: inside(id),
    action: { kind: "add_tag", tag: "Was there" },
  });
  expect([tagged.status, tagged.body.total]).toEqual([202, 1]);
  const shown = await call(max, segments.show, { id });
  expect(shown.body.used_in.map(({ kind, name }) => [kind, name])).toEqual([
    ["segment", "Uses it"],
    ["segment", "Uses it copy"],
    ["view", `Again ${kept.body.id}`],
    ["view", `Again ${typed.body.id}`],
  ]);
});
