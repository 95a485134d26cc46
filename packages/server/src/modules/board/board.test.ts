import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { BoardColumn } from "@bellwether/contracts/board";
import { cast, type Cast, signUp } from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, raw, the, useProgram } from "../../kernel/testing/program.ts";

useProgram();
const { board, leads, stages, identity } = contract;
type Query = Parameters<typeof call<typeof board.query>>[2];

async function ask(who: Person, query: Query = {}): Promise<Record<string, BoardColumn>> {
  const { status, body, problem } = await call(who, board.query, query);
  expect([status, problem?.detail]).toEqual([200, undefined]);
  return Object.fromEntries(body.columns.map((column) => [column.stage, column]));
}
const names = (column: BoardColumn | undefined) => column?.leads.map((lead) => lead.first_name);
async function make(who: Person, first_name: string, more: object = {}) {
  return (await call(who, leads.create, { email: `${first_name}@example.com`, first_name, ...more })).body;
}
/** Many at once, a minute apart in their stage. */
async function fill(workspace_id: string, stage: string, count: number, more = "{}"): Promise<void> {
  await the().ownerPool.query(
    `insert into lead (workspace_id, id, first_name, external_id, stage, stage_since, attributes, created_by)
     select $1, uuidv7(), 'n' || n, $2 || n, $2, now() - n * interval '1 minute', $4, '{"kind":"system","id":null,"name":"Test"}' from generate_series(1, $3) n`,
    [workspace_id, stage, count, more],
  );
  await the().ownerPool.query(
    "insert into lead_count_change (workspace_id, id, stage, owner_id, leads) values ($1, uuidv7(), $2, '00000000-0000-0000-0000-000000000000', $3)",
    [workspace_id, stage, count],
  );
}

describe("the board", () => {
  let people: Cast;
  beforeAll(async () => {
    people = await cast();
  });

  test("has a column for each stage in order, those who entered last first", async () => {
    const { ada } = people;
    const old = await make(ada, "old", { stage: "contacted" });
    await make(ada, "young", { stage: "contacted" });
    await make(ada, "fresh");
    await call(ada, leads.setStage, { id: old.id, stage: "qualified" });
    await call(ada, leads.setStage, { id: old.id, stage: "contacted" });
    const { status, body } = await call(ada, board.show, {});
    expect([status, body.columns.map((column) => [column.stage, column.count, column.exact])]).toEqual([
      200,
      [
        ["new", 1, true],
        ["contacted", 2, true],
        ["qualifying", 0, true],
        ["qualified", 0, true],
        ["follow_up", 0, true],
        ["converted", 0, true],
        ["lost", 0, true],
        ["archived", 0, true],
      ],
    ]);
    expect(names(body.columns[1])).toEqual(["old", "young"]);
    expect(body.columns[1]?.leads[0]).toMatchObject({
      id: old.id,
      email: "old@example.com",
      stage: "contacted",
    });
  });

  test("follows the order of the stages, and new ones", async () => {
    const { member } = await signUp("Ada");
    await call(member, stages.create, { name: "Demo" });
    const keys = (await call(member, stages.list, {})).body.data.map((stage) => stage.key).toReversed();
    await call(member, stages.order, { keys });
    expect((await call(member, board.show, {})).body.columns.map((column) => column.stage)).toEqual(keys);
  });

  test("asks what the list asks: words, query language, rule; refuses what the list refuses", async () => {
    const { member } = await signUp("Ada");
    await make(member, "Zoe", { company: "Acme", city: "Ulm" });
    await make(member, "Yan", { company: "Acme", stage: "contacted" });
    await make(member, "Xia", { company: "Other" });
    const by_q = await ask(member, { q: "company:Acme" });
    expect([names(by_q["new"]), names(by_q["contacted"])]).toEqual([["Zoe"], ["Yan"]]);
    const by_rule = await ask(member, { rule: { field: "city", is: "eq", value: "Ulm" } });
    expect([by_rule["new"]?.count, by_rule["contacted"]?.count]).toEqual([1, 0]);
    const one = await ask(member, { q: "stage:contacted" });
    expect([one["new"]?.count, one["contacted"]?.count]).toEqual([0, 1]);
    expect((await call(member, board.show, { q: "compny:Acme" })).problem).toMatchObject({ status: 400 });
    expect((await call(member, board.query, { stage: "contcted" })).problem.errors[0]?.message).toContain(
      "Did you mean “contacted”?",
    );
    expect((await call(member, board.query, { cursor: "x" })).problem.errors[0]?.path).toBe("stage");
    expect((await call(member, board.query, { stage: "new", cursor: "x" })).problem.code).toBe("bad_cursor");
    expect((await raw(member, "POST", "/board/query", { limit: 1000 })).status).toBe(422);
  });

  test("a column goes on page by page, each lead once, whatever the others hold", async () => {
    const { member, workspace_id } = await signUp("Ada");
    await fill(workspace_id, "new", 70);
    await fill(workspace_id, "contacted", 5);
    const first = await ask(member, { limit: 30 });
    expect([first["new"]?.count, first["new"]?.exact, first["contacted"]?.next_cursor]).toEqual([
      70,
      true,
      null,
    ]);
    const seen = [...(names(first["new"]) ?? [])];
    let cursor = first["new"]?.next_cursor;
    while (typeof cursor === "string") {
      // oxlint-disable-next-line no-await-in-loop -- page after page
      const { body } = await call(member, board.query, { stage: "new", cursor, limit: 30 });
      expect(body.columns.map((column) => [column.stage, column.count])).toEqual([["new", 70]]);
      seen.push(...(names(body.columns[0]) ?? []));
      cursor = body.columns[0]?.next_cursor;
    }
    expect(seen).toEqual(Array.from({ length: 70 }, (_, n) => `n${n + 1}`));
    const other = { stage: "contacted", cursor: first["new"]?.next_cursor ?? "" };
    expect((await call(member, board.query, other)).problem.code).toBe("bad_cursor");
  });

  test("a rare match in a long column: the page says where the search stopped, and goes on", async () => {
    const { member, workspace_id } = await signUp("Ada");
    await fill(workspace_id, "new", 20_100);
    await the().ownerPool.query(
      "update lead set last_name = 'Rare' where workspace_id = $1 and first_name in ('n20050', 'n20060')",
      [workspace_id],
    );
    const rare = { field: "last_name", is: "contains", value: "are" } as const;
    const { body } = await call(member, board.query, { rule: rare, stage: "new" });
    const [column] = body.columns;
    expect([column?.leads, column?.looked_at]).toEqual([[], 20_000]);
    const more = { rule: rare, stage: "new", cursor: column?.next_cursor ?? "" };
    expect(names((await call(member, board.query, more)).body.columns[0])).toEqual(["n20050", "n20060"]);
  });
});

describe("who sees what on it", () => {
  let people: Cast;
  beforeAll(async () => {
    people = await cast();
    const { ada, max, rep } = people;
    await make(ada, "maxs", { owner_id: max.member_id, phone: "+4930123456" });
    await make(ada, "reps", { owner_id: rep.member_id });
    await make(ada, "free");
    const hidden = await make(ada, "hidden");
    await call(ada, leads.hide, { id: hidden.id });
    const gone = await make(ada, "gone");
    await call(ada, leads.remove, { id: gone.id });
  });

  test("hidden and deleted leads are left out, in the count too; hidden ones are there when asked for", async () => {
    const { ada } = people;
    const all = await ask(ada, { limit: 1 });
    expect([all["new"]?.count, names(all["new"])]).toEqual([3, ["free"]]);
    expect(names((await ask(ada, { q: "hidden:yes" }))["new"])).toEqual(["hidden"]);
  });

  test("agents who see only their own see those and the unassigned, counted so", async () => {
    const { ada, rep } = people;
    expect((await ask(rep))["new"]?.count).toBe(3);
    await call(ada, identity.workspace.update, { agents_see_own: true });
    const theirs = await ask(rep);
    expect([theirs["new"]?.count, names(theirs["new"])]).toEqual([2, ["free", "reps"]]);
    expect((await ask(rep, { limit: 1 }))["new"]?.count).toBe(2);
    expect((await ask(rep, { q: "maxs" }))["new"]?.count).toBe(0);
    await call(ada, identity.workspace.update, { agents_see_own: false });
  });

  test("an agent with one lead in a column of very many sees it at once", async () => {
    const { ada, rep, max, workspace_id } = people;
    await fill(workspace_id, "qualified", 3000);
    await the().ownerPool.query(
      "update lead set owner_id = case when first_name = 'n2999' then $2::uuid else $3 end where workspace_id = $1 and stage = 'qualified'",
      [workspace_id, rep.member_id, max.member_id],
    );
    await call(ada, identity.workspace.update, { agents_see_own: true });
    const { qualified } = await ask(rep);
    expect([qualified?.count, qualified?.exact, names(qualified), qualified?.next_cursor]).toEqual([
      1,
      true,
      ["n2999"],
      null,
    ]);
    await call(ada, identity.workspace.update, { agents_see_own: false });
  });

  test("viewers get masked contact details, and can't guess them", async () => {
    const { ada, viewer } = people;
    await call(ada, identity.workspace.update, { viewers_masked: true });
    expect(JSON.stringify(await ask(viewer))).not.toMatch(/free@|30123456/);
    expect((await ask(viewer, { q: "4930123456" }))["new"]?.count).toBe(0);
    await call(ada, identity.workspace.update, { viewers_masked: false });
  });

  test("Rival has a board of Rival's own; nobody has none", async () => {
    const rivals = await ask(people.rival);
    expect(Object.values(rivals).map((column) => column.count)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect((await call(nobody, board.show, {})).status).toBe(401);
  });
});

test("a pipeline of 200 stages", async () => {
  const { member, workspace_id } = await signUp("Ada");
  await the().ownerPool.query(
    `insert into stage (workspace_id, key, name, colour, kind, position)
     select $1, 's' || n, 'S ' || n, '#000000', 'open', 10 + n from generate_series(1, 192) n`,
    [workspace_id],
  );
  await fill(workspace_id, "s7", 40);
  const columns = await ask(member);
  expect([Object.keys(columns).length, columns["s7"]?.count, columns["s7"]?.leads.length]).toEqual([
    200, 40, 30,
  ]);
});
