import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, raw, settle, useProgram } from "../../kernel/testing/program.ts";

useProgram();
const { leads, identity } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

async function make(who: Person, values: Record<string, unknown>): Promise<string> {
  return (await call(who, leads.create, values)).body.id;
}

test("leads on a screen are judged again: as they are now, still matching or not, gone", async () => {
  const { max, viewer } = people;
  const stays = await make(max, { email: "stays@example.com", city: "Ulm", last_name: "Mühler" });
  const left = await make(max, { email: "left@example.com", city: "Ulm", last_name: "Mühler" });
  const gone = await make(max, { email: "gone@example.com", city: "Ulm", last_name: "Mühler" });
  await settle();
  await call(max, leads.update, { id: stays, company: "Umbrella" });
  await call(max, leads.update, { id: left, city: "Bonn" });
  await call(max, leads.remove, { id: gone });
  const lead_ids = [gone, left, stays, stays];
  const rule = { field: "city", is: "eq", value: "Ulm" } as const;
  const { body } = await call(viewer, leads.recheck, { rule, q: "muhler", lead_ids });
  expect(body.data.map((lead) => [lead.id, lead.city, lead.company])).toEqual([
    [left, "Bonn", null],
    [stays, "Ulm", "Umbrella"],
  ]);
  expect(body.matching).toEqual([stays]);
  const every = await call(viewer, leads.recheck, { lead_ids });
  expect(every.body.matching.toSorted()).toEqual([left, stays].toSorted());
});

test("tells nobody of leads they may not see, and says what is wrong with a question", async () => {
  const { ada, max, rep, rival } = people;
  await call(ada, identity.workspace.update, { agents_see_own: true });
  const hidden = await make(max, { email: "hidden@example.com", owner_id: max.member_id });
  const own = await make(max, { email: "own@example.com", owner_id: rep.member_id });
  expect((await call(rep, leads.recheck, { lead_ids: [hidden, own] })).body).toMatchObject({
    data: [{ id: own }],
    matching: [own],
  });
  expect((await call(rival, leads.recheck, { lead_ids: [hidden, own] })).body).toEqual({
    data: [],
    matching: [],
  });
  const unknown = await call(max, leads.recheck, {
    rule: { field: "companyy", is: "set" },
    lead_ids: [own],
  });
  expect([unknown.status, unknown.problem.detail]).toEqual([
    400,
    "There is no field “companyy”. Did you mean “company”?",
  ]);
  expect((await raw(max, "POST", "/leads/recheck", { lead_ids: [] })).status).toBe(422);
  expect((await raw(nobody, "POST", "/leads/recheck", { lead_ids: [own] })).status).toBe(401);
  await call(ada, identity.workspace.update, { agents_see_own: false });
});
