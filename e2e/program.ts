import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnvironment, PROJECT } from "../packages/server/src/kernel/config.ts";

const PROGRAM = join(PROJECT, "packages", "server", "bellwether.mjs");

export interface Program {
  url: string;
  dataDir: string;
  pid: number;
  /** What it wrote to the terminal so far. */
  screen(): string;
  /** As Ctrl-C does. @returns its exit code */
  stop(): Promise<number | null>;
}

/** The real program, as `npm start` runs it; ready when this returns. */
export async function startProgram(options: {
  dataDir: string;
  port?: number;
  environment?: Record<string, string>;
  patience_seconds?: number;
}): Promise<Program> {
  const port = options.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, [PROGRAM, "all"], {
    cwd: PROJECT,
    env: childEnvironment({
      BELLWETHER_DATA: options.dataDir,
      PORT: String(port),
      HOST: "127.0.0.1",
      ...options.environment,
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  // A test that fails half-way must not leave a program and its database behind.
  process.once("exit", () => child.kill("SIGTERM"));
  let screen = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (screen += text));
  }
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  await untilReady(child, url, () => screen, options.patience_seconds ?? 150);
  return {
    url,
    dataDir: options.dataDir,
    pid: child.pid ?? 0,
    screen: () => screen,
    stop: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}

/** Runs one command of the command line to its end. */
export async function runCommand(
  dataDir: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: PROJECT,
    env: childEnvironment({ BELLWETHER_DATA: dataDir, ...environment }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let error = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (error += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, error };
}

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "bellwether-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function untilReady(
  child: ChildProcess,
  url: string,
  screen: () => string,
  patience_seconds: number,
): Promise<void> {
  const deadline = performance.now() + patience_seconds * 1000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) {
      throw new Error(`Bellwether ended instead of starting:\n${screen()}`);
    }
    const ready = await fetch(`${url}/health/ready`)
      .then((answer) => answer.ok)
      .catch(() => false);
    if (ready) {
      return;
    }
    await sleep(20);
  }
  child.kill("SIGKILL");
  throw new Error(`Bellwether was not ready after ${patience_seconds} s:\n${screen()}`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
