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
 * Writes with an Idempotency-Key are done once: the first answer is replayed for a day. It is kept in the transaction
 * that does what it tells of, so a crash leaves both or neither. Refusals are not kept, so that
 * a corrected request may use the key again. (IETF draft-ietf-httpapi-idempotency-key-header.)
 */
export async function remembered(
  db: Database,
  call: Call,
  caller: Caller,
  endpoint: Endpoint,
  input: unknown,
  { work, answerOf }: { work: () => Promise<unknown>; answerOf: (output: unknown) => Answer },
): Promise<Answer> {
  const key = call.request.headers["idempotency-key"];
  if (typeof key !== "string" || endpoint.method === "GET" || caller.actor === null) {
    return answerOf(await work());
  }
  if (key.length === 0 || key.length > 255) {
    throw problem("bad_request", { say: "An Idempotency-Key has 1 to 255 characters." });
  }
  const who = `${caller.actor.kind}:${caller.actor.id ?? ""}`;
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([endpoint.name, input]))
    .digest();
  const found = await claim(db, call, who, key, fingerprint);
  if ("kept" in found) {
    return replayed(call, found.kept, fingerprint);
  }
  let answer: Answer | null = null;
  const keep = async (ctx: Ctx, output: unknown) => {
    answer = answerOf(output);
    await settle(ctx, found.claim, answer);
    return answer;
  };
  call.keeping = keep;
  try {
    const output = await work();
    // What isn't one transaction keeps its answer behind it.
    return answer ?? (await call.tenant((ctx) => keep(ctx, output)));
  } catch (error) {
    await forget(call, found.claim);
    throw error;
  }
}

function replayed(call: Call, kept: Kept | undefined, fingerprint: Buffer): Answer {
  if (kept !== undefined && !kept.fingerprint.equals(fingerprint)) {
    throw problem("idempotency_key_reused", {
      say: "This Idempotency-Key was sent before with another request. Use a new key.",
    });
  }
  if (kept === undefined || kept.status === null) {
    throw stillAtWork();
  }
  call.reply.header("idempotency-replayed", "true");
  return { status: kept.status, output: JSON.parse(kept.body ?? "null") as unknown };
}

function stillAtWork() {
  return problem("request_in_flight", {
    say: "The first request with this Idempotency-Key is still being worked on.",
    headers: { "retry-after": "1" },
  });
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

/** A key that is ours, since when. */
interface Claim {
  who: string;
  key: string;
  at: string;
}

/** A claim without an answer after a minute belonged to a process that died, and is taken over. */
async function claim(
  db: Database,
  call: Call,
  who: string,
  key: string,
  fingerprint: Buffer,
): Promise<{ claim: Claim } | { kept: Kept | undefined }> {
  return db.tenant(call.actor, async (ctx) => {
    const claimed = await sql<{ at: string }>`
      insert into idempotency (workspace_id, caller, key, fingerprint)
      values (${ctx.workspace_id}, ${who}, ${key}, ${fingerprint})
      on conflict (workspace_id, caller, key) do update
        set fingerprint = excluded.fingerprint, status = null, body = null, created_at = now()
        where (idempotency.status is null and idempotency.created_at < now() - interval '1 minute')
           or idempotency.created_at < now() - interval '1 day'
      returning created_at::text as at`.execute(ctx.db);
    const [ours] = claimed.rows;
    if (ours !== undefined) {
      return { claim: { who, key, at: ours.at } };
    }
    const { rows } = await sql<Kept>`
      select fingerprint, status, body
      from idempotency
      where workspace_id = ${ctx.workspace_id} and caller = ${who} and key = ${key}`.execute(ctx.db);
    return { kept: rows[0] };
  });
}

/** Undoes what was done where it took so long that somebody else has taken the key over and does it too. */
async function settle(ctx: Ctx, { who, key, at }: Claim, answer: Answer): Promise<void> {
  const { rows } = await sql`
    update idempotency set status = ${answer.status}, body = ${JSON.stringify(answer.output ?? null)}
    where workspace_id = ${ctx.workspace_id} and caller = ${who} and key = ${key}
      and status is null and created_at = ${at}::timestamptz
    returning 1`.execute(ctx.db);
  if (rows.length === 0) {
    throw stillAtWork();
  }
}

async function forget(call: Call, { who, key, at }: Claim): Promise<void> {
  await call.tenant((ctx) =>
    sql`
      delete from idempotency
      where workspace_id = ${ctx.workspace_id} and caller = ${who} and key = ${key}
        and status is null and created_at = ${at}::timestamptz`.execute(ctx.db),
  );
}
