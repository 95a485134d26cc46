import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";

/** What people who come from other products expect of segments in segments, of members by hand, and of combined rules. */
useProgram();
const { segments, leads } = contract;
let people: Cast;
const made: string[] = [];
const titles = ["Mr.", "Mr.", "Mr.", "Mrs.", "Mrs.", "Ms."];
const countries = ["GB", "US", "DE"];
const regions = ["IA", "QLD", "TX"];
let count = 0;

beforeAll(async () => {
  people = await cast();
  const sent = Array.from({ length: 54 }, (_, n) => ({
    email: `u${n}@example.com`,
    ...(n < 50 ? { job_title: titles[n % titles.length], company: "Acme" } : {}),
    country: n < 11 ? "GB" : countries[1 + (n % 2)],
    region: regions[n % regions.length],
  }));
  const { body } = await call(people.max, leads.batch, { leads: sent });
  made.push(...body.data.flatMap((each) => each.id ?? []));
  await settle();
});

async function size(rule: Rule): Promise<number> {
  const { body, problem } = await call(people.max, segments.create, {
    name: `Case ${++count}`,
    rule,
    state: "active",
  });
  expect(problem.detail).toBeUndefined();
  const { body: preview } = await call(people.max, segments.preview, { rule, count: "exact" });
  expect(preview.count.value).toBe(body.size);
  return body.size ?? -1;
}
async function active(name: string, rule: Rule): Promise<string> {
  return (await call(people.max, segments.create, { name, rule, state: "active" })).body.id;
}
const is = (field: string, value: string): Rule => ({ field, is: "eq", value });
const inside = (segment: string): Rule => ({ segment, member: true });
const outside = (segment: string): Rule => ({ segment, member: false });
const mr: Rule = { field: "job_title", is: "starts_with", value: "Mr" };

test("in a segment, in none of two, and an empty segment as a condition", async () => {
  const gb = await active("United Kingdom", is("country", "GB"));
  const nobody = await active("Empty", { all: [] });
  const precise = await active("Mr.", is("job_title", "Mr."));
  const all_mr = await active("Mr%", mr);
  expect(await size(inside(gb))).toBe(11);
  expect(await size(outside(gb))).toBe(43);
  expect(await size({ all: [is("country", "GB"), inside(nobody)] })).toBe(0);
  expect(await size({ all: [is("country", "GB"), outside(nobody)] })).toBe(11);
  expect(await size({ any: [is("country", "GB"), inside(nobody)] })).toBe(11);
  expect(await size({ any: [inside(precise), inside(nobody)] })).toBe(26);
  expect(await size({ all: [outside(precise), outside(nobody)] })).toBe(28);
  expect(await size({ all: [inside(all_mr), outside(precise)] })).toBe(16);
  const taken = await size({
    all: [is("country", "US"), { not: { any: [is("region", "IA"), is("region", "QLD")] } }],
  });
  const { body } = await call(people.max, leads.query, {
    rule: { all: [is("country", "US"), is("region", "TX")] },
    count: "exact",
  });
  expect(taken).toBe(body.count?.value);
});

test("missing is not equal, and an empty text is missing", async () => {
  expect(await size({ field: "job_title", is: "ne", value: "xxxxx" })).toBe(54);
  expect(await size({ field: "company", is: "unset" })).toBe(4);
  expect(await size({ field: "company", is: "set" })).toBe(50);
  const id = await active("Without a company", { field: "company", is: "unset" });
  await call(people.max, leads.update, { id: made[0] ?? "", company: "" });
  await call(people.max, leads.update, { id: made[53] ?? "", company: "Late" });
  await settle();
  const { body } = await call(people.max, segments.members.list, { id });
  expect(body.data.map((each) => made.indexOf(each.lead.id))).toEqual([0, 50, 51, 52]);
  // Saved again as it was, it is the same, and so are its members.
  const before = (await call(people.max, segments.show, { id })).body;
  await call(people.max, segments.update, { id, rule: { field: "company", is: "unset" } });
  expect((await call(people.max, segments.show, { id })).body).toMatchObject({
    size: 4,
    built_at: before.built_at,
    building: null,
  });
  await call(people.max, leads.update, { id: made[53] ?? "", city: "Ulm" });
  await settle();
  expect((await call(people.max, segments.show, { id })).body.size).toBe(4);
});

test("alternatives of what must hold together, a status that comes and goes, all values emptied", async () => {
  const rule: Rule = {
    any: [is("city", "Onboarding"), { all: [is("city", "Active"), is("region", "At risk")] }],
  };
  const id = await active("At risk", rule);
  const size_of = async () => (await call(people.max, segments.show, { id })).body.size;
  const [a = "", b = "", c = ""] = made;
  await call(people.max, leads.update, { id: a, city: "Onboarding" });
  await call(people.max, leads.update, { id: b, city: "Active", region: "At risk" });
  await call(people.max, leads.update, { id: c, city: "Active" });
  await settle();
  expect(await size_of()).toBe(2);
  await call(people.max, leads.update, { id: b, region: "Fine" });
  await settle();
  expect(await size_of()).toBe(1);
  const titled = await active("Titled Mr.", is("job_title", "Mr."));
  await call(people.max, contract.bulk.start, {
    rule: mr,
    action: { kind: "clear_field", field: "job_title" },
  });
  await settle();
  expect((await call(people.max, segments.show, { id: titled })).body.size).toBe(0);
});

test("what is removed by hand from one segment stays in another of the same rule", async () => {
  const rule = is("country", "GB");
  const other = await active("The same rule", rule);
  const { body: hand } = await call(people.max, segments.create, { name: "Snapshot", type: "static", rule });
  await call(people.max, segments.members.remove, { id: hand.id, lead_ids: made.slice(2, 4) });
  await call(people.max, segments.members.add, {
    id: hand.id,
    lead_ids: [...made.slice(0, 2), made[53] ?? ""],
  });
  await settle();
  expect((await call(people.max, segments.show, { id: hand.id })).body.size).toBe(10);
  expect((await call(people.max, segments.show, { id: other })).body.size).toBe(11);
  const { body: growth } = await call(people.max, segments.growth, { id: hand.id });
  expect(growth.data.at(-1)).toMatchObject({ entered: 12, left: 2, size: 10 });
  const { body: rule_of } = await call(people.ada, contract.assignment.rules.create, {
    name: "By hand",
    members: [people.rep.member_id],
    condition: rule,
    enabled: false,
  });
  // Rules may not ask for segments any more; one that was made when they might is told of all the same.
  await the().ownerPool.query("update assignment_rule set condition = $2 where id = $1", [
    rule_of.id,
    inside(hand.id),
  ]);
  const { problem } = await call(people.max, segments.remove, { id: hand.id });
  expect(problem.detail).toBe("“Snapshot” is used by the assignment rule “By hand”. Change them first.");
  expect(problem["used_in"]).toEqual([{ kind: "assignment_rule", id: rule_of.id, name: "By hand" }]);
});
