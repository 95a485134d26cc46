import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { systemActor } from "../../kernel/access.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { visibleLeads } from "./index.ts";

/** “Agents see only their own (and unassigned)”: a lead that changes hands, looked at by every way there is. */
useProgram();
const { leads, board, home, identity, reports } = contract;
let people: Cast;
let id: string;
const word = "Zanzibar";

beforeAll(async () => {
  people = await cast();
  await call(people.ada, identity.workspace.update, { agents_see_own: true });
  id = (await call(people.ada, leads.create, { email: "z@example.com", company: word, tags: ["Walk"] })).body
    .id;
  await settle();
});

/** By each of these ways: whether this person comes across the lead. */
const ways: Record<string, (who: Person) => Promise<boolean>> = {
  "by id": async (who) => (await call(who, leads.show, { id })).status === 200,
  list: async (who) => (await call(who, leads.list, {})).body.data.some((each) => each.id === id),
  rule: async (who) => found(who, { rule: { field: "company", is: "eq", value: word } }),
  "sorted by company": async (who) => found(who, { sort: [{ field: "company", direction: "asc" }] }),
  count: async (who) => {
    const rule = { field: "company", is: "eq", value: word } as const;
    return (await call(who, leads.query, { rule, count: "exact" })).body.count?.value === 1;
  },
  estimate: async (who) => {
    const rule = { field: "company", is: "eq", value: word } as const;
    return (await call(who, leads.query, { rule, count: "estimate" })).body.count?.value === 1;
  },
  "search by word": async (who) =>
    (await call(who, leads.search, { query: word })).body.data.some((each) => each.id === id),
  "search by tag": async (who) =>
    (await call(who, leads.search, { query: "tag:Walk" })).body.data.some((each) => each.id === id),
  recheck: async (who) => (await call(who, leads.recheck, { lead_ids: [id] })).body.data.length === 1,
  board: async (who) =>
    (await call(who, board.show, {})).body.columns.some((column) =>
      column.leads.some((lead) => lead.id === id),
    ),
  "board's count": async (who) =>
    (await call(who, board.show, {})).body.columns.some((column) => column.count > 0),
  timeline: async (who) => (await call(who, leads.timeline, { id })).status === 200,
  moves: async (who) => (await call(who, leads.moves, { id })).status === 200,
  notes: async (who) => (await call(who, leads.notes.list, { id })).status === 200,
  "tag's count": async (who) =>
    (await call(who, contract.tags.list)).body.data.find((tag) => tag.name === "Walk")?.leads === 1,
  newest: async (who) =>
    (await call(who, home.show, { scope: "all" })).body.newest.some((each) => each.id === id),
  activity: async (who) =>
    (await call(who, home.activity, {})).body.data.some((each) => each.lead?.id === id),
  "to write": async (who) => (await raw(who, "PUT", `/leads/${id}/tags/Seen`)).status === 200,
};

async function found(who: Person, query: object): Promise<boolean> {
  return (await call(who, leads.query, query)).body.data.some((each) => each.id === id);
}

async function seen(who: Person): Promise<string[]> {
  const all: string[] = [];
  for (const [name, way] of Object.entries(ways)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (await way(who)) all.push(name);
  }
  return all;
}

test("taken, given up, and taken by somebody else: seen by all ways, or by none", async () => {
  const { ada, max, rep } = people;
  const every = Object.keys(ways);
  expect(await seen(rep)).toEqual(every);
  expect((await call(rep, leads.setOwner, { id, owner_id: rep.member_id })).status).toBe(200);
  expect(await seen(rep)).toEqual(every);
  expect((await call(rep, leads.setOwner, { id, owner_id: null })).status).toBe(200);
  expect(await seen(rep)).toEqual(every);
  await call(max, leads.setOwner, { id, owner_id: max.member_id });
  expect(await seen(rep)).toEqual([]);
  expect(await seen(max)).toEqual(every);
  expect((await call(rep, leads.setOwner, { id, owner_id: rep.member_id })).status).toBe(404);
  const own = (await call(rep, reports.pipeline, {})).body;
  expect(JSON.stringify(own)).not.toContain(max.member_id);
  await call(ada, leads.setOwner, { id, owner_id: rep.member_id });
  expect(await seen(rep)).toEqual(every);
});

test("what the live stream asks before it tells says the same", async () => {
  const { rep, max, workspace_id } = people;
  const actor = { ...systemActor(workspace_id), role: "agent" as const, own_only: rep.member_id };
  const visible = async () => [...(await visibleLeads(the().db, actor, [id]))];
  expect(await visible()).toEqual([id]);
  await call(max, leads.setOwner, { id, owner_id: max.member_id });
  expect(await visible()).toEqual([]);
});
