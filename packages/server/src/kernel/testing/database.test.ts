import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./database.ts";

describe("the test database", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  async function ask(url: string, question: string): Promise<unknown> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query(question);
      return rows[0];
    } finally {
      await client.end();
    }
  }

  test("is migrated, and the server's role owns nothing and bypasses nothing", async () => {
    expect(
      await ask(database.ownerUrl, "select count(*)::int > 0 as migrated from public.migration"),
    ).toEqual({ migrated: true });
    expect(
      await ask(
        database.appUrl,
        `select current_user as name, rolsuper, rolbypassrls, rolcreaterole, pg_has_role('bellwether_scan', 'usage') as inherits_scan,
           (select count(*)::int from pg_class where relowner = r.oid) as owns
         from pg_roles r where rolname = current_user`,
      ),
    ).toEqual({
      name: "bellwether_app",
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      inherits_scan: false,
      owns: 0,
    });
  });

  test("knows letters beyond ASCII, in searching and in lower case", async () => {
    expect(
      await ask(database.ownerUrl, "select lower('ÉMILIE Иван') as lower, 'иван' % 'Иван' as alike"),
    ).toEqual({ lower: "émilie иван", alike: true });
  });
});
