import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { BulkAction } from "@bellwether/contracts/changes";
import { systemActor } from "../../kernel/access.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { readSources } from "../../kernel/testing/sources.ts";
import { call, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { countStages } from "./counts.ts";
import { foldCounts, recount } from "./counts.sql.ts";

/** The kept counts say what counting every lead would say, whatever happened by whatever way. */
useProgram();
const { leads, bulk, changes, stages } = contract;
let people: Cast;
let counter = 0;
beforeAll(async () => {
  people = await cast();
});
const inside = <T>(work: Parameters<ReturnType<typeof the>["db"]["tenant"]>[1]) =>
  the().db.tenant(systemActor(people.workspace_id), work) as Promise<T>;
const drift = () => inside(recount);
const email = () => `c${++counter}@example.com`;
async function make(more: object = {}) {
  return (await call(people.ada, leads.create, { email: email(), ...more })).body.id;
}
async function importFile(text: string) {
  const { body } = await raw<{ id: string }>(people.ada, "POST", "/imports?file_name=a.csv", text, {
    "content-type": "text/csv",
  });
  const columns = (text.split("\n")[0] ?? "").split(",").map((field, index) => ({ index, field }));
  await call(people.ada, contract.imports.map, { id: body.id, columns, options: { lost_reason: "Old" } });
  await settle();
  expect((await call(people.ada, contract.imports.run, { id: body.id })).status).toBe(202);
  await settle();
}

type Ids = string[];
const any = (ids: Ids, at: number) => ids[at % ids.length] ?? "";
/** Each by its name, with a lead by chance; what a stage or state refuses changes nothing. */
const ways: Record<string, (ids: Ids, at: number) => Promise<unknown>> = {
  create: async (ids) => ids.push(await make()),
  create_won: async (ids) => ids.push(await make({ stage: "converted", owner_id: people.rep.member_id })),
  move: (ids, at) => call(people.ada, leads.setStage, { id: any(ids, at), stage: "contacted" }),
  lose: (ids, at) => call(people.ada, leads.setStage, { id: any(ids, at), stage: "lost", reason: "x" }),
  reopen: (ids, at) => call(people.ada, leads.reopen, { id: any(ids, at) }),
  assign: (ids, at) => call(people.ada, leads.setOwner, { id: any(ids, at), owner_id: people.max.member_id }),
  unassign: (ids, at) => call(people.ada, leads.setOwner, { id: any(ids, at), owner_id: null }),
  bin: (ids, at) => call(people.ada, leads.remove, { id: any(ids, at) }),
  restore: (ids, at) => call(people.ada, leads.restore, { id: any(ids, at) }),
  hide: (ids, at) => call(people.ada, leads.hide, { id: any(ids, at) }),
  show: (ids, at) => call(people.ada, leads.unhide, { id: any(ids, at) }),
  merge: (ids, at) => raw(people.ada, "POST", `/leads/${any(ids, at)}/merge`, { other_id: any(ids, at + 1) }),
  bulk_move: (ids, at) => inBulk(ids, at, { kind: "set_stage", stage: "qualifying" }),
  bulk_owner: (ids, at) => inBulk(ids, at, { kind: "set_owner", owner_id: people.rep.member_id }),
  bulk_bin: (ids, at) => inBulk(ids, at, { kind: "delete" }),
  undo: async () => {
    const { data } = (await call(people.ada, changes.list, {})).body;
    const last = data.find((each) => each.can_undo);
    if (last !== undefined) await call(people.ada, changes.undo, { id: last.id });
    await settle();
  },
  batch: async (ids) => {
    const { body } = await call(people.ada, leads.batch, {
      leads: [{ email: email() }, { email: email(), stage: "qualified" }],
    });
    ids.push(...body.data.flatMap((each) => each.id ?? []));
  },
  import: async () => {
    const known = `c${counter}@example.com`;
    await importFile(`email,stage\n${email()},New\n${email()},Lost\n${known},Follow-up\n`);
  },
  undo_import: async (ids, at) => {
    await ways["import"]?.(ids, at);
    await ways["undo"]?.(ids, at);
  },
  fold: () => inside(foldCounts),
};
async function inBulk(ids: Ids, at: number, action: BulkAction) {
  const lead_ids = [...new Set([any(ids, at), any(ids, at + 1), any(ids, at + 2)])];
  await call(people.ada, bulk.start, { lead_ids, action });
  await settle();
}

test("after anything in any order", async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(ways)), fc.nat(50)), {
    minLength: 8,
    maxLength: 14,
  });
  const ids = [await make(), await make({ owner_id: people.rep.member_id }), await make()];
  for (const way of Object.keys(ways)) {
    // oxlint-disable-next-line no-await-in-loop -- each way once, then at random
    await ways[way]?.(ids, counter);
    // oxlint-disable-next-line no-await-in-loop
    expect([way, await drift()]).toEqual([way, []]);
  }
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      for (const [way, at] of all) {
        // oxlint-disable-next-line no-await-in-loop -- in this order
        await ways[way]?.(ids, at);
      }
      expect(await drift()).toEqual([]);
    }),
    { numRuns: 4, endOnFailure: true },
  );
}, 120_000);

test("after a stage was removed, members left, and leads were erased", async () => {
  const kept = await make({ stage: "follow_up", owner_id: people.max.member_id });
  const gone = await make({ stage: "follow_up", email: "gone@example.com" });
  await call(people.ada, stages.remove, { key: "follow_up", move_to: "archived" });
  await settle();
  expect(await drift()).toEqual([]);
  await call(people.ada, leads.reopen, { id: kept });
  await call(people.ada, contract.privacy.erase, { id: gone, confirm: "gone@example.com" });
  await call(people.ada, contract.identity.members.remove, { id: people.max.member_id });
  await settle();
  expect(await drift()).toEqual([]);
});

test("agents who see only their own are counted theirs and nobody's; what drifted is found and repaired", async () => {
  const own = await cast();
  const create = (more: object) => call(own.ada, leads.create, { email: email(), ...more });
  await create({});
  await create({ owner_id: own.rep.member_id });
  await create({ owner_id: own.max.member_id });
  const system = systemActor(own.workspace_id);
  const countFor = async (own_only: string | null) =>
    (await the().db.tenant({ ...system, own_only }, countStages)).get("new");
  expect([await countFor(null), await countFor(own.rep.member_id)]).toEqual([3, 2]);
  await the().ownerPool.query("delete from lead_count_change where workspace_id = $1", [own.workspace_id]);
  expect((await the().db.tenant(system, recount)).length).toBe(3);
  expect([await countFor(null), await the().db.tenant(system, recount)]).toEqual([3, []]);
});

test("every statement that moves, assigns, makes or hides leads keeps the counts", () => {
  const writing = /(update lead (l )?set|insert into lead \(|delete from lead where)/g;
  const forgetful = readSources("packages/server/src/modules")
    .filter((file) => file.path.endsWith(".sql.ts"))
    .flatMap((file) =>
      [...file.text.matchAll(writing)].flatMap((found) => {
        // To the end of the template, whatever is nested in it.
        const statement =
          file.text.slice(found.index, found.index + 1600).split(/`\.execute|`;\n\}/, 1)[0] ?? "";
        const counts =
          !found[0].startsWith("update") ||
          /\b(stage|owner_id|deleted_at|hidden_at) = |\{assignment\(|\$\{sql\.join\(/.test(
            statement.split("where", 1)[0] ?? "",
          );
        return counts && !statement.includes("counted") ? [`${file.path}: ${statement.slice(0, 80)}`] : [];
      }),
    );
  // A part of two statements, which both end with it.
  expect(forgetful).toEqual([expect.stringMatching("imports/merge.sql.ts: insert into lead ")]);
});

test("many differences are folded by who reads them", async () => {
  const own = await cast();
  await the().ownerPool.query(
    "insert into lead_count_change (workspace_id, id, stage, owner_id, leads) select $1, uuidv7(), 'new', '00000000-0000-0000-0000-000000000000', 1 from generate_series(1, 2500)",
    [own.workspace_id],
  );
  const { status } = await call(own.viewer, contract.board.show, {});
  const { rows } = await the().ownerPool.query(
    "select (select count(*)::int from lead_count_change where workspace_id = $1) as unfolded, (select leads from lead_count where workspace_id = $1) as leads",
    [own.workspace_id],
  );
  expect([status, rows]).toEqual([200, [{ unfolded: 0, leads: 2500 }]]);
});
