import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import type { Happened } from "@bellwether/contracts/happened";
import type { Rule } from "@bellwether/contracts/rule";
import { clock, now } from "../../kernel/clock.ts";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, raw, useProgram } from "../../kernel/testing/program.ts";

/**
 * What people who come from other products expect of rules over events, case by case. Where products disagree, the title
 * says what ours does. Windows of seconds are minutes here.
 */
useProgram();
const minute = 60_000;
const day = 24 * 60 * minute;

let ada: Member;
let ids = new Map<string, string>();
let round = 0;
beforeAll(async () => {
  ada = (await signUp("Ada")).member;
  clock.freeze("2026-03-15T12:00:00Z");
});
afterAll(() => clock.release());

/** An event's name, how long ago, and its properties. */
type Did = [name: string, ago?: number, properties?: Record<string, unknown>];

/** Makes leads by their names, with what they did; the answers to `who` are of these alone. */
async function given(people: Record<string, Did[]>): Promise<void> {
  round += 1;
  const sent = Object.keys(people).map((name) => ({ ref: name, external_id: `${round}-${name}` }));
  const { body } = await call(ada, contract.leads.batch, { match_on: "external_id", leads: sent });
  ids = new Map(body.data.map((each) => [each.ref ?? "", each.id ?? ""]));
  for (const [name, events] of Object.entries(people)) {
    await does(name, ...events);
  }
}

async function does(person: string, ...events: Did[]): Promise<void> {
  const sent = events.map(([name, ago = 0, properties]) => ({
    name,
    lead_id: ids.get(person) ?? "",
    occurred_at: new Date(now().getTime() - ago).toISOString(),
    ...(properties === undefined ? {} : { properties }),
  }));
  if (sent.length === 0) {
    return;
  }
  const { body } = await call(ada, contract.events.record, { events: sent });
  if (body.data.some((each) => each.status !== "accepted")) {
    throw new Error(`not all events of ${person} were accepted`);
  }
}

async function who(rule: Rule): Promise<string> {
  const { body, problem } = await call(ada, contract.leads.query, {
    rule: { all: [{ field: "external_id", is: "starts_with", value: `${round}-` }, rule] },
    limit: 200,
  });
  expect(problem.detail).toBeUndefined();
  const nameOf = new Map([...ids].map(([name, id]) => [id, name]));
  return body.data
    .map((lead) => nameOf.get(lead.id) ?? "?")
    .toSorted()
    .join(" ");
}

type Often = NonNullable<Happened["count"]>;
const did = (event: string, more: Partial<Happened> = {}): Rule => ({ event, ...more });
const times = (is: Often["is"], value: number): Pick<Happened, "count"> => ({ count: { is, value } });
const last = (text: string, until?: string): Pick<Happened, "within"> => ({
  within: { last: text, ...(until === undefined ? {} : { until }) },
});
const twice: Did[] = [["test"], ["test", minute]];

describe("events and counts", () => {
  test("C1, C2: at least twice; names may have spaces", async () => {
    await given({
      u1: twice,
      u2: [["test"]],
      u3: [["other"]],
      u4: [["test event name"], ["test event name"]],
    });
    expect(await who(did("test", times("gte", 2)))).toBe("u1");
    expect(await who(did("test event name", times("gte", 2)))).toBe("u4");
  });

  test("C3: all names that begin so add up", async () => {
    await given({ u1: [["TEST_1"], ["TEST_2"]], u2: [["TEST_3"]], u3: [["unrelated"]] });
    expect(await who(did("TEST_*", times("gte", 2)))).toBe("u1");
    expect(await who(did("TEST_*"))).toBe("u1 u2");
    expect(await who(did("TEST_*", times("eq", 0)))).toBe("u3");
  });

  test("C4, C5, C6: with a property; present or not; a number and its text are equal", async () => {
    await given({
      u1: [["test", 0, { age: 18, status: "active", count: 10 }]],
      u2: [["test", 0, { age: 22, status: "inactive", count: "10" }]],
      u3: [["test", 0, { count: 11 }]],
      u4: [["unrelated", 0, { age: 30, status: "active" }]],
    });
    const where = (rule: Rule) => who(did("test", { where: rule }));
    expect(await where({ field: "age", is: "gte", value: 20 })).toBe("u2");
    expect(await where({ field: "age", is: "lt", value: 20 })).toBe("u1");
    expect(await where({ field: "status", is: "eq", value: "active" })).toBe("u1");
    expect(await where({ field: "status", is: "set" })).toBe("u1 u2");
    expect(await where({ field: "count", is: "eq", value: "10" })).toBe("u1 u2");
  });

  test("C7, C8, C11: exactly none is allowed, and fewer than two includes none; asked again it is the same", async () => {
    await given({ u1: [["unrelated"]], u2: [["test"]], u3: twice });
    for (let asked = 0; asked < 3; asked++) {
      expect(await who(did("test", times("eq", 0)))).toBe("u1");
      expect(await who(did("test", times("lt", 2)))).toBe("u1 u2");
      expect(await who(did("test", { did: false }))).toBe("u1");
      expect(await who(did("test", times("lt", 0)))).toBe("");
    }
    await does("u1", ["test"]);
    expect(await who(did("test", times("eq", 0)))).toBe("");
  });

  test("C9: the same twice is two, unless the sender says by its id that it is one", async () => {
    await given({ u1: [["test"]], u2: [["test"], ["test"]] });
    expect(await who(did("test", times("lt", 2)))).toBe("u1");
    for (let sent = 0; sent < 2; sent++) {
      const event = { name: "test", lead_id: ids.get("u1") ?? "", event_id: `c9-${round}` };
      await call(ada, contract.events.record, { events: [event] });
    }
    expect(await who(did("test", times("eq", 2)))).toBe("u1 u2");
  });

  test("C10: exactly once or exactly twice in a week", async () => {
    await given({ p1: [["test", day]], p2: [["test", 2 * day]], p3: twice, p4: [["test", 8 * day]] });
    const exactly = (value: number) => did("test", { ...times("eq", value), ...last("7d") });
    expect(await who({ any: [exactly(1), exactly(2)] })).toBe("p1 p2 p3");
  });

  test("C12–C16: opened which template, clicked where; whoever never did is among those who did not", async () => {
    await given({
      c1: [
        ["page.viewed", 0, { url: "http://test.com" }],
        ["email.opened", 0, { template: "X" }],
      ],
      c2: [["page.viewed", 0, { url: "http://a.com/segment-3" }], ["email.clicked"]],
      c3: [
        ["page.viewed", 0, { url: "http://a.com/segment-2" }],
        ["page.viewed", 0, { url: "http://a.com/other" }],
      ],
      c4: [],
    });
    const viewed = (value: string, more: Partial<Happened> = {}) =>
      who(did("page.viewed", { where: { field: "url", is: "contains", value }, ...more }));
    expect(await who(did("email.opened", { where: { field: "template", is: "eq", value: "X" } }))).toBe("c1");
    expect(await viewed("test.com")).toBe("c1");
    expect(await viewed("test.com", { did: false })).toBe("c2 c3 c4");
    expect(await viewed("segment-")).toBe("c2 c3");
    expect(await who(did("email.clicked", { did: false }))).toBe("c1 c3 c4");
  });
});

describe("windows of time", () => {
  test("D1, D2: in within the window, out when it has passed, with nothing else happening; its own time counts", async () => {
    await given({ u1: [["test"]], u2: [["test", 6 * minute]] });
    const within = did("test", last("5m"));
    expect(await who(within)).toBe("u1");
    clock.advance(minute);
    expect(await who(within)).toBe("u1");
    clock.advance(6 * minute);
    expect(await who(within)).toBe("");
    await does("u2", ["test"]);
    expect(await who(within)).toBe("u2");
    clock.advance(5 * minute);
    expect(await who(within)).toBe("u2");
    clock.advance(1);
    expect(await who(within)).toBe("");
  });

  test("D4–D7: none, or fewer, within the window: whoever did comes in as it passes", async () => {
    await given({ u1: [["unrelated"]], u2: [["test"]], u3: [["test"], ["test"]] });
    const none = did("test", { ...times("eq", 0), ...last("5m") });
    expect(await who(none)).toBe("u1");
    expect(await who(did("test", { ...times("lt", 2), ...last("5m") }))).toBe("u1 u2");
    expect(await who({ all: [none, { field: "stage", is: "ne", value: "new" }] })).toBe("");
    clock.advance(6 * minute);
    expect(await who(none)).toBe("u1 u2 u3");
    expect(await who(did("test", { ...times("lt", 2), ...last("5m") }))).toBe("u1 u2 u3");
    expect(await who(did("test", times("lt", 2)))).toBe("u1 u2");
  });

  test("D8: a rule that gets a window forgets what lies before it", async () => {
    await given({ u1: [["test"]] });
    clock.advance(50 * minute);
    expect(await who(did("test"))).toBe("u1");
    expect(await who(did("test", last("5m")))).toBe("");
    await does("u1", ["test"]);
    expect(await who(did("test", last("5m")))).toBe("u1");
  });

  test("D13, D14: in the last week; with a property since a date", async () => {
    await given({
      p1: [["view", 2 * day, { x: 1 }]],
      p2: [
        ["view", 2 * day],
        ["view", 5 * day, { x: 1 }],
      ],
      p3: [["view", 9 * day, { x: 1 }]],
    });
    expect(await who(did("view", last("7d")))).toBe("p1 p2");
    const from = new Date(now().getTime() - 3 * day).toISOString();
    expect(await who(did("view", { within: { from }, where: { field: "x", is: "set" } }))).toBe("p1");
  });

  test("D15–D17: stopped and came back; the nearer end of a window can't lie behind its farther one", async () => {
    await given({ p1: [["view", 10 * day]], p2: [["view", 3 * day]] });
    expect(await who({ all: [did("view", last("2w")), did("view", { did: false, ...last("7d") })] })).toBe(
      "p1",
    );
    expect(await who(did("view", last("2w", "7d")))).toBe("p1");
    await given({
      p1: [
        ["view", 20 * day],
        ["view", day],
      ],
      p2: [
        ["view", 20 * day],
        ["view", 5 * day],
        ["view", day],
      ],
      p3: [["view", day]],
    });
    const again = [
      did("view", last("30d", "7d")),
      did("view", { did: false, ...last("7d", "2d") }),
      did("view", last("2d")),
    ];
    expect(await who({ all: again })).toBe("p1");
    const { status, problem } = await raw(ada, "POST", "/leads/query", {
      rule: did("view", last("7d", "2w")),
    });
    expect([status, problem.errors[0]?.path]).toEqual([400, "rule.within"]);
  });

  test("D18: the first ever within the last week; the last of all before it", async () => {
    await given({
      p1: [
        ["view", 20 * day],
        ["view", 4 * day],
      ],
      p2: [["view", 4 * day]],
      p3: [["view", 20 * day]],
    });
    expect(await who(did("view", { which: "first", ...last("7d") }))).toBe("p2");
    const before = { to: new Date(now().getTime() - 7 * day).toISOString() };
    expect(await who(did("view", { which: "last", within: before }))).toBe("p3");
    expect(await who(did("view", { which: "first", did: false, ...last("7d") }))).toBe("p1 p3");
  });

  test("D19, D20: regularly, as so many of the last three periods", async () => {
    const periods = (...counts: number[]): Did[] =>
      counts.flatMap((count, period) =>
        Array.from({ length: count }, (): Did => ["view", period * 3 * day + day]),
      );
    await given({ p1: periods(0, 1, 2), p2: periods(1, 2, 2), p3: periods(1, 1, 1) });
    const inPeriod = (period: number, count: number) =>
      did("view", {
        ...times("gte", count),
        ...last(`${period * 3 + 3}d`, period === 0 ? undefined : `${period * 3}d`),
      });
    const twoOf = (count: number): Rule => ({
      any: [
        [0, 1],
        [0, 2],
        [1, 2],
      ].map((pair) => ({ all: pair.map((period) => inPeriod(period, count)) })),
    });
    expect(await who(twoOf(2))).toBe("p2");
    expect(await who(twoOf(1))).toBe("p1 p2 p3");
    expect(await who({ all: [0, 1, 2].map((period) => inPeriod(period, 1)) })).toBe("p2 p3");
  });

  test("D21: days are the workspace's zone's, through the hour that spring has less", async () => {
    clock.freeze("2026-03-29T10:00:00Z");
    await given({
      // Berlin's midnights: 28 March 23:00 UTC (winter time), 29 March 22:00 UTC (summer time).
      before: [["view", Date.parse("2026-03-29T10:00:00Z") - Date.parse("2026-03-28T22:59:59.999Z")]],
      first: [["view", Date.parse("2026-03-29T10:00:00Z") - Date.parse("2026-03-28T23:00:00Z")]],
    });
    clock.freeze("2026-03-30T10:00:00Z");
    await does("first", ["other"]);
    await does("before", [
      "view",
      Date.parse("2026-03-30T10:00:00Z") - Date.parse("2026-03-29T21:59:59.999Z"),
    ]);
    const on = (date: string) => who(did("view", { within: { from: date, to: date } }));
    expect([await on("2026-03-28"), await on("2026-03-29"), await on("2026-03-30")]).toEqual([
      "before",
      "before first",
      "",
    ]);
    expect([await on("yesterday"), await on("today")]).toEqual(["before first", ""]);
  });
});
