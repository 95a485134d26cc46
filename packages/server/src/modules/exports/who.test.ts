import { contract } from "@bellwether/contracts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Cast, cast, keyOf, signUp } from "../../kernel/testing/cast.ts";
import { call, type Person, raw, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { file, written } from "./testing.ts";

useProgram();
let people: Cast;
beforeAll(async () => {
  people = await cast();
});

describe("who", () => {
  test("managers and above export; agents and viewers don't; keys by their role", async () => {
    const { ada, max, rep, viewer } = people;
    const status = async (who: Person) =>
      (await call(who, contract.exports.create, { columns: ["email"] })).status;
    expect([await status(ada), await status(max), await status(await keyOf(ada, "manager"))]).toEqual([
      202, 202, 202,
    ]);
    expect([await status(rep), await status(viewer), await status(await keyOf(ada, "agent"))]).toEqual([
      403, 403, 403,
    ]);
    await settle();
    const { body } = await call(max, contract.exports.list, { limit: 1 });
    const next = await call(max, contract.exports.list, { limit: 1, cursor: body.next_cursor ?? "" });
    expect(next.body.data[0]?.id).not.toBe(body.data[0]?.id);
    expect((await call(max, contract.exports.list, { cursor: "nonsense" })).problem.code).toBe("bad_cursor");
    expect((await file(rep, body.data[0]?.id ?? "")).status).toBe(403);
  });

  test("Rival gets nothing of it, neither record nor file", async () => {
    const done = await written(people.ada, { columns: ["email"] });
    for (const path of [`/exports/${done.id}`, `/exports/${done.id}/file`]) {
      expect((await raw(people.rival, "GET", path)).status).toBe(404);
    }
    expect((await call(people.rival, contract.exports.list, {})).body.data).toEqual([]);
    const theirs = await written(people.rival, { columns: ["email"] });
    expect((await file(people.rival, theirs.id)).body).toBe("\uFEFFemail\r\n");
  });

  test("who exported what, and who downloaded it, is in the log", async () => {
    const { member: ada, workspace_id } = await signUp("Ada");
    const done = await written(ada, { columns: ["email"], q: "stage:new" });
    await file(ada, done.id);
    const { rows } = await the().ownerPool.query<{ name: string; data: object }>(
      "select name, data, actor from event where workspace_id = $1 and subject_id = $2 order by occurred_at, id",
      [workspace_id, done.id],
    );
    expect(rows).toMatchObject([
      {
        name: "export.created",
        data: { columns: ["email"], q: "stage:new", format: "csv" },
        actor: { name: "Ada" },
      },
      { name: "export.finished", data: { rows: 0 } },
      { name: "export.downloaded", actor: { name: "Ada" } },
    ]);
    expect(readFileSync(join(the().dataDir, "files", workspace_id, "exports", done.id), "utf8")).toBe(
      "\uFEFFemail\r\n",
    );
  });
});
