import { renameSync, statSync } from "node:fs";
import pino from "pino";
import type { Logger } from "pino";

export type Log = Logger;

const FILE_BYTES_MAX = 50_000_000;

const SECRETS = [
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "token",
  "api_key",
  "apiKey",
  "secret",
  "x-api-key",
];

/**
 * One JSON line per entry. Secrets are blanked by name down to three levels
 * (`req.headers.cookie`, `body.password`): deeper objects don't belong in a log.
 */
export function createLog(options: { level: string; file?: string | undefined }): Log {
  const names = SECRETS.map((name) =>
    /^\w+$/.test(name) ? { dot: `.${name}`, bare: name } : { dot: `["${name}"]`, bare: `["${name}"]` },
  );
  const paths = names.flatMap(({ dot, bare }) => [bare, `*${dot}`, `*.*${dot}`]);
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: "[redacted]" },
    serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
  };
  if (options.file === undefined) {
    return pino(settings);
  }
  startAnew(options.file);
  // Synchronous writes: the last lines before a crash are the ones that are wanted.
  return pino(settings, pino.destination({ dest: options.file, mkdir: true, sync: true }));
}

/** Nothing rotates the file on the machines this is for, so each start keeps at most one old one. */
function startAnew(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > FILE_BYTES_MAX) {
    renameSync(file, `${file}.1`);
  }
}

/** For tests and commands that say what they did by themselves. */
export const silent: Log = pino({ level: "silent" });
