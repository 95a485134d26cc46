import { beforeEach, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { ActivityEntry } from "@bellwether/contracts/home";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, settle, the, useProgram } from "../../kernel/testing/program.ts";

useProgram();
const { home, leads, stages, identity } = contract;
let people: Cast;
beforeEach(async () => {
  people = await cast();
});
async function make(who: Person, first_name: string, more: object = {}): Promise<string> {
  return (await call(who, leads.create, { email: `${first_name}@example.com`, first_name, ...more })).body.id;
}
async function stay(id: string, days: number): Promise<void> {
  await the().ownerPool.query(
    "update lead set stage_since = now() - make_interval(days => $3) where workspace_id = $1 and id = $2",
    [people.workspace_id, id, days],
  );
}
async function show(who: Person, scope: "mine" | "all" = "mine") {
  const { status, body } = await call(who, home.show, { scope });
  expect(status).toBe(200);
  const names = (all: { first_name: string | null }[]) => all.map((lead) => lead.first_name);
  return {
    mine: Object.fromEntries(body.mine.map(({ stage, count }) => [stage, count])),
    overdue: [body.overdue.count.value, names(body.overdue.leads)],
    newest: names(body.newest),
  };
}
async function activity(who: Person): Promise<ActivityEntry[]> {
  return (await call(who, home.activity, {})).body.data;
}

test("my leads by stage, what is overdue, longest first, and what is new", async () => {
  const { ada, max, rep } = people;
  await call(ada, stages.update, { key: "new", target_days: 3 });
  await call(ada, stages.update, { key: "contacted", target_days: 30 });
  await stay(await make(ada, "late", { owner_id: rep.member_id }), 5);
  await stay(await make(ada, "later", { owner_id: rep.member_id, stage: "contacted" }), 40);
  await stay(await make(ada, "fine", { owner_id: rep.member_id, stage: "contacted" }), 20);
  await stay(
    await make(ada, "no target", { owner_id: rep.member_id, stage: "qualified", email: "nt@example.com" }),
    400,
  );
  await stay(await make(ada, "maxs", { owner_id: max.member_id }), 9);
  expect(await show(rep)).toEqual({
    mine: {
      new: 1,
      contacted: 2,
      qualifying: 0,
      qualified: 1,
      follow_up: 0,
      converted: 0,
      lost: 0,
      archived: 0,
    },
    overdue: [2, ["later", "late"]],
    newest: ["maxs", "no target", "fine", "later", "late"],
  });
  expect((await show(rep, "all")).overdue).toEqual([3, ["later", "maxs", "late"]]);
  await call(ada, identity.workspace.update, { agents_see_own: true });
  expect((await show(rep, "all")).overdue).toEqual([2, ["later", "late"]]);
  expect((await show(rep)).newest).not.toContain("maxs");
});

test("a key has no leads of its own; hidden and deleted ones are left out; Rival sees none", async () => {
  const { ada, rival } = people;
  const hidden = await make(ada, "hidden", { owner_id: ada.member_id });
  const gone = await make(ada, "gone", { owner_id: ada.member_id });
  await call(ada, leads.hide, { id: hidden });
  await call(ada, leads.remove, { id: gone });
  expect(await show(ada)).toMatchObject({ mine: { new: 0 }, newest: [] });
  await make(ada, "there", { owner_id: ada.member_id });
  expect((await show(ada)).mine["new"]).toBe(1);
  expect(await show(await keyOf(ada, "manager"))).toMatchObject({ mine: { new: 0 }, newest: ["there"] });
  expect(await show(rival)).toMatchObject({ mine: { new: 0 }, newest: [] });
  expect((await call(nobody, home.show, {})).status).toBe(401);
});

test("what just happened, newest first: the lead's name, the stages of a move, of how many leads for who sees all", async () => {
  const { ada, max, rep } = people;
  const id = await make(ada, "Ann", { last_name: "Lee" });
  await call(max, leads.setStage, { id, stage: "contacted" });
  const [moved, created] = await activity(ada);
  expect(moved).toMatchObject({
    name: "stage.changed",
    actor: { name: "Max" },
    lead: { id, name: "Ann Lee" },
    from: "new",
    to: "contacted",
  });
  expect(created).toMatchObject({ name: "lead.created", from: null, to: null, count: null });

  await make(ada, "Bob");
  await call(max, contract.bulk.start, {
    q: "stage:new OR stage:contacted",
    action: { kind: "set_stage", stage: "qualified" },
  });
  await settle();
  const finished = async (who: Person) =>
    (await activity(who)).find((entry) => entry.name === "bulk.finished")?.count;
  expect([await finished(ada), await finished(rep)]).toEqual([2, 2]);
  await call(ada, identity.workspace.update, { agents_see_own: true });
  expect([await finished(ada), await finished(rep)]).toEqual([2, null]);
});

test("things are told by their names: fields, stages, segments, who was removed, tags", async () => {
  const { ada, max, rep } = people;
  const id = await make(ada, "Ann");
  await call(ada, contract.fields.create, { key: "industry", label: "Industry", type: "text" });
  await call(ada, contract.fields.update, { key: "industry", archived: true });
  await call(ada, contract.fields.remove, { key: "industry" });
  await call(ada, stages.create, { name: "Demo", colour: "#3b82f6", kind: "open" });
  const segment = { name: "Fair", type: "static", rule: null, state: "active" } as const;
  await call(max, contract.segments.create, segment);
  await call(max, leads.addTag, { id, tag: "vip" });
  await call(ada, identity.members.remove, { id: people.viewer.member_id, leads: "unassign" });
  const things = (await activity(rep)).map(({ name, thing }) => [name, thing]);
  expect(things.filter(([, thing]) => thing !== null)).toEqual([
    ["member.removed", "Viewer"],
    ["tag.added", "vip"],
    ["segment.created", "Fair"],
    ["stage.created", "Demo"],
    ["field.deleted", "Industry"],
    ["field.created", "Industry"],
  ]);
  expect((await activity(people.rival)).every((entry) => entry.thing === null)).toBe(true);
});

test("who may see a lead hears of it, and of nothing that is for the audit log alone", async () => {
  const { ada, max, rep, viewer, rival } = people;
  const hidden = await make(ada, "Hidden", { owner_id: max.member_id });
  const own = await make(ada, "Own", { owner_id: rep.member_id });
  await call(ada, leads.remove, { id: await make(ada, "Gone") });
  await call(nobody, identity.signIn, { email: ada.email, password: ada.password });
  const about = (all: ActivityEntry[]) => new Set(all.flatMap((entry) => entry.lead?.id ?? []));
  expect(about(await activity(rep))).toEqual(new Set([hidden, own]));
  await call(ada, identity.workspace.update, { agents_see_own: true, viewers_masked: true });
  expect(about(await activity(rep))).toEqual(new Set([own]));
  expect((await activity(rep)).map((entry) => entry.name)).not.toContain("lead.deleted");
  expect((await activity(max)).find((entry) => entry.name === "lead.deleted")?.lead).toBeNull();
  expect(JSON.stringify(await activity(viewer))).not.toContain("own@");
  expect((await activity(ada)).map((entry) => entry.name)).not.toContain("member.signed_in");
  expect((await activity(rival)).every((entry) => entry.actor.name === "Rival" && entry.lead === null)).toBe(
    true,
  );
});

test("page by page, each entry once, also where most is out of sight", async () => {
  const { ada, rep, workspace_id } = people;
  const own = await make(ada, "Own", { owner_id: rep.member_id });
  const foreign = await make(ada, "Foreign", { owner_id: ada.member_id });
  await call(ada, identity.workspace.update, { agents_see_own: true });
  await the().ownerPool.query(
    `insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
     select $1, gen_random_uuid(), $2, 'lead.updated', now() + n * interval '1 millisecond', '{"kind":"system","id":null,"name":"Test"}', '{}' from generate_series(1, 5100) n`,
    [workspace_id, foreign],
  );
  const seen: ActivityEntry[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    // oxlint-disable-next-line no-await-in-loop -- page after page
    const page: { data: ActivityEntry[]; next_cursor: string | null } = (
      await call(rep, home.activity, { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
    ).body;
    seen.push(...page.data);
    cursor = page.next_cursor ?? undefined;
    pages += 1;
  } while (cursor !== undefined && pages < 20);
  expect(pages).toBeLessThan(20);
  expect(new Set(seen.map((entry) => entry.id)).size).toBe(seen.length);
  expect(seen.filter((entry) => entry.lead !== null).map((entry) => entry.lead?.id)).toEqual([own]);
});
