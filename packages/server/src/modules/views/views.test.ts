import { contract } from "@bellwether/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { type Cast, cast, join, keyOf, signUp } from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";

useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
const { views, fields, leads } = contract;

async function names(who: Person): Promise<string[]> {
  return (await call(who, views.list)).body.data.map((view) => view.name);
}

const defaults = ["All", "Mine", "Unassigned", "Hot", "New this week", "Final"];

describe("the views that every workspace has", () => {
  test("are there from the beginning, and show what they say", async () => {
    const { member: ada } = await signUp("Ada");
    const { body } = await call(ada, views.list);
    expect(body.data.map((view) => view.name)).toEqual(defaults);
    expect(body.data.every((view) => view.standard && view.broken === null && !view.may_change)).toBe(true);
    await call(ada, leads.batch, {
      leads: [
        { email: "mine@example.com", owner_id: ada.member_id },
        { email: "lost@example.com", stage: "lost", lost_reason: "Price" },
      ],
    });
    const shown = await Promise.all(
      body.data.map(async (view) => {
        const found = await call(ada, leads.query, view.rule === null ? {} : { rule: view.rule });
        return [view.id, found.body.data.map((lead) => lead.email?.split("@")[0] ?? "").toSorted()];
      }),
    );
    expect(Object.fromEntries(shown)).toEqual({
      all: ["lost", "mine"],
      mine: ["mine"],
      unassigned: ["lost"],
      hot: [],
      new_this_week: ["lost", "mine"],
      final: ["lost"],
    });
    expect((await call(ada, views.show, { id: "mine" })).body.name).toBe("Mine");
  });

  test("stay as they are, and can be copied", async () => {
    const { ada } = people;
    const refused = await call(ada, views.update, { id: "hot", name: "Cold" });
    expect([refused.status, refused.problem.detail]).toEqual([
      409,
      "“Hot” is in every workspace and stays as it is. Save it under a name of your own.",
    ]);
    expect((await call(ada, views.remove, { id: "all" })).status).toBe(409);
    const { rule, q, sort, columns } = (await call(ada, views.show, { id: "hot" })).body;
    const copy = await call(ada, views.create, { name: "My hot ones", rule, q, sort, columns });
    expect([copy.status, copy.body.rule]).toEqual([201, rule]);
    await call(ada, views.remove, { id: copy.body.id });
  });
});

describe("a view of one's own", () => {
  test("is saved, changed and deleted, and comes after everybody's in the order it was made", async () => {
    const { member: ada } = await signUp("Ada");
    const made = await call(ada, views.create, {
      name: " Berlin ",
      rule: { field: "city", is: "eq", value: "Berlin" },
      q: "-tag:vip",
      sort: [{ field: "company", direction: "asc" }],
      columns: [{ field: "email", width: 200 }, { field: "tags" }],
    });
    expect(made.body).toMatchObject({
      name: "Berlin",
      shared: false,
      mine: true,
      may_change: true,
      standard: false,
      made_by: "Ada",
      columns: [{ field: "email", width: 200 }, { field: "tags" }],
    });
    await call(ada, views.create, { name: "A second" });
    expect(await names(ada)).toEqual([...defaults, "Berlin", "A second"]);
    const changed = await call(ada, views.update, { id: made.body.id, name: "Berlin now", rule: null });
    expect(changed.body).toMatchObject({ name: "Berlin now", rule: null, q: "-tag:vip" });
    expect((await call(ada, views.remove, { id: made.body.id })).status).toBe(200);
    expect((await call(ada, views.show, { id: made.body.id })).status).toBe(404);
    expect(await names(ada)).toEqual([...defaults, "A second"]);
  });

  test("has a name that one hasn't given before, whatever its capitals; others may use it too", async () => {
    const { max, rep } = people;
    expect((await call(max, views.create, { name: "Today" })).status).toBe(201);
    const again = await call(max, views.create, { name: "TODAY" });
    expect([again.status, again.problem.code]).toEqual([409, "name_taken"]);
    expect((await call(rep, views.create, { name: "Today" })).status).toBe(201);
    expect((await call(max, views.create, { name: "  " })).status).toBe(422);
  });

  test("is refused with a field that isn't there, in its rule, query, sort or columns", async () => {
    const { ada } = people;
    const refused = await Promise.all([
      call(ada, views.create, {
        name: "a",
        rule: { all: [{ not: { field: "attributes.nix", is: "set" } }] },
      }),
      call(ada, views.create, { name: "b", q: "nix:1" }),
      call(ada, views.create, { name: "c", columns: [{ field: "emial" }] }),
      call(ada, views.create, { name: "d", sort: [{ field: "tags", direction: "asc" }] }),
      call(ada, views.create, { name: "e", rule: { field: "score", is: "contains", value: "1" } }),
    ]);
    expect(refused.map((each) => each.status)).toEqual([400, 400, 400, 400, 400]);
    expect(refused[0]?.problem.detail).toContain("attributes.nix");
    expect(refused[2]?.problem.detail).toContain("Did you mean “email”?");
  });

  test("is a list or a board and remembers which, with what its cards show; everybody's are either", async () => {
    const { max, rep, rival } = people;
    const made = await call(max, views.create, {
      name: "Pipeline of Berlin",
      shared: true,
      layout: "board",
      card_fields: ["city", "tags"],
      columns: [{ field: "city" }],
    });
    expect(made.body).toMatchObject({ layout: "board", card_fields: ["city", "tags"] });
    const { id } = made.body;
    expect((await call(rep, views.show, { id })).body).toMatchObject({
      layout: "board",
      card_fields: ["city", "tags"],
    });
    expect((await call(rep, views.update, { id, layout: "list" })).status).toBe(403);
    expect((await call(rival, views.update, { id, layout: "list" })).status).toBe(404);
    const listed = await call(max, views.update, { id, layout: "list", card_fields: null });
    expect(listed.body).toMatchObject({ layout: "list", card_fields: null, name: "Pipeline of Berlin" });
    const plain = await call(max, views.create, { name: "As ever" });
    expect(plain.body).toMatchObject({ layout: "list", card_fields: null });
    expect((await call(max, views.show, { id: "mine" })).body.layout).toBeNull();

    const unknown = await call(max, views.update, { id, card_fields: ["emial"] });
    expect([unknown.status, unknown.problem.detail]).toEqual([
      400,
      expect.stringContaining("Did you mean “email”?"),
    ]);
    expect((await raw(max, "PATCH", `/views/${id}`, { layout: "gallery" })).status).toBe(422);
    const six = ["city", "tags", "email", "phone", "company", "score"];
    expect((await raw(max, "PATCH", `/views/${id}`, { card_fields: six })).status).toBe(422);
    expect((await call(max, views.show, { id })).body).toMatchObject({ layout: "list", card_fields: null });
  });

  test("on a field that was deleted says that it is broken, and is repaired", async () => {
    const { member: ada } = await signUp("Ada");
    await call(ada, fields.create, { key: "plan", label: "Plan", type: "text" });
    const { body } = await call(ada, views.create, {
      name: "Pro",
      rule: { field: "attributes.plan", is: "eq", value: "pro" },
      columns: [{ field: "attributes.plan" }],
    });
    expect(body.broken).toBeNull();
    await call(ada, fields.update, { key: "plan", archived: true });
    await call(ada, fields.remove, { key: "plan" });
    await settle();
    expect((await call(ada, views.list)).body.data.at(-1)).toMatchObject({
      name: "Pro",
      broken: "There is no field “attributes.plan”.",
    });
    expect((await call(ada, views.update, { id: body.id, name: "Was pro" })).body.broken).not.toBeNull();
    const mended = await call(ada, views.update, {
      id: body.id,
      rule: { field: "city", is: "set" },
      columns: [],
    });
    expect(mended.body).toMatchObject({ name: "Was pro", broken: null });
  });
});

describe("the order of views", () => {
  const order = async (who: Person) => (await call(who, views.list)).body.data.map((view) => view.id);

  test("is each member's own, with new views and those not named after it", async () => {
    const { member: ada } = await signUp("Ada");
    const rep = await join(ada, "Rep", "agent");
    const { body: berlin } = await call(ada, views.create, { name: "Berlin", shared: true });
    const before = ["all", "mine", "unassigned", "hot", "new_this_week", "final", berlin.id];
    expect(await order(rep)).toEqual(before);
    const put = await call(rep, views.order, { view_ids: [berlin.id, "hot", "all"] });
    const after = [berlin.id, "hot", "all", "mine", "unassigned", "new_this_week", "final"];
    expect([put.status, put.body.data.map((view) => view.id)]).toEqual([200, after]);
    expect(await order(rep)).toEqual(after);
    expect(await order(ada)).toEqual(before);
    const { body: own } = await call(rep, views.create, { name: "Later" });
    expect((await order(rep)).at(-1)).toBe(own.id);
    await call(rep, views.order, { view_ids: [] });
    expect(await order(rep)).toEqual([...before.slice(0, 6), own.id, berlin.id]);
  });

  test("may be given by a viewer and kept by a key; what can't be seen is passed over", async () => {
    const { ada, max, viewer, rival } = people;
    const { body: hidden } = await call(max, views.create, { name: "Max's eyes only" });
    const { body: made } = await call(max, views.create, { name: "For all to order", shared: true });
    const key = await keyOf(ada, "viewer");
    for (const who of [viewer, key]) {
      const put = await call(who, views.order, {
        view_ids: [hidden.id, made.id, "final", made.id, "no such view"],
      });
      expect([put.status, put.body.data.slice(0, 2).map((view) => view.id)]).toEqual([
        200,
        [made.id, "final"],
      ]);
    }
    await call(rival, views.order, { view_ids: [hidden.id, made.id, "hot"] });
    expect((await order(rival)).slice(0, 2)).toEqual(["hot", "all"]);
    await call(rival, views.order, { view_ids: [] });
    await call(max, views.remove, { id: made.id });
    expect((await order(viewer)).slice(0, 2)).toEqual(["final", "all"]);
    expect((await raw(viewer, "PUT", "/view-order", { view_ids: "hot" })).status).toBe(422);
    expect((await raw(nobody, "PUT", "/view-order", { view_ids: [] })).status).toBe(401);
  });
});

describe("who", () => {
  test("managers share with everybody; agents and viewers keep theirs to themselves", async () => {
    const { ada, max, rep, viewer, rival } = people;
    const shared = await call(max, views.create, { name: "For all", shared: true });
    const ofRep = await call(rep, views.create, { name: "Only Rep's" });
    for (const who of [ada, rep, viewer]) {
      expect((await call(who, views.show, { id: shared.body.id })).body).toMatchObject({
        name: "For all",
        mine: false,
        made_by: "Max",
      });
    }
    expect((await call(rep, views.create, { name: "x", shared: true })).status).toBe(403);
    expect((await call(rep, views.update, { id: ofRep.body.id, shared: true })).status).toBe(403);
    expect((await call(viewer, views.create, { name: "Mine alone" })).status).toBe(201);
    for (const who of [ada, max, viewer, rival]) {
      expect((await call(who, views.show, { id: ofRep.body.id })).status).toBe(404);
      expect((await call(who, views.remove, { id: ofRep.body.id })).status).toBe(404);
      expect(await names(who)).not.toContain("Only Rep's");
    }
    expect((await call(rival, views.show, { id: shared.body.id })).status).toBe(404);
    expect(await names(rival)).toEqual(defaults);
  });

  test("a shared view is changed by its maker or an admin", async () => {
    const { ada, max, rep } = people;
    const { body } = await call(max, views.create, { name: "Shared", shared: true });
    const key = await keyOf(ada, "manager");
    expect((await call(rep, views.update, { id: body.id, name: "x" })).status).toBe(403);
    expect((await call(key, views.remove, { id: body.id })).status).toBe(403);
    expect((await call(max, views.update, { id: body.id, q: "stage:new" })).status).toBe(200);
    expect((await call(ada, views.update, { id: body.id, name: "Ada's words" })).body).toMatchObject({
      name: "Ada's words",
      mine: false,
      may_change: true,
    });
    expect((await call(ada, views.remove, { id: body.id })).status).toBe(200);
  });

  test("whose contact details are masked is told that a view by e-mail isn't for them, and may have the column", async () => {
    const { member: ada } = await signUp("Ada");
    const viewer = await join(ada, "Viewer", "viewer");
    await call(ada, contract.identity.workspace.update, { viewers_masked: true });
    const rule = { field: "email", is: "contains", value: "ann" } as const;
    const { body } = await call(ada, views.create, {
      name: "Anns",
      shared: true,
      rule,
      columns: [{ field: "email" }],
    });
    expect((await call(viewer, views.show, { id: body.id })).body.broken).toBe(
      "E-mail is hidden from your role, so it can't be asked for.",
    );
    expect((await call(viewer, views.create, { name: "v", rule })).status).toBe(403);
    expect((await call(viewer, views.create, { name: "v", columns: [{ field: "email" }] })).status).toBe(201);
  });

  test("what was done is in the log, with before and after", async () => {
    const { member: ada, workspace_id } = await signUp("Ada");
    const { body } = await call(ada, views.create, { name: "One" });
    await call(ada, views.update, { id: body.id, name: "Two", q: "" });
    await call(ada, views.remove, { id: body.id });
    const { rows } = await the().ownerPool.query(
      "select name, data from event where workspace_id = $1 and name like 'view.%' order by occurred_at, id",
      [workspace_id],
    );
    expect(rows).toEqual([
      { name: "view.created", data: { name: "One", shared: false } },
      { name: "view.updated", data: { name: "One", changes: { name: { from: "One", to: "Two" } } } },
      { name: "view.deleted", data: { name: "Two", shared: false } },
    ]);
  });
});
