import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast, keyOf } from "../../kernel/testing/cast.ts";
import { call, raw, useProgram } from "../../kernel/testing/program.ts";

/** What people and programs do with leads beside finding them: batches, owners, tags and notes. */
useProgram();
const { leads, tags } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
let counter = 0;
const make = async (values: object = {}) =>
  (
    await raw<{ id: string; owner_id: string | null; revision: number }>(people.ada, "POST", "/leads", {
      email: `lead-${++counter}@example.com`,
      ...values,
    })
  ).body;

describe("POST /leads/batch", () => {
  test("207 with a result for each, in order, under the caller's ref", async () => {
    await make({ email: "known@example.com", city: "Ulm" });
    const { status, body } = await call(people.rep, leads.batch, {
      leads: [
        { ref: "new", email: "fresh@example.com", tags: ["Batch"] },
        { ref: "changed", email: "KNOWN@example.com", city: "Bonn" },
        { ref: "wrong", email: "not an address" },
        { ref: "colour", email: "colour@example.com", colour: "red" },
        { ref: "nobody", first_name: "Jo" },
        { ref: "twice", email: "fresh@example.com" },
        { email: "no-ref@example.com" },
      ],
    });
    expect(status).toBe(207);
    expect(body.data.map((each) => [each.ref, each.status, each.errors[0]?.code ?? null])).toEqual([
      ["new", "created", null],
      ["changed", "updated", null],
      ["wrong", "refused", "invalid_email"],
      ["colour", "refused", "unknown_field"],
      ["nobody", "refused", "identifier_required"],
      ["twice", "refused", "duplicate_in_batch"],
      [null, "created", null],
    ]);
    const again = await call(people.rep, leads.batch, {
      leads: [
        { email: "fresh@example.com", tags: ["batch"] },
        { email: "known@example.com", city: "Bonn" },
      ],
    });
    expect(again.body.data.map((each) => each.status)).toEqual(["unchanged", "unchanged"]);
  });

  test("keeps to its mode and its key", async () => {
    const { id } = await make({ phone: "+49301234567", external_id: "X-1" });
    const run = async (input: object) =>
      (
        await raw<{ data: { status: string; id: string | null; errors: { code: string }[] }[] }>(
          people.ada,
          "POST",
          "/leads/batch",
          input,
        )
      ).body.data.map((each) => [each.status, each.errors[0]?.code ?? each.id]);
    expect(
      await run({
        match_on: "phone",
        mode: "update",
        leads: [{ phone: "+49 30 123 45 67", city: "Ulm" }, { phone: "+49 30 123 45 68" }],
      }),
    ).toEqual([
      ["updated", id],
      ["refused", "not_found"],
    ]);
    expect(
      await run({
        match_on: "external_id",
        mode: "create",
        leads: [{ external_id: "X-1" }, { external_id: "X-2" }],
      }),
    ).toEqual([
      ["refused", "lead_exists"],
      ["created", expect.any(String)],
    ]);
    // Matched by its external id, its phone is another lead's.
    expect(
      await run({ match_on: "external_id", leads: [{ external_id: "X-2", phone: "+49301234567" }] }),
    ).toEqual([["refused", "lead_exists"]]);
  });

  test("takes a thousand, and not one more; an empty one is a mistake", async () => {
    const many = (count: number) => ({
      leads: Array.from({ length: count }, (_, each) => ({ external_id: `many-${each}` })),
    });
    const { body } = await call(people.ada, leads.batch, { match_on: "external_id", ...many(1000) });
    expect(new Set(body.data.map((each) => each.status))).toEqual(new Set(["created"]));
    expect((await call(people.ada, leads.batch, many(1001))).status).toBe(422);
    expect((await call(people.ada, leads.batch, { leads: [] })).status).toBe(422);
  });

  test("assigns within one's rights", async () => {
    const mine = await make({ owner_id: people.rep.member_id });
    const others = await make({ owner_id: people.max.member_id });
    const emails = await Promise.all(
      [mine, others].map(async ({ id }) => (await call(people.ada, leads.show, { id })).body.email ?? ""),
    );
    const { body } = await call(people.rep, leads.batch, {
      leads: [
        { email: "taken@example.com", owner_id: people.rep.member_id },
        { email: "given@example.com", owner_id: people.max.member_id },
        { email: emails[0], owner_id: null },
        { email: emails[1], owner_id: people.rep.member_id },
      ],
    });
    expect(body.data.map((each) => each.errors[0]?.code ?? each.status)).toEqual([
      "created",
      "forbidden",
      "updated",
      "forbidden",
    ]);
    expect((await call(people.ada, leads.show, { id: mine.id })).body.owner_id).toBeNull();
  });
});

describe("owners", () => {
  const assign = async (who: Cast["rep"], from: string | null, to: string | null) => {
    const { id } = await make({ owner_id: from });
    return (await call(who, leads.setOwner, { id, owner_id: to })).status;
  };

  test("managers assign anybody's to anybody; agents take unassigned leads and give up their own; viewers nothing", async () => {
    const { ada, max, rep, viewer } = people;
    const [m, r] = [max.member_id, rep.member_id];
    for (const who of [ada, max]) {
      expect([await assign(who, null, r), await assign(who, r, m), await assign(who, m, null)]).toEqual([
        200, 200, 200,
      ]);
    }
    expect([await assign(rep, null, r), await assign(rep, r, null)]).toEqual([200, 200]);
    expect([
      await assign(rep, null, m),
      await assign(rep, r, m),
      await assign(rep, m, r),
      await assign(rep, m, null),
    ]).toEqual([403, 403, 403, 403]);
    expect([await assign(viewer, null, null), await assign(viewer, null, viewer.member_id)]).toEqual([
      403, 403,
    ]);
  });

  test("a key is nobody: an agent's takes nothing, a manager's assigns", async () => {
    const { id } = await make();
    expect(
      (await call(await keyOf(people.ada, "agent"), leads.setOwner, { id, owner_id: people.rep.member_id }))
        .status,
    ).toBe(403);
    expect(
      (await call(await keyOf(people.ada, "manager"), leads.setOwner, { id, owner_id: people.rep.member_id }))
        .body.owner_id,
    ).toBe(people.rep.member_id);
  });

  test("each change is told, an assignment to the same owner isn't one", async () => {
    const { id } = await make();
    await call(people.max, leads.setOwner, { id, owner_id: people.rep.member_id });
    await call(people.max, leads.setOwner, { id, owner_id: people.rep.member_id });
    const { body } = await call(people.max, leads.timeline, { id });
    expect(body.data.map((event) => event.name)).toEqual(["lead.assigned", "lead.created"]);
    expect(body.data[0]).toMatchObject({
      actor: { name: "Max" },
      data: { from: null, to: people.rep.member_id },
    });
  });
});

describe("tags", () => {
  test("are put on and taken off, one whatever their capitals, and told in the timeline once", async () => {
    const { id } = await make();
    expect((await call(people.rep, leads.addTag, { id, tag: "Trade fair / Köln" })).body.tags).toEqual([
      "Trade fair / Köln",
    ]);
    const again = await call(people.rep, leads.addTag, { id, tag: "trade FAIR / köln" });
    expect(again.body).toMatchObject({ tags: ["Trade fair / Köln"], revision: 2 });
    expect((await call(people.rep, leads.removeTag, { id, tag: "TRADE fair / köln" })).body.tags).toEqual([]);
    expect((await call(people.rep, leads.removeTag, { id, tag: "never there" })).status).toBe(200);
    const { body } = await call(people.rep, leads.timeline, { id });
    expect(body.data.map((event) => event.name)).toEqual(["tag.removed", "tag.added", "lead.created"]);
  });

  test("are renamed, merged, coloured and deleted from every lead, by managers", async () => {
    const [a, b] = [await make({ tags: ["Messe"] }), await make({ tags: ["Messe", "Fair"] })];
    const tagOf = async (name: string) =>
      (await call(people.max, tags.list)).body.data.find((tag) => tag.name === name);
    const messe = await tagOf("Messe");
    expect(messe?.leads).toBe(2);
    const id = messe?.id ?? "";
    expect((await call(people.rep, tags.update, { id, name: "x" })).status).toBe(403);
    expect((await call(people.max, tags.update, { id, colour: "blue" })).status).toBe(422);
    expect(
      (await call(people.max, tags.update, { id, name: "MESSE", colour: "#0f7b6c" })).body,
    ).toMatchObject({ id, name: "MESSE", colour: "#0f7b6c", leads: 2 });
    const fair = await tagOf("Fair");
    expect((await call(people.max, tags.update, { id, name: "fair" })).body).toMatchObject({
      id: fair?.id,
      name: "Fair",
      leads: 2,
    });
    expect(await tagOf("MESSE")).toBeUndefined();
    for (const { id: lead } of [a, b]) {
      expect((await call(people.max, leads.show, { id: lead })).body.tags).toEqual(["Fair"]);
    }
    expect((await call(people.max, tags.remove, { id: fair?.id ?? "" })).status).toBe(200);
    expect((await call(people.max, leads.show, { id: a.id })).body.tags).toEqual([]);
  });

  test("422 for an empty one and for one too long", async () => {
    const { id } = await make();
    expect((await call(people.rep, leads.addTag, { id, tag: " " })).status).toBe(422);
    expect((await call(people.rep, leads.addTag, { id, tag: "x".repeat(61) })).status).toBe(422);
  });
});

describe("notes", () => {
  test("keep formatting and mentions, and nothing that runs, loads or pretends", async () => {
    const { id } = await make();
    const body = `<p onclick="x()">Hi <span data-member="${people.max.member_id}" class="x">@Max</span> <b>bold</b><script>alert(1)</script><img src=x onerror=x><a href="javascript:x">a</a><a href="https://example.com">b</a><iframe src="/"></iframe><style>*{}</style></p>`;
    const { body: note } = await call(people.rep, leads.notes.create, { id, body });
    expect(note.body).toBe(
      `<p>Hi <span data-member="${people.max.member_id}">@Max</span> <b>bold</b><a rel="noopener noreferrer nofollow" target="_blank">a</a><a href="https://example.com" rel="noopener noreferrer nofollow" target="_blank">b</a></p>`,
    );
    expect((await call(people.rep, leads.timeline, { id })).body.data[0]).toMatchObject({
      name: "note.added",
      data: { mentions: [people.max.member_id] },
    });
    for (const empty of ["", "  ", "<p></p>", "<script>x</script>", "<p> </p>"]) {
      expect((await raw(people.rep, "POST", `/leads/${id}/notes`, { body: empty })).status, empty).toBe(422);
    }
  });

  test("are edited by their author, deleted by them or a manager, and belong to their lead", async () => {
    const { id } = await make();
    const other = await make();
    const { body: note } = await call(people.rep, leads.notes.create, { id, body: "first" });
    expect(
      (await call(people.max, leads.notes.update, { id, note_id: note.id, body: "mine now" })).status,
    ).toBe(403);
    expect(
      (await call(people.rep, leads.notes.update, { id: other.id, note_id: note.id, body: "x" })).status,
    ).toBe(404);
    expect(
      (await call(people.rep, leads.notes.update, { id, note_id: note.id, body: "second" })).body,
    ).toMatchObject({ body: "second", author: { name: "Rep" }, updated_at: expect.any(String) });
    const agent = await keyOf(people.ada, "agent");
    expect((await call(agent, leads.notes.remove, { id, note_id: note.id })).status).toBe(403);
    expect((await call(people.max, leads.notes.remove, { id, note_id: note.id })).status).toBe(200);
    expect((await call(people.rep, leads.notes.remove, { id, note_id: note.id })).status).toBe(404);
    expect((await call(people.rep, leads.timeline, { id })).body.data.map((event) => event.name)).toEqual([
      "note.deleted",
      "note.edited",
      "note.added",
      "lead.created",
    ]);
  });

  test("and the timeline come in pages, newest first", async () => {
    const { id } = await make();
    for (let each = 0; each < 5; each++) {
      await call(people.rep, leads.notes.create, { id, body: `note ${each}` });
    }
    for (const list of [leads.notes.list, leads.timeline]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { body } = await call(people.rep, list, {
          id,
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        seen.push(...body.data.map((each) => each.id));
        cursor = body.next_cursor ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(list === leads.timeline ? 6 : 5);
      expect(seen.length).toBe(new Set(seen).size);
    }
    const { body: notes } = await call(people.rep, leads.notes.list, { id });
    expect(notes.data.map((each) => each.body)).toEqual(["note 4", "note 3", "note 2", "note 1", "note 0"]);
  });
});
