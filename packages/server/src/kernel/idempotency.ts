import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Call, Caller, Endpoint } from "./http.ts";
import type { Ctx, Database } from "./db.ts";
import { problem } from "./problems.ts";

interface Answer {
  status: number;
  output: unknown;
}
interface Kept {
  fingerprint: Buffer;
  status: number | null;
  body: string | null;
}

/**
 * Writes with an Idempotency-Key are done once: the first answer is replayed for a day. Refusals are not kept, so that
 * a corrected request may use the key again. (IETF draft-ietf-httpapi-idempotency-key-header.)
 */
export async function remembered(
  db: Database,
  call: Call,
  caller: Caller,
  endpoint: Endpoint,
  input: unknown,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const key = call.request.headers["idempotency-key"];
  if (typeof key !== "string" || endpoint.method === "GET" || caller.actor === null) {
    return work();
  }
  if (key.length === 0 || key.length > 255) {
    throw problem("bad_request", { say: "An Idempotency-Key has 1 to 255 characters." });
  }
  const who = `${caller.actor.kind}:${caller.actor.id ?? ""}`;
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([endpoint.name, input]))
    .digest();
  const kept = await claim(db, call, who, key, fingerprint);
  if (kept !== null) {
    if (!kept.fingerprint.equals(fingerprint)) {
      throw problem("idempotency_key_reused", {
        say: "This Idempotency-Key was sent before with another request. Use a new key.",
      });
    }
    if (kept.status === null) {
      throw problem("request_in_flight", {
        say: "The first request with this Idempotency-Key is still being worked on.",
        headers: { "retry-after": "1" },
      });
    }
    call.reply.header("idempotency-replayed", "true");
    return { status: kept.status, output: JSON.parse(kept.body ?? "null") as unknown };
  }
  try {
    const answer = await work();
    await settle(call, who, key, answer);
    return answer;
  } catch (error) {
    await forget(call, who, key);
    throw error;
  }
}

/** Forgets answers that tell of these leads; a request that is sent once more is then done once more. */
export async function forgetAnswers(ctx: Ctx, traces: string[]): Promise<void> {
  await sql`
    delete from idempotency
    where workspace_id = ${ctx.workspace_id}
      and exists (select from unnest(${traces}::text[]) trace where strpos(idempotency.body, trace) > 0)`.execute(
    ctx.db,
  );
}

/** Null: the key is ours now. A claim without an answer after a minute belonged to a process that died. */
async function claim(
  db: Database,
  call: Call,
  who: string,
  key: string,
  fingerprint: Buffer,
): Promise<Kept | null> {
  return db.tenant(call.actor, async (ctx) => {
    const claimed = await sql`
      insert into idempotency (workspace_id, caller, key, fingerprint)
      values (${ctx.workspace_id}, ${who}, ${key}, ${fingerprint})
      on conflict (workspace_id, caller, key) do update
        set fingerprint = excluded.fingerprint, status = null, body = null, created_at = now()
        where (idempotency.status is null and idempotency.created_at < now() - interval '1 minute')
           or idempotency.created_at < now() - interval '1 day'
      returning 1`.execute(ctx.db);
    if (claimed.rows.length > 0) {
      return null;
    }
    const { rows } = await sql<Kept>`
      select fingerprint, status, body
      from idempotency
      where workspace_id = ${ctx.workspace_id} and caller = ${who} and key = ${key}`.execute(ctx.db);
    return rows[0] ?? null;
  });
}

async function settle(call: Call, who: string, key: string, answer: Answer): Promise<void> {
  await call.tenant((ctx) =>
    sql`
      update idempotency set status = ${answer.status}, body = ${JSON.stringify(answer.output ?? null)}
      where workspace_id = ${ctx.workspace_id} and caller = ${who} and key = ${key}`.execute(ctx.db),
  );
}

async function forget(call: Call, who: string, key: string): Promise<void> {
  await call.tenant((ctx) =>
    sql`
      delete from idempotency
      where workspace_id = ${ctx.workspace_id} and caller = ${who} and key = ${key} and status is null`.execute(
      ctx.db,
    ),
  );
}
