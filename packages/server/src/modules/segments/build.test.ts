import { afterEach, beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Rule } from "@bellwether/contracts/rule";
import { clock } from "../../kernel/clock.ts";
import { advanceReader } from "../../kernel/readers.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, passHorizon, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { auditMembers } from "./audit.ts";
import { bounds } from "./build.ts";

/** Members found step by step: right whatever happens meanwhile, gone on with after a stop, and held against their rules. */
useProgram();
const { segments, leads } = contract;
let people: Cast;
const made: string[] = [];
const all_leads = bounds.step_leads;
beforeAll(async () => {
  people = await cast();
  for (let n = 0; n < 9; n++) {
    const { body } = await call(people.max, leads.create, {
      email: `b${n}@example.com`,
      city: n % 2 === 0 ? "Even" : "Odd",
      company: "Acme",
    });
    made.push(body.id);
  }
  await settle();
});
afterEach(() => {
  bounds.step_leads = all_leads;
  clock.release();
});

const is = (field: string, value: string): Rule => ({ field, is: "eq", value });
async function shown(id: string) {
  return (await call(people.max, segments.show, { id })).body;
}
async function members(id: string): Promise<number[]> {
  const { body } = await call(people.max, segments.members.list, { id, limit: 200 });
  return body.data.map((each) => made.indexOf(each.lead.id));
}
async function set(n: number, values: object): Promise<void> {
  expect((await call(people.max, leads.update, { id: made[n] ?? "", ...values })).status).toBe(200);
}
/** Without the jobs: the build stays where it is. */
async function react(): Promise<void> {
  await passHorizon();
  for (const reaction of the().modules.flatMap((module) => module.reactions)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    while (await advanceReader(the().jobsDb, reaction)) {
      // Until it has caught up.
    }
  }
}

test("leads that change while their segment is built are right afterwards, and a build that was stopped goes on", async () => {
  bounds.step_leads = 2;
  const { body } = await call(people.max, segments.create, {
    name: "Even",
    rule: is("city", "Even"),
    state: "active",
  });
  expect(body).toMatchObject({ size: null, building: { looked_at: 2, of: 9 } });
  // The first was looked at already, the last two weren't.
  await set(0, { city: "Odd" });
  await set(1, { city: "Even" });
  await set(7, { city: "Even" });
  await set(8, { city: "Odd" });
  await react();
  expect(await shown(body.id)).toMatchObject({ size: null, building: { looked_at: 2 } });
  await settle();
  expect(await members(body.id)).toEqual([1, 2, 4, 6, 7]);
  expect(await shown(body.id)).toMatchObject({ size: 5, building: null });
  await set(0, { city: "Even" });
  await set(1, { city: "Odd" });
  await set(7, { city: "Odd" });
  await set(8, { city: "Even" });
  await settle();
  expect(await members(body.id)).toEqual([0, 2, 4, 6, 8]);
});

test("while members by a new rule are found the old ones serve, and follow the old rule", async () => {
  const { body } = await call(people.max, segments.create, {
    name: "Odd",
    rule: is("city", "Odd"),
    state: "active",
  });
  const user = await call(people.max, segments.create, {
    name: "Odd by segment",
    rule: { segment: body.id, member: true },
    state: "active",
  });
  expect(await members(user.body.id)).toEqual([1, 3, 5, 7]);
  bounds.step_leads = 4;
  const rule: Rule = { any: [is("city", "Odd"), is("company", "Umbrella")] };
  await call(people.max, segments.update, { id: body.id, rule });
  expect(await shown(body.id)).toMatchObject({ size: 4, rule, building: { looked_at: 4 } });
  await set(0, { city: "Odd" });
  await set(1, { city: "None", company: "Umbrella" });
  await set(8, { company: "Umbrella" });
  await react();
  expect(await members(body.id)).toEqual([0, 3, 5, 7]);
  expect(await members(user.body.id)).toEqual([0, 3, 5, 7]);
  await settle();
  expect(await members(body.id)).toEqual([0, 1, 3, 5, 7, 8]);
  expect(await members(user.body.id)).toEqual([0, 1, 3, 5, 7, 8]);
  const { body: growth } = await call(people.max, segments.growth, { id: body.id });
  expect(growth.data.at(-1)).toMatchObject({ entered: 7, left: 1, size: 6 });
  const { rows } = await the().ownerPool.query(
    "select data from event where name = 'segment.built' and subject_id = $1 order by id",
    [body.id],
  );
  expect(rows.map((row: { data: object }) => row.data)).toEqual([
    { segment: "Odd", size: 4, entered: 4, left: 0 },
    { segment: "Odd", size: 6, entered: 2, left: 0 },
  ]);
  const { rows: left } = await the().ownerPool.query("select from segment_set where state = 'dropped'");
  expect(left).toEqual([]);
});

test("events that come twice change nothing the second time", async () => {
  const count =
    "select (select count(*) from segment_member)::int as members, (select sum(entered + left_again) from segment_day)::int as moved, (select count(*) from event where name like 'segment.%')::int as told";
  const before = (await the().ownerPool.query(count)).rows[0];
  await the().ownerPool.query("update event_reader set xid = '0' where name like 'segments.%'");
  await react();
  expect((await the().ownerPool.query(count)).rows[0]).toEqual(before);
});

test("a nightly look finds members that are not what their rule says, repairs them and is loud about it", async () => {
  const { data } = (await call(people.max, segments.list, {})).body;
  const id = data.find((each) => each.name === "Odd")?.id ?? "";
  const right = await members(id);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  clock.freeze(`${tomorrow}T04:30:00Z`);
  const look = () => auditMembers(the().jobsDb, new AbortController().signal);
  await look();
  await the().ownerPool.query(
    `delete from segment_member m using segment s where s.id = $1 and m.set_id = s.set_id and m.lead_id = $2`,
    [id, made[3]],
  );
  await expect(look()).rejects.toThrow(/members of segments were wrong and have been repaired/);
  expect(await members(id)).toEqual(right);
  await look();
});
