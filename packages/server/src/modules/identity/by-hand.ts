import { systemActor } from "../../kernel/access.ts";
import type { Database } from "../../kernel/db.ts";
import { ProblemError } from "../../kernel/problems.ts";
import { type Accounts, orProblem } from "./accounts.ts";
import { createKey } from "./keys.ts";
import { createWorkspace, type Person } from "./workspaces.ts";

/**
 * A workspace made at the machine's own command line, where nobody is signed in: with its owner, and a key that may do
 * everything a key may. A person who has an account keeps it, and must give its password.
 */
export async function createWorkspaceByHand(
  db: Database,
  accounts: Accounts,
  input: { name: string; time_zone: string; person: string; email: string; password: string },
): Promise<{ workspace_id: string; user_id: string; api_key: string }> {
  const owner = await account(accounts, input);
  const { workspace_id, member_id } = await createWorkspace(db, {
    name: input.name,
    time_zone: input.time_zone,
    owner,
  });
  const actor = {
    ...systemActor(workspace_id),
    kind: "member" as const,
    id: member_id,
    name: owner.name,
    member_id,
    user_id: owner.id,
  };
  const { key } = await db.tenant(actor, (ctx) => createKey(ctx, { name: "Command line", role: "admin" }));
  return { workspace_id, user_id: owner.id, api_key: key };
}

async function account(
  accounts: Accounts,
  input: { person: string; email: string; password: string },
): Promise<Person> {
  const { email, password, person: name } = input;
  try {
    return (await orProblem(accounts.api.signUpEmail({ body: { email, password, name } }))).user;
  } catch (error) {
    if (error instanceof ProblemError && error.code === "email_taken") {
      return (await orProblem(accounts.api.signInEmail({ body: { email, password } }))).user;
    }
    throw error;
  }
}
