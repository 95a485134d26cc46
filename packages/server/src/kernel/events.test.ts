import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { systemActor, type Actor } from "./access.ts";
import type { Ctx } from "./db.ts";
import { currentCursor, emit, emitMany, type LoggedEvent, reaction, readEvents } from "./events.ts";
import { newId } from "./ids.ts";
import { defineJob, enqueue, runJobsOnce } from "./jobs.ts";
import { silent } from "./log.ts";
import { advanceReader } from "./readers.ts";
import { signUp } from "./testing/cast.ts";
import { passHorizon, the, useProgram } from "./testing/program.ts";

useProgram();
let actor: Actor;
beforeAll(async () => {
  actor = systemActor((await signUp("Ada")).workspace_id);
});
const tenant = <T>(work: (ctx: Ctx) => Promise<T>) => the().db.tenant(actor, work);
const tell = (name: string, n = 0) => tenant((ctx) => emit(ctx, name, {}, { n }));

describe("the event log", () => {
  test("holds a fact only when its transaction commits, with who and when", async () => {
    const from = await currentCursor(the().db);
    await expect(
      tenant(async (ctx) => {
        await emit(ctx, "test.lost", {});
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    await tell("test.kept", 7);
    await passHorizon();
    const events = await readEvents(the().db, from);
    expect(events.map((event) => event.name)).toEqual(["test.kept"]);
    expect(events[0]).toMatchObject({
      workspace_id: actor.workspace_id,
      actor: { kind: "system", name: "Bellwether" },
      data: { n: 7 },
    });
  });

  test("is read in the order of numbers, by an index: 99 comes before 100", async () => {
    // Of transactions so old that nothing else in this log is older.
    const { ownerPool, db } = the();
    await ownerPool.query(
      `insert into event (workspace_id, id, name, occurred_at, actor, data, xid)
       select $1, gen_random_uuid(), 'test.old', now(), $2, jsonb_build_object('n', n), n::text::xid8 from unnest(array[100, 99, 9]) n`,
      [actor.workspace_id, { kind: "system", id: null, name: "Test" }],
    );
    const read = await readEvents(db, { xid: "0", id: "00000000-0000-0000-0000-000000000000" }, 3);
    expect(read.map((event) => event.data)).toEqual([{ n: 9 }, { n: 99 }, { n: 100 }]);
    await ownerPool.query("delete from event where name = 'test.old'");
  });

  test("shows nothing that a slower, earlier transaction would come before, then all of it in order", async () => {
    const from = await currentCursor(the().db);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let begun = () => {};
    const begins = new Promise<void>((resolve) => (begun = resolve));
    const slow = tenant(async (ctx) => {
      await emit(ctx, "test.slow", {});
      begun();
      await finished;
    });
    await begins;
    await tell("test.fast");
    expect(await readEvents(the().db, from)).toEqual([]);
    finish();
    await slow;
    await passHorizon();
    expect((await readEvents(the().db, from)).map((event) => event.name)).toEqual(["test.slow", "test.fast"]);
  });

  test("loses and doubles nothing for a reader while many write at once", async () => {
    let cursor = await currentCursor(the().db);
    const seen: number[] = [];
    let writing = true;
    const read = async () => {
      const events = await readEvents(the().db, cursor, 7);
      const last = events.at(-1);
      cursor = last === undefined ? cursor : { xid: last.xid, id: last.id };
      seen.push(...events.map((event) => Number(event.data["n"])));
      return events.length;
    };
    const reader = (async () => {
      while (writing) {
        await read();
      }
    })();
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let each = 0; each < 10; each++) {
          await tenant(async (ctx) => {
            await emit(ctx, "test.many", {}, { n: writer * 100 + each * 2 });
            await sleep((writer * 7 + each * 3) % 11);
            await emitMany(ctx, [{ name: "test.many", data: { n: writer * 100 + each * 2 + 1 } }]);
          });
        }
      }),
    );
    writing = false;
    await reader;
    await passHorizon();
    while ((await read()) > 0) {
      // until nothing is left
    }
    expect(seen.length).toBe(160);
    expect(new Set(seen).size).toBe(160);
  });
});

describe("a reaction", () => {
  let heard: LoggedEvent[];
  let reader: string;
  beforeEach(() => {
    heard = [];
    reader = `test.${newId()}`;
  });
  const hears = (
    react: (ctx: Ctx, events: LoggedEvent[]) => Promise<void> = async (_ctx, events) =>
      void heard.push(...events),
  ) => reaction(reader, ["test.heard"], react);
  const catchUp = async (one: ReturnType<typeof hears>) => {
    await passHorizon();
    while (await advanceReader(the().db, one)) {
      // until it has caught up
    }
  };

  test("gets the events it names, in its workspace, and each batch once", async () => {
    await catchUp(hears());
    heard = [];
    await tell("test.heard", 1);
    await tell("test.unheard", 2);
    await tell("test.heard", 3);
    const spaces: string[] = [];
    const one = hears(async (ctx, events) => {
      spaces.push(ctx.workspace_id);
      heard.push(...events);
    });
    await catchUp(one);
    await catchUp(one);
    expect(heard.map((event) => event.data["n"])).toEqual([1, 3]);
    expect(spaces).toEqual([actor.workspace_id]);
  });

  test("that fails gets its batch again, whole", async () => {
    await catchUp(hears());
    heard = [];
    await tell("test.heard", 1);
    await passHorizon();
    let broken = true;
    const one = hears(async (_ctx, events) => {
      if (broken) {
        throw new Error("not now");
      }
      heard.push(...events);
    });
    await expect(advanceReader(the().db, one)).rejects.toThrow("not now");
    await tell("test.heard", 2);
    broken = false;
    await catchUp(one);
    expect(heard.map((event) => event.data["n"])).toEqual([1, 2]);
  });

  test("has a cursor of its own: another starts from the beginning", async () => {
    await tell("test.heard", 1);
    await catchUp(hears());
    const first = heard.length;
    reader = `test.${newId()}`;
    await catchUp(hears());
    expect(heard.length).toBe(first * 2);
  });
});

describe("a job", () => {
  const ran: { n: number; workspace_id: string; visible: number }[] = [];
  const job = defineJob({
    name: "test.job",
    input: z.object({ n: z.int() }),
    run: async (ctx, input) => {
      const visible = await ctx.db.global((tx) =>
        tx.selectFrom("workspace").select("workspace_id").execute(),
      );
      ran.push({ n: input.n, workspace_id: ctx.actor.workspace_id, visible: visible.length });
    },
  });
  const run = () => runJobsOnce([job], the().db, the().ownerPool, silent);
  beforeEach(() => void ran.splice(0));

  test("commits with its cause, knows its workspace, and has no tenant around it", async () => {
    await expect(
      tenant(async (ctx) => {
        await enqueue(ctx, job, { n: 1 });
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    await tenant((ctx) => enqueue(ctx, job, { n: 2 }));
    await run();
    expect(ran).toEqual([{ n: 2, workspace_id: actor.workspace_id, visible: 0 }]);
  });

  test("of those with one key, the latest alone runs", async () => {
    await tenant((ctx) => enqueue(ctx, job, { n: 1 }, { key: "same" }));
    await tenant((ctx) => enqueue(ctx, job, { n: 2 }, { key: "same" }));
    await run();
    expect(ran.map((each) => each.n)).toEqual([2]);
  });

  test("waits for its time, and refuses data that doesn't fit its schema", async () => {
    await tenant((ctx) => enqueue(ctx, job, { n: 1 }, { at: new Date("2999-01-01T00:00:00Z") }));
    await run();
    expect(ran).toEqual([]);
    await expect(tenant((ctx) => enqueue(ctx, job, { n: 1.5 }))).rejects.toThrow(z.ZodError);
  });
});
