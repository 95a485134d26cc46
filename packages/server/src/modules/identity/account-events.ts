/** What happens to people's accounts, for the audit logs of the workspaces they are in. */
import { systemActor } from "../../kernel/access.ts";
import type { Database } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import type { Call, Caller } from "../../kernel/http.ts";
import { ProblemError } from "../../kernel/problems.ts";
import { actorOf } from "./callers.ts";
import { anyUser, selectCaller, selectWorkspacesOf } from "./identity.sql.ts";

interface Told {
  user_id: string;
  ip: string;
  /** They themselves, or somebody who isn't known, such as whoever typed a wrong password. */
  by: "themselves" | "unknown";
  name: string;
  data?: Record<string, unknown>;
}

/** Writes it into the log of every workspace that this person is in. */
export async function tellWorkspaces(
  db: Database,
  { user_id, ip, by, name, data = {} }: Told,
): Promise<void> {
  for (const place of await db.acrossWorkspaces((tx) => selectWorkspacesOf(tx, user_id))) {
    const system = { ...systemActor(place.id), ip };
    // oxlint-disable-next-line no-await-in-loop -- people are in few workspaces
    const member = await db.tenant(system, (ctx) => selectCaller(ctx, user_id));
    if (member !== undefined) {
      const actor =
        by === "themselves"
          ? { ...actorOf(member, place.id, ip), user_id }
          : { ...system, name: "Somebody not signed in" };
      // oxlint-disable-next-line no-await-in-loop -- see above
      await db.tenant(actor, (ctx) =>
        emit(ctx, name, { subject_id: member.id }, { name: member.name, ...data }),
      );
    }
  }
}

export async function tellOfOneself(
  call: Call,
  name: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  if (call.user_id !== null) {
    await tellWorkspaces(call.db, { user_id: call.user_id, ip: call.ip, by: "themselves", name, data });
  }
}

/** Into the log of the workspace that was entered. */
export async function tellOfSignIn(call: Call, { actor }: Caller): Promise<void> {
  const subject_id = actor?.member_id ?? null;
  if (actor !== null && subject_id !== null) {
    const browser = call.request.headers["user-agent"]?.slice(0, 300) ?? null;
    await call.db.tenant(actor, (ctx) =>
      emit(ctx, "member.signed_in", { subject_id }, { name: actor.name, browser }),
    );
  }
}

/** Not waited for: how long the answer takes must not tell whether the address has an account. */
export function tellOfFailure(call: Call, email: string, error: unknown): void {
  if (!(error instanceof ProblemError) || error.code !== "wrong_credentials") {
    return;
  }
  const tell = async () => {
    const user = await call.db.global((tx) => anyUser(tx, email));
    if (user !== undefined) {
      await tellWorkspaces(call.db, {
        user_id: user.id,
        ip: call.ip,
        by: "unknown",
        name: "member.sign_in_failed",
        data: { email },
      });
    }
  };
  tell().catch((failure: unknown) =>
    call.request.log.error({ error: failure }, "a failed sign-in could not be written to the log"),
  );
}
