import { spawn } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { childEnvironment, PROJECT, SetupError } from "../kernel/config.ts";

const WEB = join(PROJECT, "packages", "web");
const DIST = join(WEB, "dist");
const SOURCES = [
  join(WEB, "src"),
  join(WEB, "public"),
  join(WEB, "index.html"),
  join(WEB, "vite.config.ts"),
  join(WEB, "package.json"),
  join(PROJECT, "packages", "contracts", "src"),
  join(PROJECT, "package-lock.json"),
];

/** Builds the web app when it is missing or older than its sources; says so first, since it takes some seconds. */
export async function ensureWebApp(say: (line: string) => void): Promise<void> {
  if (isCurrent()) {
    return;
  }
  say("Building the web app, once …");
  await buildWebApp();
}

function isCurrent(): boolean {
  const built = join(DIST, "index.html");
  return existsSync(built) && statSync(built).mtimeMs >= Math.max(...SOURCES.map(newest));
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    return 0;
  }
  return stat.isDirectory()
    ? Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
    : stat.mtimeMs;
}

async function buildWebApp(): Promise<void> {
  // Built beside and renamed: a server that runs goes on serving the old one, and a build broken off leaves nothing half.
  const draft = join(WEB, `dist.new-${process.pid}`);
  try {
    const { code, said } = await vite(["build", "--outDir", draft, "--emptyOutDir", "--logLevel", "warn"]);
    if (code !== 0) {
      throw new SetupError(`The web app could not be built:\n${said.trim()}`);
    }
    const old = `${draft}-old`;
    if (existsSync(DIST)) {
      renameSync(DIST, old);
    }
    renameSync(draft, DIST);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function vite(args: string[]): Promise<{ code: number | null; said: string }> {
  const program = join(
    dirname(createRequire(join(WEB, "package.json")).resolve("vite/package.json")),
    "bin",
    "vite.js",
  );
  // Ctrl-C in the terminal reaches it as well as us.
  const child = spawn(process.execPath, [program, ...args], {
    cwd: WEB,
    env: childEnvironment({ NODE_ENV: "production" }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, said }));
  });
}
