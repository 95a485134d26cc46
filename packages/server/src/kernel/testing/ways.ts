import { expect } from "vitest";
import { contract } from "@bellwether/contracts";
import type { BulkAction } from "@bellwether/contracts/changes";
import type { Cast } from "./cast.ts";
import { call, type Person, raw, settle } from "./program.ts";

const { leads, bulk, changes } = contract;
type Ids = string[];
type Way = (ids: Ids, at: number) => Promise<unknown>;
type Make = (more?: object) => Promise<string>;
let counter = 0;
const email = () => `c${++counter}@example.com`;
const any = (ids: Ids, at: number) => ids[at % ids.length] ?? "";

/** Every way in which leads are written, by its name, each of a lead by chance; what a stage or state refuses changes nothing. */
export function waysOf(of: () => Cast): { ways: Record<string, Way>; make: Make; email: () => string } {
  const make: Make = async (more = {}) =>
    (await call(of().ada, leads.create, { email: email(), ...more })).body.id;
  return { ways: { ...waysOfOne(of, make), ...waysOfMany(of) }, make, email };
}

function waysOfOne(of: () => Cast, make: Make): Record<string, Way> {
  return {
    create: async (ids) => ids.push(await make()),
    create_won: async (ids) => ids.push(await make({ stage: "converted", owner_id: of().rep.member_id })),
    move: (ids, at) => call(of().ada, leads.setStage, { id: any(ids, at), stage: "contacted" }),
    lose: (ids, at) => call(of().ada, leads.setStage, { id: any(ids, at), stage: "lost", reason: "x" }),
    reopen: (ids, at) => call(of().ada, leads.reopen, { id: any(ids, at) }),
    assign: (ids, at) => call(of().ada, leads.setOwner, { id: any(ids, at), owner_id: of().max.member_id }),
    unassign: (ids, at) => call(of().ada, leads.setOwner, { id: any(ids, at), owner_id: null }),
    bin: (ids, at) => call(of().ada, leads.remove, { id: any(ids, at) }),
    restore: (ids, at) => call(of().ada, leads.restore, { id: any(ids, at) }),
    hide: (ids, at) => call(of().ada, leads.hide, { id: any(ids, at) }),
    show: (ids, at) => call(of().ada, leads.unhide, { id: any(ids, at) }),
    merge: (ids, at) => raw(of().ada, "POST", `/leads/${any(ids, at)}/merge`, { other_id: any(ids, at + 1) }),
  };
}

function waysOfMany(of: () => Cast): Record<string, Way> {
  const inBulk = async (ids: Ids, at: number, action: BulkAction) => {
    const lead_ids = [...new Set([any(ids, at), any(ids, at + 1), any(ids, at + 2)])];
    await call(of().ada, bulk.start, { lead_ids, action });
    await settle();
  };
  const bringIn = async () => {
    const known = `c${counter}@example.com`;
    await importFile(of().ada, `email,stage\n${email()},New\n${email()},Lost\n${known},Follow-up\n`);
  };
  const undo = async () => {
    const { data } = (await call(of().ada, changes.list, {})).body;
    const last = data.find((each) => each.can_undo);
    if (last !== undefined) await call(of().ada, changes.undo, { id: last.id });
    await settle();
  };
  return {
    bulk_move: (ids, at) => inBulk(ids, at, { kind: "set_stage", stage: "qualifying" }),
    bulk_owner: (ids, at) => inBulk(ids, at, { kind: "set_owner", owner_id: of().rep.member_id }),
    bulk_bin: (ids, at) => inBulk(ids, at, { kind: "delete" }),
    undo,
    batch: async (ids) => {
      const { body } = await call(of().ada, leads.batch, {
        leads: [{ email: email() }, { email: email(), stage: "qualified" }],
      });
      ids.push(...body.data.flatMap((each) => each.id ?? []));
    },
    import: bringIn,
    undo_import: async () => {
      await bringIn();
      await undo();
    },
  };
}

async function importFile(who: Person, text: string): Promise<void> {
  const { body } = await raw<{ id: string }>(who, "POST", "/imports?file_name=a.csv", text, {
    "content-type": "text/csv",
  });
  const columns = (text.split("\n")[0] ?? "").split(",").map((field, index) => ({ index, field }));
  await call(who, contract.imports.map, { id: body.id, columns, options: { lost_reason: "Old" } });
  await settle();
  expect((await call(who, contract.imports.run, { id: body.id })).status).toBe(202);
  await settle();
}
