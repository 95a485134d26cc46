import { createServer } from "node:net";
import { join } from "node:path";
import { stopwatch } from "../kernel/clock.ts";
import { readConfig, SetupError } from "../kernel/config.ts";
import type { Config } from "../kernel/config.ts";
import { createLog } from "../kernel/log.ts";
import type { Log } from "../kernel/log.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";
import { optionsOf } from "./options.ts";
import { ensureWebApp } from "./web-app.ts";

interface Parts {
  serve: boolean;
  work: boolean;
}

export async function all(args: string[]): Promise<void> {
  await run("all", args, { serve: true, work: true });
}

export async function serve(args: string[]): Promise<void> {
  await run("serve", args, { serve: true, work: false });
}

export async function work(args: string[]): Promise<void> {
  await run("work", args, { serve: false, work: true });
}

async function run(name: "all" | "serve" | "work", args: string[], parts: Parts): Promise<void> {
  const { values } = optionsOf(name, {
    args,
    // For `npm run dev`, where vite serves the web app.
    options: { "no-web-build": { type: "boolean" }, "web-port": { type: "string" } },
  });
  const elapsed = stopwatch();
  const settings = readConfig();
  const web = values["web-port"];
  const config = web === undefined ? settings : { ...settings, publicUrl: `http://localhost:${web}` };
  const { log, file } = logFor(name, config);
  if (parts.serve) {
    // Before anything else is started: this is what goes wrong most.
    await assertPortIsFree(config);
  }
  const undo: (() => Promise<void>)[] = [];
  stopOnSignals(log, undo);
  try {
    const opening = openDatabase(config);
    // Known from the start, so that Ctrl-C in the middle of starting stops it too.
    undo.push(() =>
      opening.then(
        (database) => database.stop(),
        () => undefined,
      ),
    );
    const building = parts.serve && values["no-web-build"] !== true ? ensureWebApp(say) : Promise.resolve();
    const [database, { startServer }] = await together(opening, import("../server.ts"), building);
    const server = await startServer({
      config,
      appUrl: database.appUrl,
      ownerUrl: database.ownerUrl,
      log,
      ...parts,
    });
    undo.unshift(() => server.stop());
    log.info({ parts, milliseconds: Math.round(elapsed()) }, "ready");
    say(screen(config, { database, file, seconds: elapsed() / 1000, ...parts }));
  } catch (error) {
    await undoAll(undo);
    throw inUse(config, error);
  }
}

/** Like `Promise.all`, but a failure waits for the others to end, so that what they started can be undone. */
async function together<T extends readonly Promise<unknown>[]>(...parts: T) {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

/** Where many run side by side, whoever runs them collects their output; a person at a terminal wants it calm. */
function logFor(name: "all" | "serve" | "work", config: Config): { log: Log; file: string | undefined } {
  const file =
    name === "all" || process.stdout.isTTY ? join(config.dataDir, "logs", "bellwether.log") : undefined;
  return { log: createLog({ level: config.logLevel, file }), file };
}

/** For people; goes to the error output, so that a log on the standard output stays machine-readable. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function screen(
  config: Config,
  state: Parts & { database: OpenDatabase; file: string | undefined; seconds: number },
): string {
  const database = state.database.embedded
    ? "PostgreSQL inside"
    : `PostgreSQL at ${new URL(state.database.ownerUrl).host}`;
  const lines: [string, string][] = [
    ...(state.serve ? [["Open", config.publicUrl] satisfies [string, string]] : []),
    ["Data", `${config.dataDir}  (${database})`],
    ...(state.file === undefined ? [] : [["Log", state.file] satisfies [string, string]]),
    ["Stop", "Ctrl-C"],
  ];
  const what = state.serve
    ? state.work
      ? "Bellwether"
      : "Bellwether (web app and API)"
    : "Bellwether (background work)";
  const bold = process.stderr.isTTY ? `\u001b[1m${what}\u001b[0m` : what;
  return `\n  ${bold}  ready in ${state.seconds.toFixed(1)} s\n\n${lines.map(([label, value]) => `  ${label.padEnd(6)}${value}`).join("\n")}\n`;
}

function stopOnSignals(log: Log, undo: (() => Promise<void>)[]): void {
  let asked: (() => number) | undefined;
  const stop = (signal: string): void => {
    if (asked !== undefined) {
      // One Ctrl-C may arrive twice: from the terminal, and again from npm.
      if (asked() > 500) {
        log.warn({ signal }, "stopped at once");
        process.exit(1);
      }
      return;
    }
    asked = stopwatch();
    log.info({ signal }, "stopping");
    if (process.stderr.isTTY) {
      say("\n  Stopping … (Ctrl-C again: at once)");
    }
    void undoAll(undo).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stop(signal));
  }
  process.on("uncaughtException", (error) => {
    log.fatal({ error }, "unforeseen error");
    say(
      `Bellwether stopped because of an error that was not foreseen: ${error.message}. Please report it with the end of the log.`,
    );
    process.exit(1);
  });
}

/** Last started, first stopped: requests and jobs end before the database they need. */
async function undoAll(undo: (() => Promise<void>)[]): Promise<void> {
  for (const step of undo.splice(0)) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await step();
  }
}

function assertPortIsFree(config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => reject(inUse(config, error)));
    probe.listen({ port: config.port, host: config.host, exclusive: true }, () =>
      probe.close(() => resolve()),
    );
  });
}

function inUse(config: Config, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new SetupError(
      `Port ${config.port} is in use by another program (or another Bellwether): stop that, or choose another port with PORT=${config.port + 1}.`,
    );
  }
  if (code === "EACCES") {
    return new SetupError(
      `Port ${config.port} may not be used by this user: choose one above 1023 with PORT=3000.`,
    );
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new SetupError(
      `HOST is “${config.host}”, which is no address of this machine: leave it empty to listen on all.`,
    );
  }
  return error;
}
