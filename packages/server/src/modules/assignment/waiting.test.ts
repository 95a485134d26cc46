import { contract } from "@bellwether/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import { cast, type Cast, join, type Member } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { assignWaiting, bounds } from "./waiting.ts";

/** Leads that come while everybody of their rule is away. */
useProgram();
const { leads, assignment } = contract;
const { rules, availability } = assignment;

let people: Cast;
beforeEach(async () => {
  people = await cast();
});
const part_leads = bounds.part_leads;
afterEach(() => {
  clock.release();
  bounds.part_leads = part_leads;
});

const away = (member: Member, to: string | null) =>
  call(member, availability.save, {
    id: member.member_id,
    time_zone: "UTC",
    hours: null,
    absences: to === null ? [] : [{ from: "2020-01-01", to }],
  });
const make = async (more: object = {}, who: Person = people.ada) =>
  (await call(who, leads.create, { email: `w${newId()}@example.com`, ...more })).body.id;
const ownerOf = async (id: string) => (await call(people.ada, leads.show, { id })).body.owner_id;
const owners = (ids: string[]) => Promise.all(ids.map(ownerOf));
const rule = async (name: string, members: Member[], more: object = {}) =>
  (await call(people.ada, rules.create, { name, members: members.map((each) => each.member_id), ...more }))
    .body.id;
const waits = async (id: string) =>
  (await call(people.max, rules.list)).body.data.find((each) => each.id === id)?.waiting;
const pulse = () => assignWaiting(the().jobsDb, new AbortController().signal);
const berlin = { condition: { field: "city", is: "eq", value: "Berlin" } };

describe("leads of a rule whose members are all away", () => {
  test("wait, and go in the order they came to who is back, when the absence ends with nothing else happening", async () => {
    const { max, rep } = people;
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await away(max, "2199-01-01");
    await away(rep, tomorrow);
    const id = await rule("Berlin", [max, rep], berlin);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, in their order
      ids.push(await make({ city: "Berlin" }));
    }
    const other = await make({ city: "Bonn" });
    await settle();
    await pulse();
    expect([await owners([...ids, other]), await waits(id)]).toEqual([Array(6).fill(null), 5]);

    clock.freeze(new Date(`${tomorrow}T23:59:00Z`));
    await pulse();
    expect(await waits(id)).toBe(5);
    bounds.part_leads = 2;
    clock.advance(61_000);
    // Two workers.
    await Promise.all([pulse(), pulse()]);
    expect(await owners([...ids, other])).toEqual([...Array(5).fill(rep.member_id), null]);
    expect(await waits(id)).toBe(0);
    const { rows } = await the().ownerPool.query(
      "select lead_id, data->>'how' as how from event where workspace_id = $1 and name = 'lead.assigned' order by occurred_at, id",
      [people.workspace_id],
    );
    expect(rows).toEqual(ids.map((lead_id) => ({ lead_id, how: "Berlin" })));
  });

  test("take their turns and mind who has how many, when several are back at once", async () => {
    const { max, rep } = people;
    await Promise.all([away(max, "2199-01-01"), away(rep, "2199-01-01")]);
    await rule("All", [max, rep], { method: "least_loaded" });
    for (let n = 0; n < 3; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- three
      await make({ owner_id: rep.member_id });
    }
    const ids = await Promise.all(Array.from({ length: 5 }, () => make()));
    await settle();
    await Promise.all([away(max, null), away(rep, null)]);
    await pulse();
    const got = await owners(ids);
    expect([got.filter((id) => id === max.member_id), got.filter((id) => id === rep.member_id)]).toEqual([
      Array(4).fill(max.member_id),
      [rep.member_id],
    ]);
  });

  test("are left alone once somebody had them, they left the rule, are final or in the bin", async () => {
    const { ada, max, rep } = people;
    await away(rep, "2199-01-01");
    const id = await rule("Berlin", [rep], berlin);
    const [taken, givenUp, moved, lost, binned, still] = [
      await make({ city: "Berlin" }),
      await make({ city: "Berlin" }),
      await make({ city: "Berlin" }),
      await make({ city: "Berlin" }),
      await make({ city: "Berlin" }),
      await make({ city: "Berlin" }),
    ];
    await settle();
    expect(await waits(id)).toBe(6);
    for (const lead of [taken, givenUp]) {
      // oxlint-disable-next-line no-await-in-loop -- two
      await call(max, leads.setOwner, { id: lead, owner_id: max.member_id });
    }
    await call(max, leads.setOwner, { id: givenUp, owner_id: null });
    await call(max, leads.update, { id: moved, city: "Bonn" });
    await call(max, leads.setStage, { id: lost, stage: "lost", reason: "Price" });
    await call(max, leads.remove, { id: binned });
    await away(rep, null);
    await pulse();
    expect(await owners([taken, givenUp, moved, lost, still])).toEqual([
      max.member_id,
      null,
      null,
      null,
      rep.member_id,
    ]);
    await call(ada, leads.restore, { id: binned });
    await pulse();
    expect([await ownerOf(binned), await waits(id)]).toEqual([null, 0]);
  });

  test("wait on while the rule is off or its members change, and go with it when it is removed", async () => {
    const { ada, max, rep } = people;
    await away(rep, "2199-01-01");
    const id = await rule("All", [rep]);
    const first = await make();
    await settle();
    await call(ada, rules.update, { id, enabled: false });
    await away(rep, null);
    await pulse();
    expect([await ownerOf(first), await waits(id)]).toEqual([null, 1]);
    await away(rep, "2199-01-01");
    await call(ada, rules.update, { id, enabled: true });
    await pulse();
    expect(await ownerOf(first)).toBeNull();
    await call(ada, rules.update, { id, members: [rep.member_id, max.member_id] });
    await pulse();
    expect(await ownerOf(first)).toBe(max.member_id);

    await away(max, "2199-01-01");
    const second = await make();
    await settle();
    expect(await waits(id)).toBe(1);
    await call(ada, rules.remove, { id });
    await away(max, null);
    await pulse();
    expect(await ownerOf(second)).toBeNull();
  });

  test("a new role is noticed within the hour; another workspace sees none of it", async () => {
    const { ada, rep, rival } = people;
    const late = await join(ada, "Late", "agent");
    await away(rep, "2199-01-01");
    const id = await rule("All", [rep, late]);
    await call(ada, contract.identity.members.update, { id: late.member_id, role: "viewer" });
    const lead = await make();
    await settle();
    await pulse();
    expect([await ownerOf(lead), await waits(id)]).toEqual([null, 1]);
    expect((await call(rival, rules.list)).body.data).toEqual([]);
    await call(ada, contract.identity.members.update, { id: late.member_id, role: "agent" });
    clock.freeze(new Date(Date.now() + 3_601_000));
    await pulse();
    expect(await ownerOf(lead)).toBe(late.member_id);
  });
});
