import fc from "fast-check";
import { expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { PipelineReport } from "@bellwether/contracts/reports";
import { signUp } from "../../kernel/testing/cast.ts";
import { call, type Person, settle, the, useProgram } from "../../kernel/testing/program.ts";

/** Whatever people did, in whatever order: the report equals a plain recount of what was done. */
useProgram();
const { leads, bulk, changes, reports } = contract;
const stages = ["new", "contacted", "qualified", "converted", "lost"] as const;
type Stage = (typeof stages)[number];
const final = new Set<Stage>(["converted", "lost"]);

interface Kept {
  id: string;
  first: Stage;
  now: Stage;
  moves: { from: Stage; to: Stage }[];
  binned: boolean;
}
type Step =
  | { do: "create"; stage: Stage }
  | { do: "move"; lead: number; stage: Stage }
  | { do: "reopen" | "bin" | "restore"; lead: number }
  | { do: "bulk"; from: Stage; to: "contacted" | "qualified"; undone: boolean };

const stage = fc.constantFrom(...stages);
const lead = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("create" as const), stage }),
  { arbitrary: fc.record({ do: fc.constant("move" as const), lead, stage }), weight: 4 },
  fc.record({ do: fc.constantFrom("reopen" as const, "bin" as const, "restore" as const), lead }),
  fc.record({
    do: fc.constant("bulk" as const),
    from: stage,
    to: fc.constantFrom("contacted" as const, "qualified" as const),
    undone: fc.boolean(),
  }),
);

async function take(who: Person, kept: Kept[], next: Step): Promise<void> {
  if (next.do === "create") {
    const reason = next.stage === "lost" ? { lost_reason: "Price" } : {};
    const email = `p${kept.length}@example.com`;
    const { status, body } = await call(who, leads.create, { email, stage: next.stage, ...reason });
    must(status === 201, next);
    kept.push({ id: body.id, first: next.stage, now: next.stage, moves: [], binned: false });
    return;
  }
  if (next.do === "bulk") {
    await bulkMove(who, kept, next);
    return;
  }
  const one = kept[next.lead % Math.max(1, kept.length)];
  if (one === undefined) return;
  if (next.do === "move") {
    const reason = next.stage === "lost" ? { reason: "Price" } : {};
    const { status } = await call(who, leads.setStage, { id: one.id, stage: next.stage, ...reason });
    const moves = !one.binned && !final.has(one.now) && next.stage !== one.now;
    must(!moves || status === 200, next);
    if (moves) go(one, next.stage);
  } else if (next.do === "reopen") {
    const { status } = await call(who, leads.reopen, { id: one.id, stage: "new" });
    must((status === 200) === (!one.binned && final.has(one.now)), next);
    if (status === 200) go(one, "new");
  } else if (next.do === "bin") {
    if ((await call(who, leads.remove, { id: one.id })).status === 200) one.binned = true;
  } else if ((await call(who, leads.restore, { id: one.id })).status === 200) {
    one.binned = false;
  }
}

function must(so: boolean, next: Step): void {
  if (!so) throw new Error(`not answered as it should: ${JSON.stringify(next)}`);
}

async function bulkMove(who: Person, kept: Kept[], next: Step & { do: "bulk" }): Promise<void> {
  const action = { kind: "set_stage", stage: next.to } as const;
  const { status, body } = await call(who, bulk.start, { q: `stage:${next.from}`, action });
  if (status !== 202) return;
  await settle();
  if (next.undone) {
    await call(who, changes.undo, { id: body.id });
    await settle();
  } else if (!final.has(next.from) && next.from !== next.to) {
    for (const one of kept) if (!one.binned && one.now === next.from) go(one, next.to);
  }
}

function go(one: Kept, to: Stage): void {
  one.moves.push({ from: one.now, to });
  one.now = to;
}

function recount(kept: Kept[], key: Stage) {
  const there = kept.filter((one) => !one.binned);
  const entered = there.filter((one) => one.first === key || one.moves.some((move) => move.to === key));
  const left = there.flatMap((one) => one.moves.filter((move) => move.from === key));
  return {
    now: there.filter((one) => one.now === key).length,
    entered: entered.length,
    left: there.filter((one) => one.moves.some((move) => move.from === key)).length,
    converted: entered.filter((one) => one.now === "converted").length,
    lost: entered.filter((one) => one.now === "lost").length,
    stays: left.length,
  };
}

test("the report equals a plain recount", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const { member, workspace_id } = await signUp("Ada");
      const kept: Kept[] = [];
      for (const each of [{ do: "create", stage: "new" } as const, ...steps]) {
        // oxlint-disable-next-line no-await-in-loop -- one thing after the other
        await take(member, kept, each);
      }
      const { body } = await call(member, reports.pipeline, { from: "2026-01-01", to: "2034-12-31" });
      for (const key of stages) {
        const { now, entered, left, converted, lost, stays } = figuresOf(body, key);
        expect([key, { now, entered, left, converted, lost, stays }]).toEqual([key, recount(kept, key)]);
      }
      expect(body.created).toBe(kept.filter((one) => !one.binned).length);
      await expectWhole(workspace_id);
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 180_000);

function figuresOf({ stages: all }: PipelineReport, key: Stage) {
  const found = all.find((each) => each.stage === key);
  if (found === undefined) throw new Error(`no figures of ${key}`);
  return found;
}

/** The times of a lead's stays, the last one included, are all the time since it was created: nothing lost by an undo. */
async function expectWhole(workspace_id: string): Promise<void> {
  const { rows } = await the().ownerPool.query<{ off: number }>(
    `select abs(extract(epoch from lead.stage_since - lead.created_at) - coalesce(sum(m.spent_seconds) filter (where not m.undone), 0))::float8 as off
     from lead left join stage_move m on m.workspace_id = lead.workspace_id and m.lead_id = lead.id
     where lead.workspace_id = $1
     group by lead.workspace_id, lead.id, lead.stage_since, lead.created_at`,
    [workspace_id],
  );
  expect(rows.filter((row) => row.off > 0.1)).toEqual([]);
}
