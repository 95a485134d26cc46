import { contract } from "@bellwether/contracts";
import type { Field } from "@bellwether/contracts/fields";
import type { ColumnMapping } from "@bellwether/contracts/imports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, raw, settle, useProgram } from "../../kernel/testing/program.ts";
import { slotErrors } from "../../kernel/testing/slots.ts";

/** A fast field's values stand in a slot too, whoever wrote them, and whenever it was made fast. */
const the = useProgram();
const { fields, leads, bulk, changes, imports } = contract;
const types = ["text", "number", "date", "datetime", "yes_no", "choice", "url", "money"] as const;

async function workspace(): Promise<{ ada: Member; ids: string[] }> {
  const { member: ada } = await signUp("Ada");
  for (const [n, type] of types.entries()) {
    const body = { key: type, label: type, type, options: type === "choice" ? ["free", "pro"] : [] };
    // Some from the beginning, some later.
    const { status } = await call(ada, fields.create, { ...body, fast: n % 2 === 0 });
    expect(status).toBe(201);
  }
  const made = Array.from({ length: 6 }, (_, n) => ({ email: `p${n}@example.com` }));
  const { body } = await call(ada, leads.batch, { leads: made });
  return { ada, ids: body.data.map((each) => each.id ?? "") };
}

const values: Record<(typeof types)[number], readonly (string | number | boolean | null)[]> = {
  text: ["Ärzte", "x".repeat(300), "%_'\"\\", "🙂 مرحبا", null],
  number: [0, -1.5, 1e21, 0.1, null],
  date: ["2024-02-29", "0001-01-01", "9999-12-31", null],
  datetime: ["2026-03-28T22:59:59.999Z", "1969-12-31T23:59:59.001Z", null],
  yes_no: [true, false, null],
  choice: ["free", "pro", null],
  url: ["https://a.example/ü", `https://a.example/${"y".repeat(400)}`, null],
  money: [10.55, null],
};
const attributes = fc.record(
  Object.fromEntries(types.map((type) => [type, fc.constantFrom(...values[type])])),
  { requiredKeys: [] },
);
type Step =
  | { do: "create" | "patch" | "import" | "fill"; at: number; attributes: Record<string, unknown> }
  | { do: "bulk" | "fast" | "archive"; at: number; key: (typeof types)[number]; value: unknown }
  | { do: "bin" | "undo"; at: number };
const at = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("create", "patch", "import", "fill"), at, attributes }),
  fc.constantFrom(...types).chain((key) =>
    fc.record({
      do: fc.constantFrom("bulk", "bulk", "fast", "archive"),
      at,
      key: fc.constant(key),
      value: fc.constantFrom(...values[key]),
    }),
  ),
  fc.record({ do: fc.constantFrom("bin", "undo", "undo"), at }),
);

async function take(ada: Member, ids: string[], one: Step): Promise<void> {
  const id = ids[one.at] ?? "";
  switch (one.do) {
    case "create":
      await call(ada, leads.create, { external_id: `${Math.random()}`, attributes: one.attributes });
      return;
    case "patch":
      await call(ada, leads.update, { id, attributes: one.attributes });
      return;
    case "import":
    case "fill":
      await importRow(ada, `p${one.at}@example.com`, one.attributes, one.do === "fill");
      return;
    case "bulk":
      await call(ada, bulk.start, {
        lead_ids: ids.slice(one.at),
        action:
          one.value === null
            ? { kind: "clear_field", field: one.key }
            : { kind: "set_field", field: one.key, value: one.value },
      });
      return;
    case "fast":
      await call(ada, fields.update, { key: one.key, fast: one.at % 2 === 0 });
      return;
    case "archive":
      await call(ada, fields.update, { key: one.key, archived: one.at === 0 });
      return;
    case "bin":
      if ((await call(ada, leads.remove, { id })).status !== 200) await call(ada, leads.restore, { id });
      return;
    case "undo": {
      const { body } = await call(ada, changes.list, {});
      const set = body.data.find((each) => each.can_undo);
      if (set !== undefined) await call(ada, changes.undo, { id: set.id });
    }
  }
}

/** One row that exists and one that is new. */
async function importRow(
  ada: Member,
  email: string,
  cells: Record<string, unknown>,
  fill: boolean,
): Promise<void> {
  const keys = Object.keys(cells);
  const quoted = (value: unknown) =>
    value === null
      ? ""
      : `"${(typeof value === "string" ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;
  const row = keys.map((key) => quoted(cells[key])).join(",");
  const text = `email,${keys.join(",")}\n${email},${row}\n${Math.random()}@new.example,${row}\n`;
  const draft = await raw<{ id: string }>(ada, "POST", "/imports?file_name=x.csv", text, {
    "content-type": "text/csv",
  });
  const columns: ColumnMapping[] = ["email", ...keys].map((key, index) => ({
    index,
    field: key === "email" ? key : `attributes.${key}`,
  }));
  const { id } = draft.body;
  await call(ada, imports.map, {
    id,
    columns,
    options: { on_existing: fill ? "fill_blanks" : "overwrite", date_format: "iso" },
  });
  await settle();
  await call(ada, imports.run, { id });
}

describe("what stands in the slots", () => {
  test("is what the attributes say, after whatever was done by whatever way, and switched in between", async () => {
    const { ada, ids } = await workspace();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        for (const one of steps) {
          await take(ada, ids, one);
        }
        await settle();
        expect(await slotErrors()).toEqual([]);
      }),
      { numRuns: 40, endOnFailure: true },
    );
    // Not because nothing was written: leads of each way in, and changes of each kind.
    const { rows } = await the().ownerPool.query(
      `select count(*) filter (where import_id is null)::int as made, count(*) filter (where import_id is not null)::int as imported,
         (select count(*) from change_set where changed > 0)::int as changed, (select count(*) from change_set where restored > 0)::int as undone
       from lead where num_nonnulls(t1, t2, t3, n1, n2, n3, n4, n5) > 0`,
    );
    expect(Math.min(...Object.values<number>(rows[0])), JSON.stringify(rows[0])).toBeGreaterThan(0);
  }, 240_000);

  test("is gone when the field is deleted, and its place is free for another", async () => {
    const { ada, ids } = await workspace();
    await call(ada, leads.update, { id: ids[0] ?? "", attributes: { text: "mine" } });
    await call(ada, fields.update, { key: "text", archived: true });
    await call(ada, fields.remove, { key: "text" });
    await settle();
    await call(ada, fields.create, { key: "text", label: "Text", type: "text", fast: true });
    expect(await slotErrors()).toEqual([]);
  });
});

describe("making a field fast", () => {
  const shown = async (who: Member, key: string): Promise<Field | undefined> =>
    (await call(who, fields.list, {})).body.data.find((field) => field.key === key);

  test("fills in what is there, shows how far it is, and changes no lead's revision", async () => {
    const { ada, ids } = await workspace();
    const before = await call(ada, leads.update, { id: ids[0] ?? "", attributes: { number: 7 } });
    const { body } = await call(ada, fields.update, { key: "number", fast: true });
    expect(body).toMatchObject({ fast: true, preparing: 0 });
    const rule = { field: "attributes.number", is: "between" as const, value: [6, 8] };
    const found = async () => (await call(ada, leads.query, { rule })).body.data.map((lead) => lead.id);
    expect(await found()).toEqual([ids[0]]);
    await settle();
    expect(await shown(ada, "number")).toMatchObject({ fast: true, preparing: null });
    expect(await found()).toEqual([ids[0]]);
    expect((await call(ada, leads.show, { id: ids[0] ?? "" })).body).toEqual(before.body);
  });

  test("has room for eight of a kind; the refusal names them, and there is room again when one has gone", async () => {
    const { member: ada } = await signUp("Ada");
    const make = (n: number, more: object = {}) =>
      call(ada, fields.create, { key: `n${n}`, label: `Number ${n}`, type: "number", ...more });
    for (let n = 1; n <= 8; n++) {
      expect((await make(n)).body).toMatchObject({ fast: true, preparing: null });
    }
    expect((await make(9)).body.fast).toBe(false);
    const refused = await make(10, { fast: true });
    expect([refused.status, refused.problem.code]).toEqual([409, "not_in_state"]);
    expect(refused.problem.detail).toContain("“Number 1”");
    expect((await call(ada, fields.update, { key: "n9", fast: true })).status).toBe(409);
    await call(ada, fields.update, { key: "n3", fast: false });
    const soon = await call(ada, fields.update, { key: "n9", fast: true });
    expect(soon.problem.detail).toContain("“Number 3” will make room in a moment");
    await settle();
    expect((await call(ada, fields.update, { key: "n9", fast: true })).body.fast).toBe(true);
    await settle();
    expect(await slotErrors()).toEqual([]);
  });

  test("is refused for several choices, for archived fields, and to who may not change fields", async () => {
    const { ada } = await workspace();
    await call(ada, fields.create, { key: "many", label: "Many", type: "choices", options: ["a"] });
    expect((await call(ada, fields.update, { key: "many", fast: true })).status).toBe(422);
    await call(ada, fields.update, { key: "text", archived: true });
    expect((await call(ada, fields.update, { key: "text", fast: true })).status).toBe(409);
    const { member: rival } = await signUp("Rival");
    expect((await call(rival, fields.update, { key: "text", fast: true })).status).toBe(404);
  });
});
