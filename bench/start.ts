// How long until Bellwether answers: on an empty folder with the web app to build, on the folder it left, and after a
// kill. The floor is Node itself, starting and answering one request.
import { spawn } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, type Program, startProgram, temporaryFolder } from "../e2e/program.ts";
import { childEnvironment, PROJECT } from "../packages/server/src/kernel/config.ts";

const DIST = join(PROJECT, "packages", "web", "dist");
const KEPT = join(PROJECT, "packages", "web", "dist.kept-by-bench");

const floor = await timed(bareNode);
const folder = temporaryFolder();
if (existsSync(DIST)) {
  renameSync(DIST, KEPT);
}
try {
  const first = await start("first start, empty folder, web app built", 10);
  await first.stop();
  const second = await start("second start, same folder", 2);
  process.kill(second.pid, "SIGKILL");
  await sleep(500);
  const third = await start("start after kill -9", 2);
  await third.stop();
} finally {
  if (existsSync(DIST)) {
    rmSync(KEPT, { recursive: true, force: true });
  } else if (existsSync(KEPT)) {
    renameSync(KEPT, DIST);
  }
  folder.remove();
}
line("floor: Node answers its first request", floor.seconds);

async function start(name: string, aim_seconds: number): Promise<Program> {
  const { seconds, result } = await timed(() => startProgram({ dataDir: folder.path }));
  line(
    name,
    seconds,
    `${(seconds / floor.seconds).toFixed(1)} × floor, aim ≤ ${aim_seconds} s: ${seconds <= aim_seconds ? "met" : "MISSED"}`,
  );
  return result;
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}

async function bareNode(): Promise<void> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ["-e", `require("node:http").createServer((q, a) => a.end("ok")).listen(${port}, "127.0.0.1")`],
    { env: childEnvironment() },
  );
  while (
    !(await fetch(`http://127.0.0.1:${port}`).then(
      () => true,
      () => false,
    ))
  ) {
    await sleep(5);
  }
  child.kill();
}

function line(name: string, seconds: number, more = ""): void {
  process.stdout.write(`${name.padEnd(45)} ${seconds.toFixed(2).padStart(6)} s  ${more}\n`);
}
