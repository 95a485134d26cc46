import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cookieOf, type Member, password, signUp } from "../../kernel/testing/cast.ts";
import { call, nobody, settle, the, useProgram } from "../../kernel/testing/program.ts";

/** A program that is reached over HTTPS, has a mail server, and is closed to strangers. */
const delivered: { to: string[]; from: string; message: string }[] = [];
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onData(stream, session, done) {
    let message = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => (message += chunk));
    stream.on("end", () => {
      const { mailFrom, rcptTo } = session.envelope;
      delivered.push({
        to: rcptTo.map((each) => each.address),
        from: mailFrom === false ? "" : mailFrom.address,
        message,
      });
      done();
    });
  },
});
const port = await new Promise<number>((ready) => {
  const server = smtp.listen(0, "127.0.0.1", () => ready((server.address() as AddressInfo).port));
});
afterAll(() => new Promise<void>((closed) => smtp.close(() => closed())));

useProgram({
  SMTP_URL: `smtp://127.0.0.1:${port}`,
  BELLWETHER_MAIL_FROM: "Bellwether <post@leads.example.com>",
  BELLWETHER_URL: "https://leads.example.com",
  BELLWETHER_SIGN_UP: "closed",
});
const { identity } = contract;
let ada: Member;
let before: unknown;
beforeAll(async () => {
  before = (await call(nobody, identity.setup)).body;
  ada = (await signUp("Ada")).member;
});

/** The link in the last message to this address; quoted-printable breaks long lines. */
function link(to: string): string {
  const last = delivered.findLast((each) => each.to.includes(to))?.message ?? "";
  return (
    /https:\/\/leads\.example\.com\/\S+/.exec(last.replaceAll("=\r\n", "").replaceAll("=3D", "="))?.[0] ?? ""
  );
}

test("the first sign-up makes the workspace, the next is refused without an invitation", async () => {
  expect(before).toEqual({ first_run: true, sign_up_open: true, mail: true });
  expect((await call(nobody, identity.setup)).body).toMatchObject({ first_run: false, sign_up_open: false });
  expect(
    (await call(nobody, identity.signUp, { name: "B", email: "b@example.com", password, workspace: "B" }))
      .status,
  ).toBe(403);
});

test("over HTTPS the cookie is Secure, and browsers are told to stay with HTTPS", async () => {
  const answer = await call(nobody, identity.signIn, { email: ada.email, password });
  expect(String([answer.headers["set-cookie"]].flat()[0])).toMatch(
    /^__Secure-bellwether\.session_token=.*; Secure/i,
  );
  expect((await call({ name: "ada", headers: { cookie: cookieOf(answer) } }, identity.session)).status).toBe(
    200,
  );
  expect(answer.headers["strict-transport-security"]).toMatch(/max-age=\d+/);
});

describe("a forgotten password", () => {
  test("is set anew by a link that comes by mail, works once, and ends all sessions", async () => {
    expect(await call(nobody, identity.forgotPassword, { email: ada.email.toUpperCase() })).toMatchObject({
      status: 202,
      body: { sent_by: "mail" },
    });
    expect(delivered).toEqual([]); // No request waits on a mail server.
    await settle();
    expect(delivered).toHaveLength(1);
    expect(delivered[0]).toMatchObject({ to: [ada.email], from: "post@leads.example.com" });
    const token = link(ada.email).split("/reset/")[1] ?? "";
    expect(token.length).toBeGreaterThan(40);
    const { rows } = await the().ownerPool.query<{ kept: string }>(
      "select string_agg(auth_verification::text, ' ') as kept from auth_verification",
    );
    expect(rows[0]?.kept).not.toContain(token);
    expect((await call(nobody, identity.resetPassword, { token, password: "a new password" })).status).toBe(
      200,
    );
    expect((await call(ada, identity.session)).status).toBe(401);
    expect((await call(nobody, identity.signIn, { email: ada.email, password })).status).toBe(401);
    const again = await call(nobody, identity.signIn, { email: ada.email, password: "a new password" });
    expect(again.status).toBe(201);
    ada = { ...ada, headers: { cookie: cookieOf(again) } };
    expect((await call(nobody, identity.resetPassword, { token, password: "a third password" })).status).toBe(
      404,
    );
  });

  test("of an unknown address is answered alike, and nothing is sent", async () => {
    const sent = delivered.length;
    expect(await call(nobody, identity.forgotPassword, { email: "stranger@example.com" })).toMatchObject({
      status: 202,
      body: { sent_by: "mail" },
    });
    await settle();
    expect(delivered.length).toBe(sent);
  });
});

test("an invitation goes out by mail and opens the door", async () => {
  const { body } = await call(ada, identity.invitations.create, { email: "new@example.com", role: "agent" });
  expect(body.mailed).toBe(true);
  await settle();
  expect(link("new@example.com")).toBe(body.url);
  const joined = await call(nobody, identity.invitations.accept, {
    token: body.url.split("/").at(-1) ?? "",
    name: "Newt",
    password,
  });
  expect(joined.body).toMatchObject({ role: "agent" });
});
