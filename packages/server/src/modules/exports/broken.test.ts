import { contract } from "@bellwether/contracts";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemActor } from "../../kernel/access.ts";
import { signUp } from "../../kernel/testing/cast.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { streamLeads } from "../leads/index.ts";
import { written } from "./testing.ts";

useProgram();

test("a file that can't be written says so, and the next one is written", async () => {
  const { member: ada, workspace_id } = await signUp("Ada");
  const folder = join(the().dataDir, "files", workspace_id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "exports"), "in the way");
  const failed = await written(ada, { columns: ["email"] });
  expect([failed.state, failed.failure]).toEqual([
    "failed",
    "Something went wrong on our side while the file was written. Export again.",
  ]);
  rmSync(join(folder, "exports"));
  expect((await written(ada, { columns: ["email"] })).state).toBe("done");
});

test("a read that is given up in the middle gives up its connection, and no other", async () => {
  const { member: ada, workspace_id } = await signUp("Ada");
  const leads = Array.from({ length: 1000 }, (_, at) => ({
    email: `${at}@example.com`,
    company: "x".repeat(300),
  }));
  await call(ada, contract.leads.batch, { leads });
  await call(ada, contract.leads.batch, {
    leads: leads.map((lead) => ({ ...lead, email: `b${lead.email}` })),
  });
  await settle();
  const columns = ["company", "email"];
  const stopped = the().jobsDb.tenant(systemActor(workspace_id), async (ctx) => {
    for await (const piece of streamLeads(ctx, { query: {}, at: new Date(), columns, format: "csv" })) {
      throw new Error(`enough after ${piece.length > 0 ? "one piece" : "nothing"}`);
    }
  });
  await expect(stopped).rejects.toThrow("enough after one piece");
  const { pool } = the().jobsDb;
  expect(pool.waitingCount).toBe(0);
  expect(pool.idleCount).toBe(pool.totalCount);
  expect(await written(ada, { columns })).toMatchObject({ state: "done", rows: 2000 });
});
