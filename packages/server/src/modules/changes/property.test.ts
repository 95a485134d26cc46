import { contract } from "@bellwether/contracts";
import type { BulkAction } from "@bellwether/contracts/changes";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, useProgram } from "../../kernel/testing/program.ts";
import { done, make, undone } from "./testing.ts";

useProgram();

let ada: Member;
let ids: string[];
beforeAll(async () => {
  ({ member: ada } = await signUp("Ada"));
  const choices = ["a", "b", "c"].map((value) => ({ value, label: value }));
  await call(ada, contract.fields.create, {
    key: "kinds",
    label: "Kinds",
    type: "choices",
    options: choices,
  });
  await call(ada, contract.fields.create, { key: "seats", label: "Seats", type: "number" });
  await call(ada, contract.fields.create, { key: "vat", label: "VAT", type: "text", unique: true });
  ids = await make(ada, 8, (n) => ({
    ...(n % 2 === 0 ? { external_id: `x${n}`, tags: ["One"], city: "Bonn" } : { owner_id: ada.member_id }),
    ...(n % 3 === 0 ? { stage: "qualified", qualification: n, tags: ["Two"] } : {}),
    attributes: { vat: `V${n}`, ...(n % 2 === 0 ? { seats: n, kinds: ["a", "b"] } : {}) },
  }));
});

const actions: fc.Arbitrary<BulkAction> = fc.oneof(
  fc.constantFrom<BulkAction>(
    { kind: "delete" },
    { kind: "clear_field", field: "email" },
    { kind: "clear_field", field: "external_id" },
    { kind: "clear_field", field: "vat" },
    { kind: "clear_field", field: "seats" },
    { kind: "set_field", field: "kinds", value: ["c", "a"] },
    { kind: "set_owner", owner_id: null },
  ),
  fc
    .constantFrom("one", "Two", "Three")
    .chain((tag) => fc.constantFrom<BulkAction>({ kind: "add_tag", tag }, { kind: "remove_tag", tag })),
  fc.nat(3).map((value): BulkAction => ({ kind: "set_field", field: "seats", value })),
  fc
    .constantFrom("new", "qualified", "converted")
    .map((value): BulkAction => ({ kind: "set_field", field: "stage", value })),
  fc.constantFrom("Price", "Timing").map((reason): BulkAction => ({
    kind: "set_stage",
    stage: "lost",
    reason,
  })),
  fc
    .constantFrom("Bonn", "Kiel", "")
    .map((value): BulkAction => ({ kind: "set_field", field: "city", value })),
  fc
    .constantFrom(0, 6, null)
    .map((value): BulkAction => ({ kind: "set_field", field: "qualification", value })),
);

/** All that people see as values. */
async function state() {
  const { body } = await call(ada, contract.leads.query, { limit: 200 });
  return body.data.map(({ updated_at: _u, revision: _r, ...lead }) => lead);
}

test("whatever was done in bulk, undone in reverse order, leaves every lead as it was", async () => {
  const before = await state();
  const steps = fc.array(fc.tuple(fc.subarray(ids, { minLength: 1 }), actions), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const sets = [];
      for (const [lead_ids, action] of all) {
        sets.push(await done(ada, { lead_ids, action }));
      }
      for (const set of sets.toReversed().filter((each) => each.can_undo)) {
        const { undone: result } = await undone(ada, set);
        expect(result).toEqual({ restored: set.changed, kept: 0 });
      }
      expect(await state()).toEqual(before);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);
