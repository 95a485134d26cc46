import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { clock } from "../../kernel/clock.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { waysOf } from "../../kernel/testing/ways.ts";
import { letTimePass } from "./time.ts";

/** Whatever happens to leads by whatever way, and whatever the rule: members are those whom the rule finds. */
useProgram();
const { segments, leads, fields, tags } = contract;
let people: Cast;
const { ways, make } = waysOf(() => people);
const cities = ["Ulm", "Bonn"];
const any = (ids: string[], at: number) => ids[at % ids.length] ?? "";
const write = (ids: string[], at: number, values: object) =>
  call(people.ada, leads.update, { id: any(ids, at), ...values });
let hand = "";
/** The dynamic ones of this run. Those that others use aren't deleted. */
let made: string[] = [];
/** Of what may be refused: how often it was done. */
const done = { deleted: 0, restored: 0, made_static: 0, made_dynamic: 0 };
async function refusable(what: keyof typeof done, asked: Promise<{ status: number }>): Promise<void> {
  const { status } = await asked;
  expect([200, 404, 409, 422]).toContain(status);
  done[what] += status === 200 ? 1 : 0;
}
const restore = (id: string) => refusable("restored", call(people.ada, segments.restore, { id }));
const makeDynamic = (id: string) => refusable("made_dynamic", call(people.ada, segments.unconvert, { id }));
Object.assign(ways, {
  city: (ids, at) => write(ids, at, { city: cities[at % 2] }),
  no_city: (ids, at) => write(ids, at, { city: null }),
  plan: (ids, at) => write(ids, at, { attributes: { plan: at % 3 === 0 ? null : at % 10 } }),
  met: (ids, at) =>
    write(ids, at, {
      attributes: { met: new Date(clock.advance(0).getTime() - at * 1_800_000).toISOString() },
    }),
  tag: (ids, at) => call(people.ada, leads.addTag, { id: any(ids, at), tag: at % 2 === 0 ? "Vip" : "North" }),
  untag: (ids, at) => call(people.ada, leads.removeTag, { id: any(ids, at), tag: "Vip" }),
  rename_tag: async (_ids, at) => {
    const [tag] = (await call(people.ada, tags.list)).body.data;
    if (tag !== undefined)
      await call(people.ada, tags.update, { id: tag.id, name: at % 2 === 0 ? "Vip" : "South" });
  },
  enter: (ids, at) => call(people.ada, segments.members.add, { id: hand, lead_ids: [any(ids, at)] }),
  leave: (ids, at) => call(people.ada, segments.members.remove, { id: hand, lead_ids: [any(ids, at)] }),
  delete_segment: (_ids, at) =>
    refusable("deleted", call(people.ada, segments.remove, { id: any(made, at) })),
  restore_segment: (_ids, at) => restore(any(made, at)),
  make_static: (_ids, at) =>
    refusable("made_static", call(people.ada, segments.convert, { id: any(made, at) })),
  make_dynamic: (_ids, at) => makeDynamic(any(made, at)),
  hours: async (_ids, at) => {
    clock.advance(at * 1_800_000);
    await letTimePass(the().jobsDb, new AbortController().signal);
  },
} satisfies typeof ways);

beforeAll(async () => {
  people = await cast();
  clock.freeze();
  await call(people.ada, fields.create, { key: "plan", label: "Plan", type: "number" });
  await call(people.ada, fields.create, { key: "met", label: "Met", type: "datetime" });
  hand = (await call(people.ada, segments.create, { name: "Hand", type: "static" })).body.id;
});
afterAll(() => clock.release());

const condition = fc.constantFrom<Rule>(
  { field: "city", is: "eq", value: "Ulm" },
  { field: "city", is: "ne", value: "Ulm" },
  { field: "city", is: "unset" },
  { field: "stage", is: "in", value: ["contacted", "lost", "new"] },
  { field: "owner_id", is: "set" },
  { field: "hidden", is: "eq", value: true },
  { field: "tags", is: "any_of", value: ["vip", "south"] },
  { field: "tags", is: "none_of", value: ["vip"] },
  { field: "attributes.plan", is: "gte", value: 5 },
  { field: "attributes.met", is: "in_last", value: "6h" },
  { field: "attributes.met", is: "not_in_last", value: "1d" },
  { field: "attributes.met", is: "eq", value: "yesterday" },
  { field: "created_at", is: "in_last", value: "9h" },
);
const group = (part: fc.Arbitrary<Rule>): fc.Arbitrary<Rule> => {
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    part,
    parts.map((all): Rule => ({ all })),
    parts.map((of): Rule => ({ any: of })),
    part.map((not): Rule => ({ not })),
  );
};
const rules = fc.array(group(group(condition)), { minLength: 4, maxLength: 4 });
const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(ways)), fc.nat(50)), {
  minLength: 12,
  maxLength: 18,
});

let number = 0;
async function activate(rule: Rule): Promise<string> {
  const input = { name: `Rule ${++number}`, rule, state: "active" } as const;
  const { status, body, problem } = await call(people.ada, segments.create, input);
  expect([status, problem.detail]).toEqual([201, undefined]);
  return body.id;
}

/** The rule asked anew, against the members that were kept. */
async function differences(ids: string[]): Promise<unknown[]> {
  const wrong: unknown[] = [];
  for (const id of ids) {
    const { body: segment } = await call(people.ada, segments.show, { id });
    const asked = await call(people.ada, leads.query, { rule: segment.rule ?? { any: [] }, limit: 200 });
    const found = asked.body.data.map((lead) => lead.id).toSorted();
    const kept = (await call(people.ada, segments.members.list, { id, limit: 200 })).body.data;
    const last = (await call(people.ada, segments.growth, { id })).body.data.at(-1);
    const members = kept.map((each) => each.lead.id);
    if (
      members.join() !== found.join() ||
      segment.size !== found.length ||
      (last?.size ?? 0) !== found.length
    ) {
      wrong.push({ rule: segment.rule, found, members, size: segment.size, last });
    }
    for (const lead of [...found.slice(0, 1), ...kept.slice(-1).map((each) => each.lead.id)]) {
      const { body } = await call(people.ada, segments.explain, { id, lead });
      if (body.meets !== true || !body.member) {
        wrong.push({ rule: segment.rule, lead, explained: body });
      }
    }
  }
  return wrong;
}

test("members are those whom the rule finds, after anything in any order", async () => {
  const ids = [await make({ city: "Ulm" }), await make({ owner_id: people.rep.member_id }), await make()];
  await fc.assert(
    fc.asyncProperty(rules, steps, async (some, all) => {
      made = [];
      for (const rule of some) made.push(await activate(rule));
      const [first = "", second = ""] = made;
      made.push(
        await activate({
          any: [
            { segment: first, member: true },
            { segment: hand, member: true },
          ],
        }),
      );
      made.push(
        await activate({
          all: [
            { segment: made.at(-1) ?? "", member: true },
            { segment: second, member: false },
          ],
        }),
      );
      for (const [way, at] of all) {
        await ways[way]?.(ids, at);
      }
      // Users before what they use: they are broken until that is back.
      for (const id of made.toReversed()) await restore(id);
      for (const id of made) await makeDynamic(id);
      await settle();
      await letTimePass(the().jobsDb, new AbortController().signal);
      expect(await differences(made)).toEqual([]);
      for (const id of made.toReversed()) {
        expect((await call(people.ada, segments.remove, { id })).status).toBe(200);
      }
      await settle();
    }),
    { numRuns: 8, endOnFailure: true },
  );
  expect(Object.entries(done).filter(([, times]) => times === 0)).toEqual([]);
}, 180_000);
