import { contract } from "@bellwether/contracts";
import type { Lead } from "@bellwether/contracts/leads";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JobCtx } from "../../kernel/jobs.ts";
import { silent } from "../../kernel/log.ts";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { killedAfter } from "../../kernel/testing/killed.ts";
import { call, settle, useProgram } from "../../kernel/testing/program.ts";
import { bounds } from "../changes/index.ts";
import { check, importAll, undone } from "./testing.ts";

const the = useProgram();
const { leads, imports, fields } = contract;
const { part_leads } = bounds;
beforeAll(() => {
  bounds.part_leads = 5;
});
afterAll(() => {
  bounds.part_leads = part_leads;
});

describe("an undo of many", () => {
  const count = 12;
  const file = (first: string) =>
    `email,first_name,company\n${Array.from({ length: count }, (_, n) => `many${n}@example.com,${first},C${n % 7}\n`).join("")}`;

  async function killed(id: string, looks: number): Promise<void> {
    const { rows } = await the().ownerPool.query("select actor from change_set where id = $1", [id]);
    const job = the()
      .modules.flatMap((module) => module.jobs)
      .find((one) => one.name === "changes.work");
    const ctx: JobCtx = { db: the().db, actor: rows[0].actor, log: silent, signal: killedAfter(looks) };
    await expect(job?.run(ctx, { change_set_id: id })).rejects.toThrow("killed");
  }

  test("goes on where it was killed, in what it overwrote and in what it made", async () => {
    const { member: ada } = await signUp("Ada");
    const half = await importAll(ada, file("First").split("\n").slice(0, 7).join("\n"));
    const whole = await importAll(ada, file("Second"));
    expect(whole.result).toMatchObject({ created: 6, updated: 6 });
    await call(ada, imports.undo, { id: whole.id });
    const state = async () => {
      const { rows } = await the().ownerPool.query(
        `select (select count(*)::int from lead where import_id = $1 and first_name = 'First') as back,
           (select count(*)::int from lead where import_id = $2 and deleted_at is not null) as binned,
           (select count(*)::int from event where name = 'lead.updated' and subject_id = $2 and data ->> 'undo' = 'true') as told`,
        [half.id, whole.id],
      );
      return rows[0];
    };
    const seen = [];
    for (const looks of [1, 2, 1]) {
      await killed(whole.id, looks);
      seen.push(await state());
    }
    expect(seen[0]).toEqual({ back: 5, binned: 0, told: 5 });
    expect(seen[1]).toEqual({ back: 6, binned: 0, told: 6 });
    expect(seen[2]).toEqual({ back: 6, binned: 5, told: 6 });
    await settle();
    expect(await state()).toEqual({ back: 6, binned: 6, told: 6 });
    expect((await call(ada, imports.show, { id: whole.id })).body.change?.undone).toEqual({
      restored: 12,
      kept: 0,
    });
  });

  test("one that was stopped is undone as far as it came", async () => {
    const { member: ada } = await signUp("Ada");
    const { id } = await check(ada, file("Stopped"));
    await call(ada, imports.run, { id });
    const cancelled = await call(ada, imports.cancel, { id });
    expect(cancelled.body.change).toMatchObject({ state: "failed", can_undo: false });
    await settle();
    expect((await call(ada, imports.undo, { id })).status).toBe(409);
  });
});

test("import, edits by hand, undo: every value is the one by hand, or else the one before", async () => {
  const value = fc.constantFrom("", "x", "y", "z");
  const cells = fc.record({
    first_name: value,
    company: value,
    seats: fc.constantFrom("", "1", "2"),
    tags: fc.constantFrom("", "T1", "T1;T2"),
  });
  const person = fc.nat(5);
  const edit = fc.tuple(
    person,
    fc.constantFrom<object>(
      { first_name: "hand" },
      { company: null },
      { first_name: "x" },
      { attributes: { seats: 9 } },
      { attributes: { seats: null } },
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(cells, { minLength: 3, maxLength: 3 }),
      fc.array(cells, { minLength: 6, maxLength: 6 }),
      fc.constantFrom("overwrite" as const, "fill_blanks" as const),
      fc.array(edit, { maxLength: 4 }),
      async (old, given, on_existing, edits) => {
        const { member: ada } = await signUp("Ada");
        await call(ada, fields.create, { key: "seats", label: "Seats", type: "number" });
        const email = (n: number) => `p${n}@example.com`;
        const shown = async () => {
          const { body } = await call(ada, leads.query, { limit: 200 });
          return new Map(body.data.map((lead) => [lead.email ?? "", lead]));
        };
        await createAll(
          ada,
          old.map((each, n) => ({ email: email(n), ...each })),
        );
        const before = await shown();
        const text = `email,first_name,company,seats,tags\n${given.map((each, n) => [email(n), ...Object.values(each)].join(",")).join("\n")}\n`;
        const columns = ["email", "first_name", "company", "attributes.seats", "tags"].map(
          (field, index) => ({ index, field }),
        );
        const { id, change } = await importAll(ada, text, columns, { on_existing });
        const imported = await shown();
        for (const [n, patch] of edits) {
          await call(ada, leads.update, { id: imported.get(email(n))?.id ?? "", ...patch });
        }
        const edited = await shown();
        if (change?.can_undo === true) await undone(ada, id);
        const after = await shown();
        const all = Array.from({ length: 6 }, (_, n) => email(n));
        const touched = (each: string) => imported.get(each)?.revision !== edited.get(each)?.revision;
        const kept = all.filter((each) => before.has(each) || touched(each));
        expect([...after.keys()].toSorted((a, b) => a.localeCompare(b))).toEqual(kept);
        for (const each of all.filter((one) => before.has(one))) {
          const [was, got, by_hand, is] = [before, imported, edited, after].map((then) => then.get(each));
          expect(is?.tags).toEqual(was?.tags);
          for (const of of [first, company, seats]) {
            expect(of(is)).toEqual(of(by_hand) === of(got) ? of(was) : of(by_hand));
          }
        }
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

const first = (lead: Lead | undefined) => lead?.first_name;
const company = (lead: Lead | undefined) => lead?.company;
const seats = (lead: Lead | undefined) => lead?.attributes["seats"];

async function createAll(who: Member, each: Record<string, string>[]): Promise<void> {
  const sent = each.map(({ seats: count, tags: names, ...plain }) => ({
    ...plain,
    tags: (names ?? "").split(";").filter(Boolean),
    attributes: count === "" ? {} : { seats: Number(count) },
  }));
  const { body } = await call(who, leads.batch, { leads: sent });
  expect(body.data.map(({ status }) => status)).toEqual(sent.map(() => "created"));
}
