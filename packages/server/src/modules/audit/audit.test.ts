import { contract } from "@bellwether/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { type Cast, cast, keyOf, type Member, signUp } from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";

useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
const { audit, leads, identity } = contract;

async function entries(who: Person, input: Parameters<typeof call<typeof audit.list>>[2] = {}) {
  return (await call(who, audit.list, { limit: 200, ...input })).body.data;
}
const names = async (who: Person, input: Parameters<typeof call<typeof audit.list>>[2] = {}) =>
  (await entries(who, input)).map((entry) => entry.name);

describe("what is in it", () => {
  test("who did what to which lead, from where, with before and after", async () => {
    const { member: ada } = await signUp("Ada");
    const from = { ...ada, headers: { ...ada.headers, "user-agent": "Test" } };
    const { body: lead } = await call(from, leads.create, { email: "ann@example.com", city: "Rome" });
    await call(from, leads.update, { id: lead.id, city: "Paris" });
    const [changed, created] = await entries(ada, { lead_id: lead.id });
    expect(created).toMatchObject({
      name: "lead.created",
      lead_id: lead.id,
      actor: { kind: "member", name: "Ada", id: ada.member_id },
      ip: "127.0.0.1",
    });
    expect(changed).toMatchObject({
      name: "lead.updated",
      data: { changes: { city: { from: "Rome", to: "Paris" } } },
    });
  });

  test("who came in, who failed to, and whose password changed", async () => {
    const { member: ada } = await signUp("Ada");
    await call(
      nobody,
      identity.signIn,
      { email: ada.email, password: ada.password },
      { "user-agent": "Firefox" },
    );
    await call(nobody, identity.signIn, { email: ada.email, password: "not the right one" });
    await expect.poll(() => names(ada)).toContain("member.sign_in_failed");
    expect(await entries(ada, { name: "member.signed_in" })).toMatchObject([
      { actor: { name: "Ada" }, subject_id: ada.member_id, ip: "127.0.0.1", data: { browser: "Firefox" } },
      { actor: { name: "Ada" } },
    ]);
    expect(await entries(ada, { name: "member.sign_in_failed" })).toMatchObject([
      {
        actor: { kind: "system", id: null, name: "Somebody not signed in" },
        subject_id: ada.member_id,
        ip: "127.0.0.1",
        data: { email: ada.email },
      },
    ]);
    const changed = await call(ada, identity.changePassword, {
      current: ada.password,
      password: "another long password",
    });
    expect(changed.status).toBe(200);
    const again = await call(nobody, identity.signIn, {
      email: ada.email,
      password: "another long password",
    });
    const back = {
      name: "Ada",
      headers: {
        cookie: [again.headers["set-cookie"]]
          .flat()
          .map((cookie) => String(cookie).split(";", 1)[0])
          .join("; "),
      },
    };
    expect(await entries(back, { name: "member.password_changed" })).toMatchObject([
      { actor: { name: "Ada", id: ada.member_id } },
    ]);
  });

  test("a password set by a link", async () => {
    const { member: ada } = await signUp("Ada");
    const link = await call(ada, identity.members.resetLink, { id: ada.member_id });
    const token = link.body.url.split("/").at(-1) ?? "";
    await call(nobody, identity.resetPassword, { token, password: "yet another password" });
    const { rows } = await the().ownerPool.query(
      "select data from event where subject_id = $1 and name = 'member.password_changed'",
      [ada.member_id],
    );
    expect(rows).toEqual([{ data: { name: "Ada", by_link: true } }]);
  });

  test("exports, keys and what keys did", async () => {
    const { member: ada } = await signUp("Ada");
    const key = await keyOf(ada, "manager");
    await call(key, leads.create, { email: "k@example.com" });
    await call(key, contract.exports.create, { columns: ["email"] });
    await settle();
    const log = await entries(ada);
    expect(log.map((entry) => `${entry.name} by ${entry.actor.name}`)).toEqual(
      expect.arrayContaining([
        "key.created by Ada",
        "lead.created by manager key",
        "export.created by manager key",
        "export.finished by manager key",
        "workspace.created by Ada",
      ]),
    );
    expect(log.find((entry) => entry.name === "lead.created")).toMatchObject({
      actor: { kind: "key" },
      ip: "127.0.0.1",
    });
  });

  test("the address is in the audit log alone", async () => {
    const { member: ada } = await signUp("Ada");
    const { body: lead } = await call(ada, leads.create, { email: "ann@example.com" });
    const timeline = await call(ada, leads.timeline, { id: lead.id });
    expect(JSON.stringify(timeline.body)).not.toContain("127.0.0.1");
  });
});

describe("finding in it", () => {
  let ada: Member;
  let lead_id: string;
  let key_id: string | null;
  let middle: string;
  beforeAll(async () => {
    ({ member: ada } = await signUp("Ada"));
    lead_id = (await call(ada, leads.create, { email: "one@example.com" })).body.id;
    const key = await keyOf(ada, "agent");
    middle = new Date().toISOString();
    await call(key, leads.update, { id: lead_id, city: "Rome" });
    await call(ada, leads.addTag, { id: lead_id, tag: "Vip" });
    key_id = (await entries(ada, { name: "lead.updated" }))[0]?.actor.id ?? null;
  });

  test("by name, by the beginning of a name, by who, by lead, by time", async () => {
    expect(await names(ada, { name: "lead.updated" })).toEqual(["lead.updated"]);
    expect(await names(ada, { name: "lead.*" })).toEqual(["lead.updated", "lead.created"]);
    expect(await names(ada, { name: "lead" })).toEqual([]);
    expect(await names(ada, { actor_id: key_id ?? "" })).toEqual(["lead.updated"]);
    expect(await names(ada, { lead_id })).toEqual(["tag.added", "lead.updated", "lead.created"]);
    expect(await names(ada, { lead_id, from: middle })).toEqual(["tag.added", "lead.updated"]);
    expect(await names(ada, { lead_id, to: middle })).toEqual(["lead.created"]);
    const bad = await call(ada, audit.list, { name: "le%d'" });
    expect([bad.status, bad.problem.errors[0]?.path]).toEqual([422, "name"]);
  });

  test("page by page, newest first, each entry once; a cursor of other filters is refused", async () => {
    const all = await entries(ada);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof call<typeof audit.list>>> = await call(ada, audit.list, {
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.body.data.map((entry) => entry.id));
      cursor = page.body.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(all.map((entry) => entry.id));
    expect(all.map((entry) => entry.occurred_at)).toEqual(
      all.map((entry) => entry.occurred_at).toSorted((a, b) => (a < b ? 1 : -1)),
    );
    const { body } = await call(ada, audit.list, { limit: 2 });
    expect(
      (await call(ada, audit.list, { name: "lead.*", cursor: body.next_cursor ?? "" })).problem.code,
    ).toBe("bad_cursor");
  });

  test("a rare entry in a long log: pages say where the search stopped, and go on", async () => {
    const { member, workspace_id } = await signUp("Ada");
    await call(member, leads.create, { email: "old@example.com" });
    await the().ownerPool.query(
      `insert into event (workspace_id, id, name, occurred_at, actor, data)
       select $1, gen_random_uuid(), 'test.noise', now() + n * interval '1 millisecond', '{"kind":"system","id":null,"name":"Test"}', '{}' from generate_series(1, 20500) n`,
      [workspace_id],
    );
    const first = await call(member, audit.list, { name: "lead.created" });
    expect([first.body.data, first.body.looked_at]).toEqual([[], 20_000]);
    const second = await call(member, audit.list, {
      name: "lead.created",
      cursor: first.body.next_cursor ?? "",
    });
    expect([second.body.data.map((entry) => entry.name), second.body.next_cursor]).toEqual([
      ["lead.created"],
      null,
    ]);
    const { body } = await raw<string>(member, "GET", "/audit.csv", { name: "lead.created" });
    expect(body.trim().split("\r\n")).toHaveLength(2);
  });
});

describe("as a file", () => {
  test("has all of it, safe for spreadsheets, and its making is logged", async () => {
    const { member: ada } = await signUp("Ada");
    await call(ada, identity.updateProfile, { name: "=Ada()" });
    await call(ada, leads.create, { email: "ann@example.com" });
    const { status, body, headers } = await raw<string>(ada, "GET", "/audit.csv", { name: "lead.*" });
    expect([status, headers["content-type"]]).toEqual([200, "text/csv; charset=utf-8"]);
    const lines = body.trim().split("\r\n");
    expect(lines[0]).toBe("occurred_at,name,actor_kind,actor_name,actor_id,ip,lead_id,subject_id,data");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(",lead.created,member,'=Ada(),");
    expect(await entries(ada, { name: "audit.exported" })).toMatchObject([{ data: { name: "lead.*" } }]);
  });
});

describe("who", () => {
  test("owners, admins and their keys read it; nobody else", async () => {
    const { ada, max, rep, viewer } = people;
    for (const path of ["/audit", "/audit.csv"]) {
      const statuses = await Promise.all(
        [ada, await keyOf(ada, "admin"), max, rep, viewer, nobody].map(
          async (who) => (await raw(who, "GET", path)).status,
        ),
      );
      expect(statuses).toEqual([200, 200, 403, 403, 403, 401]);
    }
  });

  test("Rival reads Rival's own, whatever the filter", async () => {
    const { ada, rival } = people;
    const { body: lead } = await call(ada, leads.create, { email: "secret@example.com" });
    expect(await entries(rival, { lead_id: lead.id })).toEqual([]);
    expect(await entries(rival, { actor_id: ada.member_id })).toEqual([]);
    expect((await entries(rival)).every((entry) => entry.actor.name === "Rival")).toBe(true);
    expect((await raw<string>(rival, "GET", "/audit.csv")).body).not.toContain("Ada");
  });
});
