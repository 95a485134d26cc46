import { afterAll, beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { periods } from "@bellwether/contracts/periods";
import type { Rule } from "@bellwether/contracts/rule";
import { clock } from "../../kernel/clock.ts";
import { type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, useProgram } from "../../kernel/testing/program.ts";

/** D21: each day and period that moves on with today holds those dated inside it, to its first and last moment, and nobody else. */
useProgram();
const { events, fields, identity, leads } = contract;
/** A Wednesday. */
const today = "2026-11-18";
const asked = [
  ["today", "2026-11-18", "2026-11-18"],
  ["tomorrow", "2026-11-19", "2026-11-19"],
  ["yesterday", "2026-11-17", "2026-11-17"],
  ["last_week", "2026-11-09", "2026-11-15"],
  ["this_week", "2026-11-16", "2026-11-22"],
  ["next_week", "2026-11-23", "2026-11-29"],
  ["last_month", "2026-10-01", "2026-10-31"],
  ["this_month", "2026-11-01", "2026-11-30"],
  ["next_month", "2026-12-01", "2026-12-31"],
  ["last_year", "2025-01-01", "2025-12-31"],
  ["this_year", "2026-01-01", "2026-12-31"],
  ["next_year", "2027-01-01", "2027-12-31"],
  ["in_5_days", "2026-11-23", "2026-11-23"],
  ["in_1_day", "2026-11-19", "2026-11-19"],
  ["4_days_ago", "2026-11-14", "2026-11-14"],
] as const;

let ada: Member;
beforeAll(async () => {
  ada = (await signUp("Ada")).member;
  await call(ada, identity.workspace.update, { time_zone: "UTC" });
  for (const type of ["date", "datetime"] as const) {
    await call(ada, fields.create, { key: type, label: type, type });
  }
  clock.freeze(`${today}T10:00:00Z`);
});
afterAll(() => clock.release());

const away = (date: string, days: number) => Temporal.PlainDate.from(date).add({ days }).toString();
async function who(rule: Rule): Promise<string[]> {
  const { body, problem } = await call(ada, leads.query, { rule });
  expect(problem.detail).toBeUndefined();
  return body.data.map((lead) => lead.first_name ?? "").toSorted();
}

test("there is a case for each", () => {
  expect(asked.map(([period]) => period)).toEqual(expect.arrayContaining([...periods]));
});

test.each(asked)("%s: from %s to %s", async (period, first, last) => {
  const dates = { before: away(first, -1), first, last, after: away(last, 1) };
  const moments = {
    before: `${dates.before}T23:59:59.999Z`,
    first: `${first}T00:00:00.000Z`,
    last: `${last}T23:59:59.999Z`,
    after: `${dates.after}T00:00:00.000Z`,
  };
  const all = ["before", "first", "last", "after"] as const;
  const made = await call(ada, leads.batch, {
    leads: all.map((name) => ({
      external_id: `${period} ${name}`,
      first_name: name,
      city: period,
      attributes: { date: dates[name], datetime: moments[name] },
    })),
  });
  const ids = made.body.data.map((each) => each.id ?? "");
  const mine: Rule = { field: "city", is: "eq", value: period };
  const on = (field: string): Rule => ({ all: [mine, { field, is: "eq", value: period }] });
  expect(await who(on("attributes.date"))).toEqual(["first", "last"]);
  expect(await who(on("attributes.datetime"))).toEqual(["first", "last"]);
  const after: Rule = { all: [mine, { field: "attributes.date", is: "gt", value: period }] };
  expect(await who(after)).toEqual(["after"]);
  const query = `city:${period} date<${period}`;
  expect((await call(ada, leads.search, { query })).body.data.map((lead) => lead.first_name)).toEqual([
    "before",
  ]);

  const past = all.flatMap((name, n) =>
    moments[name] < `${today}T10:00` ? [{ name: period, lead_id: ids[n], occurred_at: moments[name] }] : [],
  );
  const { body } = await call(ada, events.record, { events: [...past, { name: "none", lead_id: ids[0] }] });
  expect(body.data.filter((each) => each.status === "refused")).toEqual([]);
  const happened = await who({ event: period, within: { from: period, to: period } });
  expect(happened).toEqual(
    ["first", "last"].filter((name) =>
      past.some(({ lead_id }) => lead_id === ids[all.findIndex((each) => each === name)]),
    ),
  );
});

test("what is no such period is refused with what there is", async () => {
  for (const value of ["in_0_days", "in_5_weeks", "5_days", "last_decade", "in_99999_days"]) {
    const rule: Rule = { field: "attributes.date", is: "eq", value };
    const { status, problem } = await call(ada, leads.query, { rule });
    expect([status, problem.detail]).toEqual([
      400,
      `date “${value}”: give a date such as 2026-03-15, or a word such as today, last_week or in_5_days.`,
    ]);
  }
});
