import { contract } from "@bellwether/contracts";
import type { ChangeSet } from "@bellwether/contracts/changes";
import { beforeEach, describe, expect, test } from "vitest";
import { cast, type Cast, join, type Member } from "../../kernel/testing/cast.ts";
import { call, nobody, settle, useProgram } from "../../kernel/testing/program.ts";
import { done, history, lead, make, undone } from "./testing.ts";

/** Owners of many at once: by the rules, and when somebody leaves. */
useProgram();
const { assignment, changes, identity, leads } = contract;

let people: Cast;
let eve: Member;
beforeEach(async () => {
  people = await cast();
  eve = await join(people.ada, "Eve", "agent");
});

const rule = (name: string, members: Member[], more: object = {}) =>
  call(people.ada, assignment.rules.create, {
    name,
    members: members.map((each) => each.member_id),
    ...more,
  });
const owners = async (ids: string[]) =>
  Promise.all(ids.map(async (id) => (await lead(people.ada, id)).owner_id));
const latest = async (): Promise<ChangeSet | undefined> =>
  (await call(people.ada, changes.list, {})).body.data[0];

describe("bulk “assign by rules”", () => {
  test("gives the unassigned ones away, says why the others weren't, and is undone", async () => {
    const { max, rep } = people;
    const free = await make(people.ada, 5, () => ({ city: "Bonn" }));
    const owned = await make(people.ada, 1, () => ({ city: "Bonn", owner_id: rep.member_id }));
    const [won] = await make(people.ada, 1, () => ({ city: "Bonn", stage: "converted" }));
    const [kiel] = await make(people.ada, 1, () => ({ city: "Kiel" }));
    const [ulm] = await make(people.ada, 1, () => ({ city: "Ulm" }));
    await settle();
    await rule("Bonn", [eve, max], { condition: { field: "city", is: "eq", value: "Bonn" } });
    await rule("Ulm", [rep], { condition: { field: "city", is: "eq", value: "Ulm" } });
    await call(rep, assignment.availability.save, {
      id: rep.member_id,
      time_zone: "UTC",
      hours: null,
      absences: [{ from: "2020-01-01", to: "2099-01-01" }],
    });
    const lead_ids = [...free, ...owned, won ?? "", kiel ?? "", ulm ?? ""];
    const action = { kind: "assign_by_rules" as const };
    expect((await call(rep, contract.bulk.start, { lead_ids, action })).status).toBe(403);
    const preview = (await call(max, contract.bulk.preview, { lead_ids, action })).body;
    expect(preview).toMatchObject({ total: 9, would_change: 6, would_refuse: 2 });
    expect(preview.refused.map(({ code, count }) => [code, count])).toEqual([
      ["final_stage", 1],
      ["no_rule", 1],
    ]);
    const set = await done(max, { lead_ids, action: { ...action, reassign: false } });
    expect(set).toMatchObject({ summary: "Assign automatically", total: 9, changed: 5, unchanged: 1 });
    expect(Object.fromEntries(set.refused.map(({ code, count }) => [code, count]))).toEqual({
      final_stage: 1,
      no_rule: 1,
      nobody_there: 1,
    });
    const turns = free.toSorted().map((_, n) => (n % 2 === 0 ? eve : max).member_id);
    expect(await owners(free.toSorted())).toEqual(turns);
    expect(await owners(owned)).toEqual([rep.member_id]);
    const [told] = await history(max, free[0]);
    expect(told).toMatchObject({ name: "lead.assigned", by: "Max", data: { how: "Bonn", from: null } });
    // One was given on since, and stays.
    await call(max, leads.setOwner, { id: free[0] ?? "", owner_id: rep.member_id });
    expect((await undone(max, set)).undone).toEqual({ restored: 4, kept: 1 });
    expect((await owners(free.slice(1))).every((owner) => owner === null)).toBe(true);
  });

  test("gives owned ones away too when asked to, the next turn after the last", async () => {
    const { max, rep } = people;
    const ids = await make(people.ada, 3, () => ({ owner_id: rep.member_id }));
    await rule("All", [eve, max]);
    const all = { lead_ids: ids, action: { kind: "assign_by_rules" as const, reassign: true } };
    expect((await done(max, all)).changed).toBe(3);
    expect(await owners(ids.toSorted())).toEqual([eve.member_id, max.member_id, eve.member_id]);
    const again = await done(max, all);
    expect(again.changed + again.unchanged).toBe(3);
    expect(await owners(ids.toSorted())).toEqual([max.member_id, eve.member_id, max.member_id]);
  });
});

describe("a member who leaves", () => {
  const remove = (input: object) =>
    call(people.ada, identity.members.remove, { id: people.rep.member_id, ...input });

  test("hands open leads over, hidden ones too; final ones keep their owner; it is undone once they are back", async () => {
    const { ada, rep, max } = people;
    const theirs = await make(ada, 4, (n) => ({
      owner_id: rep.member_id,
      ...(n === 0 ? { stage: "converted" } : {}),
    }));
    const [won, hidden, binned, plain] = theirs;
    const [other] = await make(ada, 1, () => ({ owner_id: eve.member_id }));
    await call(ada, leads.hide, { id: hidden ?? "" });
    await call(ada, leads.remove, { id: binned ?? "" });
    for (const [input, code] of [
      [{ leads: "hand_over" }, "required"],
      [{ leads: "hand_over", hand_to: rep.member_id }, "same_member"],
      [{ leads: "hand_over", hand_to: people.viewer.member_id }, "cannot_own"],
      [{ leads: "hand_over", hand_to: people.rival.member_id }, "unknown_member"],
      [{ leads: "unassign", hand_to: max.member_id }, "not_handed_over"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- five
      const { status, problem } = await remove(input);
      expect([status, problem.errors[0]?.code]).toEqual([422, code]);
    }
    expect((await remove({ leads: "hand_over", hand_to: max.member_id })).status).toBe(200);
    await settle();
    await settle();
    expect(await owners([won ?? "", hidden ?? "", plain ?? "", other ?? ""])).toEqual([
      rep.member_id,
      max.member_id,
      max.member_id,
      eve.member_id,
    ]);
    await call(ada, leads.restore, { id: binned ?? "" });
    expect(await owners([binned ?? ""])).toEqual([null]);
    const set = await latest();
    expect(set).toMatchObject({
      kind: "hand_over",
      summary: "Hand over the open leads of Rep to Max",
      changed: 2,
      made_by: { name: "Ada" },
      can_undo: true,
    });
    await back(rep);
    expect((await undone(ada, set ?? fail())).undone).toEqual({ restored: 2, kept: 0 });
    expect(await owners([hidden ?? "", plain ?? ""])).toEqual([rep.member_id, rep.member_id]);
  });

  test("has them spread by the rules, those that no rule takes are nobody's; undone too early, they stay", async () => {
    const ids = await make(people.ada, 5, (n) => ({
      owner_id: people.rep.member_id,
      city: n === 0 ? "Kiel" : "Bonn",
    }));
    await rule("Bonn", [people.rep, people.max, eve], {
      condition: { field: "city", is: "eq", value: "Bonn" },
    });
    await remove({ leads: "by_rules" });
    await settle();
    const now = await owners(ids);
    expect(now[0]).toBeNull();
    const counts = [people.max, eve].map((each) => now.filter((id) => id === each.member_id).length);
    expect(counts).toEqual([2, 2]);
    const set = await latest();
    expect(set).toMatchObject({ summary: "Spread the open leads of Rep", changed: 5, refused: [] });
    expect((await undone(people.ada, set ?? fail())).undone).toEqual({ restored: 0, kept: 5 });
    expect(await owners(ids)).toEqual(now);
  });

  test("while others give them leads: none is left behind, and who has left is refused by name", async () => {
    const { max, rep } = people;
    const ids = await make(people.ada, 12, () => ({}));
    const answers = await Promise.all([
      remove({}),
      ...ids.map((id) => call(max, leads.setOwner, { id, owner_id: rep.member_id })),
    ]);
    expect(answers[0]?.status).toBe(200);
    await settle();
    await settle();
    expect((await owners(ids)).filter((id) => id !== null)).toEqual([]);
    const late = await call(max, leads.setOwner, { id: ids[0] ?? "", owner_id: rep.member_id });
    expect([late.status, late.problem.errors]).toEqual([
      422,
      [
        {
          path: "owner_id",
          code: "member_left",
          message: "Rep has left this workspace. Choose somebody else.",
        },
      ],
    ]);
    const viewer = await call(max, leads.setOwner, { id: ids[0] ?? "", owner_id: people.viewer.member_id });
    expect([viewer.status, viewer.problem.errors[0]?.code]).toEqual([422, "cannot_own"]);
    const batch = await call(max, leads.batch, {
      leads: [rep, people.viewer, max].map((each, n) => ({
        email: `late${n}@example.com`,
        owner_id: each.member_id,
      })),
    });
    expect(batch.body.data.map((each) => each.errors[0]?.code ?? each.status)).toEqual([
      "member_left",
      "cannot_own",
      "created",
    ]);
  });

  test("with no open lead leaves no change behind", async () => {
    await remove({ leads: "by_rules" });
    await settle();
    expect(await latest()).toBeUndefined();
  });

  async function back(member: Member): Promise<void> {
    const { body } = await call(people.ada, identity.invitations.create, {
      email: member.email,
      role: "agent",
    });
    const token = body.url.split("/").at(-1) ?? "";
    const answer = await call(nobody, identity.invitations.accept, {
      token,
      password: member.password,
    });
    expect(answer.status).toBe(201);
  }
});

function fail(): never {
  throw new Error("there is no change");
}
