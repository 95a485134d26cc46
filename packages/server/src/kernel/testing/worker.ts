/** A worker in a process of its own, to be killed: begins with `test.work` and never ends it. Says “begun” when it has. */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { Database, openPool } from "../db.ts";
import { defineJob, startWorker } from "../jobs.ts";
import { silent } from "../log.ts";

const [appUrl = "", ownerUrl = ""] = process.argv.slice(2);
const work = defineJob({
  name: "test.work",
  input: z.object({}),
  run: async () => {
    process.stdout.write("begun\n");
    await sleep(600_000);
  },
});
await startWorker(
  [work],
  new Database(appUrl),
  openPool(ownerUrl, { max: 6, application: "to be killed" }),
  silent,
);
