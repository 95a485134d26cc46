import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { may, roles } from "@bellwether/contracts/permissions";
import type { Endpoint } from "./kernel/http.ts";
import { newId } from "./kernel/ids.ts";
import { cast, type Cast, join, keyOf } from "./kernel/testing/cast.ts";
import { call, nobody, type Person, raw, settle, the, useProgram } from "./kernel/testing/program.ts";

/** Who may call what: the table that the contract promises, and that the server keeps to it. */
useProgram();
const keyRoles = ["admin", "manager", "agent", "viewer"] as const;
type Column = "nobody" | (typeof roles)[number] | `${(typeof keyRoles)[number]} key`;
const columns: Column[] = ["nobody", ...roles, ...keyRoles.map((role) => `${role} key` as const)];

let people: Cast;
const callers = new Map<Column, Person>();
let endpoints: Endpoint[];
beforeAll(async () => {
  people = await cast();
  const admin = await join(people.ada, "Adam", "admin");
  const persons = {
    nobody,
    owner: people.ada,
    admin,
    manager: people.max,
    agent: people.rep,
    viewer: people.viewer,
  };
  for (const [name, person] of Object.entries(persons)) {
    callers.set(name as Column, person);
  }
  for (const role of keyRoles) {
    callers.set(`${role} key`, await keyOf(people.ada, role));
  }
  endpoints = the().modules.flatMap((module) => module.endpoints);
});

/** 200 stands for any answer but a refusal for lack of rights. */
function promised(endpoint: Endpoint, column: Column): 200 | 401 | 403 {
  const { needs } = endpoint.meta;
  const key = column.endsWith(" key");
  if (needs === "public") {
    return 200;
  }
  if (column === "nobody" || (needs === "signed_in" && key)) {
    return 401;
  }
  const role = roles.find((each) => column === each || column === `${each} key`);
  return needs === "signed_in" || needs === "member" || (role !== undefined && may(role, needs)) ? 200 : 403;
}

test("the table of endpoints and roles", async () => {
  const rows = endpoints
    .map((endpoint) => [
      `\`${endpoint.method} ${endpoint.path.replace(/:(\w+)/g, "{$1}")}\``,
      ...columns.map((column) => ({ 200: "yes", 401: "sign in", 403: "–" })[promised(endpoint, column)]),
    ])
    .map((cells) => `| ${cells.join(" | ")} |`);
  const table = [`| endpoint | ${columns.join(" | ")} |`, `|${"---|".repeat(columns.length + 1)}`, ...rows];
  await expect(
    `# Who may call what\n\nMade and held true by \`packages/server/src/access.test.ts\`. “yes” is the endpoint; which leads a role sees in it is finer, and tested beside the verbs.\n\n${table.join("\n")}\n`,
  ).toMatchFileSnapshot("../../../docs/access.md");
  expect(rows.length).toBeGreaterThan(45);
});

test("every endpoint answers every role as the table says", async () => {
  const wrong: string[] = [];
  // Signing out ends the callers' sessions, so it comes last.
  for (const endpoint of endpoints.toSorted(
    (a, b) => Number(a.name === "identity.signOut") - Number(b.name === "identity.signOut"),
  )) {
    for (const column of columns) {
      const wanted = promised(endpoint, column);
      if (endpoint.name === "live.stream" && wanted === 200) {
        continue; // Never ends; its own test listens to it.
      }
      const path = endpoint.path.replace(/:\w+/g, newId);
      const { status } = await raw(
        callers.get(column) ?? nobody,
        String(endpoint.method),
        path,
        endpoint.method === "GET" ? undefined : "{}",
      );
      const refused = status === 401 || status === 403;
      if (wanted === 200 ? refused || status > 499 : status !== wanted) {
        wrong.push(`${endpoint.name} as ${column}: ${status}, promised ${wanted}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  // Each endpoint ten times, one after the other: some two thousand requests.
});

describe("another workspace's ids", () => {
  let own: Cast;
  /** Ids of things in Ada's workspace, by what the path calls them. */
  const theirs: Record<string, string> = {};
  /** The same names, with ids of nothing. */
  const missing: Record<string, string> = { field: "no_such_field", tagName: "No such tag" };
  let rivals_lead: string;

  beforeAll(async () => {
    own = await cast();
    const { ada } = own;
    const { body: lead } = await call(ada, contract.leads.create, {
      email: "hidden@example.com",
      tags: ["Hidden"],
    });
    theirs["lead"] = lead.id;
    theirs["note"] = (
      await call(ada, contract.leads.notes.create, { id: lead.id, body: "<p>private</p>" })
    ).body.id;
    theirs["event"] = (await call(ada, contract.events.add, { id: lead.id, name: "Hidden" })).body.id;
    theirs["tag"] = (await call(ada, contract.tags.list)).body.data[0]?.id ?? "";
    theirs["member"] = own.rep.member_id;
    theirs["invitation"] = (
      await call(ada, contract.identity.invitations.create, { email: "new@example.com", role: "agent" })
    ).body.id;
    theirs["key"] = (await call(ada, contract.identity.keys.create, { name: "k", role: "viewer" })).body.id;
    theirs["device"] = (await call(ada, contract.identity.devices)).body.data[0]?.id ?? "";
    theirs["field"] = (
      await call(ada, contract.fields.create, { key: "plan", label: "Plan", type: "text" })
    ).body.key;
    theirs["import"] = (
      await raw<{ id: string }>(ada, "POST", "/imports?file_name=a.csv", "email\nx@example.com\n", {
        "content-type": "text/csv",
      })
    ).body.id;
    theirs["export"] = (await call(ada, contract.exports.create, { columns: ["email"] })).body.id;
    theirs["view"] = (await call(ada, contract.views.create, { name: "Hidden", shared: true })).body.id;
    // Not in force, so that no lead changes because of it.
    const asleep = { name: "Hidden", members: [own.rep.member_id], enabled: false };
    theirs["rule"] = (await call(ada, contract.assignment.rules.create, asleep)).body.id;
    theirs["segment"] = (
      await call(ada, contract.segments.create, { name: "Hidden", type: "static" })
    ).body.id;
    await call(ada, contract.leads.create, { email: "hidden+2@example.com" });
    await settle();
    theirs["pair"] = (await call(ada, contract.duplicates.list, {})).body.data[0]?.id ?? "";
    theirs["workspace"] = own.workspace_id;
    for (const name of Object.keys(theirs)) {
      missing[name] ??= newId();
    }
    rivals_lead = (await call(own.rival, contract.leads.create, { email: "mine@example.com" })).body.id;
  });

  /** Every place where an id can stand: method, path and body, written with `{name}` for it. */
  const places: [method: string, path: string, body?: object][] = [
    ["GET", "/leads/{lead}"],
    ["GET", "/contacts/{lead}"],
    ["PATCH", "/leads/{lead}", { city: "x" }],
    ["DELETE", "/leads/{lead}"],
    ["POST", "/leads/{lead}/restore"],
    ["POST", "/leads/{lead}/hide"],
    ["POST", "/leads/{lead}/show"],
    ["POST", "/leads/bin/restore", { ids: ["{lead}"] }],
    ["GET", "/leads/{lead}/erasure"],
    ["POST", "/leads/{lead}/erasure", { confirm: "hidden@example.com" }],
    ["POST", "/leads/bin/erasure-preview", { ids: ["{lead}"] }],
    ["POST", "/leads/bin/erasure", { ids: ["{lead}"], confirm: "1 lead" }],
    ["GET", "/leads/{lead}/export"],
    ["PUT", "/leads/{lead}/owner", { owner_id: null }],
    ["PUT", "/leads/{lead}/stage", { stage: "contacted" }],
    ["POST", "/leads/{lead}/reopen"],
    ["GET", "/leads/{lead}/moves"],
    ["POST", "/leads/{lead}/moves/undo"],
    ["PUT", "/leads/{lead}/tags/Vip"],
    ["DELETE", "/leads/{lead}/tags/Hidden"],
    ["GET", "/leads/{lead}/timeline"],
    ["POST", "/events", { events: [{ name: "x", lead_id: "{lead}" }] }],
    ["POST", "/leads/{lead}/events", { name: "x" }],
    ["GET", "/leads/{lead}/events/groups"],
    ["DELETE", "/leads/{lead}/events/{event}"],
    ["DELETE", "/leads/{mine}/events/{event}"],
    ["POST", "/leads/{lead}/events/{event}/restore"],
    ["POST", "/leads/{mine}/events/{event}/restore"],
    ["GET", "/leads/{lead}/notes"],
    ["POST", "/leads/{lead}/notes", { body: "x" }],
    ["PATCH", "/leads/{lead}/notes/{note}", { body: "x" }],
    ["DELETE", "/leads/{lead}/notes/{note}"],
    ["PATCH", "/leads/{mine}/notes/{note}", { body: "x" }],
    ["DELETE", "/leads/{mine}/notes/{note}"],
    ["PATCH", "/tags/{tag}", { name: "x" }],
    ["DELETE", "/tags/{tag}"],
    ["PATCH", "/fields/{field}", { label: "x" }],
    ["DELETE", "/fields/{field}"],
    ["PUT", "/field-order", { keys: ["{field}"] }],
    ["PATCH", "/members/{member}", { role: "viewer" }],
    ["DELETE", "/members/{member}"],
    ["POST", "/members/{member}/password-reset"],
    ["DELETE", "/invitations/{invitation}"],
    ["DELETE", "/keys/{key}"],
    ["DELETE", "/sessions/{device}"],
    ["PUT", "/session/workspace", { workspace_id: "{workspace}" }],
    ["GET", "/imports/{import}"],
    ["PUT", "/imports/{import}/mapping", { columns: [{ index: 0, field: "email" }] }],
    ["POST", "/imports/{import}/run"],
    ["DELETE", "/imports/{import}/run"],
    ["POST", "/imports/{import}/undo"],
    ["DELETE", "/imports/{import}"],
    ["GET", "/imports/{import}/rejected.csv"],
    ["GET", "/exports/{export}"],
    ["GET", "/exports/{export}/file"],
    ["POST", "/leads/{lead}/assign"],
    ["POST", "/assignment-rules", { name: "x", members: ["{member}"] }],
    ["PATCH", "/assignment-rules/{rule}", { name: "x" }],
    ["DELETE", "/assignment-rules/{rule}"],
    ["PUT", "/assignment-rule-order", { ids: ["{rule}"] }],
    ["POST", "/assignment-rules/preview", { lead_ids: ["{lead}"] }],
    ["GET", "/members/{member}/availability"],
    ["PUT", "/members/{member}/availability", { time_zone: "UTC", hours: null, absences: [] }],
    ["GET", "/duplicates?lead_id={lead}"],
    ["POST", "/duplicates/{pair}/dismiss"],
    ["POST", "/duplicates/{pair}/suggest"],
    ["POST", "/leads/{lead}/merge", { other_id: "{mine}" }],
    ["POST", "/leads/{mine}/merge", { other_id: "{lead}" }],
    ["POST", "/leads/{mine}/merge/preview", { other_id: "{lead}" }],
    ["GET", "/views/{view}"],
    ["PATCH", "/views/{view}", { name: "x" }],
    ["DELETE", "/views/{view}"],
    ["GET", "/segments/names"],
    ["GET", "/segments/{segment}"],
    ["PATCH", "/segments/{segment}", { name: "x" }],
    ["DELETE", "/segments/{segment}"],
    ["PUT", "/segments/{segment}/state", { state: "retired" }],
    ["POST", "/segments/{segment}/impact", { rule: null }],
    ["POST", "/segments/{segment}/duplicate"],
    ["POST", "/segments/{segment}/convert"],
    ["POST", "/segments/{segment}/unconvert"],
    ["POST", "/segments/{segment}/restore"],
    ["GET", "/segments/{segment}/growth"],
    ["GET", "/segments/{segment}/explain?lead={mine}"],
    ["GET", "/segments/{segment}/members"],
    ["POST", "/segments/{segment}/members", { lead_ids: ["{mine}"] }],
    ["DELETE", "/segments/{segment}/members", { lead_ids: ["{mine}"] }],
    ["GET", "/leads/{lead}/segments"],
    ["POST", "/segments", { name: "x", rule: { segment: "{segment}", member: true } }],
    ["POST", "/segments/preview", { rule: { segment: "{segment}", member: true } }],
    ["POST", "/leads/query", { rule: { segment: "{segment}", member: true } }],
    [
      "POST",
      "/bulk/preview",
      { lead_ids: ["{mine}"], action: { kind: "add_to_segment", segment_id: "{segment}" } },
    ],
    ["PUT", "/leads/{mine}/owner", { owner_id: "{member}" }],
    ["POST", "/leads", { email: "owned@example.com", owner_id: "{member}" }],
    ["POST", "/leads/query", { rule: { field: "owner_id", is: "eq", value: "{member}" } }],
    ["GET", "/leads/search?query=owner:{member}"],
    ["GET", "/leads/search?query=tag:{tag}"],
    ["POST", "/leads/query", { rule: { field: "attributes.{field}", is: "set" } }],
  ];

  test.each(places)("%s %s: hidden looks like missing", async (method, path, body) => {
    const hidden = await ask(method, path, body, theirs);
    const gone = await ask(method, path, body, missing);
    expect(hidden).toEqual(gone);
    expect(hidden.status).toBeLessThan(500);
    expect(hidden.text).not.toMatch(/hidden@|private|Hidden/);
  });

  test("in a batch a foreign owner is refused like a missing one, and the others are written", async () => {
    const results = await Promise.all(
      [theirs, missing].map(async (ids) => {
        const leads = [
          { email: `b-${newId()}@example.com`, owner_id: ids["member"] },
          { email: `c-${newId()}@example.com` },
        ];
        const { body } = await call(own.rival, contract.leads.batch, { leads });
        return body.data.map(({ status, errors }) => ({ status, codes: errors.map((error) => error.code) }));
      }),
    );
    expect(results[0]).toEqual(results[1]);
    expect(results[0]?.map((each) => each.status)).toEqual(["refused", "created"]);
  });

  test("nothing of it changed", async () => {
    const { ada } = own;
    expect((await call(ada, contract.leads.show, { id: theirs["lead"] ?? "" })).body).toMatchObject({
      email: "hidden@example.com",
      tags: ["Hidden"],
      revision: 1,
    });
    expect((await call(ada, contract.leads.notes.list, { id: theirs["lead"] ?? "" })).body.data).toHaveLength(
      1,
    );
    expect((await call(ada, contract.fields.list, {})).body.data.map((field) => field.label)).toEqual([
      "Plan",
    ]);
    expect((await call(ada, contract.identity.members.list)).body.data).toHaveLength(4);
    expect((await call(ada, contract.identity.invitations.list)).body.data).toHaveLength(1);
    expect((await call(ada, contract.identity.keys.list)).body.data).toHaveLength(1);
    expect((await call(ada, contract.imports.show, { id: theirs["import"] ?? "" })).body.state).toBe("draft");
  });

  /** As Rival, with the ids put in and taken out of the answer again. */
  async function ask(method: string, path: string, body: object | undefined, ids: Record<string, string>) {
    const all: Record<string, string> = { ...ids, mine: rivals_lead };
    const put = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => all[name] ?? whole);
    const { status, body: answer } = await raw(
      own.rival,
      method,
      put(path),
      body === undefined ? undefined : put(JSON.stringify(body)),
    );
    const { request_id: _r, ...rest } =
      typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : { answer };
    let text = JSON.stringify(rest);
    for (const id of Object.values(ids)) {
      text = text.replaceAll(id, "ID");
    }
    return { status, text };
  }
});
