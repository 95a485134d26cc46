import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appUrl, migrate } from "./migrate.ts";
import { type TestDatabase, testDatabase, testSecrets } from "./testing/database.ts";

describe("migrations", () => {
  let database: TestDatabase;
  const folder = mkdtempSync(join(tmpdir(), "bellwether-migrations-"));
  const write = (name: string, sql: string): void => writeFileSync(join(folder, name), sql);
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  test("a migrated database is left alone", async () => {
    expect(await migrate(database.ownerUrl, testSecrets)).toEqual([]);
  });

  test("a database that has had more than this program knows is refused", async () => {
    await expect(migrate(database.ownerUrl, testSecrets, folder)).rejects.toThrow(
      /newer than this Bellwether/,
    );
  });

  test("each runs once and whole; a failed one leaves nothing, and says where", async () => {
    const blank = await testDatabase({ blank: true });
    try {
      write("0001_one.sql", "create table one (n int);");
      expect(
        await Promise.all([
          migrate(blank.ownerUrl, testSecrets, folder),
          migrate(blank.ownerUrl, testSecrets, folder),
        ]),
      ).toEqual(expect.arrayContaining([["0001_one"], []]));
      write("0002_two.sql", "create table two (n int);\nselect nonsense;");
      await expect(migrate(blank.ownerUrl, testSecrets, folder)).rejects.toThrow(/0002_two failed at line 2/);
      write("0002_two.sql", "create table two (n int);");
      expect(await migrate(blank.ownerUrl, testSecrets, folder)).toEqual(["0002_two"]);
      write("0001_one.sql", "create table one (n bigint);");
      await expect(migrate(blank.ownerUrl, testSecrets, folder)).rejects.toThrow(/0001_one was changed/);
    } finally {
      await blank.drop();
    }
  });

  test("the server's password follows from the owner's", () => {
    const of = (address: string) => new URL(appUrl(address, testSecrets));
    expect(of("postgresql://owner:one@db:5433/leads?sslmode=require")).toMatchObject({
      username: "bellwether_app",
      host: "db:5433",
      pathname: "/leads",
      search: "?sslmode=require",
    });
    expect(of("postgresql://owner:one@db/leads").password).toBe(
      of("postgresql://owner:one@other/x").password,
    );
    expect(of("postgresql://owner:two@db/leads").password).not.toBe(
      of("postgresql://owner:one@db/leads").password,
    );
  });
});
