import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { systemActor } from "../../kernel/access.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { readSources } from "../../kernel/testing/sources.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { waysOf } from "../../kernel/testing/ways.ts";
import { countStages } from "./counts.ts";
import { foldCounts, recount } from "./counts.sql.ts";

/** The kept counts say what counting every lead would say, whatever happened by whatever way. */
useProgram();
const { leads, stages } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
const inside = <T>(work: Parameters<ReturnType<typeof the>["db"]["tenant"]>[1]) =>
  the().db.tenant(systemActor(people.workspace_id), work) as Promise<T>;
const drift = () => inside(recount);
const { ways, make, email } = waysOf(() => people);
ways["fold"] = () => inside(foldCounts);

test("after anything in any order", async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(ways)), fc.nat(50)), {
    minLength: 8,
    maxLength: 14,
  });
  const ids = [await make(), await make({ owner_id: people.rep.member_id }), await make()];
  for (const way of Object.keys(ways)) {
    // oxlint-disable-next-line no-await-in-loop -- each way once, then at random
    await ways[way]?.(ids, ids.length);
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
