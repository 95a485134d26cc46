import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readConfig } from "./config.ts";

describe("settings", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-config-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (environment: Record<string, string> = {}) =>
    readConfig({ BELLWETHER_DATA: folder, ...environment });

  test("all have a usual value", () => {
    expect(read()).toMatchObject({
      port: 3000,
      publicUrl: "http://localhost:3000",
      dataDir: folder,
      rateLimits: true,
      signUp: "closed",
      databaseUrl: undefined,
    });
  });

  test("the secret is made once, kept, and readable by its owner only", () => {
    const { secret } = read();
    expect(secret.length).toBeGreaterThanOrEqual(43);
    expect(read().secret).toBe(secret);
    expect(readFileSync(join(folder, "secret"), "utf8").trim()).toBe(secret);
    expect(statSync(join(folder, "secret")).mode & 0o777).toBe(0o600);
  });

  test("the data folder is made, with the folders above it", () => {
    const deep = join(folder, "a", "b");
    expect(read({ BELLWETHER_DATA: deep }).dataDir).toBe(deep);
  });

  test.each([
    [{ PORT: "http" }, /PORT is “http”/],
    [{ PORT: "70000" }, /1 to 65535/],
    [{ BELLWETHER_URL: "leads.example.com" }, /BELLWETHER_URL is “leads.example.com”/],
    [{ DATABASE_URL: "mysql://root:geheim@db/x" }, /^DATABASE_URL is no PostgreSQL address(?!.*geheim)/],
    [{ SMTP_URL: "http://mail" }, /SMTP_URL/],
    [{ BELLWETHER_SECRET: "short" }, /at least 32/],
    [{ BELLWETHER_RATE_LIMITS: "perhaps" }, /on or off/],
    [{ BELLWETHER_LOG_LEVEL: "loud" }, /trace, debug/],
    [{ BELLWETHER_DATA: "/proc/nowhere/data" }, /can't be written to .* set BELLWETHER_DATA/],
  ])("%j ends in one sentence", (environment, sentence) => {
    expect(() => read(environment)).toThrow(sentence);
  });
});
