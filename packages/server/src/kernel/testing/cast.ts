import { contract } from "@bellwether/contracts";
import type { Role } from "@bellwether/contracts/permissions";
import { randomToken } from "../ids.ts";
import { type Answer, call, nobody, type Person } from "./program.ts";

/** Everybody a test needs, in two fresh workspaces. */
export interface Cast {
  workspace_id: string;
  /** Owner. */
  ada: Member;
  /** Manager. */
  max: Member;
  /** Agent. */
  rep: Member;
  viewer: Member;
  /** Owner of another workspace; must never see anything of this one. */
  rival: Member;
}
export interface Member extends Person {
  member_id: string;
  email: string;
  password: string;
}
export const password = "correct horse battery";

export async function cast(): Promise<Cast> {
  const { member: ada, workspace_id } = await signUp("Ada");
  const { member: rival } = await signUp("Rival");
  const [max, rep, viewer] = await Promise.all([
    join(ada, "Max", "manager"),
    join(ada, "Rep", "agent"),
    join(ada, "Viewer", "viewer"),
  ]);
  return { workspace_id, ada, rival, max, rep, viewer };
}

export async function signUp(name: string): Promise<{ member: Member; workspace_id: string }> {
  const email = addressOf(name);
  const answer = await call(nobody, contract.identity.signUp, {
    name,
    email,
    password,
    workspace: `${name}'s workspace`,
    time_zone: "Europe/Berlin",
  });
  return { member: memberOf(name, email, answer), workspace_id: answer.body.workspace.id };
}

export async function join(admin: Person, name: string, role: Role): Promise<Member> {
  const email = addressOf(name);
  const { body } = await call(admin, contract.identity.invitations.create, { email, role });
  const token = body.url.split("/").at(-1) ?? "";
  return memberOf(
    name,
    email,
    await call(nobody, contract.identity.invitations.accept, { token, name, password }),
  );
}

function memberOf(name: string, email: string, answer: Answer<{ member: { id: string } | null }>): Member {
  if (answer.status !== 201) {
    throw new Error(`${name} could not sign in: ${answer.problem.detail}`);
  }
  return {
    name,
    email,
    password,
    headers: { cookie: cookieOf(answer) },
    member_id: answer.body.member?.id ?? "",
  };
}

/** The cookies an answer sets, as a browser would send them back. */
export function cookieOf(answer: Answer<unknown>): string {
  return [answer.headers["set-cookie"]]
    .flat()
    .map((cookie) => String(cookie).split(";", 1)[0])
    .join("; ");
}

/** An API key of this workspace. */
export async function keyOf(admin: Person, role: Exclude<Role, "owner">): Promise<Person> {
  const { body } = await call(admin, contract.identity.keys.create, { name: `${role} key`, role });
  return { name: `${role} key`, headers: { authorization: `Bearer ${body.key}` } };
}

function addressOf(name: string): string {
  return `${name.toLowerCase()}.${randomToken(6)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "x")}@example.com`;
}
