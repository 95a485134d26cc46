import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast, cookieOf, keyOf } from "./testing/cast.ts";
import { expectProblem } from "./testing/problems.ts";
import { call, nobody, type Person, the, useProgram } from "./testing/program.ts";

useProgram();
const { identity, leads } = contract;
let people: Cast;
let key: Person;
beforeAll(async () => {
  people = await cast();
  key = await keyOf(people.ada, "admin");
});

describe("requests from other sites", () => {
  const change = (who: Person, headers: Record<string, string>) =>
    call(who, identity.workspace.update, {}, headers);

  test("are refused where the browser's cookie would make them, and not where a key does", async () => {
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
    ];
    for (const headers of foreign) {
      expectProblem(await change(people.ada, headers), 403, "cross_site");
      expect((await change(key, headers)).status).toBe(200);
      expectProblem(
        await call(
          nobody,
          identity.signIn,
          { email: people.ada.email, password: people.ada.password },
          headers,
        ),
        403,
        "cross_site",
      );
    }
    const own: Record<string, string>[] = [
      { "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
      { origin: "http://localhost:3000", host: "localhost:3000" },
      {},
    ];
    for (const headers of own) {
      expect((await change(people.ada, headers)).status, JSON.stringify(headers)).toBe(200);
    }
    expect((await call(people.ada, leads.list, {}, { "sec-fetch-site": "cross-site" })).status).toBe(200);
  });

  test("a key that is wrong is refused even beside a good cookie", async () => {
    expect(
      (
        await call(
          { name: "both", headers: { ...people.ada.headers, authorization: "Bearer bw_wrong" } },
          leads.list,
          {},
        )
      ).status,
    ).toBe(401);
  });
});

describe("the browser is told to be careful", () => {
  test("the session's cookie is HttpOnly and SameSite, for every path", async () => {
    const answer = await call(nobody, identity.signIn, {
      email: people.ada.email,
      password: people.ada.password,
    });
    const cookie = String([answer.headers["set-cookie"]].flat()[0]);
    expect(cookie).toMatch(/^bellwether\.session_token=/);
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).toMatch(/; Path=\//i);
    expect(cookie).not.toMatch(/; Secure/i);
    expect(cookieOf(answer)).not.toContain(people.ada.password);
  });

  test("content, framing and sniffing are restricted on every answer", async () => {
    for (const url of ["/api/v1/leads", "/health/live", "/nothing"]) {
      const { headers } = await the().app.inject({ url });
      expect(headers["content-security-policy"], url).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
      expect(headers["content-security-policy"]).not.toMatch(/unsafe-eval|script-src[^;]*unsafe/);
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "no-referrer",
      });
      expect(headers["x-powered-by"]).toBeUndefined();
    }
  });
});
