import { contract } from "@bellwether/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, raw, settle, useProgram } from "../../kernel/testing/program.ts";

useProgram();
const { leads, fields } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
  await call(people.ada, fields.create, {
    key: "plan",
    label: "Plan",
    type: "choice",
    options: ["free", "pro"],
  });
});

describe("POST /leads", () => {
  test("201 normalises what it was given and says so in the answer", async () => {
    const { status, body, headers } = await call(people.rep, leads.create, {
      email: " Zoë@Example.COM ",
      phone: "+49 (30) 123-4567",
      last_name: "",
      attributes: { plan: "PRO" },
      tags: ["VIP", "vip"],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      email: "zoë@example.com",
      phone: "+49301234567",
      last_name: null,
      stage: "new",
      attributes: { plan: "pro" },
      tags: ["VIP"],
    });
    expect(headers["etag"]).toBe(`"${body.revision}"`);
  });

  test("409 names the lead that has the address, whatever its capitals", async () => {
    const first = await call(people.rep, leads.create, { email: "jo@example.com" });
    const again = await call(people.rep, leads.create, { email: "JO@example.com" });
    expect(again.status).toBe(409);
    expect(again.problem).toMatchObject({ code: "lead_exists", lead_id: first.body.id });
  });

  test("422 names every field that is wrong, at once", async () => {
    const { status, problem } = await raw(people.rep, "POST", "/leads", {
      email: "nobody",
      phone: "030 1234567",
      stage: "limbo",
      colour: "red",
      attributes: {},
    });
    expect(status).toBe(422);
    expect(problem.errors.map((error) => error.path)).toEqual(["colour"]);
    const next = await raw(people.rep, "POST", "/leads", {
      email: "nobody",
      phone: "030 1234567",
      stage: "limbo",
      attributes: { plan: "gold", shoe: 43 },
    });
    expect(next.problem.errors.map((error) => error.code).toSorted()).toEqual([
      "invalid_email",
      "phone_without_country",
      "unknown_choice",
      "unknown_field",
      "unknown_stage",
    ]);
  });

  test("422 without e-mail, phone, WhatsApp id or external id", async () => {
    const { status, problem } = await call(people.rep, leads.create, { first_name: "Jo" });
    expect(status).toBe(422);
    expect(problem.errors[0]?.code).toBe("identifier_required");
  });

  test("403 for a viewer; 401 for nobody", async () => {
    expect((await call(people.viewer, leads.create, { email: "v@example.com" })).status).toBe(403);
    expect(
      (await call({ name: "nobody", headers: {} }, leads.create, { email: "v@example.com" })).status,
    ).toBe(401);
  });
});

describe("one lead", () => {
  test("PATCH tells what was before in the timeline, and clears with null", async () => {
    const { body: lead } = await call(people.rep, leads.create, {
      email: "patch@example.com",
      company: "Old",
    });
    const changed = await call(people.rep, leads.update, {
      id: lead.id,
      company: "New",
      attributes: { plan: "free" },
    });
    expect(changed.body).toMatchObject({ company: "New", attributes: { plan: "free" }, revision: 2 });
    const cleared = await call(people.rep, leads.update, { id: lead.id, attributes: { plan: null } });
    expect(cleared.body.attributes).toEqual({});
    const { body: timeline } = await call(people.ada, leads.timeline, { id: lead.id });
    expect(timeline.data.map((event) => event.name)).toEqual([
      "lead.updated",
      "lead.updated",
      "lead.created",
    ]);
    expect(timeline.data[1]).toMatchObject({
      actor: { name: "Rep" },
      data: { changes: { company: { from: "Old", to: "New" } } },
    });
  });

  test("412 when it changed in between, with what it is now", async () => {
    const { body: lead } = await call(people.rep, leads.create, { email: "match@example.com" });
    await call(people.rep, leads.update, { id: lead.id, city: "Berlin" });
    const late = await call(people.ada, leads.update, { id: lead.id, city: "Paris" }, { "if-match": '"1"' });
    expect(late.status).toBe(412);
    expect(late.problem).toMatchObject({ code: "changed_meanwhile", current: { city: "Berlin" } });
  });

  test("Rival cannot tell a hidden lead from a missing one", async () => {
    const { body: lead } = await call(people.rep, leads.create, { email: "secret@example.com" });
    const hidden = await call(people.rival, leads.show, { id: lead.id });
    const missing = await call(people.rival, leads.show, { id: "01900000-0000-7000-8000-000000000000" });
    const { request_id: _h, ...there } = hidden.problem;
    const { request_id: _m, ...gone } = missing.problem;
    expect(hidden.status).toBe(404);
    expect(there).toEqual(gone);
    expect((await call(people.rival, leads.update, { id: lead.id, city: "X" })).status).toBe(404);
    expect((await call(people.rival, leads.create, { email: "secret@example.com" })).status).toBe(201);
  });

  test("DELETE frees its address at once, and restore says when it is taken", async () => {
    const { body: lead } = await call(people.max, leads.create, { email: "bin@example.com" });
    expect((await call(people.rep, leads.remove, { id: lead.id })).status).toBe(403);
    expect((await call(people.max, leads.remove, { id: lead.id })).status).toBe(200);
    expect((await call(people.max, leads.show, { id: lead.id })).status).toBe(404);
    const { body: next } = await call(people.max, leads.create, { email: "bin@example.com" });
    expect((await call(people.max, leads.restore, { id: lead.id })).problem).toMatchObject({
      code: "lead_exists",
      lead_id: next.id,
    });
    await call(people.max, leads.remove, { id: next.id });
    expect((await call(people.max, leads.restore, { id: lead.id })).status).toBe(200);
  });
});

describe("finding leads", () => {
  test("by words with or without accents, by phone in any notation, by field", async () => {
    const { body: lead } = await call(people.rep, leads.create, {
      email: "find@example.org",
      first_name: "José",
      last_name: "Núñez",
      phone: "+34 910 000 001",
      company: "Ünique Söhne",
    });
    await settle();
    for (const query of [
      "nunez",
      "NÚÑEZ jose",
      "unique sohne",
      "find@example.org",
      "910 000 001",
      "+34 (910) 000-001",
      "0034910000001",
      "email:FIND@example.org",
      "company:Ünique*",
      'last_name:"Núñez"',
    ]) {
      const { body } = await call(people.rep, leads.search, { query });
      expect(
        body.data.map((each) => each.id),
        query,
      ).toEqual([lead.id]);
    }
    expect((await call(people.rep, leads.search, { query: "nunez -jose" })).body.data).toEqual([]);
    expect((await call(people.rival, leads.search, { query: "nunez" })).body.data).toEqual([]);
  });

  test("400 names the field that does not exist and the nearest one", async () => {
    const { status, problem } = await call(people.rep, leads.search, { query: "paln:pro" });
    expect(status).toBe(400);
    expect(problem.detail).toContain("Did you mean “plan”?");
  });

  test("pages follow each other without a gap or a repeat, in every order", async () => {
    const { ada } = await cast();
    for (let each = 0; each < 7; each++) {
      await call(ada, leads.create, {
        email: `p${each}@example.com`,
        ...(each % 2 === 0 ? { last_name: `N${each % 3}` } : {}),
      });
    }
    for (const field of ["created_at", "last_name", "email"]) {
      for (const direction of ["asc", "desc"] as const) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const { body } = await call(ada, leads.query, {
            sort: [{ field, direction }],
            limit: 2,
            ...(cursor === undefined ? {} : { cursor }),
          });
          seen.push(...body.data.map((lead) => lead.email ?? ""));
          cursor = body.next_cursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen.toSorted(), `${field} ${direction}`).toEqual(
          [0, 1, 2, 3, 4, 5, 6].map((each) => `p${each}@example.com`),
        );
      }
    }
    const { body } = await call(ada, leads.query, {
      sort: [{ field: "last_name", direction: "desc" }],
      limit: 7,
    });
    expect(body.data.map((lead) => lead.last_name)).toEqual(["N2", "N1", "N0", "N0", null, null, null]);
  });

  test("400 for a cursor of another query", async () => {
    const { body } = await call(people.ada, leads.query, { limit: 1 });
    const { problem } = await call(people.ada, leads.query, {
      limit: 1,
      cursor: body.next_cursor ?? "",
      q: "plan:pro",
    });
    expect(problem.code).toBe("bad_cursor");
  });
});
