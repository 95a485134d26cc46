import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast } from "./testing/cast.ts";
import { expectProblem } from "./testing/problems.ts";
import { call, nobody, raw, the, useProgram } from "./testing/program.ts";

useProgram();
const { fields, identity, leads } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

describe("every refusal is a problem document", () => {
  test.each([
    ["an endpoint that isn't there", () => raw(people.ada, "GET", "/nothing"), 404, "not_found"],
    ["a method that isn't there", () => raw(people.ada, "PUT", "/leads", { a: 1 }), 404, "not_found"],
    ["an id that is none", () => raw(people.ada, "GET", "/leads/42"), 404, "not_found"],
    ["a body that isn't JSON", () => raw(people.ada, "POST", "/leads", "{email:"), 400, "bad_json"],
    [
      "an empty body that says it is JSON",
      () => raw(people.ada, "POST", "/leads", "", { "content-type": "application/json" }),
      400,
      "bad_json",
    ],
    [
      "__proto__ as a key",
      () => raw(people.ada, "POST", "/leads", '{"email":"a@example.com","__proto__":{"role":"owner"}}'),
      400,
      "bad_json",
    ],
    [
      "constructor.prototype as a key",
      () => raw(people.ada, "POST", "/leads", '{"constructor":{"prototype":{"x":1}}}'),
      400,
      "bad_json",
    ],
    ["a list where an object belongs", () => raw(people.ada, "POST", "/leads", "[]"), 400, "bad_request"],
    [
      "another content type",
      () => raw(people.ada, "POST", "/leads", "<lead/>", { "content-type": "application/xml" }),
      415,
      "unsupported_media_type",
    ],
    [
      "a form",
      () =>
        raw(people.ada, "POST", "/leads", "email=a", { "content-type": "application/x-www-form-urlencoded" }),
      415,
      "unsupported_media_type",
    ],
    [
      "more than 5 MB",
      () => raw(people.ada, "POST", "/leads", `{"email":"${"a".repeat(5_300_000)}"}`),
      413,
      "too_large",
    ],
    [
      "a field that isn't there",
      () => raw(people.ada, "POST", "/leads", { email: "a@example.com", colour: "red" }),
      422,
      "invalid",
    ],
    ["a parameter that isn't there", () => raw(people.ada, "GET", "/leads?colour=red"), 422, "invalid"],
    ["a parameter twice", () => raw(people.ada, "GET", "/leads?limit=1&limit=2"), 422, "invalid"],
    ["a limit beyond the limit", () => raw(people.ada, "GET", "/leads?limit=201"), 422, "invalid"],
    ["a cursor that is none", () => raw(people.ada, "GET", "/leads?cursor=abc"), 400, "bad_cursor"],
    ["nobody", () => raw(nobody, "GET", "/leads"), 401, "not_signed_in"],
    [
      "an unknown key",
      () => raw({ name: "x", headers: { authorization: "Bearer bw_nothing" } }, "GET", "/leads"),
      401,
      "not_signed_in",
    ],
    [
      "a role that may not",
      () => raw(people.viewer, "POST", "/leads", { email: "v@example.com" }),
      403,
      "forbidden",
    ],
  ] as const)("%s", async (_name, ask, status, code) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expectProblem(answer, status, code);
  });

  test("also outside /api/v1, where the API is meant", async () => {
    for (const url of ["/api", "/api/v2/leads", "/api/v1"]) {
      const answer = await the().app.inject({ method: "GET", url });
      expect(
        [answer.statusCode, answer.headers["content-type"], answer.json<{ code: string }>().code],
        url,
      ).toEqual([404, "application/problem+json; charset=utf-8", "not_found"]);
    }
  });

  test("each wrong value is named by its path", async () => {
    const { problem } = await raw(people.ada, "POST", "/leads/query", {
      rule: { all: [{ field: "email", is: "like", value: "x" }] },
      limit: "many",
      surplus: 1,
    });
    expect(problem.errors.map((error) => error.path)).toEqual(expect.arrayContaining(["limit", "surplus"]));
  });
});

describe("characters that can't be stored end in a 422, wherever they stand", () => {
  const nul = "a\u0000b";
  test.each([
    ["POST", "/leads", { email: "n@example.com", first_name: nul }],
    ["POST", "/leads", { external_id: nul }],
    ["POST", "/leads", { email: "tag@example.com", tags: [nul] }],
    ["POST", "/leads", { email: "source@example.com", source: "half \ud800 a character" }],
    ["POST", "/leads/query", { rule: { field: "company", is: "eq", value: nul } }],
    ["POST", "/leads/query", { rule: { field: "company", is: "contains", value: nul } }],
    ["POST", "/leads/query", { rule: { field: "tags", is: "any_of", value: [nul] } }],
    ["POST", "/leads/query", { q: nul }],
    ["POST", "/fields", { key: "nul", label: nul, type: "text" }],
    ["POST", "/fields", { key: "nul", label: "Nul", type: "choice", options: [nul] }],
    ["PATCH", "/workspace", { name: nul }],
    ["PATCH", "/profile", { name: nul }],
    ["POST", "/keys", { name: nul, role: "viewer" }],
    ["POST", "/sign-up", { name: nul, email: "nul@example.com", password: "long enough 1", workspace: "W" }],
    ["POST", "/sign-up", { name: "N", email: "nul2@example.com", password: "long enough 1", workspace: nul }],
    ["POST", "/session", { email: "ada@example.com", password: nul }],
    ["PUT", "/field-order", { keys: [nul] }],
  ] as const)("%s %s %j", async (method, path, body) => {
    const answer = await raw(people.ada, method, path, JSON.stringify(body));
    expect([400, 401, 422], JSON.stringify(answer.problem)).toContain(answer.status);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  });

  test("in a batch they are said of their item, and the others are written", async () => {
    const { status, body } = await call(people.ada, leads.batch, {
      leads: [
        { email: "good@example.com" },
        { email: "bad@example.com", company: nul },
        { email: "worse@example.com", tags: [nul] },
      ],
    });
    expect(status).toBe(207);
    expect(body.data.map((each) => each.status)).toEqual(["created", "refused", "refused"]);
  });

  test("in a path or a query", async () => {
    const { body: lead } = await call(people.ada, leads.create, { email: "path@example.com" });
    for (const [method, path] of [
      ["PUT", `/leads/${lead.id}/tags/%00`],
      ["GET", "/leads/%00"],
      ["GET", "/leads/search?query=%00"],
      ["GET", "/leads/search?query=company:%00"],
      ["GET", "/leads/search?sort=%00"],
      ["DELETE", "/fields/%00"],
      ["GET", "/invitations/by-token/%00"],
      ["DELETE", "/sessions/%00"],
    ] as const) {
      const { status } = await raw(people.ada, method, path);
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(status, path).toBeLessThan(500);
    }
  });
});

describe("answers", () => {
  test("carry a request id, are not cached, and hold what the contract promises alone", async () => {
    const { headers, body } = await call(people.ada, leads.list, {});
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers["cache-control"]).toBe("no-store");
    expect(Object.keys(body).toSorted()).toEqual(["data", "next_cursor"]);
    const keys = await call(people.ada, identity.keys.list);
    expect(JSON.stringify(keys.body)).not.toMatch(/secret|hash/);
  });

  test("/contacts is the same resource as /leads", async () => {
    const made = await raw<{ id: string }>(people.ada, "POST", "/contacts", {
      email: "contact@example.com",
      company: "SaaS Inc",
    });
    expect(made.status).toBe(201);
    expect((await raw<{ id: string }>(people.ada, "GET", `/contacts/${made.body.id}`)).body.id).toBe(
      made.body.id,
    );
    const found = await raw<{ data: { id: string }[] }>(
      people.ada,
      "GET",
      "/contacts/search?query=email:contact@example.com",
    );
    expect(found.body.data.map((each) => each.id)).toEqual([made.body.id]);
    expect((await raw(people.ada, "GET", "/contactsx")).status).toBe(404);
  });
});

describe("ETag and If-Match", () => {
  test("the revision is the ETag, and an older one is refused with what is there now", async () => {
    const made = await call(people.ada, leads.create, { email: "etag@example.com" });
    expect(made.headers["etag"]).toBe('"1"');
    const { id } = made.body;
    const patched = await call(people.ada, leads.update, { id, city: "Ulm" }, { "if-match": '"1"' });
    expect([patched.status, patched.headers["etag"]]).toEqual([200, '"2"']);
    expect((await call(people.ada, leads.show, { id })).headers["etag"]).toBe('"2"');
    const late = await call(people.max, leads.update, { id, city: "Bonn" }, { "if-match": '"1"' });
    expectProblem(late, 412, "changed_meanwhile");
    expect(late.problem).toMatchObject({ current: { city: "Ulm", revision: 2 } });
    for (const header of ['W/"2"', "*"]) {
      expect(
        (await call(people.max, leads.update, { id, city: `Bonn ${header}` }, { "if-match": header })).status,
        header,
      ).toBe(200);
    }
  });

  test("of two edits of one revision at once, one is refused", async () => {
    const { body: lead } = await call(people.ada, leads.create, { email: "race@example.com" });
    const answers = await Promise.all(
      ["Ulm", "Bonn"].map((city) =>
        call(people.ada, leads.update, { id: lead.id, city }, { "if-match": '"1"' }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 412]));
  });
});

describe("beside the API", () => {
  test("health tells that it lives and that it is ready", async () => {
    expect((await the().app.inject({ url: "/health/live" })).json()).toEqual({ status: "live" });
    expect((await the().app.inject({ url: "/health/ready" })).json()).toEqual({ status: "ready" });
  });

  test("metrics count requests by route and status, and name nobody", async () => {
    const { body: lead } = await call(people.ada, leads.create, { email: "metric@example.com" });
    await call(people.ada, leads.show, { id: lead.id });
    const { body, headers } = await the().app.inject({ url: "/metrics" });
    expect(headers["content-type"]).toMatch(/^text\/plain/);
    expect(body).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/leads\/:id",status="200"\} \d+/,
    );
    expect(body).not.toContain(lead.id);
  });

  test("a key's own fields keep their constructor out of harm", async () => {
    for (const name of ["constructor", "__proto__", "to_string", "hasownproperty"]) {
      expect(
        (await raw(people.ada, "POST", "/fields", { key: name, label: name, type: "text" })).status,
        name,
      ).toBe(422);
    }
    const { problem } = await raw(
      people.ada,
      "POST",
      "/leads",
      '{"email":"proto@example.com","attributes":{"constructor":"x","toString":"y"}}',
    );
    expect(problem.errors.map((error) => error.code)).toEqual(["unknown_field", "unknown_field"]);
    expect((await call(people.ada, fields.list, {})).body.data).toEqual([]);
  });
});
