import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { LeadQuery } from "@bellwether/contracts/leads";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { planOf, statementsOf } from "../../kernel/testing/statements.ts";

/**
 * Row-level security must change no plan: its quals come before operators that are not leakproof, so a statement in the
 * wrong role would quietly read the whole table. Each statement that the program sends is explained as it was sent, and
 * as somebody whom no policy applies to.
 */
useProgram();
const many = 20_000;
let people: Cast;
let lead_id: string;

beforeAll(async () => {
  people = await cast();
  for (const [key, type] of [
    ["industry", "text"],
    ["seats", "number"],
    ["note", "text"],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- slots are given in this order
    await call(people.ada, contract.fields.create, { key, label: key, type, fast: key !== "note" });
  }
  await call(people.ada, contract.leads.create, { email: "tagged@example.com", tags: ["rare"] });
  await settle();
  lead_id = await fill();
}, 120_000);

async function fill(): Promise<string> {
  const { ownerPool: owner } = the();
  const slots = await owner.query<{ key: string; slot: string }>(
    "select key, slot from field where workspace_id = $1 and slot is not null",
    [people.workspace_id],
  );
  const slotOf = new Map(slots.rows.map(({ key, slot }) => [key, slot]));
  const insert = `insert into lead (workspace_id, id, email, first_name, last_name, company, phone, stage, country, attributes, created_by, created_at, updated_at, ${slotOf.get("industry")}, ${slotOf.get("seats")})
     select $1, gen_random_uuid(), 'p' || n || '@example.com', 'Person', 'Name' || n % 5003, 'Company ' || n % 2003, '+4930' || (10000000 + n),
       (array['new','contacted','qualified','qualifying'])[1 + n % 4], (array['DE','FR','US'])[1 + n % 3],
       jsonb_build_object('industry', 'Industry ' || n % 1009, 'seats', n % 1000, 'note', 'note ' || n % 997),
       '{"kind":"system","id":null,"name":"Test"}', now() - n * interval '1 minute', now() - (n * 7919 % ${many}) * interval '1 minute', 'Industry ' || n % 1009, n % 1000
     from generate_series($2::int, $3) n`;
  // In parts, since a transaction of another test file must not wait long for this one's.
  for (let from = 1; from <= many; from += 5_000) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await owner.query(insert, [people.workspace_id, from, from + 4_999]);
  }
  await owner.query(
    "insert into lead_search select workspace_id, id, app.folded(concat_ws(' ', first_name, last_name, company)) || E'\\n' || app.folded(concat_ws(' ', email, phone)) from lead where workspace_id = $1 on conflict do nothing",
    [people.workspace_id],
  );
  await owner.query(
    "insert into lead_stat (workspace_id, lead_id, score) select workspace_id, id, hashtext(id::text) & 63 from lead where workspace_id = $1 on conflict do nothing",
    [people.workspace_id],
  );
  await owner.query(
    "insert into tag (workspace_id, id, name, name_key) select $1, gen_random_uuid(), 't' || n, 't' || n from generate_series(1, 500) n",
    [people.workspace_id],
  );
  await owner.query(
    "insert into lead_tag (workspace_id, lead_id, tag_id) select t.workspace_id, l.id, t.id from lead l join tag t on t.workspace_id = l.workspace_id and t.name_key = 't' || right(l.phone, 8)::int % 1000 where l.workspace_id = $1",
    [people.workspace_id],
  );
  for (const table of ["lead", "lead_search", "lead_stat", "lead_tag", "tag", "field"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other on a busy machine
    await owner.query(`vacuum analyze ${table}`);
  }
  const { rows } = await owner.query<{ id: string }>(
    "select id from lead where workspace_id = $1 and email = 'p777@example.com'",
    [people.workspace_id],
  );
  return rows[0]?.id ?? "";
}

const is = (field: string, value: string | number) => ({ field, is: "eq" as const, value });
const by = (field: string, direction: "asc" | "desc" = "asc") => ({ sort: [{ field, direction }] });
const pages: Record<string, Partial<LeadQuery>> = {
  "newest first": {},
  "by last name": by("last_name"),
  "by company, backward": by("company", "desc"),
  "by last change": by("updated_at", "desc"),
  "by a fast field": by("attributes.seats"),
  "by a field and another": {
    sort: [...by("attributes.seats").sort, ...by("attributes.industry", "desc").sort],
  },
  "by score": by("score", "desc"),
  "a column of the board": { rule: is("stage", "qualified"), ...by("updated_at", "desc") },
  "an e-mail": { rule: is("email", "p77@example.com") },
  "a company by name": { rule: is("company", "Company 77"), ...by("last_name") },
  "a value of a fast field": { rule: is("attributes.industry", "Industry 77") },
  "a range of a fast field that nobody has": { rule: { field: "attributes.seats", is: "gt", value: 5000 } },
  "a value of a field that isn't fast": { rule: is("attributes.note", "note 77") },
  "a value without an index": { rule: is("country", "XX") },
  "a tag": { rule: { field: "tags", is: "any_of", value: ["rare"] } },
  "a word that few have": { q: "name777" },
  "a word that everybody has": { q: "person" },
  "a word that nobody has": { q: "nothingofthesort" },
  "any of, none of": {
    rule: {
      all: [
        { any: [is("attributes.industry", "Industry 5"), is("stage", "contacted")] },
        { not: is("country", "DE") },
      ],
    },
  },
};

describe("row-level security changes no plan", () => {
  test.each(Object.entries(pages))("a page: %s", async (_name, query) => {
    const statements = await leadStatements(() => asked(query));
    expect(statements.some((each) => each.scanning)).toBe(true);
    for (const statement of statements) {
      // oxlint-disable-next-line no-await-in-loop -- the machine has other tests to run
      const [under, without] = [await planOf(statement, "with policies"), await planOf(statement, "without")];
      expect(under.shape, statement.text).toBe(without.shape);
      expect(under.read_whole, statement.text).not.toContain("lead");
      expect(under.read_whole, statement.text).not.toContain("lead_search");
    }
  });

  test.each(["newest first", "a value of a fast field", "a column of the board", "a value without an index"])(
    "a count: %s",
    async (name) => {
      const statements = await leadStatements(() => asked({ ...pages[name], count: "exact" }));
      for (const statement of statements.filter(({ text }) => text.includes("count(*)"))) {
        // oxlint-disable-next-line no-await-in-loop -- the same
        const [under, without] = [
          await planOf(statement, "with policies"),
          await planOf(statement, "without"),
        ];
        expect(under.shape, statement.text).toBe(without.shape);
      }
    },
  );

  test("one lead by its id", async () => {
    const statements = await leadStatements(async () => {
      expect((await call(people.ada, contract.leads.show, { id: lead_id })).status).toBe(200);
    });
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      // oxlint-disable-next-line no-await-in-loop -- the same
      const [under, without] = [await planOf(statement, "with policies"), await planOf(statement, "without")];
      expect(under.shape, statement.text).toBe(without.shape);
      expect(under.shape).toContain("lead_pkey");
      expect(under.read_whole, statement.text).not.toContain("lead");
    }
  });
});

async function asked(query: Partial<LeadQuery>): Promise<void> {
  const { status, problem } = await call(people.ada, contract.leads.query, { limit: 50, ...query });
  expect(status, problem.detail).toBe(200);
}

async function leadStatements(work: () => Promise<unknown>) {
  const statements = await statementsOf(work);
  return statements.filter(({ text }) => /\blead\b/.test(text));
}
