// `npm run dev`: the server restarts and the browser reloads when a file is saved.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { childEnvironment, PROJECT, readConfig } from "../packages/server/src/kernel/config.ts";
import { startEmbedded } from "../packages/server/src/kernel/embedded.ts";

const WEB_PORT = 5173;
const config = readConfig();
// Held here, so that the database stays up while the server restarts.
const database = config.databaseUrl === undefined ? await startEmbedded(config) : undefined;
const server = join(PROJECT, "packages", "server");
const api = `http://127.0.0.1:${config.port}`;

const children = [
  // Whatever was set for us goes to the server; only the address differs, since the browser talks to vite.
  spawn(process.execPath, ["--env-file-if-exists=.env", "--watch", `--watch-path=${join(server, "src")}`, `--watch-path=${join(PROJECT, "packages", "contracts", "src")}`, join(server, "bellwether.mjs"), "all", "--no-web-build", "--web-port", String(WEB_PORT)], { cwd: PROJECT, stdio: "inherit" }),
  spawn(process.execPath, [join(PROJECT, "node_modules", "vite", "bin", "vite.js"), "--port", String(WEB_PORT), "--strictPort"], {
    cwd: join(PROJECT, "packages", "web"),
    stdio: "inherit",
    env: childEnvironment({ BELLWETHER_API: api }),
  }),
];

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) {
    return;
  }
  stopping = true;
  await Promise.all(
    children.map((child) => {
      const ended = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.on("close", resolve));
      child.kill("SIGTERM");
      return ended;
    }),
  );
  await database?.stop();
  process.exit(0);
}
process.on("SIGINT", () => void stop());
process.on("SIGTERM", () => void stop());
for (const child of children) {
  child.on("close", () => void stop());
}
