import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { LiveEvent, LiveMany } from "@bellwether/contracts/live";
import { Doorbell } from "../../kernel/live.ts";
import { silent } from "../../kernel/log.ts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { call, nobody, type Person, raw, the, useProgram } from "../../kernel/testing/program.ts";

useProgram();
const { leads, identity } = contract;
let people: Cast;
let doorbell: Doorbell;
const streams: AbortController[] = [];
beforeAll(async () => {
  people = await cast();
  await call(people.ada, identity.workspace.update, { agents_see_own: true });
  await the().app.listen({ port: 0, host: "127.0.0.1" });
  doorbell = new Doorbell(the().db.pool.options.connectionString ?? "", silent);
  await doorbell.start();
  doorbell.onRing(the().live.ring);
});
afterAll(async () => {
  for (const stream of streams) {
    stream.abort();
  }
  the().live.stop();
  await doorbell.stop();
});

/** Listens as a browser does; `heard` fills as events come. */
async function listen(who: Person) {
  const address = the().app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const aborter = new AbortController();
  streams.push(aborter);
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/live`, {
    headers: who.headers,
    signal: aborter.signal,
  });
  const heard: LiveEvent[] = [];
  const many: LiveMany[] = [];
  const read = async () => {
    let text = "";
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const messages = text.split("\n\n");
      text = messages.pop() ?? "";
      const plural = (message: string) => message.startsWith("event: many\n");
      many.push(
        ...messages
          .filter(plural)
          .map((message) => LiveMany.parse(JSON.parse(message.slice(message.indexOf("{"))))),
      );
      heard.push(
        ...messages
          .filter((message) => !plural(message))
          .flatMap((message) => /^data: (.*)$/m.exec(message)?.[1] ?? [])
          .map((data) => LiveEvent.parse(JSON.parse(data))),
      );
    }
  };
  const ended = read().then(
    () => "ended",
    () => "aborted",
  );
  return {
    answer,
    heard,
    many,
    ended,
    about: (id: string) => heard.filter((event) => event.lead_id === id).map((event) => event.name),
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1500 && !condition(); tries++) {
    await sleep(20);
  }
}

test("401 for nobody", async () => {
  expect((await raw(nobody, "GET", "/live")).status).toBe(401);
});

test("what happens is heard by those who may see it, and by nobody else", async () => {
  const [ada, rep, rival] = await Promise.all([listen(people.ada), listen(people.rep), listen(people.rival)]);
  expect([
    ada.answer.status,
    ada.answer.headers.get("content-type"),
    ada.answer.headers.get("cache-control"),
  ]).toEqual([200, "text/event-stream", "no-store"]);
  expect(ada.answer.headers.get("content-security-policy")).toContain("default-src 'self'");
  const { body: hidden } = await call(people.max, leads.create, {
    email: "hidden@example.com",
    owner_id: people.max.member_id,
  });
  const { body: own } = await call(people.max, leads.create, {
    email: "own@example.com",
    owner_id: people.rep.member_id,
  });
  const { body: free } = await call(people.max, leads.create, { email: "free@example.com" });
  await call(people.max, leads.update, { id: hidden.id, city: "Ulm" });
  await call(people.max, leads.notes.create, { id: hidden.id, body: "psst" });
  await call(people.rival, leads.create, { email: "rivals@example.com" });
  await until(() => ada.heard.length >= 5 && rep.heard.length >= 2 && rival.heard.length >= 1);
  expect(ada.about(hidden.id)).toEqual(["lead.created", "lead.updated", "note.added"]);
  expect(ada.heard.find((event) => event.lead_id === own.id)).toMatchObject({
    name: "lead.created",
    actor: { kind: "member", name: "Max" },
  });
  expect(rep.heard.map((event) => event.lead_id)).toEqual([own.id, free.id]);
  expect(rival.heard.map((event) => event.name)).toEqual(["lead.created"]);
  expect(rival.heard[0]?.actor.name).toBe("Rival");
  // Events say that something changed, not what: the reader asks, and gets what they may see.
  expect(JSON.stringify(ada.heard)).not.toMatch(/example\.com|psst|Ulm/);
});

test("ends for a workspace whose rights change, so that everybody comes back with those they have then", async () => {
  const [rep, rival] = await Promise.all([listen(people.rep), listen(people.rival)]);
  await call(people.ada, identity.members.update, { id: people.viewer.member_id, role: "agent" });
  await until(() => rep.heard.length > 0);
  expect(await rep.ended).toBe("ended");
  expect(rep.heard.map((event) => event.name)).toEqual(["member.role_changed"]);
  await call(people.rival, leads.create, { email: "goes.on@example.com" });
  await until(() => rival.heard.length > 0);
  expect(rival.heard.map((event) => event.name)).toEqual(["lead.created"]);
});

test("is told by itself of what a slow transaction held back", async () => {
  const ada = await listen(people.ada);
  const slow = await the().ownerPool.connect();
  await slow.query("begin; select pg_current_xact_id()");
  const { body: lead } = await call(people.max, leads.create, { email: "held.back@example.com" });
  await sleep(100);
  expect(ada.about(lead.id)).toEqual([]);
  await slow.query("commit");
  slow.release();
  await until(() => ada.heard.length > 0);
  expect(ada.about(lead.id)).toEqual(["lead.created"]);
});

test("tells of a thousand at once by their number, and of the latest one by one", async () => {
  const [ada, rep, rival] = await Promise.all([listen(people.ada), listen(people.rep), listen(people.rival)]);
  const { body: hidden } = await call(people.max, leads.create, {
    email: "many@example.com",
    owner_id: people.max.member_id,
  });
  await until(() => ada.heard.length > 0);
  await the().ownerPool.query(
    `insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
     select $1, uuidv7(), $2, 'lead.updated', now() + n * interval '1 microsecond', '{"kind":"system","id":null,"name":"Test"}', '{}' from generate_series(1, 1000) n`,
    [people.workspace_id, hidden.id],
  );
  const { body: free } = await call(people.max, leads.create, { email: "after.many@example.com" });
  await until(() => ada.about(free.id).length > 0 && rep.heard.length > 0);
  expect(ada.many.reduce((sum, each) => sum + each.count, 0) + ada.heard.length).toBe(1002);
  expect(ada.many.every((each) => each.names["lead.updated"] === each.count)).toBe(true);
  expect(ada.heard.length).toBeLessThan(200);
  expect([rep.many, rep.heard.map((event) => event.lead_id)]).toEqual([[], [free.id]]);
  expect([rival.many, rival.heard]).toEqual([[], []]);
});

test("ends when the program stops", async () => {
  const { ended } = await listen(people.ada);
  the().live.stop();
  expect(await ended).toBe("ended");
});
