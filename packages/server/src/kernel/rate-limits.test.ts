import { beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { keyOf, password, signUp, type Member } from "./testing/cast.ts";
import { call, nobody, type Person, raw, the, useProgram } from "./testing/program.ts";

useProgram({ BELLWETHER_RATE_LIMITS: "on" });
const { leads, identity } = contract;
let ada: Member;
beforeAll(async () => {
  ada = (await signUp("Ada")).member;
});

test("each answer says what is left of which budget; reads, writes and searches have their own", async () => {
  const read = await call(ada, leads.list, {});
  expect(read.headers["ratelimit-policy"]).toBe('"read";q=1200;w=60');
  expect(read.headers["ratelimit"]).toMatch(/^"read";r=1199;t=\d+$/);
  expect((await call(ada, leads.list, {})).headers["ratelimit"]).toMatch(/^"read";r=1198;/);
  expect((await call(ada, leads.create, { email: "a@example.com" })).headers["ratelimit"]).toMatch(
    /^"write";r=599;/,
  );
  expect((await call(ada, leads.query, {})).headers["ratelimit"]).toMatch(/^"search";r=599;/);
  expect((await call(ada, leads.search, { query: "a" })).headers["ratelimit"]).toMatch(/^"search";r=598;/);
});

test("one caller's budget is not another's: a key has its own", async () => {
  const key: Person = await keyOf(ada, "admin");
  expect((await call(key, leads.list, {})).headers["ratelimit"]).toMatch(/^"read";r=1199;/);
});

test("429 with Retry-After once it is spent, whatever the answers were; others go on", async () => {
  const key = await keyOf(ada, "viewer");
  // 600 writes, of which a viewer may do none.
  for (let each = 0; each < 600; each++) {
    const { status } = await raw(key, "POST", "/leads", "{}");
    if (status !== 403) {
      throw new Error(`${each}: ${status}`);
    }
  }
  const refused = await raw(key, "POST", "/leads", "{}");
  expect(refused.problem).toMatchObject({ status: 429, code: "too_many_requests" });
  const seconds = Number(refused.headers["retry-after"]);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(refused.headers["ratelimit"]).toMatch(/^"write";r=0;t=\d+$/);
  expect((await call(key, leads.list, {})).status).toBe(200);
  expect((await call(ada, leads.create, { email: "b@example.com" })).status).toBe(201);
});

test("signing in is bounded for an address, whichever accounts are tried from it", async () => {
  const statuses: number[] = [];
  for (let each = 0; each < 25; each++) {
    const answer = await the().app.inject({
      method: "POST",
      url: "/api/v1/session",
      remoteAddress: "192.0.2.7",
      payload: { email: `guess-${each}@example.com`, password: "wrong password" },
    });
    statuses.push(answer.statusCode);
  }
  expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
  expect(statuses.slice(20)).toEqual([429, 429, 429, 429, 429]);
  expect((await call(nobody, identity.signIn, { email: ada.email, password })).status).toBe(201);
});

test("a forged X-Forwarded-For doesn't make a new address unless the proxy is trusted", async () => {
  const ask = (forwarded: string) =>
    the().app.inject({
      method: "POST",
      url: "/api/v1/session",
      remoteAddress: "192.0.2.8",
      headers: { "x-forwarded-for": forwarded },
      payload: { email: "guess@example.org", password: "wrong password" },
    });
  const left = (text: unknown) => Number(/r=(\d+)/.exec(String(text))?.[1]);
  const first = left((await ask("198.51.100.1")).headers["ratelimit"]);
  expect(left((await ask("198.51.100.2")).headers["ratelimit"])).toBe(first - 1);
});
