// `npm run dev`: the server restarts, and the browser reloads, when a file is saved.
import { type ChildProcess, spawn } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";
import { childEnvironment, PROJECT, readConfig } from "../packages/server/src/kernel/config.ts";
import { startEmbedded } from "../packages/server/src/kernel/embedded.ts";

const WEB_PORT = 5173;
const PROGRAM = join(PROJECT, "packages", "server", "bellwether.mjs");
const WATCHED = [join(PROJECT, "packages", "server"), join(PROJECT, "packages", "contracts")];

const config = readConfig();
// Held here too, so that the database stays up while the server restarts.
const database = config.databaseUrl === undefined ? await startEmbedded(config) : undefined;
const web = start(
  join(PROJECT, "node_modules", "vite", "bin", "vite.js"),
  ["--port", String(WEB_PORT), "--strictPort"],
  {
    cwd: join(PROJECT, "packages", "web"),
    env: childEnvironment({ BELLWETHER_API: `http://127.0.0.1:${config.port}` }),
  },
);
let server = startServer();
let stopping = false;
let soon: NodeJS.Timeout | undefined;

// Not `node --watch`: told to stop twice, as Ctrl-C does, it crashes and leaves the server behind.
for (const folder of WATCHED) {
  watch(folder, { recursive: true }, (_event, file) => {
    if (file !== null && /\.(ts|mjs|sql)$/.test(file) && !file.endsWith(".test.ts")) {
      clearTimeout(soon);
      soon = setTimeout(() => void restart(file), 150);
    }
  });
}
process.on("SIGINT", () => void stop());
process.on("SIGTERM", () => void stop());

async function restart(file: string): Promise<void> {
  process.stderr.write(`\n${file} was saved: starting again …\n`);
  const old = server;
  await end(old);
  if (!stopping && server === old) {
    server = startServer();
  }
}

async function stop(): Promise<void> {
  if (stopping) {
    return;
  }
  stopping = true;
  clearTimeout(soon);
  await Promise.all([end(server), end(web)]);
  await database?.stop();
  process.exit(0);
}

function startServer(): ChildProcess {
  // The environment goes to it as it is; only the address differs, since the browser talks to vite.
  return start(PROGRAM, ["all", "--no-web-build", "--web-port", String(WEB_PORT)], { cwd: PROJECT });
}

/** In a session of its own, so that Ctrl-C reaches it once, through us. */
function start(
  program: string,
  args: string[],
  options: { cwd: string; env?: Record<string, string> },
): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    ...options,
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
