import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { clock } from "../../kernel/clock.ts";
import {
  cast,
  type Cast,
  cookieOf,
  join,
  keyOf,
  type Member,
  password,
  signUp,
} from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, settle, the, useProgram } from "../../kernel/testing/program.ts";

useProgram();
const { identity, leads } = contract;
const { members, invitations, keys } = identity;
let people: Cast;
beforeAll(async () => {
  people = await cast();
});
afterEach(() => clock.release());

async function signIn(who: { email: string; password: string; name: string }): Promise<Person> {
  const answer = await call(nobody, identity.signIn, { email: who.email, password: who.password });
  expect(answer.status).toBe(201);
  return { name: who.name, headers: { cookie: cookieOf(answer) } };
}
const statusOf = async (who: Person) => (await call(who, identity.session)).status;
const tokenOf = (url: string) => url.split("/").at(-1) ?? "";

describe("signing up", () => {
  test("makes the workspace with its stages, and its owner signed in", async () => {
    const { member, workspace_id } = await signUp("Grace");
    const { body } = await call(member, identity.session);
    expect(body).toMatchObject({
      role: "owner",
      workspace: {
        id: workspace_id,
        name: "Grace's workspace",
        time_zone: "Europe/Berlin",
        agents_see_own: false,
        viewers_masked: false,
      },
      user: { email: member.email },
    });
    expect((await call(member, contract.stages.list)).body.data.map((stage) => stage.key)).toEqual([
      "new",
      "contacted",
      "qualifying",
      "qualified",
      "follow_up",
      "converted",
      "lost",
      "archived",
    ]);
  });

  test("409 for a known address in other capitals; 422 for a short password or a time zone that isn't there", async () => {
    const again = { name: "A", email: people.ada.email.toUpperCase(), password, workspace: "W" };
    expect((await call(nobody, identity.signUp, again)).problem.code).toBe("email_taken");
    expect(
      (await call(nobody, identity.signUp, { ...again, email: "short@example.com", password: "short" }))
        .problem.errors[0]?.path,
    ).toBe("password");
    expect(
      (await call(nobody, identity.signUp, { ...again, email: "moon@example.com", time_zone: "Moon/Crater" }))
        .problem.errors[0]?.code,
    ).toBe("unknown_time_zone");
    // What failed left no account behind.
    expect((await call(nobody, identity.signUp, { ...again, email: "moon@example.com" })).status).toBe(201);
  });
});

describe("signing in", () => {
  test("says no more of a wrong password than of an unknown address", async () => {
    const wrong = await call(nobody, identity.signIn, {
      email: people.ada.email,
      password: "wrong password",
    });
    const unknown = await call(nobody, identity.signIn, {
      email: "nobody@example.com",
      password: "wrong password",
    });
    expect([wrong.status, wrong.problem.detail]).toEqual([401, unknown.problem.detail]);
    expect(wrong.headers["set-cookie"]).toBeUndefined();
  });

  test("slows down after five wrong passwords for one account, and forgives after the wait", async () => {
    const { member } = await signUp("Guessed");
    clock.freeze();
    const guess = () => call(nobody, identity.signIn, { email: member.email, password: "wrong password" });
    for (let each = 0; each < 5; each++) {
      expect((await guess()).status).toBe(401);
    }
    const slowed = await guess();
    expect([slowed.status, slowed.headers["retry-after"]]).toEqual([429, "2"]);
    expect((await call(nobody, identity.signIn, { email: member.email, password })).status).toBe(429);
    clock.advance(2001);
    expect((await guess()).status).toBe(401);
    expect((await guess()).headers["retry-after"]).toBe("4");
    clock.advance(4001);
    await signIn(member);
    expect((await guess()).status).toBe(401);
    // Somebody else at the same address is not held up.
    await signIn(people.max);
  });

  test("a session ends when one signs out, here or elsewhere", async () => {
    const [laptop, phone] = [await signIn(people.rep), await signIn(people.rep)];
    const devices = (await call(laptop, identity.devices)).body.data;
    expect(devices.filter((device) => device.current)).toHaveLength(1);
    const here = devices.find((device) => device.current)?.id ?? "";
    expect((await call(people.max, identity.revokeDevice, { id: here })).status).toBe(404);
    expect((await call(phone, identity.revokeDevice, { id: here })).status).toBe(200);
    expect([await statusOf(laptop), await statusOf(phone)]).toEqual([401, 200]);
    await call(phone, identity.signOut);
    expect(await statusOf(phone)).toBe(401);
    expect(await statusOf(people.rep)).toBe(200);
  });

  test("a new password signs out everywhere else; the old one must be known", async () => {
    const { member } = await signUp("Changer");
    const other = await signIn(member);
    expect(
      (await call(member, identity.changePassword, { current: "wrong password", password: "a new password" }))
        .status,
    ).toBe(401);
    const changed = await call(member, identity.changePassword, {
      current: password,
      password: "a new password",
    });
    expect(changed.status).toBe(200);
    expect(await statusOf(other)).toBe(401);
    expect(await statusOf({ name: "here", headers: { cookie: cookieOf(changed) } })).toBe(200);
    expect((await call(nobody, identity.signIn, { email: member.email, password })).status).toBe(401);
    await signIn({ ...member, password: "a new password" });
  });

  test("a made-up cookie is nobody", async () => {
    expect(await statusOf({ name: "forger", headers: { cookie: "bellwether.session_token=made.up" } })).toBe(
      401,
    );
    const stolen = people.ada.headers["cookie"] ?? "";
    expect(await statusOf({ name: "tamperer", headers: { cookie: `${stolen.slice(0, -4)}AAAA` } })).toBe(401);
  });
});

describe("invitations", () => {
  test("bring a new person in by link, once", async () => {
    const { body } = await call(people.ada, invitations.create, {
      email: "new.agent@example.com",
      role: "agent",
    });
    expect(body).toMatchObject({ role: "agent", invited_by: "Ada", mailed: false });
    const token = tokenOf(body.url);
    expect((await call(nobody, invitations.show, { token })).body).toEqual({
      workspace: "Ada's workspace",
      email: "new.agent@example.com",
      role: "agent",
      invited_by: "Ada",
      has_account: false,
    });
    expect((await call(nobody, invitations.accept, { token, password })).problem.errors[0]?.path).toBe(
      "name",
    );
    const accepted = await call(nobody, invitations.accept, { token, name: "Newt", password });
    expect(accepted.body).toMatchObject({
      role: "agent",
      member: { name: "Newt", email: "new.agent@example.com" },
    });
    expect((await call(nobody, invitations.accept, { token, name: "Newt", password })).status).toBe(404);
    expect(
      (await call(people.ada, invitations.create, { email: "New.Agent@example.com", role: "agent" })).problem
        .code,
    ).toBe("email_taken");
  });

  test("let somebody with an account in by their password alone, into both workspaces", async () => {
    const { member } = await signUp("Both");
    const { body } = await call(people.ada, invitations.create, { email: member.email, role: "viewer" });
    const token = tokenOf(body.url);
    expect((await call(nobody, invitations.show, { token })).body.has_account).toBe(true);
    expect((await call(nobody, invitations.accept, { token, password: "wrong password" })).status).toBe(401);
    const accepted = await call(nobody, invitations.accept, { token, password });
    expect(accepted.body).toMatchObject({ role: "viewer", workspace: { id: people.workspace_id } });
    const both: Person = { name: "both", headers: { cookie: cookieOf(accepted) } };
    expect(
      accepted.body.workspaces.map((place) => place.role).toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(["owner", "viewer"]);
    const home = accepted.body.workspaces.find((place) => place.role === "owner")?.id ?? "";
    expect((await call(both, identity.switchWorkspace, { workspace_id: home })).body.role).toBe("owner");
    expect((await call(both, leads.create, { email: "mine@example.com" })).status).toBe(201);
    expect((await call(people.ada, leads.search, { query: "mine" })).body.data).toEqual([]);
    // A link that an admin makes would open the other workspace too.
    const { id } = (await call(people.ada, members.list)).body.data.find(
      (each) => each.email === member.email,
    ) ?? { id: "" };
    expect((await call(people.ada, members.resetLink, { id })).status).toBe(403);
  });

  test("end when they are taken back, replaced or out of date", async () => {
    const first = await call(people.ada, invitations.create, { email: "late@example.com", role: "agent" });
    const second = await call(people.ada, invitations.create, { email: "late@example.com", role: "viewer" });
    expect((await call(nobody, invitations.show, { token: tokenOf(first.body.url) })).status).toBe(404);
    const token = tokenOf(second.body.url);
    expect((await call(nobody, invitations.show, { token })).body.role).toBe("viewer");
    await the().ownerPool.query(
      "update invitation set expires_at = now() - interval '1 minute' where id = $1",
      [second.body.id],
    );
    expect((await call(nobody, invitations.accept, { token, name: "Late", password })).status).toBe(404);
    const third = await call(people.ada, invitations.create, { email: "late@example.com", role: "viewer" });
    expect((await call(people.ada, invitations.revoke, { id: third.body.id })).status).toBe(200);
    expect((await call(nobody, invitations.show, { token: tokenOf(third.body.url) })).status).toBe(404);
    expect((await call(nobody, invitations.show, { token: `${token.slice(0, -1)}A` })).status).toBe(404);
  });

  test("can't give more than the inviter holds; a key invites nobody", async () => {
    const admin = await join(people.ada, "Adam", "admin");
    expect(
      (await call(admin, invitations.create, { email: "owner@example.com", role: "owner" })).status,
    ).toBe(403);
    expect(
      (await call(admin, invitations.create, { email: "owner@example.com", role: "admin" })).status,
    ).toBe(201);
    expect(
      (
        await call(await keyOf(people.ada, "admin"), invitations.create, {
          email: "k@example.com",
          role: "agent",
        })
      ).status,
    ).toBe(403);
  });
});

describe("members", () => {
  let own: Cast;
  let admin: Member;
  beforeEach(async () => {
    own = await cast();
    admin = await join(own.ada, "Adam", "admin");
  });

  test("get their new role at once, in the sessions they have", async () => {
    expect((await call(own.viewer, leads.create, { email: "v@example.com" })).status).toBe(403);
    expect((await call(admin, members.update, { id: own.viewer.member_id, role: "agent" })).body.role).toBe(
      "agent",
    );
    expect((await call(own.viewer, leads.create, { email: "v@example.com" })).status).toBe(201);
  });

  test("an admin can't touch an owner, nor make one; a workspace keeps one", async () => {
    for (const change of [
      () => call(admin, members.update, { id: own.ada.member_id, role: "viewer" }),
      () => call(admin, members.remove, { id: own.ada.member_id }),
      () => call(admin, members.resetLink, { id: own.ada.member_id }),
      () => call(admin, members.update, { id: admin.member_id, role: "owner" }),
    ]) {
      expect((await change()).status).toBe(403);
    }
    expect((await call(own.ada, members.update, { id: own.ada.member_id, role: "admin" })).problem.code).toBe(
      "last_owner",
    );
    expect((await call(own.ada, members.remove, { id: own.ada.member_id })).problem.code).toBe("last_owner");
    await call(own.ada, members.update, { id: admin.member_id, role: "owner" });
    const both = await Promise.all([
      call(own.ada, members.update, { id: own.ada.member_id, role: "admin" }),
      call(admin, members.update, { id: admin.member_id, role: "admin" }),
    ]);
    expect(both.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  test("who is removed is out at once, and their leads are nobody's; they may be invited again", async () => {
    const { body: lead } = await call(own.ada, leads.create, {
      email: "owned@example.com",
      owner_id: own.rep.member_id,
    });
    expect((await call(admin, members.remove, { id: own.rep.member_id })).status).toBe(200);
    expect((await call(own.rep, leads.list, {})).status).toBe(401);
    expect((await call(nobody, identity.signIn, { email: own.rep.email, password })).status).toBe(403);
    await settle();
    expect((await call(own.ada, leads.show, { id: lead.id })).body.owner_id).toBeNull();
    expect((await call(own.ada, leads.setOwner, { id: lead.id, owner_id: own.rep.member_id })).status).toBe(
      422,
    );
    const { body } = await call(own.ada, invitations.create, { email: own.rep.email, role: "viewer" });
    expect((await call(nobody, invitations.accept, { token: tokenOf(body.url), password })).body.role).toBe(
      "viewer",
    );
  });

  test("an admin's link sets a new password, once, and ends the sessions there were", async () => {
    const { body } = await call(admin, members.resetLink, { id: own.rep.member_id });
    const token = tokenOf(body.url);
    expect((await call(nobody, identity.resetPassword, { token, password: "short" })).status).toBe(422);
    expect((await call(nobody, identity.resetPassword, { token, password: "another password" })).status).toBe(
      200,
    );
    expect(await statusOf(own.rep)).toBe(401);
    await signIn({ ...own.rep, password: "another password" });
    expect((await call(nobody, identity.resetPassword, { token, password: "third password" })).status).toBe(
      404,
    );
    expect(
      (await call(nobody, identity.resetPassword, { token: "made-up", password: "third password" })).status,
    ).toBe(404);
  });

  test("a new name is shown everywhere", async () => {
    await call(own.rep, identity.updateProfile, { name: "Rep Renamed" });
    expect((await call(own.ada, members.list)).body.data.map((member) => member.name)).toContain(
      "Rep Renamed",
    );
  });
});

describe("API keys", () => {
  test("are shown once and kept as a hash; they work until they are revoked or out of date", async () => {
    const made = await call(people.ada, keys.create, { name: "Sync", role: "manager" });
    const key: Person = { name: "key", headers: { authorization: `Bearer ${made.body.key}` } };
    expect(made.body.key).toMatch(/^bw_/);
    expect(
      (await call(people.ada, keys.list)).body.data.find((each) => each.id === made.body.id),
    ).toMatchObject({ last_used_at: null, created_by: "Ada" });
    expect((await call(key, identity.session)).body).toMatchObject({
      role: "manager",
      user: null,
      member: null,
    });
    const listed = await call(people.ada, keys.list);
    expect(listed.body.data.find((each) => each.id === made.body.id)?.last_used_at).not.toBeNull();
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key.slice(20));
    const { rows } = await the().ownerPool.query<{ dump: string }>(
      "select string_agg(api_key::text, ' ') as dump from api_key",
    );
    expect(rows[0]?.dump).not.toContain(made.body.key.slice(3, 30));
    const { body: lead } = await call(key, leads.create, { email: "by-key@example.com" });
    expect((await call(people.ada, leads.timeline, { id: lead.id })).body.data[0]?.actor).toEqual({
      kind: "key",
      id: made.body.id,
      name: "Sync",
    });
    await call(people.ada, keys.revoke, { id: made.body.id });
    expect(await statusOf(key)).toBe(401);
    expect((await call(people.ada, keys.revoke, { id: made.body.id })).status).toBe(404);
  });

  test("end at their time", async () => {
    const { body } = await call(people.ada, keys.create, {
      name: "Short",
      role: "viewer",
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    });
    const key: Person = { name: "key", headers: { authorization: `Bearer ${body.key}` } };
    expect(await statusOf(key)).toBe(200);
    clock.freeze(new Date(Date.now() + 61_000));
    expect(await statusOf(key)).toBe(401);
  });

  test("another secret, another workspace or another scheme is refused alike", async () => {
    const { body } = await call(people.ada, keys.create, { name: "K", role: "viewer" });
    const said = async (authorization: string) => {
      const answer = await call({ name: "x", headers: { authorization } }, leads.list, {});
      return [answer.status, answer.problem.detail];
    };
    const middle = body.key.slice(0, 50) + (body.key[50] === "A" ? "B" : "A") + body.key.slice(51);
    const answers = await Promise.all(
      [
        `Bearer ${middle}`,
        `Bearer ${body.key}x`,
        "Bearer bw_",
        "Bearer x",
        `Basic ${body.key}`,
        body.key,
      ].map(said),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.[0]).toBe(401);
  });

  test("an admin's key makes keys up to admin, nobody's makes an owner", async () => {
    const key = await keyOf(people.ada, "admin");
    expect((await call(key, keys.create, { name: "Child", role: "admin" })).status).toBe(201);
    expect((await call(people.ada, keys.create, { name: "Owner", role: "owner" as "admin" })).status).toBe(
      422,
    );
  });
});
