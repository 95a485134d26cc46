import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { randomToken } from "./ids.ts";

/** Everything that may be set from outside. No other file reads the environment. */
export interface Config {
  /** The owner's connection; absent: PostgreSQL runs embedded in `dataDir`. */
  databaseUrl: string | undefined;
  /** The connection of role `bellwether_app`, where it differs from the owner's host or password. */
  databaseAppUrl: string | undefined;
  dataDir: string;
  /** Where the person stands: relative paths on the command line start here. */
  cwd: string;
  port: number;
  host: string;
  /** Where people reach it; no slash at the end. */
  publicUrl: string;
  /** Signs cookies and links. Processes that share a database must share it. */
  secret: string;
  smtpUrl: string | undefined;
  mailFrom: string;
  /** The first person may always sign up; whether others may, without an invitation. */
  signUp: "open" | "closed";
  rateLimits: boolean;
  logLevel: string;
  /** `true`, or the addresses of the proxies whose X-Forwarded-For is believed. */
  trustProxy: boolean | string[];
}

/** A setting or the machine stands in the way: the message is one sentence for the person at the terminal. */
export class SetupError extends Error {
  override name = "SetupError";
}

/** The folder of the checkout. */
export const PROJECT = resolve(import.meta.dirname, "..", "..", "..", "..");

type Environment = Record<string, string | undefined>;

/** Reads and checks the settings, and makes the data folder. */
export function readConfig(environment: Environment = process.env): Config {
  const get = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const cwd = standingIn(get("INIT_CWD"));
  const dataDir = dataFolder(get("BELLWETHER_DATA"), cwd);
  const port = portOf(get("PORT"));
  const publicUrl = webUrl(get("BELLWETHER_URL") ?? `http://localhost:${port}`);
  return {
    databaseUrl: postgresUrl("DATABASE_URL", get("DATABASE_URL")),
    databaseAppUrl: postgresUrl("DATABASE_APP_URL", get("DATABASE_APP_URL")),
    dataDir,
    cwd,
    port,
    // A server others reach is what self-hosting is for; the screen still prints localhost.
    host: get("HOST") ?? "0.0.0.0",
    publicUrl,
    secret: secretOf(get("BELLWETHER_SECRET"), dataDir),
    smtpUrl: smtpUrl(get("SMTP_URL")),
    mailFrom: get("BELLWETHER_MAIL_FROM") ?? `Bellwether <bellwether@${new URL(publicUrl).hostname}>`,
    signUp: onOff("BELLWETHER_SIGN_UP", get("BELLWETHER_SIGN_UP"), false) ? "open" : "closed",
    rateLimits: onOff("BELLWETHER_RATE_LIMITS", get("BELLWETHER_RATE_LIMITS"), true),
    logLevel: oneOf(
      "BELLWETHER_LOG_LEVEL",
      get("BELLWETHER_LOG_LEVEL"),
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      "info",
    ),
    trustProxy: proxies(get("BELLWETHER_TRUST_PROXY")),
  };
}

/** Which of the test runner's workers this is, from 1 on. */
export function testWorker(): number {
  return Number(process.env["VITEST_POOL_ID"] ?? 1);
}

/** The seed of tests that try at random: the same each time, so that none fails by chance; “random” tries others. */
export function testSeed(): number | null {
  const asked = process.env["BELLWETHER_TEST_SEED"];
  return asked === "random" ? null : Number(asked ?? 1);
}

/** What a child process inherits, and nothing that was meant for us. */
export function childEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "TZ", "SystemRoot", "TEMP"];
  const inherited = kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  return { ...Object.fromEntries(inherited), ...extra };
}

/** npm runs scripts in the project's folder, and says in INIT_CWD where it was called. */
function standingIn(calledFrom: string | undefined): string {
  return calledFrom !== undefined && process.cwd() === PROJECT ? calledFrom : process.cwd();
}

function dataFolder(given: string | undefined, cwd: string): string {
  const dir = given === undefined ? resolve("data") : resolve(cwd, given);
  try {
    makeFolder(dir);
    const probe = join(dir, `.writable-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new SetupError(
      `The data folder ${dir} can't be written to (${reason}): make it writable, or set BELLWETHER_DATA to another folder.`,
    );
  }
  return dir;
}

/** Not `mkdir` with `recursive`: that never returns for a folder below /proc. */
function makeFolder(dir: string): void {
  if (existsSync(dir)) {
    return;
  }
  makeFolder(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    if (!existsSync(dir)) {
      throw error;
    }
  }
}

function portOf(given: string | undefined): number {
  const port = Number(given ?? 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SetupError(`PORT is “${given}”, which is no port: give a number from 1 to 65535.`);
  }
  return port;
}

function webUrl(given: string): string {
  const url = URL.parse(given);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new SetupError(
      `BELLWETHER_URL is “${given}”, which is no web address: give one such as https://leads.example.com.`,
    );
  }
  return url.href.replace(/\/+$/, "");
}

function postgresUrl(name: string, given: string | undefined): string | undefined {
  if (given === undefined) {
    return undefined;
  }
  const url = URL.parse(given);
  if (url === null || !["postgres:", "postgresql:"].includes(url.protocol)) {
    // The value may hold a password, so it is not repeated.
    throw new SetupError(
      `${name} is no PostgreSQL address: give one such as postgresql://user:password@host:5432/bellwether.`,
    );
  }
  return given;
}

function smtpUrl(given: string | undefined): string | undefined {
  const url = given === undefined ? null : URL.parse(given);
  if (given !== undefined && (url === null || !["smtp:", "smtps:"].includes(url.protocol))) {
    throw new SetupError(
      "SMTP_URL is no mail server's address: give one such as smtps://user:password@mail.example.com:465.",
    );
  }
  return given;
}

function onOff(name: string, given: string | undefined, usual: boolean): boolean {
  if (given === undefined) {
    return usual;
  }
  if (["on", "open", "true", "1", "yes"].includes(given.toLowerCase())) {
    return true;
  }
  if (["off", "closed", "false", "0", "no"].includes(given.toLowerCase())) {
    return false;
  }
  throw new SetupError(`${name} is “${given}”: give on or off.`);
}

function oneOf(name: string, given: string | undefined, known: string[], usual: string): string {
  if (given !== undefined && !known.includes(given)) {
    throw new SetupError(`${name} is “${given}”: give one of ${known.join(", ")}.`);
  }
  return given ?? usual;
}

function proxies(given: string | undefined): boolean | string[] {
  if (given === undefined || given === "off") {
    return false;
  }
  return given === "on" ? true : given.split(",").map((address) => address.trim());
}

function secretOf(given: string | undefined, dataDir: string): string {
  if (given !== undefined) {
    if (given.length < 32) {
      throw new SetupError(
        "BELLWETHER_SECRET is too short to sign anything with: give at least 32 random characters.",
      );
    }
    return given;
  }
  return keptSecret(join(dataDir, "secret"));
}

/** Made once and kept; of two processes that start at once on a new folder, the first one's counts. */
function keptSecret(file: string): string {
  try {
    const kept = readFileSync(file, "utf8").trim();
    if (kept.length >= 32) {
      return kept;
    }
    throw new SetupError(
      `The file ${file} should hold the secret that signs sessions, but is too short: put the old one back, or delete the file and everyone signs in again.`,
    );
  } catch (error) {
    if (error instanceof SetupError) {
      throw error;
    }
    if (!isMissing(error)) {
      throw new SetupError(
        `The file ${file} holds the secret that signs sessions, but can't be read: give this user the right to read it.`,
      );
    }
  }
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomToken()}\n`, { mode: 0o600 });
  try {
    // link(2) refuses to overwrite, so nobody ever reads a half-written or a replaced secret.
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
      writeFileSync(file, readFileSync(draft), { mode: 0o600 });
    }
  }
  rmSync(draft);
  return readFileSync(file, "utf8").trim();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
