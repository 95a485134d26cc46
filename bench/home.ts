// What the home page's activity list costs the reader's browser: its main thread's longest task and how long it is busy,
// at a thousand events a second and beyond. The floor is the same page while nothing happens.
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import pg from "pg";
import { browserOptions } from "../e2e/browser.ts";
import { startProgram, temporaryFolder } from "../e2e/program.ts";
import { api, workspaceWith } from "../e2e/steps.ts";
import { startEmbedded } from "../packages/server/src/kernel/embedded.ts";
import { doorbell } from "../packages/server/src/kernel/events.ts";

const seconds = Number(process.env["BENCH_SECONDS"] ?? 15);
const task_ms_max = 100;
const each_ms = 50;

const folder = temporaryFolder();
const database = await startEmbedded({ dataDir: folder.path });
const program = await startProgram({
  dataDir: folder.path,
  environment: { BELLWETHER_RATE_LIMITS: "off", BELLWETHER_SIGN_UP: "open" },
});
const owner = new pg.Client({ connectionString: database.ownerUrl });
await owner.connect();
const browser = await chromium.launch(await browserOptions());
try {
  const page = await (await browser.newContext({ baseURL: program.url })).newPage();
  await workspaceWith(page, 1000);
  const { workspace } = await api<{ workspace: { id: string } }>(page, "/session", "GET");
  await page.goto("/");
  await page.getByRole("heading", { name: "Today" }).waitFor();
  // What a page loads in its first seconds is not what is measured.
  await sleep(3000);
  const floor = await measured(browser, page, () => sleep(seconds * 1000));
  print("floor: nothing happens", floor, null);
  for (const rate of [100, 1000, 4000]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const tasks = await measured(browser, page, () => happen(workspace.id, rate));
    print(`${rate.toLocaleString()} events a second`, tasks, floor);
  }
} finally {
  await browser.close();
  await owner.end();
  await program.stop();
  await database.stop();
  folder.remove();
}

/** So many a second, of four kinds, each by a transaction of its own for what is due. */
async function happen(workspace_id: string, rate: number): Promise<void> {
  const started = performance.now();
  for (let sent = 0; performance.now() - started < seconds * 1000;) {
    const due = Math.floor(((performance.now() - started) / 1000) * rate) - sent;
    // oxlint-disable-next-line no-await-in-loop -- as they become due
    await owner.query(
      `insert into event (workspace_id, id, lead_id, name, occurred_at, actor, data)
       select $1, uuidv7(), lead.id, (array['lead.updated', 'stage.changed', 'lead.created', 'note.added'])[1 + n % 4], now(),
         '{"kind":"member","id":null,"name":"Max"}', '{"from":"new","to":"contacted"}'
       from (select id, row_number() over () as n from lead where workspace_id = $1 limit $2) lead`,
      [workspace_id, due],
    );
    // oxlint-disable-next-line no-await-in-loop -- as above
    await owner.query(`notify ${doorbell}`);
    sent += due;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await sleep(each_ms);
  }
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** By the clock, and of the processor: on a busy machine a task also waits for its turn. */
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

interface Task {
  clock_ms: number;
  processor_ms: number;
}

/** The main thread's tasks meanwhile. */
async function measured(of: Browser, page: Page, meanwhile: () => Promise<unknown>): Promise<Task[]> {
  await of.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await meanwhile();
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse((await of.stopTracing()).toString());
  const main = new Set(
    traceEvents
      .filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, ph, pid, tid }) => ph === "X" && name.endsWith("RunTask") && main.has(`${pid} ${tid}`))
    .map(({ dur = 0, tdur = dur }) => ({ clock_ms: dur / 1000, processor_ms: tdur / 1000 }));
}

function print(name: string, tasks: Task[], floor: Task[] | null): void {
  const busy = (of: Task[]) => of.reduce((sum, task) => sum + task.processor_ms, 0) / (seconds * 1000);
  const longest = (of: keyof Task) => Math.max(0, ...tasks.map((task) => task[of]));
  const ratio = floor === null ? "" : `, ${(busy(tasks) / Math.max(0.001, busy(floor))).toFixed(1)} × floor`;
  const verdict = `aim < ${task_ms_max} ms: ${longest("processor_ms") < task_ms_max ? "met" : "MISSED"}`;
  process.stdout.write(
    `${name.padEnd(28)}longest task ${longest("processor_ms").toFixed(0)} ms (${verdict}), ${longest("clock_ms").toFixed(0)} ms by the clock; busy ${(busy(tasks) * 100).toFixed(1)} %${ratio}\n`,
  );
}
