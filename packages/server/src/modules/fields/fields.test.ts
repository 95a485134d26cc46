import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, raw, settle, useProgram } from "../../kernel/testing/program.ts";

useProgram();
const { fields, leads } = contract;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

describe("POST /fields", () => {
  test("201 for each of the nine types", async () => {
    const { rival } = people;
    for (const [position, type] of (
      ["text", "number", "date", "datetime", "yes_no", "choice", "choices", "url", "money"] as const
    ).entries()) {
      const options = type === "choice" || type === "choices" ? ["One", { value: "two", label: "Two" }] : [];
      const { status, body } = await call(rival, fields.create, {
        key: `f_${type}`,
        label: type,
        type,
        options,
        ...(type === "money" ? { currency: "EUR" } : {}),
      });
      expect(status, type).toBe(201);
      expect(body).toMatchObject({
        key: `f_${type}`,
        type,
        position: position + 1,
        archived: false,
        required: false,
        unique: false,
        help: "",
        default: null,
      });
      expect(body.options, type).toEqual(
        options.length === 0
          ? []
          : [
              { value: "One", label: "One" },
              { value: "two", label: "Two" },
            ],
      );
    }
  });

  test("409 for a key or a label that is taken, 422 for what doesn't fit together", async () => {
    await call(people.ada, fields.create, { key: "plan", label: "Plan", type: "text" });
    expect(
      (await call(people.ada, fields.create, { key: "plan", label: "Other", type: "text" })).problem.code,
    ).toBe("name_taken");
    expect(
      (await call(people.ada, fields.create, { key: "plan_2", label: "PLAN", type: "text" })).problem.code,
    ).toBe("name_taken");
    const wrong: [object, string][] = [
      [{ type: "choice" }, "options"],
      [{ type: "text", options: ["a"] }, "options"],
      [{ type: "choice", options: ["a", "A"] }, "options"],
      [{ type: "choice", options: ["a"], default: "b" }, "default"],
      [{ type: "number", default: "5" }, "default"],
      [{ type: "date", default: "2026-02-30" }, "default"],
      [{ type: "yes_no", unique: true }, "unique"],
      [{ type: "money", currency: "euro" }, "currency"],
      [{ type: "wish" }, "type"],
      [{ type: "text", key: "Größe" }, "key"],
      [{ type: "text", key: "2nd" }, "key"],
      [{ type: "text", key: "a".repeat(64) }, "key"],
      [{ type: "text", label: "" }, "label"],
    ];
    for (const [each, path] of wrong) {
      const { status, problem } = await raw(people.ada, "POST", "/fields", {
        key: "wrong",
        label: "Wrong",
        ...each,
      });
      expect([status, problem.errors[0]?.path], JSON.stringify(each)).toEqual([422, path]);
    }
  });

  test("two at once with one key make one field", async () => {
    const answers = await Promise.all(
      [1, 2, 3].map((each) =>
        call(people.ada, fields.create, { key: "twice", label: `Twice ${each}`, type: "text" }),
      ),
    );
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });
});

describe("a field's life", () => {
  let own: Cast;
  beforeEach(async () => {
    own = await cast();
    for (const key of ["one", "two", "three"]) {
      await call(own.ada, fields.create, { key, label: key, type: "text" });
    }
  });
  const order = async () => (await call(own.rep, fields.list, {})).body.data.map((field) => field.key);

  test("is put in order; what the order doesn't name stays behind", async () => {
    await call(own.ada, fields.order, { keys: ["three", "one"] });
    expect(await order()).toEqual(["three", "one", "two"]);
    expect((await call(own.ada, fields.order, { keys: ["three", "four"] })).status).toBe(422);
    await call(own.ada, fields.order, { keys: ["two", "two", "one"] });
    expect((await order())[2]).toBe("three");
  });

  test("changes label, help, choices and default, but not key, type or uniqueness", async () => {
    const { body } = await call(own.ada, fields.update, {
      key: "one",
      label: "Uno",
      help: "First",
      required: true,
      default: "x",
    });
    expect(body).toMatchObject({ label: "Uno", help: "First", required: true, default: "x" });
    expect((await raw(own.ada, "PATCH", "/fields/one", { type: "number" })).status).toBe(422);
    expect((await raw(own.ada, "PATCH", "/fields/one", { unique: true })).status).toBe(422);
    expect((await call(own.ada, fields.update, { key: "one", default: null })).body.default).toBeNull();
    expect((await call(own.ada, fields.update, { key: "four", label: "x" })).status).toBe(404);
  });

  test("archived it takes no values and keeps those it has; deleted they are gone", async () => {
    const { body: lead } = await call(own.ada, leads.create, {
      email: "a@example.com",
      attributes: { one: "kept", two: "stays" },
    });
    expect((await call(own.ada, fields.remove, { key: "one" })).problem.code).toBe("not_in_state");
    await call(own.ada, fields.update, { key: "one", archived: true });
    expect(await order()).toEqual(["two", "three"]);
    expect((await call(own.ada, fields.list, { archived: "true" })).body.data).toHaveLength(3);
    expect(
      (await call(own.ada, leads.update, { id: lead.id, attributes: { one: "no" } })).problem.errors[0]?.code,
    ).toBe("unknown_field");
    expect((await call(own.ada, leads.show, { id: lead.id })).body.attributes).toEqual({
      one: "kept",
      two: "stays",
    });
    expect(
      (await call(own.ada, fields.create, { key: "one", label: "Again", type: "text" })).problem.code,
    ).toBe("name_taken");
    await call(own.ada, fields.update, { key: "one", archived: false });
    expect((await call(own.ada, leads.update, { id: lead.id, attributes: { one: "yes" } })).status).toBe(200);
    await call(own.ada, fields.update, { key: "one", archived: true });
    expect((await call(own.ada, fields.remove, { key: "one" })).status).toBe(200);
    await settle();
    expect((await call(own.ada, leads.show, { id: lead.id })).body.attributes).toEqual({ two: "stays" });
    // The key is free for a field of another type, which must not meet the old values.
    expect((await call(own.ada, fields.create, { key: "one", label: "Again", type: "number" })).status).toBe(
      201,
    );
  });

  test("is its workspace's alone", async () => {
    expect((await call(own.rival, fields.list, { archived: "true" })).body.data).toEqual([]);
    expect((await call(own.rival, fields.create, { key: "one", label: "one", type: "number" })).status).toBe(
      201,
    );
  });
});

describe("values", () => {
  test("a default is given to leads created without one, and null means none", async () => {
    await call(people.ada, fields.create, {
      key: "tier",
      label: "Tier",
      type: "choice",
      options: ["a", "b"],
      default: "a",
    });
    const create = async (email: string, attributes?: object) =>
      (
        await raw<{ attributes: object }>(people.ada, "POST", "/leads", {
          email,
          ...(attributes === undefined ? {} : { attributes }),
        })
      ).body.attributes;
    expect(await create("d1@example.com")).toEqual({ tier: "a" });
    expect(await create("d2@example.com", { tier: "B" })).toEqual({ tier: "b" });
    expect(await create("d3@example.com", { tier: null })).toEqual({});
    // A choice that was taken away is no default any more.
    await call(people.ada, fields.update, { key: "tier", default: null });
    expect(await create("d4@example.com")).toEqual({});
  });

  test("a unique field's value belongs to one lead, whatever its capitals, until it is free again", async () => {
    await call(people.ada, fields.create, { key: "code", label: "Code", type: "text", unique: true });
    const { body: first } = await call(people.ada, leads.create, {
      email: "u1@example.com",
      attributes: { code: "ABC" },
    });
    const refused = await call(people.ada, leads.create, {
      email: "u2@example.com",
      attributes: { code: "abc" },
    });
    expect([refused.status, refused.problem.errors[0]?.path, refused.problem.errors[0]?.code]).toEqual([
      422,
      "attributes.code",
      "not_unique",
    ]);
    const both = await Promise.all(
      [3, 4].map((each) =>
        call(people.ada, leads.create, { email: `u${each}@example.com`, attributes: { code: "race" } }),
      ),
    );
    expect(both.map((answer) => answer.status).filter((status) => status === 201)).toHaveLength(1);
    const { body: batch } = await call(people.ada, leads.batch, {
      leads: [
        { email: "u5@example.com", attributes: { code: "new" } },
        { email: "u6@example.com", attributes: { code: "NEW" } },
        { email: "u7@example.com", attributes: { code: "abc" } },
      ],
    });
    expect(batch.data.map((each) => each.status)).toEqual(["created", "refused", "refused"]);
    await call(people.ada, leads.update, { id: first.id, attributes: { code: null } });
    expect(
      (await call(people.ada, leads.create, { email: "u8@example.com", attributes: { code: "abc" } })).status,
    ).toBe(201);
    expect(
      (await call(people.ada, leads.update, { id: first.id, attributes: { code: "abc" } })).problem.errors[0]
        ?.code,
    ).toBe("not_unique");
  });
});
