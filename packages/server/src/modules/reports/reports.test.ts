import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { PipelineReport } from "@bellwether/contracts/reports";
import { cast, type Cast, keyOf, signUp } from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";

useProgram();
const { reports, leads, bulk, changes, stages } = contract;
type Query = NonNullable<Parameters<typeof call<typeof reports.pipeline>>[2]>;
/** Wide enough for whatever zone today is in. */
const always = { from: "2026-01-01", to: "2034-12-31" };

async function report(who: Person, more: Partial<Query> = {}): Promise<PipelineReport> {
  const { status, body, problem } = await call(who, reports.pipeline, { ...always, ...more });
  expect([status, problem?.detail]).toEqual([200, undefined]);
  return body;
}
const of = ({ stages: all }: PipelineReport, key: string) => all.find((each) => each.stage === key);
async function make(who: Person, name: string, more: object = {}): Promise<string> {
  return (await call(who, leads.create, { email: `${name}@example.com`, ...more })).body.id;
}
async function move(who: Person, id: string, ...to: string[]): Promise<void> {
  for (const stage of to) {
    const reason = stage === "lost" ? { reason: "Price" } : {};
    // oxlint-disable-next-line no-await-in-loop -- one move after the other
    expect((await call(who, leads.setStage, { id, stage, ...reason })).status).toBe(200);
  }
}

describe("the pipeline report", () => {
  let ada: Person;
  let workspace_id: string;
  beforeAll(async () => {
    ({ member: ada, workspace_id } = await signUp("Ada"));
    const won = await make(ada, "won", { source: "ads" });
    await move(ada, won, "contacted", "qualified", "converted");
    const back = await make(ada, "back", { source: "ads" });
    await move(ada, back, "contacted", "lost");
    await call(ada, leads.reopen, { id: back, stage: "new" });
    await move(ada, back, "contacted");
    await make(ada, "direct", { stage: "qualified" });
    await move(ada, await make(ada, "lost", { source: "web" }), "lost");
  });

  test("counts each lead once a stage, those that began there too, and what became of them", async () => {
    const { stages: all, moves, ...totals } = await report(ada);
    expect(totals).toMatchObject({
      created: 4,
      won: 1,
      lost: 1,
      time_zone: "Europe/Berlin",
      own_only: false,
    });
    expect(
      all.map((each) => [each.stage, each.now, each.entered, each.left, each.converted, each.lost]),
    ).toEqual([
      ["new", 0, 3, 3, 1, 1],
      ["contacted", 1, 2, 2, 1, 0],
      ["qualifying", 0, 0, 0, 0, 0],
      ["qualified", 1, 2, 1, 1, 0],
      ["follow_up", 0, 0, 0, 0, 0],
      ["converted", 1, 1, 0, 1, 0],
      ["lost", 1, 2, 1, 0, 1],
      ["archived", 0, 0, 0, 0, 0],
    ]);
    expect(moves[0]).toEqual({ from: "new", to: "contacted", moves: 3, leads: 2 });
    expect(moves).toHaveLength(6);
  });

  test("tells median and 90th percentile of the stays that ended", async () => {
    const { member, workspace_id: id } = await signUp("Ada");
    for (const days of [1, 2, 3, 4, 10]) {
      // oxlint-disable-next-line no-await-in-loop -- one lead after the other
      const lead = await make(member, `d${days}`);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await the().ownerPool.query(
        "update lead set stage_since = now() - make_interval(days => $3) where workspace_id = $1 and id = $2",
        [id, lead, days],
      );
      // oxlint-disable-next-line no-await-in-loop -- as above
      await move(member, lead, "contacted");
    }
    const figures = of(await report(member), "new");
    expect(figures?.stays).toBe(5);
    expect(figures?.median_seconds).toBeCloseTo(3 * 86_400, -2);
    expect(figures?.p90_seconds).toBeCloseTo(7.6 * 86_400, -2);
    expect(of(await report(member), "contacted")?.median_seconds).toBeNull();
  });

  test("by source and by owner, and of one of them", async () => {
    const { groups } = await report(ada, { by: "source" });
    expect(
      groups.map(({ key, label, created, won, lost, open, total }) => [
        key,
        label,
        created,
        won,
        lost,
        open,
        total,
      ]),
    ).toEqual([
      ["ads", "ads", 2, 1, 0, 1, 2],
      ["Manual", "Manual", 1, 0, 0, 1, 1],
      ["web", "web", 1, 0, 1, 0, 1],
    ]);
    expect((await report(ada, { source: "ads" })).created).toBe(2);
    expect((await report(ada, { source: "" })).created).toBe(0);
    const { groups: owners } = await report(ada, { by: "owner" });
    expect(owners.map((group) => [group.key, group.label, group.total])).toEqual([[null, "Nobody", 4]]);
    expect((await report(ada, { owner_id: "none" })).created).toBe(4);
  });

  test("leads in the bin don't count, and do when they come back", async () => {
    const id = await make(ada, "binned");
    await move(ada, id, "contacted");
    const before = await report(ada);
    await call(ada, leads.remove, { id });
    const without = await report(ada);
    expect([before.created, without.created]).toEqual([5, 4]);
    expect([of(before, "contacted")?.entered, of(without, "contacted")?.entered]).toEqual([3, 2]);
    await call(ada, leads.restore, { id });
    expect(await report(ada)).toEqual(before);
  });

  test("a bulk move that was undone doesn't count", async () => {
    const before = await report(ada);
    const { body } = await call(ada, bulk.start, {
      q: "stage:contacted",
      action: { kind: "set_stage", stage: "qualifying" },
    });
    await settle();
    expect(of(await report(ada), "qualifying")?.entered).toBeGreaterThan(0);
    await call(ada, changes.undo, { id: body.id });
    await settle();
    expect(await report(ada)).toEqual(before);
  });

  test("a removed stage is told of as long as something moved through it", async () => {
    const { member } = await signUp("Ada");
    await call(member, stages.create, { name: "Demo" });
    await move(member, await make(member, "demo"), "demo", "contacted");
    await call(member, stages.remove, { key: "demo" });
    expect(of(await report(member), "demo")).toMatchObject({
      name: "Demo",
      removed: true,
      entered: 1,
      left: 1,
    });
    expect(of(await report(member, { from: "2030-01-01" }), "demo")).toBeUndefined();
  });

  test("a period is of whole days in the workspace's zone", async () => {
    const { member, workspace_id: id } = await signUp("Ada");
    const lead = await make(member, "late");
    // Half past midnight on the 2nd of March in Berlin.
    await the().ownerPool.query(
      "update lead set created_at = '2026-03-01T23:30:00Z' where workspace_id = $1 and id = $2",
      [id, lead],
    );
    expect((await report(member, { from: "2026-03-01", to: "2026-03-01" })).created).toBe(0);
    expect((await report(member, { from: "2026-03-02", to: "2026-03-02" })).created).toBe(1);
    const { body: usual } = await call(member, reports.pipeline, {});
    expect(Date.parse(usual.to) - Date.parse(usual.from)).toBe(29 * 86_400_000);
    const backward = await call(member, reports.pipeline, { from: "2026-03-02", to: "2026-03-01" });
    expect([backward.status, backward.problem.errors[0]?.path]).toEqual([422, "to"]);
    expect((await call(member, reports.pipeline, { from: "1926-03-02", to: "2026-03-01" })).status).toBe(422);
    expect(
      (await raw(member, "GET", "/reports/pipeline", { from: "2026-02-30", to: "2026-03-01" })).status,
    ).toBe(422);
  });

  test("as files, safe for spreadsheets, and their making is logged", async () => {
    const { member } = await signUp("Ada");
    await make(member, "formula", { source: "=1+1" });
    const files = await Promise.all(
      ["stages", "moves", "groups"].map((table) =>
        raw<string>(member, "GET", "/reports/pipeline.csv", { ...always, table, by: "source" }),
      ),
    );
    expect(files.map((file) => [file.status, file.headers["content-type"]])).toEqual(
      files.map(() => [200, "text/csv; charset=utf-8"]),
    );
    expect(files[0]?.body.split("\r\n")[1]).toBe("new,New,open,1,1,0,0,0,0,,");
    expect(files[2]?.body.split("\r\n")[1]).toBe("'=1+1,'=1+1,1,0,0,1,1");
    expect(files[2]?.headers["content-disposition"]).toContain("pipeline by source 2026-01-01");
    const { body } = await call(member, contract.audit.list, { name: "report.exported" });
    expect(body.data).toHaveLength(3);
    expect((await raw(member, "GET", "/reports/pipeline.csv", { ...always, table: "groups" })).status).toBe(
      422,
    );
  });

  test("Rival sees Rival's own", async () => {
    const { member: rival } = await signUp("Rival");
    const { rows } = await the().ownerPool.query("select id from member where workspace_id = $1", [
      workspace_id,
    ]);
    expect(await report(rival)).toMatchObject({ created: 0, moves: [] });
    expect((await report(rival, { by: "owner", owner_id: String(rows[0].id) })).groups).toEqual([]);
  });
});

describe("who gets which figures", () => {
  let people: Cast;
  beforeAll(async () => {
    people = await cast();
    const { ada, max, rep } = people;
    await make(ada, "reps", { owner_id: rep.member_id });
    await make(ada, "maxs", { owner_id: max.member_id });
    await make(ada, "free");
  });

  test("managers all, agents their own, viewers none", async () => {
    const { ada, max, rep, viewer } = people;
    expect([(await report(ada)).created, (await report(max)).created]).toEqual([3, 3]);
    expect(await report(rep, { by: "owner" })).toMatchObject({
      created: 1,
      own_only: true,
      groups: [{ key: rep.member_id, label: "Rep", total: 1 }],
    });
    expect((await report(rep, { owner_id: rep.member_id })).created).toBe(1);
    const { status, problem } = await call(rep, reports.pipeline, { ...always, owner_id: max.member_id });
    expect([status, problem.detail]).toEqual([
      403,
      "Agents see their own figures. Ask a manager for those of others.",
    ]);
    expect((await call(viewer, reports.pipeline, always)).status).toBe(403);
    expect((await raw(viewer, "GET", "/reports/pipeline.csv", always)).status).toBe(403);
    expect((await call(nobody, reports.pipeline, always)).status).toBe(401);
    expect((await report(await keyOf(ada, "agent"))).created).toBe(0);
    expect((await report(await keyOf(ada, "manager"))).created).toBe(3);
  });
});
