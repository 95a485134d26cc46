import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { FieldIn } from "@bellwether/contracts/fields";
import type { LeadIn } from "@bellwether/contracts/leads";
import type { Rule } from "@bellwether/contracts/rule";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, raw, useProgram } from "../../kernel/testing/program.ts";

/**
 * What people who come from other products expect of a rule over a person's fields, case by case. Where products
 * disagree, the title says what ours does.
 */
useProgram();
const { leads } = contract;

let ada: Member;
let names: Map<string, string>;
beforeAll(async () => {
  ada = (await signUp("Ada")).member;
  const field = async (input: Partial<FieldIn> & { key: string }) => {
    const { status, problem } = await raw(ada, "POST", "/fields", {
      label: input.key,
      type: "text",
      ...input,
    });
    expect(status, problem.detail).toBe(201);
  };
  for (const key of ["env", "status", "risk", "salutation", "state", "case_id"]) await field({ key });
  for (const key of ["age", "points"]) await field({ key, type: "number" });
  await field({ key: "spaced", label: "value with spaces" });
  const options = ["test1", "test2", "test3", "test4"].map((value) => ({ value, label: value }));
  await field({ key: "list", type: "choices", options });
});

type Values = Omit<LeadIn, "attributes"> & Record<string, unknown>;
let round = 0;

/** Makes leads by their names; the answers to `who` are of these alone. */
async function given(people: Record<string, Values>): Promise<void> {
  round += 1;
  names = new Map();
  const standard = new Set([
    "email",
    "first_name",
    "last_name",
    "company",
    "job_title",
    "city",
    "qualification",
  ]);
  const sent = Object.entries(people).map(([name, values]) => {
    const of = (custom: boolean) => Object.entries(values).filter(([key]) => standard.has(key) !== custom);
    return {
      ref: name,
      external_id: `${round}-${name}`,
      ...Object.fromEntries(of(false)),
      attributes: { case_id: String(round), ...Object.fromEntries(of(true)) },
    };
  });
  const { body } = await call(ada, leads.batch, { match_on: "external_id", leads: sent });
  for (const { ref, id, errors } of body.data) {
    expect(errors, ref ?? "").toEqual([]);
    names.set(id ?? "", ref ?? "");
  }
}

async function change(name: string, attributes: Record<string, unknown>, rest: LeadIn = {}): Promise<void> {
  const id = [...names].find(([, each]) => each === name)?.[0] ?? "";
  const { status, problem } = await call(ada, leads.update, { id, ...rest, attributes });
  expect(status, problem.detail).toBe(200);
}

async function who(rule: Rule): Promise<string> {
  const { body, problem } = await call(ada, leads.query, {
    rule: { all: [{ field: "attributes.case_id", is: "eq", value: String(round) }, rule] },
    limit: 200,
  });
  expect(problem.detail).toBeUndefined();
  return body.data
    .map((lead) => names.get(lead.id) ?? "?")
    .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .join(" ");
}
const count = async (rule: Rule) => (await who(rule)).split(" ").filter(Boolean).length;

const is = (field: string, operator: Extract<Rule, { is: unknown }>["is"], value?: unknown): Rule =>
  ({ field, is: operator, ...(value === undefined ? {} : { value }) }) as Rule;
const custom = (key: string, operator: Extract<Rule, { is: unknown }>["is"], value?: unknown) =>
  is(`attributes.${key}`, operator, value);
const numbered = (total: number, values: (n: number) => Values) =>
  Object.fromEntries(Array.from({ length: total }, (_, n) => [`u${n}`, values(n)]));

describe("fields of a person", () => {
  test("everyone is everyone", async () => {
    await given(numbered(100, () => ({ env: "test" })));
    expect(await count({ all: [] })).toBe(100);
  });

  test("a value that is there before the rule counts, and one that changes moves its lead", async () => {
    await given({ u1: { env: "test" } });
    expect(await who(custom("env", "eq", "test"))).toBe("u1");
    await change("u1", { env: "does not match" });
    expect(await who(custom("env", "eq", "test"))).toBe("");
  });

  test("fractions are compared as numbers, either way", async () => {
    await given({ u1: { age: 21.5 }, u2: { age: 19.5 } });
    expect([await who(custom("age", "gte", 20.5)), await who(custom("age", "lt", 20.5))]).toEqual([
      "u1",
      "u2",
    ]);
    await change("u1", { age: 19.5 });
    await change("u2", { age: 21.5 });
    expect([await who(custom("age", "gte", 20.5)), await who(custom("age", "lt", 20.5))]).toEqual([
      "u2",
      "u1",
    ]);
  });

  test("a field may be called anything: rules go by its key", async () => {
    await given({ u1: { spaced: "test" }, u2: {} });
    expect(await who(custom("spaced", "eq", "test"))).toBe("u1");
  });

  test("missing is “is not”", async () => {
    await given({ u1: { env: "test" }, u2: { env: "prod" }, u3: {} });
    expect(await who(custom("env", "ne", "prod"))).toBe("u1 u3");
    expect(await who(custom("env", "not_in", ["prod", "x"]))).toBe("u1 u3");
    expect(await who(custom("env", "not_contains", "pro"))).toBe("u1 u3");
    await given(numbered(54, (n) => (n < 4 ? {} : { first_name: `Name ${n}` })));
    expect(await count(is("first_name", "ne", "xxxxx"))).toBe(54);
  });

  test("set and not set; an empty text is no value, and saving it again changes nothing", async () => {
    await given({ u1: { email: "cases-u1@example.com" }, u2: { email: "" }, u3: {}, u4: {} });
    const missing = is("email", "unset");
    expect([await who(is("email", "set")), await who(missing)]).toEqual(["u1", "u2 u3 u4"]);
    await change("u3", {}, { email: "cases-u3@example.com" });
    await change("u4", {}, { email: "cases-u4@example.com" });
    expect([await who(missing), await who(missing)]).toEqual(["u2", "u2"]);
    await change("u2", {}, { email: "cases-u2@example.com" });
    await change("u4", { env: "unrelated" });
    expect(await who(missing)).toBe("");
  });

  test("lists: any of them, none of them, with nothing chosen as none; what is no list is refused on its way in", async () => {
    await given({ u1: { list: ["test1", "test2", "test3"] }, u2: { list: ["test4"] }, u3: { env: "x" } });
    expect(await who(custom("list", "any_of", ["test2"]))).toBe("u1");
    expect(await who(custom("list", "none_of", ["test2"]))).toBe("u2 u3");
    await change("u1", { list: [] });
    expect([await who(custom("list", "any_of", ["test2"])), await who(custom("list", "set"))]).toEqual([
      "",
      "u2",
    ]);
    const wrong = await raw(ada, "POST", "/leads", {
      external_id: "wrong",
      attributes: { list: { no: "list" } },
    });
    expect(wrong.status).toBe(422);
  });

  test("starts with", async () => {
    await given({ u1: { city: "Prague" }, u2: { city: "Prague 11" }, u3: { city: "Praha" } });
    expect(await who(is("city", "starts_with", "Prague"))).toBe("u1 u2");
  });

  test("at least, where who has no number is not at least anything", async () => {
    await given({ u1: { qualification: 20 }, u2: { qualification: 10 }, u3: { qualification: 25 }, u4: {} });
    expect(await who(is("qualification", "gte", 20))).toBe("u1 u3");
    await given({ a: { points: 1 }, b: { points: 0 }, c: {} });
    expect(await who(custom("points", "gte", 1))).toBe("a");
    expect(await who(custom("points", "lt", 1))).toBe("b");
  });

  test("empty and not empty part everybody", async () => {
    await given(numbered(54, (n) => (n < 4 ? {} : { company: `Company ${n}` })));
    expect([await count(is("company", "unset")), await count(is("company", "set"))]).toEqual([4, 50]);
  });

  test("the beginning of a word is not the word", async () => {
    await given(numbered(54, (n) => ({ salutation: n < 24 ? "Mr." : n < 32 ? "Mrs." : "Ms." })));
    expect(await count(custom("salutation", "starts_with", "Mr"))).toBe(32);
    expect(await count(custom("salutation", "eq", "Mr."))).toBe(24);
  });

  test("there are no regular expressions: what looks like one means itself", async () => {
    await given({ u1: { env: "a.*b" }, u2: { env: "axxb" }, u3: { env: "^(a+)+$" } });
    expect(await who(custom("env", "contains", ".*"))).toBe("u1");
    expect(await who(custom("env", "contains", "(a+)+$"))).toBe("u3");
    await given({ u1: { email: "o'neil+cases&co%_x@example.com" }, u2: {} });
    expect(await who({ all: [is("email", "contains", "'neil+cases&co%_"), is("email", "set")] })).toBe("u1");
  });

  test("a field that is not there is refused by its name: neither nobody nor everybody", async () => {
    for (const field of ["attributes.gone", "a[..email", "!*(_.$%", "a.b"]) {
      const { status, problem } = await raw(ada, "POST", "/leads/query", {
        rule: { not: is(field, "eq", "x") },
      });
      expect([status, problem.code], field).toEqual([400, "unknown_field"]);
      expect(problem.detail).toContain(field);
    }
  });

  test("a number and its text are equal", async () => {
    await given({ u1: { points: 10 }, u2: { points: 11 }, u3: {} });
    expect([await who(custom("points", "eq", "10")), await who(custom("points", "eq", 10))]).toEqual([
      "u1",
      "u1",
    ]);
  });
});

describe("conditions together", () => {
  test("all: both must hold, and go on to", async () => {
    const both: Rule = { all: [custom("env", "eq", "test"), custom("status", "eq", "running")] };
    await given({ u1: { env: "test", status: "running" }, u2: { env: "test" } });
    expect(await who(both)).toBe("u1");
    await change("u2", { status: "running" });
    expect(await who(both)).toBe("u1 u2");
    await change("u2", { status: "stopped" });
    expect(await who(both)).toBe("u1");
  });

  test("any of several, one of them a group", async () => {
    await given({
      u1: { status: "onboarding" },
      u2: { status: "active", risk: "true" },
      u3: { status: "active", risk: "false" },
    });
    const group: Rule = { all: [custom("status", "eq", "active"), custom("risk", "eq", "true")] };
    expect(await who({ any: [custom("status", "eq", "onboarding"), group] })).toBe("u1 u2");
    await given(numbered(54, (n) => (n === 0 ? { state: "IA" } : n < 4 ? { state: "QLD" } : {})));
    expect(await count({ any: [custom("state", "eq", "IA"), custom("state", "eq", "QLD")] })).toBe(4);
  });

  test("in a query's text, what stands together binds tighter than OR", async () => {
    await given(numbered(11, (n) => ({ first_name: `fn${n}`, last_name: `ln${n}` })));
    const text =
      "(email:any -email:a@example.com first_name:fn1) OR last_name:ln1 OR first_name:fn2 OR first_name:fn3 last_name:ln3 OR first_name:fn4 OR last_name:ln5";
    const found = async (query: string) => {
      const { body, problem } = await call(ada, leads.search, {
        query: `case_id:${round} (${query})`,
        limit: 200,
      });
      expect(problem.detail).toBeUndefined();
      return body.data
        .map((lead) => names.get(lead.id))
        .toSorted((a = "", b = "") => a.localeCompare(b))
        .join(" ");
    };
    expect(await found(text)).toBe("u1 u2 u3 u4 u5");
    expect(await found(`first_name:fn6 OR first_name:fn2 OR first_name:fn3 last_name:ln3 (${text})`)).toBe(
      "u2 u3 u6",
    );
  });

  test("a group of either, and one of both", async () => {
    await given({
      p1: { email: "cases-1@example.com" },
      p2: { email: "cases-2@example.com" },
      p3: { first_name: "test3", email: "cases-3@example.com" },
      p4: { first_name: "test3", email: "cases-4@example.com" },
    });
    const mail = (n: number) => is("email", "eq", `cases-${n}@example.com`);
    expect(
      await who({ any: [{ any: [mail(1), mail(2)] }, { all: [is("first_name", "eq", "test3"), mail(3)] }] }),
    ).toBe("p1 p2 p3");
  });

  test("a rule may hold nothing but negations", async () => {
    await given({ u1: { env: "test" }, u2: { env: "prod" }, u3: {} });
    expect(await who({ not: custom("env", "eq", "prod") })).toBe("u1 u3");
    expect(await who({ all: [custom("env", "ne", "prod"), { not: custom("env", "set") }] })).toBe("u3");
  });

  test("one of nothing is nobody; everybody is asked for by an empty “all”, and in bulk work never by saying nothing", async () => {
    await given({ u1: {}, u2: {} });
    expect([await who({ any: [] }), await who({ all: [] })]).toEqual(["", "u1 u2"]);
    expect((await raw(ada, "POST", "/bulk", { action: { kind: "delete" } })).status).toBe(400);
  });
});
