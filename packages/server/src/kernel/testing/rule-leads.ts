import { expect } from "vitest";
import { contract } from "@bellwether/contracts";
import { fieldTypes } from "@bellwether/contracts/fields";
import type { LeadIn } from "@bellwether/contracts/leads";
import type { Rule } from "@bellwether/contracts/rule";
import { cast, type Cast } from "./cast.ts";
import { call, settle } from "./program.ts";

const { leads, fields } = contract;

/** Three leads with values and one, `none`, with nothing but its external id. */
const known: Record<string, { owned?: boolean } & LeadIn> = {
  a: {
    company: "Ärzte GmbH",
    owned: true,
    stage: "contacted",
    tags: ["VIP", "North"],
    attributes: {
      text: "Blue moon",
      number: 1,
      money: 10.5,
      date: "2026-03-28",
      datetime: "2026-03-28T22:59:59.999Z",
      yes_no: true,
      choice: "free",
      choices: ["x", "y"],
      url: "https://a.example",
    },
  },
  b: {
    company: "Bolt_100%",
    stage: "lost",
    lost_reason: "Price",
    tags: ["vip"],
    attributes: {
      text: "blue",
      number: 2,
      money: 20,
      date: "2026-03-29",
      datetime: "2026-03-28T23:00:00Z",
      yes_no: false,
      choice: "pro",
      choices: ["y"],
      url: "https://b.example",
    },
  },
  c: {
    company: "Cargo",
    stage: "new",
    tags: ["South"],
    attributes: {
      text: "red",
      number: -3,
      money: 0,
      date: "2026-03-30",
      datetime: "2026-03-29T22:00:00Z",
      choice: "pro",
      choices: ["z"],
    },
  },
  none: { stage: "new" },
};

/** Makes them, with a field of every type, and asks for them by their names. */
export async function ruleLeads() {
  const people: Cast = await cast();
  const { ada } = people;
  const nameOf = new Map<string, string>();
  for (const type of fieldTypes) {
    const options = type === "choice" ? ["free", "pro", "max"] : type === "choices" ? ["x", "y", "z"] : [];
    await call(ada, fields.create, { key: type, label: `The ${type}`, type, options });
  }
  for (const [name, { owned, ...values }] of Object.entries(known)) {
    const owner = owned === true ? { owner_id: people.rep.member_id } : {};
    const { body, status, problem } = await call(ada, leads.create, {
      external_id: name,
      ...owner,
      ...values,
    });
    if (status !== 201) {
      throw new Error(problem.detail);
    }
    nameOf.set(body.id, name);
  }
  await settle();
  const named = (found: { id: string }[]) =>
    found
      .map((lead) => nameOf.get(lead.id) ?? "?")
      .toSorted((x, y) => x.localeCompare(y))
      .join(" ");

  return {
    people,
    async matching(rule: Rule): Promise<string> {
      const { body, problem, status } = await call(ada, leads.query, { rule, limit: 200, count: "exact" });
      if (status !== 200) {
        throw new Error(problem.detail);
      }
      expect(body.count).toEqual({ value: body.data.length, exact: true });
      return named(body.data);
    },
    /** By the query language; a refusal's code where it is refused. */
    async searched(query: string): Promise<string> {
      const { body, problem, status } = await call(ada, leads.search, { query, limit: 200 });
      return status === 200 ? named(body.data) : problem.code;
    },
  };
}
