import { contract } from "@bellwether/contracts";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import { cast, type Cast, join, type Member } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, useProgram } from "../../kernel/testing/program.ts";

/** New leads find their owners by themselves. */
useProgram();
const { leads, assignment, fields } = contract;
const { rules, availability } = assignment;

let people: Cast;
let eve: Member;
beforeAll(async () => {
  people = await cast();
  eve = await join(people.ada, "Eve", "agent");
});
/** Each test begins with no rules, and everybody always at work. */
beforeEach(async () => {
  for (const rule of (await call(people.ada, rules.list)).body.data) {
    // oxlint-disable-next-line no-await-in-loop -- one or two
    await call(people.ada, rules.remove, { id: rule.id });
  }
  await Promise.all([people.max, people.rep, eve].map((member) => works(member, { hours: null })));
});
afterEach(() => clock.release());

type Hours = {
  hours?: { day: number; from: string; to: string }[] | null;
  absences?: { from: string; to: string }[];
};
const works = (member: Member, { hours = null, absences = [] }: Hours) =>
  call(people.ada, availability.save, { id: member.member_id, time_zone: "UTC", hours, absences });
const weekdays = [1, 2, 3, 4, 5].map((day) => ({ day, from: "09:00", to: "17:00" }));
const until = (to: string) => [{ from: "2020-01-01", to }];

const make = async (more: object = {}, who: Person = people.ada) =>
  (await call(who, leads.create, { email: `l${newId()}@example.com`, ...more })).body.id;
const ownerOf = async (id: string) => (await call(people.ada, leads.show, { id })).body.owner_id;
const rule = (name: string, members: Member[], more: object = {}) =>
  call(people.ada, rules.create, { name, members: members.map((each) => each.member_id), ...more });
const countOf = (owners: (string | null)[]) =>
  [people.max, people.rep, eve].map((each) => owners.filter((id) => id === each.member_id).length);

describe("round robin", () => {
  test("fifty leads that come at once are dealt to three members, none with two more than another", async () => {
    await rule("All", [people.max, people.rep, eve]);
    const ids = await Promise.all(Array.from({ length: 50 }, () => make({}, people.rep)));
    // Two workers, which both hear of every lead.
    await Promise.all([settle(), settle()]);
    const owners = await Promise.all(ids.map(ownerOf));
    expect(countOf(owners).toSorted((a, b) => a - b)).toEqual([16, 17, 17]);
    const { body } = await call(people.ada, leads.timeline, { id: ids[0] ?? "" });
    expect(body.data.map(({ name, actor, data }) => [name, actor.name, data["how"]])).toEqual([
      ["lead.assigned", "Bellwether", "All"],
      ["lead.created", "Rep", undefined],
    ]);
  });

  test("fifty asked for one by one at once, beside a batch of new ones, are as fair", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => make()));
    await settle();
    await rule("All", [people.max, people.rep, eve]);
    const batch = Array.from({ length: 31 }, () => ({ email: `b${newId()}@example.com` }));
    const [made, ...assigned] = await Promise.all([
      call(people.ada, leads.batch, { leads: batch }),
      ...ids.map((id) => call(people.max, assignment.assign, { id })),
      settle(),
    ]);
    await settle();
    expect(assigned.map((each) => each?.status).filter((status) => status !== undefined)).toEqual(
      ids.map(() => 200),
    );
    const all = [...ids, ...made.body.data.flatMap((each) => each.id ?? [])];
    const owners = await Promise.all(all.map(ownerOf));
    expect(countOf(owners)).toEqual([17, 17, 17]);
  });
});

describe("which leads, and who", () => {
  test("the first rule that takes a lead decides; leads with an owner, in final stages or of no rule stay", async () => {
    await call(people.ada, fields.create, { key: "plan", label: "Plan", type: "text" });
    await rule("Off", [people.max], { enabled: false });
    await rule("Pro", [people.max], { condition: { field: "attributes.plan", is: "eq", value: "Pro" } });
    await rule("Bonn", [people.rep], { condition: { field: "city", is: "eq", value: "Bonn" } });
    const both = await make({ city: "Bonn", attributes: { plan: "Pro" } });
    const bonn = await make({ city: "Bonn" });
    const owned = await make({ city: "Bonn", owner_id: eve.member_id });
    const won = await make({ city: "Bonn", stage: "converted" });
    const other = await make({ city: "Kiel" });
    await settle();
    expect(await Promise.all([both, bonn, owned, won, other].map(ownerOf))).toEqual([
      people.max.member_id,
      people.rep.member_id,
      eve.member_id,
      null,
      null,
    ]);
    const order = (await call(people.ada, rules.list)).body.data.map(({ id }) => id).toReversed();
    await call(people.ada, rules.order, { ids: order });
    const again = await make({ city: "Bonn", attributes: { plan: "Pro" } });
    await settle();
    expect(await ownerOf(again)).toBe(people.rep.member_id);
    // A field that is gone: its rule takes nothing and says so, the others go on.
    await call(people.ada, fields.update, { key: "plan", archived: true });
    await call(people.ada, fields.remove, { key: "plan" });
    const broken = (await call(people.max, rules.list)).body.data.find(({ name }) => name === "Pro");
    expect(broken?.broken).toContain("attributes.plan");
    const still = await make({ city: "Bonn" });
    await settle();
    expect(await ownerOf(still)).toBe(people.rep.member_id);
  });

  test("the least loaded get leads until all have as many; won and lost ones don't count", async () => {
    const [a, b] = [await join(people.ada, "Ann", "agent"), await join(people.ada, "Bob", "agent")];
    for (const stage of ["new", "contacted", "new", "converted"]) {
      // oxlint-disable-next-line no-await-in-loop -- four
      await make({ owner_id: a.member_id, stage });
    }
    await rule("Least", [a, b], { method: "least_loaded" });
    const ids = await Promise.all(Array.from({ length: 5 }, () => make()));
    await settle();
    const owners = await Promise.all(ids.map(ownerOf));
    expect([a, b].map((each) => owners.filter((id) => id === each.member_id).length)).toEqual([1, 4]);
    const takers = (await call(people.max, assignment.takers)).body.data;
    expect([a, b].map((each) => takers.find((one) => one.member_id === each.member_id)?.open_leads)).toEqual([
      4, 4,
    ]);
  });

  test("who is absent gets nothing; with everybody away a lead stays nobody's, and that is said", async () => {
    await rule("Two", [people.rep, eve]);
    clock.freeze("2026-06-03T10:00:00Z");
    await works(people.rep, { absences: until("2026-06-03") });
    const one = await make();
    await settle();
    expect(await ownerOf(one)).toBe(eve.member_id);
    await works(eve, { absences: until("2026-06-05") });
    const two = await make();
    await settle();
    expect(await ownerOf(two)).toBeNull();
    const { body } = await call(people.max, rules.preview, { lead_ids: [two] });
    expect(body.data.map((each) => [each.rule?.name, each.owner_id])).toEqual([["Two", null]]);
    const refused = await call(people.max, assignment.assign, { id: two });
    expect([refused.status, refused.problem.detail]).toEqual([
      409,
      "The rule “Two” takes this lead, but all of its members are away. Choose an owner by hand.",
    ]);
    clock.freeze("2026-06-04T00:00:00Z");
    expect((await call(people.max, assignment.assign, { id: two })).body.owner_id).toBe(people.rep.member_id);
  });

  test("only those at work, when a rule says so; with nobody at work, who is next", async () => {
    await rule("Now", [people.rep, eve, people.max], { only_at_work: true });
    await works(people.rep, { hours: weekdays });
    await works(eve, {
      hours: [
        { day: 3, from: "06:00", to: "08:00" },
        { day: 6, from: "10:00", to: "11:00" },
      ],
    });
    await works(people.max, { hours: [] });
    const at = async (moment: string) => {
      clock.freeze(moment);
      const id = await make();
      await settle();
      return ownerOf(id);
    };
    // A Wednesday, then the Friday evening after it.
    expect(await at("2026-06-03T07:00:00Z")).toBe(eve.member_id);
    expect(await at("2026-06-03T08:00:00Z")).toBe(people.rep.member_id);
    expect(await at("2026-06-05T18:00:00Z")).toBe(eve.member_id);
    const takers = (await call(people.max, assignment.takers)).body.data;
    expect(takers.find((each) => each.member_id === eve.member_id)).toMatchObject({
      at_work: false,
      next_at_work: "2026-06-06T10:00:00.000Z",
    });
  });

  test("a preview says who would get what, and takes no turn", async () => {
    await rule("All", [people.max, people.rep]);
    await call(people.ada, rules.update, {
      id: (await call(people.ada, rules.list)).body.data[0]?.id ?? "",
      enabled: false,
    });
    const ids = [await make(), await make()];
    await settle();
    await call(people.ada, rules.update, {
      id: (await call(people.ada, rules.list)).body.data[0]?.id ?? "",
      enabled: true,
    });
    const asked = async () => {
      const { body } = await call(people.max, rules.preview, { lead_ids: ids });
      return body.data.map((each) => each.owner_id);
    };
    const first = await asked();
    expect(await asked()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([people.max.member_id, people.rep.member_id]));
    expect(await Promise.all(ids.map(ownerOf))).toEqual([null, null]);
    const newest = (await call(people.max, rules.preview, {})).body;
    expect(newest.data.map((each) => each.lead.id)).toEqual(expect.arrayContaining(ids));
    expect(newest.unassigned).toBeGreaterThanOrEqual(2);
    for (const id of ids) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: these are turns
      await call(people.max, assignment.assign, { id });
    }
    expect(await Promise.all(ids.map(ownerOf))).toEqual(first);
  });

  test("one that has an owner, or is final, is only given away when that is asked for, or not at all", async () => {
    const id = await make({ owner_id: eve.member_id });
    expect((await call(people.max, assignment.assign, { id })).problem.code).toBe("not_in_state");
    expect((await call(people.max, assignment.assign, { id, reassign: true })).problem.detail).toMatch(
      /^No assignment rule takes this lead/,
    );
    await rule("Max", [people.max]);
    expect((await call(people.max, assignment.assign, { id, reassign: true })).body.owner_id).toBe(
      people.max.member_id,
    );
    const won = await make({ stage: "converted" });
    expect((await call(people.max, assignment.assign, { id: won, reassign: true })).problem.code).toBe(
      "final_stage",
    );
    expect((await call(people.rep, assignment.assign, { id })).status).toBe(403);
    expect((await call(people.rival, assignment.assign, { id })).status).toBe(404);
  });
});

describe("the rules", () => {
  test("are refused with the reason when they can't be: members, names, conditions, orders", async () => {
    const gone = await join(people.ada, "Gone", "agent");
    await call(people.ada, contract.identity.members.remove, { id: gone.member_id });
    const members = await rule("Bad", [gone, people.viewer, people.rival, people.rep, people.rep]);
    expect([members.status, members.problem.errors.map((each) => [each.path, each.code])]).toEqual([
      422,
      [
        ["members[0]", "member_left"],
        ["members[1]", "cannot_own"],
        ["members[2]", "unknown_member"],
        ["members[4]", "duplicate"],
      ],
    ]);
    expect((await rule("None", [])).status).toBe(422);
    await rule("Same", [people.rep]);
    const again = await rule("SAME", [people.rep]);
    expect([again.status, again.problem.code]).toEqual([409, "name_taken"]);
    const conditions = [
      [{ field: "nope", is: "set" }, "unknown_field"],
      [{ words: "Acme" }, "bad_query"],
      [{ any: [{ not: { words: "Acme" } }] }, "bad_query"],
      [{ field: "owner_id", is: "eq", value: "me" }, "bad_query"],
      [{ segment: newId(), member: true }, "bad_query"],
    ] as const;
    for (const [condition, code] of conditions) {
      // oxlint-disable-next-line no-await-in-loop -- five
      expect((await rule("Odd", [people.rep], { condition })).problem.code).toBe(code);
    }
    await rule("Other", [people.max]);
    const was = (await call(people.ada, rules.list)).body.data.map(({ id }) => id);
    const answers = await Promise.all([
      call(people.ada, rules.order, { ids: was.toReversed(), was }),
      call(people.ada, rules.order, { ids: was.toReversed(), was }),
    ]);
    expect(answers.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    expect((await call(people.ada, rules.order, { ids: was.slice(1) })).problem.errors[0]?.message).toBe(
      "The rule “Same” is missing.",
    );
  });

  test("are admins' to change and managers' to read; another workspace has its own", async () => {
    const { body } = await rule("Ours", [people.rep, people.max]);
    for (const who of [people.max, people.rep, people.viewer]) {
      // oxlint-disable-next-line no-await-in-loop -- three
      expect((await call(who, rules.update, { id: body.id, name: "x" })).status).toBe(403);
    }
    expect((await call(people.max, rules.list)).body.data.map(({ name }) => name)).toEqual(["Ours"]);
    expect((await call(people.rep, rules.list)).status).toBe(403);
    expect((await call(people.rival, rules.list)).body.data).toEqual([]);
    expect((await call(people.rival, rules.remove, { id: body.id })).status).toBe(404);
    expect((await call(people.rival, assignment.takers)).body.data).toHaveLength(1);
    const changed = await call(people.ada, rules.update, { id: body.id, method: "least_loaded" });
    expect(changed.body).toMatchObject({ name: "Ours", method: "least_loaded", members: body.members });
  });

  test("working hours are one's own to say, and admins'", async () => {
    const id = people.rep.member_id;
    const mine = { id, time_zone: "Europe/Berlin", hours: weekdays, absences: [] };
    expect((await call(people.rep, availability.save, mine)).status).toBe(200);
    expect((await call(eve, availability.show, { id })).body).toMatchObject({ hours: weekdays });
    expect((await call(eve, availability.save, mine)).status).toBe(403);
    expect((await call(people.max, availability.save, mine)).status).toBe(403);
    expect((await call(people.rival, availability.show, { id })).status).toBe(404);
    const bad = [
      { ...mine, time_zone: "Mars/Olympus" },
      { ...mine, hours: [{ day: 1, from: "17:00", to: "09:00" }] },
      { ...mine, hours: [{ day: 8, from: "09:00", to: "17:00" }] },
      { ...mine, absences: [{ from: "2026-02-02", to: "2026-02-01" }] },
      { ...mine, absences: [{ from: "2026-02-30", to: "2026-03-01" }] },
    ];
    for (const input of bad) {
      // oxlint-disable-next-line no-await-in-loop -- five
      expect((await call(people.rep, availability.save, input)).status).toBe(422);
    }
    expect((await call(people.rep, availability.show, { id })).body).toMatchObject({ hours: weekdays });
  });
});

test("a lead that became final before its turn came stays nobody's", async () => {
  await rule("All", [people.max]);
  const id = await make();
  await call(people.ada, leads.setStage, { id, stage: "lost", reason: "Price" });
  await settle();
  expect(await ownerOf(id)).toBeNull();
});
