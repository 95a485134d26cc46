import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, useProgram } from "../../kernel/testing/program.ts";

/** The workspace's two switches: what of the leads a role sees, on every way to them. */
useProgram();
const { leads, identity, tags } = contract;

async function ids(who: Person, query: string): Promise<string[]> {
  const { body } = await call(who, leads.search, { query, limit: 200 });
  return body.data.map((lead) => lead.id);
}

describe("“agents see only their own leads”", () => {
  let people: Cast;
  let own: string;
  let free: string;
  let hidden: string;
  beforeAll(async () => {
    people = await cast();
    const make = async (email: string, owner_id: string | null) =>
      (
        await call(people.ada, leads.create, {
          email,
          owner_id,
          company: "Acme",
          tags: ["Shared"],
          external_id: `x-${email}`,
        })
      ).body.id;
    own = await make("own@example.com", people.rep.member_id);
    free = await make("free@example.com", null);
    hidden = await make("hidden@example.com", people.max.member_id);
    await settle();
    await call(people.ada, identity.workspace.update, { agents_see_own: true });
  });
  const seen = () => [own, free].toSorted();

  test("in lists, queries and searches, with their counts", async () => {
    expect((await call(people.rep, leads.list, {})).body.data.map((lead) => lead.id).toSorted()).toEqual(
      seen(),
    );
    for (const query of ["acme", "company:Acme", "email:none -email:none", "tag:shared", "example.com"]) {
      expect((await ids(people.rep, query)).toSorted(), query).toEqual(query.includes("none") ? [] : seen());
    }
    for (const query of [
      "hidden",
      "email:hidden@example.com",
      "external_id:x-hidden@example.com",
      `owner:${people.max.member_id}`,
    ]) {
      expect(await ids(people.rep, query), query).toEqual([]);
    }
    for (const count of ["exact", "estimate"] as const) {
      const { body } = await call(people.rep, leads.query, {
        rule: { field: "company", is: "eq", value: "Acme" },
        count,
      });
      expect(body.count, count).toEqual({ value: 2, exact: true });
    }
    for (const field of ["email", "updated_at", "company"]) {
      expect(
        (await call(people.rep, leads.query, { sort: [{ field, direction: "asc" }] })).body.data
          .map((lead) => lead.id)
          .toSorted(),
      ).toEqual(seen());
    }
    const { body } = await call(people.rep, leads.query, {
      rule: { not: { field: "owner_id", is: "eq", value: people.rep.member_id } },
    });
    expect(body.data.map((lead) => lead.id)).toEqual([free]);
  });

  test("by id, in timeline, notes and tags: 404, as if it weren't there", async () => {
    for (const [method, path, body] of [
      ["GET", `/leads/${hidden}`, undefined],
      ["PATCH", `/leads/${hidden}`, { city: "x" }],
      ["GET", `/leads/${hidden}/timeline`, undefined],
      ["GET", `/leads/${hidden}/notes`, undefined],
      ["POST", `/leads/${hidden}/notes`, { body: "x" }],
      ["PUT", `/leads/${hidden}/owner`, { owner_id: people.rep.member_id }],
      ["PUT", `/leads/${hidden}/tags/x`, undefined],
      ["DELETE", `/leads/${hidden}/tags/Shared`, undefined],
    ] as const) {
      expect((await raw(people.rep, method, path, body)).status, `${method} ${path}`).toBe(404);
    }
    expect((await call(people.rep, leads.show, { id: free })).status).toBe(200);
  });

  test("tags count what one sees", async () => {
    const shared = async (who: Person) =>
      (await call(who, tags.list)).body.data.find((tag) => tag.name === "Shared")?.leads;
    expect([await shared(people.rep), await shared(people.ada)]).toEqual([2, 3]);
  });

  test("a taken address is refused without naming its lead; a batch can't reach it either", async () => {
    const refused = await call(people.rep, leads.create, { email: "hidden@example.com" });
    expect(refused.status).toBe(409);
    expect(JSON.stringify(refused.problem)).not.toContain(hidden);
    const { body } = await call(people.rep, leads.batch, {
      leads: [
        { email: "hidden@example.com", city: "x" },
        { email: "own@example.com", city: "y" },
      ],
    });
    expect(body.data.map((each) => each.status)).toEqual(["refused", "updated"]);
    expect(JSON.stringify(body)).not.toContain(hidden);
    expect((await call(people.ada, leads.show, { id: hidden })).body.city).toBeNull();
  });

  test("a key of the role agent is nobody's: it sees the unassigned ones", async () => {
    expect(await ids(await keyOf(people.ada, "agent"), "")).toEqual([free]);
  });

  test("others see all, and so do agents once the switch is off", async () => {
    for (const who of [people.ada, people.max, people.viewer]) {
      expect((await ids(who, "")).length).toBe(3);
    }
    await call(people.ada, identity.workspace.update, { agents_see_own: false });
    expect((await ids(people.rep, "")).length).toBe(3);
    await call(people.ada, identity.workspace.update, { agents_see_own: true });
  });

  test("giving a lead up keeps it in sight, being taken from one's hands doesn't", async () => {
    expect((await call(people.rep, leads.setOwner, { id: own, owner_id: null })).status).toBe(200);
    expect((await call(people.rep, leads.setOwner, { id: own, owner_id: people.rep.member_id })).status).toBe(
      200,
    );
    await call(people.max, leads.setOwner, { id: own, owner_id: people.max.member_id });
    expect((await call(people.rep, leads.show, { id: own })).status).toBe(404);
  });
});

describe("“viewers see contact details masked”", () => {
  let people: Cast;
  let id: string;
  beforeAll(async () => {
    people = await cast();
    id = (
      await call(people.ada, leads.create, {
        email: "ada.lovelace@example.com",
        phone: "+493012345678",
        whatsapp_id: "+4915112345678",
        first_name: "Ada",
        company: "Engines",
      })
    ).body.id;
    await call(people.ada, leads.update, { id, email: "countess@example.org", city: "London" });
    await call(people.ada, leads.create, { email: "babbage@example.com", company: "Engines" });
    await settle();
    await call(people.ada, identity.workspace.update, { viewers_masked: true });
  });
  const secrets = /lovelace|countess|3012345678|15112345678|12345678/;

  test("on a card, in lists, searches and the timeline", async () => {
    const { body } = await call(people.viewer, leads.show, { id });
    expect(body).toMatchObject({
      email: "c•••@example.org",
      phone: "+49•••78",
      whatsapp_id: "+49•••78",
      first_name: "Ada",
      city: "London",
    });
    const timeline = await call(people.viewer, leads.timeline, { id });
    expect(timeline.body.data.find((event) => event.name === "lead.updated")?.data).toEqual({
      changes: { email: { from: "•••", to: "•••" }, city: { from: null, to: "London" } },
    });
    for (const answer of [
      await call(people.viewer, leads.list, {}),
      await call(people.viewer, leads.search, { query: "ada" }),
      await call(people.viewer, leads.query, {}),
      timeline,
    ]) {
      expect(JSON.stringify(answer.body)).not.toMatch(secrets);
    }
  });

  test("they can't be asked for: by rule, query, order or words", async () => {
    for (const field of ["email", "phone", "whatsapp_id"]) {
      expect(
        (await raw(people.viewer, "POST", "/leads/query", { rule: { field, is: "starts_with", value: "c" } }))
          .status,
        field,
      ).toBe(403);
      expect((await call(people.viewer, leads.search, { query: `${field}:c*` })).status, field).toBe(403);
      expect((await call(people.viewer, leads.search, { query: `-${field}:none` })).status, field).toBe(403);
    }
    expect(
      (await raw(people.viewer, "POST", "/leads/query", { sort: [{ field: "email", direction: "asc" }] }))
        .status,
    ).toBe(403);
    for (const query of ["countess", "countess@example.org", "12345678", "+49 30 12345678", "030/12345678"]) {
      expect(await ids(people.viewer, query), query).toEqual([]);
      expect((await ids(people.max, query)).length, query).toBe(1);
    }
    expect((await ids(people.viewer, "engines -countess")).length).toBe(2);
    expect((await ids(people.viewer, "engines")).length).toBe(2);
    expect(await ids(people.viewer, "engines ada")).toEqual([id]);
    expect((await ids(people.viewer, "engines -ada")).length).toBe(1);
  });

  test("others see them whole, a viewer's key doesn't", async () => {
    expect((await call(people.rep, leads.show, { id })).body.email).toBe("countess@example.org");
    expect((await call(await keyOf(people.ada, "viewer"), leads.show, { id })).body.email).toBe(
      "c•••@example.org",
    );
  });
});
